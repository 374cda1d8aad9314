"""``scan``: read mailboxes, judge every message, print the tables, write the tallies."""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from outreach_audit.cli.options import Home, HomeDomains, Institute, PackFolders, assessor, settings_of
from outreach_audit.cli.progress import Progress
from outreach_audit.codes import Label
from outreach_audit.errors import UsageError
from outreach_audit.ledger import Ledger
from outreach_audit.packs.load import load_packs
from outreach_audit.report import (
    Document,
    Pseudonyms,
    finding,
    make_document,
    names_of,
    print_document,
    read_key,
    write_csv,
    write_findings_csv,
    write_html,
    write_json_lines,
    write_tally,
)
from outreach_audit.run.scan import scan as run_scan
from outreach_audit.tally import Period

NOTHING_READABLE = 3
LOW_COVERAGE = 5
FAIL_ON = 10
_TOLD = frozenset({Label.APPROACH, Label.UNCLEAR, Label.ADVERT})


class FailOn(StrEnum):
    """What makes ``--fail-on`` apply."""

    NONE = "none"
    FOUND = "found"
    NEW = "new"
    UNCLEAR = "unclear"


class LogFormat(StrEnum):
    """The form of lines on standard error."""

    TEXT = "text"
    JSON = "json"


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def scan(  # noqa: PLR0917 - typer reads options from the signature
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="mbox, eml, directories, archives; - for an mbox on standard input."),
    ],
    home: Home = "",
    institute: Institute = "",
    home_domain: HomeDomains = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", metavar="FILE", help="Key of the recipients' pseudonyms; default: one for this run only."
        ),
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", metavar="FILE", help="Keep the records here; default: a temporary ledger."),
    ] = None,
    full_digest: Annotated[
        bool, typer.Option("--full-digest", help="Know files of an earlier run again by every byte, not by their ends.")
    ] = False,
    packs: PackFolders = None,
    since: Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="First day counted.")] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day counted.")] = None,
    month: Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="Count one month.")] = None,
    date_basis: Annotated[
        str, typer.Option("--date-basis", metavar="received|header", help="Which date of a message counts.")
    ] = "received",
    tz: Annotated[
        str, typer.Option("--tz", metavar="ZONE", help="Time zone of days and months, as Asia/Seoul.")
    ] = "UTC",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write findings.csv, tally_*.csv, tally.json, report.html here."),
    ] = None,
    findings: Annotated[
        str | None, typer.Option("--findings", metavar="FILE|-", help="Write the findings as JSON lines.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Findings include messages judged other.")] = False,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="Exit with 10 if approaches (or unclear messages) were found.")
    ] = FailOn.NONE,
    min_coverage: Annotated[
        float,
        typer.Option("--min-coverage", min=0.0, max=1.0, help="Exit with 5 if a smaller share of messages was read."),
    ] = 0.99,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print no tables and no remarks.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Name every message that was not read in full; trace errors.")
    ] = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="Show no progress line.")] = False,
    log_format: Annotated[
        LogFormat, typer.Option("--log-format", help="Form of the lines on standard error.")
    ] = LogFormat.TEXT,
) -> int:
    """Read mailboxes, judge every message, print the tables, write the tallies."""
    settings = settings_of(home, institute, home_domain, packs, date_basis)
    period = Period.of(
        month=month, since=_day(since), until=_day(until), tz=tz
    )  # faults are told before hours of reading
    pseudonyms = Pseudonyms(read_key(key) if key else None)
    if out and out.exists() and not out.is_dir():
        raise UsageError(f"--out {out}: there is a file of that name; name a folder")
    pack = load_packs(settings.packs)
    progress = Progress(quiet=quiet, verbose=verbose, line=not no_progress, as_json=log_format is LogFormat.JSON)
    with Ledger.open(ledger) as store:
        known = _approaches(store) if fail_on is FailOn.NEW else frozenset[str]()
        with assessor(settings, pack) as judge, progress:
            run_scan(paths, store, pack, judge, observer=progress, stdin=sys.stdin.buffer, full_digest=full_digest)
        document = make_document(
            store, month=month, since=_day(since), until=_day(until), tz=tz, names=names_of(pack.knowledge)
        )
        told = (
            list(_findings(store, everything=everything, pseudonyms=pseudonyms, period=period))
            if findings or out
            else []
        )
        if findings:
            _write_findings(findings, told)
            progress.say(f"coverage of these findings: {document.coverage.line()}")
        if out:
            _write_folder(out, document, told)
        if not quiet and findings != "-":
            print_document(document, Console())
            if out:
                progress.say(f"written to {out}: findings.csv, tally_*.csv, tally.json, report.html")
        applies = fail_on is not FailOn.NONE and _applies(store, fail_on, known)
        return _exit_code(document, min_coverage, progress) or (FAIL_ON if applies else 0)


def _approaches(ledger: Ledger) -> frozenset[str]:
    """The findings that are approaches."""
    return frozenset(record.finding for record in ledger.records({Label.APPROACH}))


def _applies(ledger: Ledger, fail_on: FailOn, known: frozenset[str]) -> bool:
    """Whether there is what ``--fail-on`` asks for."""
    labels = {Label.APPROACH, Label.UNCLEAR} if fail_on is FailOn.UNCLEAR else {Label.APPROACH}
    return any(record.finding not in known for record in ledger.records(labels))


def _findings(ledger: Ledger, *, everything: bool, pseudonyms: Pseudonyms, period: Period) -> Iterator[dict[str, Any]]:
    """The findings of the period, as they are written."""
    labels = frozenset(Label) if everything else _TOLD
    since, until = (None if second is None else datetime.fromtimestamp(second, UTC) for second in period.seconds)
    joined = ledger.campaigns().joined
    for record in ledger.records(labels, since, until):
        campaign = joined.get(record.message_key)
        yield finding(record, campaign.campaign if campaign else None, pseudonyms)


def _write_findings(target: str, findings: list[dict[str, Any]]) -> None:
    if target == "-":
        write_json_lines(findings, sys.stdout)
        return
    with Path(target).open("w", encoding="utf-8", newline="\n") as file:
        write_json_lines(findings, file)


def _write_folder(out: Path, document: Document, findings: list[dict[str, Any]]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    write_csv(document, out)
    write_findings_csv(findings, out / "findings.csv")
    write_tally(document, out / "tally.json")
    write_html(document, out / "report.html")


def _exit_code(document: Document, min_coverage: float, progress: Progress) -> int:
    """What the reading asks for, in the order of docs/cli.md; 0 where it was good enough."""
    coverage = document.coverage
    understood = coverage.read + coverage.read_with_defects
    if not understood and not coverage.partly_read:
        progress.say("nothing readable was found at the paths given (this is not the same as: nothing was found)")
        return NOTHING_READABLE
    if understood < min_coverage * coverage.found:
        progress.say(
            f"{understood} of {coverage.found} messages were read: less than the share {min_coverage} asked for"
        )
        return LOW_COVERAGE
    return 0
