"""``run``: what cron calls: scan and monthly report in one go, from the configuration."""

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_audit.cli.options import ConfigFile, configuration
from outreach_audit.codes import Label
from outreach_audit.config.choices import DEFAULT_FILE, LogFormat
from outreach_audit.errors import InvalidPackError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from outreach_audit.cli.job import Done
    from outreach_audit.config.model import Config
    from outreach_audit.tally import Period


def run(  # noqa: PLR0917 - typer reads options from the signature
    config: ConfigFile = None,
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="YYYY-MM", help="Report this month; default: the period configured."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Say nothing when all is well, one line when it is not.")
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose",
            help="Say which configuration applies, name every message that was not read in full; trace errors.",
        ),
    ] = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="Show no progress line.")] = False,
    log_format: Annotated[
        LogFormat, typer.Option("--log-format", help="Form of the lines on standard error.")
    ] = LogFormat.TEXT,
) -> int:
    """Scan the mailboxes of the configuration and write the report of a month: what cron calls."""
    # what help does not need is imported behind it
    from outreach_audit.cli.job import Job, check_folder, read_mail, write_folder  # noqa: PLC0415
    from outreach_audit.cli.progress import Progress  # noqa: PLC0415

    chosen = configuration(config)
    outputs = _complete(chosen)
    name, period = period_of(chosen, month, datetime.now(UTC))
    folder = outputs / name
    check_folder(folder, "outputs")
    progress = Progress(quiet=quiet, verbose=verbose, line=not no_progress, as_json=log_format is LogFormat.JSON)
    if verbose:
        progress.say(f"configuration: {chosen.file}")
    missing = [str(box.path) for box in chosen.mailboxes if not box.path.exists()]
    paths = tuple(str(box.path) for box in chosen.mailboxes)
    # ledger and findings hold addresses and evidence: nothing that a run makes is for everyone on the machine
    os.umask(os.umask(0) | 0o007)
    if chosen.ledger:
        chosen.ledger.parent.mkdir(parents=True, exist_ok=True)
    job = Job(
        paths, chosen.settings(), period,
        ledger=chosen.ledger, key=chosen.key, watchlists=chosen.watchlists, roster=chosen.roster,
        workers=chosen.workers, cluster=chosen.cluster,
    )  # fmt: skip
    with read_mail(job, progress) as done:
        write_folder(folder, done.document, done.findings(), chosen.language)
        code, why = _ending(chosen, done, missing)
        told = _summary(done, name)
        if chosen.retention_days is not None:
            told["erased"] = _forget(done, chosen.retention_days)
        progress.say(_line(told, folder, why), urgent=bool(code), **told, written=str(folder), code=code)
    return code


def _complete(config: "Config") -> "Path":
    """The folder of outputs, where the configuration says all that a run needs.

    Raises:
        UsageError: there is no configuration.
        InvalidPackError: something is missing in it.
    """
    if config.file is None:
        raise UsageError(f"there is no {DEFAULT_FILE} here; --config names one, outreach-audit init writes one")
    if config.outputs is None or not config.mailboxes:
        wanted = "a [[mailbox]]" if config.outputs else "outputs, the folder of the reports"
        raise InvalidPackError(f"{config.file}:1: a run needs {wanted}")
    return config.outputs


def period_of(config: "Config", month: str | None, now: datetime) -> tuple[str, "Period"]:
    """What a run reports: the name of its folder, and the days."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - as above

    from outreach_audit.config.model import ALL, LAST_MONTH  # noqa: PLC0415 - as above
    from outreach_audit.tally import Period  # noqa: PLC0415 - as above

    wanted = month or config.period
    if wanted == LAST_MONTH:
        first = now.astimezone(ZoneInfo(config.tz)).date().replace(day=1)
        wanted = f"{first - timedelta(days=1):%Y-%m}"
    return wanted, Period.of(month=None if wanted == ALL else wanted, since=None, until=None, tz=config.tz)


def _ending(config: "Config", done: "Done", missing: list[str]) -> tuple[int, str]:
    """The exit code of the run, and why it is not 0."""
    from outreach_audit.cli.job import FAIL_ON, LOW_COVERAGE, NOTHING_READABLE  # noqa: PLC0415 - as above

    code, why = done.shortfall(config.min_coverage)
    if missing and code != NOTHING_READABLE:
        code, why = LOW_COVERAGE, f"not there: {', '.join(missing)}"
    if not code and done.applies(config.fail_on):
        code, why = FAIL_ON, f"fail_on = {config.fail_on} applies"
    return code, why


def _summary(done: "Done", name: str) -> dict[str, Any]:
    """The figures of the one line that a run says."""
    from outreach_audit.tally import Column  # noqa: PLC0415 - as above

    coverage = done.document.coverage
    return {
        "period": name,
        "approaches": done.foreign(Column.APPROACHES),
        "campaigns": done.foreign(Column.CAMPAIGNS),
        "unclear": done.count(Label.UNCLEAR),
        "new": done.new(),
        "found": coverage.found,
        "read": coverage.read + coverage.read_with_defects,
    }


def _line(told: dict[str, Any], folder: "Path", why: str) -> str:
    said = (
        f"{told['period']}: foreign approaches: {told['approaches']:,}; campaigns: {told['campaigns']:,}; unclear"
        f" findings: {told['unclear']:,}; findings of approaches new to the ledger: {told['new']:,}; read:"
        f" {told['read']:,} of {told['found']:,} messages; written to {folder}"
    )
    if told.get("erased"):
        said += f"; evidence of {told['erased']:,} older records erased"
    return f"{said}; {why}" if why else said


def _forget(done: "Done", days: int) -> int:
    from outreach_audit.ledger.keep import forget_older  # noqa: PLC0415 - as above

    return forget_older(done.ledger, datetime.now(UTC) - timedelta(days=days))
