"""``scan``: read mailboxes, judge every message, print the tables, write the tallies."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_audit.cli.options import (
    ConfigFile,
    Home,
    HomeDomains,
    Institute,
    PackFolders,
    configuration,
    settings_of,
)
from outreach_audit.config.choices import FailOn, LogFormat
from outreach_audit.errors import UsageError

if TYPE_CHECKING:
    from outreach_audit.report import Document


def scan(  # noqa: PLR0917 - typer reads options from the signature
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="mbox, eml, directories, archives; - for an mbox on standard input; default: the mailboxes of the"
            " configuration, read into its ledger.",
        ),
    ] = None,
    config: ConfigFile = None,
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
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", metavar="N", min=1, help="So many processes read; 1 is this one alone; default: all cores."
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster", metavar="ADDRESS", help="Let the workers of this Dask scheduler read: tcp://HOST:PORT."
        ),
    ] = None,
    packs: PackFolders = None,
    watchlists: Annotated[
        list[Path] | None,
        typer.Option(
            "--watchlist", metavar="FILE", help="Count what these indicators hit, apart from the verdicts (repeatable)."
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="FILE", help="List of staff: persons, addresses, groups, headcounts."),
    ] = None,
    since: Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="First day counted.")] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day counted.")] = None,
    month: Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="Count one month.")] = None,
    date_basis: Annotated[
        str,
        typer.Option(
            "--date-basis", metavar="received|header", help="Which date of a message counts; default: received."
        ),
    ] = "",
    tz: Annotated[
        str | None,
        typer.Option("--tz", metavar="ZONE", help="Time zone of days and months, as Asia/Seoul; default: UTC."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write findings.csv and the report in every format here."),
    ] = None,
    findings: Annotated[
        str | None, typer.Option("--findings", metavar="FILE|-", help="Write the findings as JSON lines.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Findings include messages judged other.")] = False,
    fail_on: Annotated[
        FailOn | None,
        typer.Option("--fail-on", help="Exit with 10 if approaches (or unclear messages) were found; default: none."),
    ] = None,
    min_coverage: Annotated[
        float | None,
        typer.Option(
            "--min-coverage", min=0.0, max=1.0, help="Exit with 5 if a smaller share was read; default: 0.99."
        ),
    ] = None,
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
    # what help does not need is imported behind it
    from outreach_audit.cli.job import FAIL_ON, Job, check_folder, read_mail, write_folder  # noqa: PLC0415
    from outreach_audit.cli.progress import Progress  # noqa: PLC0415
    from outreach_audit.tally import Period  # noqa: PLC0415

    chosen = configuration(config)
    job = Job(
        paths=tuple(paths or (str(box.path) for box in chosen.mailboxes)),
        settings=settings_of(home, institute, home_domain, packs, date_basis=date_basis, config=chosen),
        period=Period.of(month=month, since=_day(since), until=_day(until), tz=tz or chosen.tz),
        # mail that was named for once does not get among the institute's records unasked
        ledger=ledger or (None if paths else chosen.ledger),
        key=key or chosen.key,
        full_digest=full_digest,
        watchlists=tuple(watchlists or chosen.watchlists),
        roster=roster or chosen.roster,
        workers=workers or chosen.workers,
        cluster=("" if workers else chosen.cluster) if cluster is None else cluster,
    )
    if not job.paths:
        raise UsageError("scan what? Name a PATH, or list [[mailbox]] in outreach-audit.toml (outreach-audit init)")
    if out:
        check_folder(out, "--out")
    progress = Progress(quiet=quiet, verbose=verbose, line=not no_progress, as_json=log_format is LogFormat.JSON)
    if verbose:
        progress.say(f"configuration: {chosen.file or 'none'}")
    with read_mail(job, progress) as done:
        told = done.findings(everything=everything) if findings or out else []
        if findings:
            _write_findings(findings, told)
            progress.say(f"coverage of these findings: {done.document.coverage.line()}")
        if out:
            written = write_folder(out, done.document, told, chosen.language)
        if not quiet and findings != "-":
            _print(done.document, chosen.language)
            if out:
                progress.say(f"written to {out}: {', '.join(written)}")
        code, why = done.shortfall(chosen.min_coverage if min_coverage is None else min_coverage)
        if code:
            progress.say(why)
        return code or (FAIL_ON if done.applies(fail_on or chosen.fail_on) else 0)


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def _print(document: "Document", language: str) -> None:
    from rich.console import Console  # noqa: PLC0415 - as above

    from outreach_audit.report import print_document  # noqa: PLC0415 - as above

    print_document(document, Console(), language)


def _write_findings(target: str, findings: list[dict[str, Any]]) -> None:
    from outreach_audit.report import write_json_lines  # noqa: PLC0415 - as above

    if target == "-":
        write_json_lines(findings, sys.stdout)
        return
    with Path(target).open("w", encoding="utf-8", newline="\n") as file:
        write_json_lines(findings, file)
