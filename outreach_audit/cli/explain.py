"""``explain``: why one message was judged as it was, as a tree that a non-programmer understands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.tree import Tree

from outreach_audit.cli.options import Home, HomeDomains, Institute, PackFolders, assessor, settings_of
from outreach_audit.codes import Via
from outreach_audit.errors import UsageError
from outreach_audit.ledger import Ledger, Record
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.model import Pack
from outreach_audit.report.safe import rich_text
from outreach_audit.signals.model import Hit
from outreach_audit.sources import HeaderOnly, RawMessage, read

_LABELS = {
    "approach": "an approach: the reader is invited to something by another organisation",
    "unclear": "unclear: some elements of an approach, too little to decide; a person should look",
    "advert": "an advertisement to many, not addressed to the reader",
    "other": "no approach",
}


def explain(  # noqa: PLR0917 - typer reads options from the signature
    target: Annotated[str, typer.Argument(metavar="TARGET", help="A mail file, a Message-ID, or a finding id.")],
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH...]", help="Where to look for a Message-ID or finding id, if not in a ledger."),
    ] = None,
    ledger: Annotated[Path | None, typer.Option("--ledger", metavar="FILE", help="Look for it in this ledger.")] = None,
    home: Home = "",
    institute: Institute = "",
    home_domain: HomeDomains = None,
    packs: PackFolders = None,
) -> None:
    """Tell why one message was judged as it was."""
    pack = load_packs(packs or ())
    records = list(
        _from_ledger(target, ledger)
        if ledger
        else _from_mail(target, paths or [], settings=(home, institute, home_domain, packs), pack=pack)
    )
    if not records:
        where = ledger or (", ".join(map(str, paths)) if paths else "the working directory")
        raise UsageError(f"{target}: no such file, and no message or finding of that id in {where}")
    console = Console()
    for record in records:
        console.print(tree_of(record, pack))


def _wanted(record: Record, target: str) -> bool:
    identities = {record.finding, record.message_id, record.carrier_message_id}
    return target in identities or f"<{target.strip('<>')}>" in identities


def _from_ledger(target: str, path: Path) -> Iterator[Record]:
    if not path.is_file():
        raise UsageError(f"{path}: there is no such ledger")
    with Ledger.open(path, write=False) as store:
        yield from (record for record in store.records() if _wanted(record, target))


def _from_mail(
    target: str, paths: list[Path], *, settings: tuple[str, str, list[str] | None, list[Path] | None], pack: Pack
) -> Iterator[Record]:
    is_file = Path(target).is_file()
    with assessor(settings_of(*settings), pack) as judge:
        for item in read([Path(target)] if is_file else paths or [Path()]):
            if isinstance(item, RawMessage | HeaderOnly):
                yield from (record for record in judge.assess(item).records if is_file or _wanted(record, target))


def _hits(tree: Tree, title: str, hits: list[Hit], pack: Pack) -> None:
    if not hits:
        return
    titles = {signal.id: signal.title for signal in pack.signals}
    branch = tree.add(rich_text(f"{title} ({sum(h.weight for h in hits):+.1f} points)"))
    for hit in hits:
        line = branch.add(rich_text(f"{hit.weight:+.1f}  {titles.get(hit.signal, hit.signal)}"))
        if hit.text:
            line.add(rich_text(f"{hit.scope}: {hit.text}"))


def tree_of(record: Record, pack: Pack) -> Tree:
    """The tree of reasons of one record.

    Args:
        record: as assessed, or as the ledger keeps it (of ``other`` mail it keeps no evidence).
        pack: for the words that signals mean.
    """
    verdict = record.verdict
    tree = Tree(rich_text(f"{record.subject or '(no subject)'}", "bold"))
    parties = f"from {record.sender or 'unknown'} to {record.recipient or 'unknown'}"
    tree.add(rich_text(f"{parties}, {record.date or 'undated'}, folder {record.folder}"))
    if record.via is Via.REPORT:
        tree.add(rich_text("a colleague handed this mail on: it is judged as it was received, and counted as a report"))
    judged = tree.add(rich_text(f"Judged: {_LABELS[verdict.label]}", "bold"))
    for reason in verdict.reasons:
        judged.add(rich_text(reason))
    _hits(judged, "What speaks for an approach", [h for h in verdict.hits if not h.counter], pack)
    _hits(judged, "What speaks against", [h for h in verdict.hits if h.counter], pack)
    if not verdict.hits:
        judged.add(
            "No evidence either way was found"
            if record.subject
            else "The ledger keeps no evidence of mail judged other; explain the file instead"
        )
    if verdict.kind:
        more = f" (also {', '.join(verdict.more_kinds)})" if verdict.more_kinds else ""
        tree.add(rich_text(f"Kind of offer: {verdict.kind}{more}"))
    if verdict.cues:
        tree.add(rich_text(f"Conditions in the text: {', '.join(verdict.cues)}"))
    if verdict.trap:
        tree.add(rich_text(f"Look-alike it resembles most: {verdict.trap}"))
    _behind(tree, record)
    tree.add(rich_text(f"Reading: {record.reading}{': ' + '; '.join(record.defects) if record.defects else ''}"))
    place = record.ref.source + (f"!{record.ref.member}" if record.ref.member else "")
    tree.add(rich_text(f"Finding {record.finding}, judged by pack {record.pack}; {place} at byte {record.ref.offset}"))
    return tree


def _behind(tree: Tree, record: Record) -> None:
    """Who is behind it: told apart from the verdict, which does not know it."""
    branch = tree.add("Who is behind it (computed after the verdict, and no part of it)")
    attribution = record.attribution
    foreign = {True: "abroad", False: "the home country", None: "undetermined"}[record.foreign]
    for name, claim in (
        (f"destination ({foreign})", attribution.dest_country),
        ("claimed sponsor", attribution.claimed_sponsor),
        ("sending organisation", attribution.sender_org),
        ("technical origin", attribution.technical_origin),
    ):
        line = branch.add(rich_text(f"{name}: {claim.value or 'cannot be told'} ({claim.grade})"))
        if claim.reason:
            line.add(rich_text(claim.reason))
    branch.add(rich_text(f"sender: {attribution.sender_type}, domain {attribution.sender_domain or 'unknown'}"))
