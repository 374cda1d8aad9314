"""``explain``: why one message was judged as it was, as a tree that a non-programmer understands."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_audit.cli.options import (
    ConfigFile,
    Home,
    HomeDomains,
    Institute,
    PackFolders,
    assessor,
    configuration,
    settings_of,
)
from outreach_audit.errors import UsageError

if TYPE_CHECKING:
    from outreach_audit.explanation import Explanation
    from outreach_audit.ledger import Record
    from outreach_audit.packs.model import Pack
    from outreach_audit.run.settings import Settings


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
    config: ConfigFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the same as data, a JSON list.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say which configuration applies; trace errors.")] = False,
) -> None:
    """Tell why one message was judged as it was."""
    # what help does not need is imported behind it
    from outreach_audit.packs.load import load_packs  # noqa: PLC0415

    chosen = configuration(config)
    if verbose:
        typer.echo(f"outreach-audit: configuration: {chosen.file or 'none'}", err=True)
    settings = settings_of(home, institute, home_domain, packs, config=chosen)
    pack = load_packs(settings.packs)
    if ledger is None and not paths and not Path(target).is_file() and chosen.ledger and chosen.ledger.is_file():
        ledger = chosen.ledger
    told = list(
        _from_ledger(target, ledger, settings=settings, pack=pack)
        if ledger
        else _from_mail(target, paths or [], settings=settings, pack=pack)
    )
    if not told:
        where = ledger or (", ".join(map(str, paths)) if paths else "the working directory")
        raise UsageError(f"{target}: no such file, and no message or finding of that id in {where}")
    _print(told, as_json=as_json)


def _print(told: list["Explanation"], *, as_json: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 - as above

    from outreach_audit.report.explanation import explanation_tree  # noqa: PLC0415 - as above
    from outreach_audit.report.safe import json_text  # noqa: PLC0415 - as above

    if as_json:
        typer.echo(json_text([one.to_data() for one in told], indent=1))
        return
    console = Console()
    for one in told:
        console.print(explanation_tree(one))


def _wanted(record: "Record", target: str) -> bool:
    identities = {record.finding, record.message_id, record.carrier_message_id}
    return target in identities or f"<{target.strip('<>')}>" in identities


def _from_ledger(target: str, path: Path, *, settings: "Settings", pack: "Pack") -> Iterator["Explanation"]:
    """What the ledger knows, with the evidence of the message itself where it still lies where it lay."""
    from outreach_audit import explanation  # noqa: PLC0415 - as above
    from outreach_audit.ledger import Ledger  # noqa: PLC0415 - as above
    from outreach_audit.run.reread import reassess  # noqa: PLC0415 - as above

    if not path.is_file():
        raise UsageError(f"{path}: there is no such ledger")
    with Ledger.open(path, write=False) as store:
        records = [record for record in store.records() if _wanted(record, target)]
        if not records:
            return
        with assessor(settings, pack) as judge:
            for record in records:
                again = reassess(store, record, judge)
                if isinstance(again, str):
                    remark = f"Told from the ledger alone: {again}."
                    yield explanation.explain(record, None, pack, remark=remark)
                    continue
                found, evidence = again
                now, then = found.verdict, record.verdict
                changed = (now.label, now.score) != (then.label, then.score)
                remark = (
                    f"Read again now; the ledger holds the verdict {then.label} with {then.score:+.1f} points, by pack"
                    f" {record.pack} and the settings of that time."
                )
                marked = replace(found, watched=record.watched, suppressed=record.suppressed)
                yield explanation.explain(marked, evidence, pack, remark=remark if changed else "")


def _from_mail(target: str, paths: list[Path], *, settings: "Settings", pack: "Pack") -> Iterator["Explanation"]:
    from outreach_audit import explanation  # noqa: PLC0415 - as above
    from outreach_audit.sources import HeaderOnly, RawMessage, read  # noqa: PLC0415 - as above

    is_file = Path(target).is_file()
    places = [Path(target)] if is_file else paths or [Path()]
    with assessor(settings, pack) as judge:
        for item in read(places, limits=settings.source_limits, mapping=settings.log_columns):
            if isinstance(item, RawMessage | HeaderOnly):
                assessed = judge.assess(item)
                for record, evidence in zip(assessed.records, assessed.evidence, strict=True):
                    if is_file or _wanted(record, target):
                        yield explanation.explain(record, evidence, pack)
