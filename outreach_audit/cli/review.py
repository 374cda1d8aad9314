"""``review``: people confirm or reject what was found, and look at a random sample of the rest."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_audit.codes import Kind
from outreach_audit.errors import OutreachAuditError, UsageError

if TYPE_CHECKING:
    from outreach_audit.ledger import Ledger
    from outreach_audit.ledger.decisions import Decision
    from outreach_audit.review.items import Item
    from outreach_audit.review.source import Reread
    from outreach_audit.tally.period import Period

_EVIDENCE_LISTED = 4
_TEXT_LISTED = 400


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def review(  # noqa: PLR0917 - typer reads options from the signature
    ledger: Annotated[Path, typer.Option("--ledger", metavar="FILE", help="The ledger.")],
    verdict: Annotated[
        str | None,
        typer.Argument(metavar="VERDICT", help="With --decide: confirm, reject, unsure, or undo."),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List what is to be reviewed, with evidence.")] = False,
    sample: Annotated[
        int | None,
        typer.Option("--sample", metavar="N", min=1, help="Draw a random sample of all mail, and review that."),
    ] = None,
    seed: Annotated[
        str | None, typer.Option("--seed", metavar="TEXT", help="With --sample: the same text draws the same sample.")
    ] = None,
    since: Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="First day.")] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day.")] = None,
    month: Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="Mail of one month.")] = None,
    tz: Annotated[str, typer.Option("--tz", metavar="ZONE", help="Time zone of days and months.")] = "UTC",
    reviewer: Annotated[
        str | None, typer.Option("--reviewer", metavar="NAME", help="Who decides; default: the name of the login.")
    ] = None,
    decide: Annotated[
        str | None,
        typer.Option(
            "--decide", metavar="ID", help="Decide on a finding, campaign or Message-ID: --decide ID VERDICT."
        ),
    ] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="With confirm: the right kind of offer.")] = None,
    country: Annotated[
        str | None, typer.Option("--country", metavar="CC", help="With confirm: the right country; ZZ: cannot be told.")
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="With a decision: a note of one line.")] = "",
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Write the history of all decisions as CSV.")
    ] = None,
    imported: Annotated[
        Path | None, typer.Option("--import", metavar="FILE", help="Take in decisions from such a CSV.")
    ] = None,
    agreement: Annotated[bool, typer.Option("--agreement", help="Tell how far reviewers agree.")] = False,
) -> None:
    """Look at campaigns, or at a random sample, and confirm or reject them (terminal interface)."""
    from outreach_audit.ledger import Ledger  # noqa: PLC0415 - what help does not need
    from outreach_audit.tally.period import Period  # noqa: PLC0415 - as above

    asked = (listed, decide is not None, export is not None, imported is not None, agreement)
    _check(
        (sum(asked) > 1, "give one of --list, --decide, --export, --import and --agreement"),
        ((sample is None) != (seed is None), "--sample and --seed go together: state the seed beside the figures"),
        ((decide is None) != (verdict is None), "--decide ID VERDICT: the verdict is confirm, reject, unsure or undo"),
        (decide is None and bool(kind or country or note), "--kind, --country and --note go with --decide"),
        (not ledger.is_file(), f"{ledger}: there is no such ledger"),
    )
    period = Period.of(month=month, since=_day(since), until=_day(until), tz=tz)
    name = _reviewer(reviewer)
    if not any(asked):
        _interface(ledger, name, period, sample, seed)
        return
    reads = agreement or export is not None or (listed and sample is None)
    with Ledger.open(ledger, write=not reads) as store:
        if decide is not None and verdict is not None:
            typer.echo(_decide(store, decide, verdict, name, kind=kind, country=country, note=note))
        elif export is not None:
            _export(store, export)
        elif imported is not None:
            typer.echo(_import(store, imported))
        elif agreement:
            _tell_agreement(store)
        else:
            _list(store, _items(store, period, sample, seed), name)


def _check(*faults: tuple[bool, str]) -> None:
    for applies, text in faults:
        if applies:
            raise UsageError(text)


def _reviewer(given: str | None) -> str:
    import getpass  # noqa: PLC0415 - costs more than help may take

    from outreach_audit.review.deciding import reviewer_name  # noqa: PLC0415 - as above

    if given is not None:
        return reviewer_name(given)
    try:
        return reviewer_name(getpass.getuser())
    except (OSError, KeyError, ImportError) as error:
        raise UsageError("the login has no name here: give the reviewer's by --reviewer") from error


def _items(store: "Ledger", period: "Period", sample: int | None, seed: str | None) -> "list[Item]":
    """The campaigns of a period, or the members of a sample of it, drawn now."""
    from outreach_audit.ledger.rows import moment  # noqa: PLC0415 - as above
    from outreach_audit.review.deciding import seed_text  # noqa: PLC0415 - as above
    from outreach_audit.review.items import campaigns, members  # noqa: PLC0415 - as above
    from outreach_audit.review.sampling import draw  # noqa: PLC0415 - as above

    since, until = period.seconds
    if sample is None or seed is None:
        return campaigns(store, moment(since), moment(until))
    return members(
        store, draw(store, size=sample, seed=seed_text(seed), now=datetime.now(UTC), since=since, until=until)
    )


def _source_reader(store: "Ledger", stack: ExitStack) -> "Callable[[Item], Reread | None]":
    """What reads the mail of an item again, where the ledger keeps too little of it."""
    from outreach_audit.mail.attachments import ChildReader  # noqa: PLC0415 - as above
    from outreach_audit.review.cards import needs_source  # noqa: PLC0415 - as above
    from outreach_audit.review.source import reread  # noqa: PLC0415 - as above

    attachments = stack.enter_context(ChildReader())
    return lambda item: reread(store, item.shown, attachments) if needs_source(item) else None


def _interface(ledger: Path, name: str, period: "Period", sample: int | None, seed: str | None) -> None:
    """The terminal interface."""
    from outreach_audit.ledger import Ledger  # noqa: PLC0415 - as above

    try:
        from outreach_audit.cli.review_screen import ReviewApp  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise OutreachAuditError(
            "the terminal interface is missing: pip install 'outreach-audit[tui]'; or use --list and --decide"
        ) from error
    with Ledger.open(ledger) as store, ExitStack() as stack:
        items = _items(store, period, sample, seed)
        if not items:
            typer.echo("nothing to review: no approach and no unclear message in this period")
            return
        ReviewApp(store, items, name, _source_reader(store, stack), lambda: datetime.now(UTC)).run()


def _list(store: "Ledger", items: "list[Item]", name: str) -> None:
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    from outreach_audit.ledger.decisions import decisions_of  # noqa: PLC0415 - as above
    from outreach_audit.report.safe import rich_text  # noqa: PLC0415 - as above
    from outreach_audit.review import cards  # noqa: PLC0415 - as above
    from outreach_audit.review.deciding import last_on  # noqa: PLC0415 - as above
    from outreach_audit.review.settle import standing  # noqa: PLC0415 - as above

    console = Console(soft_wrap=True, highlight=False)
    known = [one for one in standing(decisions_of(store)) if one.reviewer == name]
    done = missing = 0
    with ExitStack() as stack:
        source = _source_reader(store, stack)
        for item in items:
            decision = last_on(known, item, name)
            done += decision is not None
            again = source(item)
            console.print(rich_text(cards.title(item), "bold cyan"))
            console.print(rich_text(f"  id {item.target}"))
            for text, style in cards.head(item, again):
                console.print(rich_text(f"  {text}", style))
            for parts in cards.evidence(item, _EVIDENCE_LISTED):
                console.print(Text("    ").append_text(Text().join(rich_text(*part) for part in parts)))
            if again and again.fault:
                missing += 1
                console.print(rich_text(f"  not reviewable: {again.fault}", "red"))
            elif again:
                console.print(rich_text(f"  {cards.text_of(item, again)[:_TEXT_LISTED]}"))
            console.print(rich_text(f"  {name}: {cards.decision_line(decision)}", "dim"))
    gone = f"; {missing:,} are not reviewable, since their source is gone or has changed" if missing else ""
    console.print(rich_text(f"{done:,} of {len(items):,} reviewed by {name}{gone}", "bold"))


def _decide(
    store: "Ledger", target: str, verdict: str, name: str, *, kind: Kind | None, country: str | None, note: str
) -> str:
    """Stores one decision; gives what to say of it."""
    from outreach_audit.ledger.decisions import Opinion  # noqa: PLC0415 - as above
    from outreach_audit.report.safe import safe  # noqa: PLC0415 - as above
    from outreach_audit.review.cards import SAID, decision_line  # noqa: PLC0415 - as above
    from outreach_audit.review.deciding import decide, undo  # noqa: PLC0415 - as above
    from outreach_audit.review.items import item_of  # noqa: PLC0415 - as above

    try:
        opinion = Opinion(verdict)
    except ValueError:
        raise UsageError(f"--decide: {safe(verdict)!r} is none of {', '.join(Opinion)}") from None
    item = item_of(store, target)
    if item is None:
        raise UsageError(f"--decide {safe(target)}: no finding, campaign or message of that id is in the ledger")
    what = f"{item.scope} {item.target} ({len(item.records):,} deliveries, judged {item.judged})"
    if opinion is Opinion.UNDO:
        taken = undo(store, item, reviewer=name, now=datetime.now(UTC))
        return safe(f"{what}: {name} took back: {SAID[taken.opinion]}")
    decision = decide(store, item, opinion, reviewer=name, now=datetime.now(UTC), kind=kind, country=country, note=note)
    return safe(f"{what}: {name} {decision_line(decision)}")


def _export(store: "Ledger", path: Path) -> None:
    from outreach_audit.ledger.decisions import decisions_of  # noqa: PLC0415 - as above
    from outreach_audit.report.atomic import write_atomically  # noqa: PLC0415 - as above
    from outreach_audit.review.transfer import to_csv  # noqa: PLC0415 - as above

    history = decisions_of(store)
    write_atomically(path, to_csv(history))
    typer.echo(f"{len(history):,} decisions written to {path}")


def _import(store: "Ledger", path: Path) -> str:
    from outreach_audit.ledger.decisions import merge_decisions  # noqa: PLC0415 - as above
    from outreach_audit.review.transfer import from_csv  # noqa: PLC0415 - as above

    decisions: list[Decision] = from_csv(path)
    new = merge_decisions(store, decisions)
    return f"{len(decisions):,} decisions read, {new:,} of them new"


def _tell_agreement(store: "Ledger") -> None:
    from outreach_audit.evaluation.intervals import wilson  # noqa: PLC0415 - as above
    from outreach_audit.report.safe import safe  # noqa: PLC0415 - as above
    from outreach_audit.review.agreement import agreements  # noqa: PLC0415 - as above
    from outreach_audit.tally.reviewed import decided  # noqa: PLC0415 - as above

    found = agreements(decided(store).values())
    if not found:
        typer.echo("no two reviewers have looked at the same mail")
    for one in found:
        low, high = wilson(one.same, one.both)
        kappa = "not defined (both always said the same)" if one.kappa is None else f"{one.kappa:.2f}"
        typer.echo(
            f"{safe(one.reviewers[0])} and {safe(one.reviewers[1])}: Cohen's kappa {kappa}; the same on {one.same:,} of"
            f" {one.both:,} ({one.same / one.both:.2f}; {low:.2f} to {high:.2f})"
        )
        for first, second, number in one.pairs:
            typer.echo(f"  {first:8} {second:8} {number:,}")
