"""``ledger``: tell what a ledger holds, copy it, and forget what must not be kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from outreach_audit.errors import UsageError

app = typer.Typer(help="Tell what a ledger holds, copy it, and forget what must not be kept.", no_args_is_help=True)

LedgerFile = Annotated[Path, typer.Option("--ledger", metavar="FILE", help="The ledger.")]


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise UsageError(f"{path}: there is no such ledger")
    return path


@app.command("info")
def tell_info(ledger: LedgerFile) -> None:
    """Tell what a ledger holds."""
    # what help does not need is imported behind it
    from outreach_audit.ledger import Ledger  # noqa: PLC0415
    from outreach_audit.ledger.keep import info  # noqa: PLC0415

    with Ledger.open(_existing(ledger), write=False) as store:
        told = info(store)
    records = ", ".join(f"{label} {number:,}" for label, number in told.records.items())
    dates = f"{told.oldest:%Y-%m-%d} to {told.newest:%Y-%m-%d}" if told.oldest and told.newest else "none"
    for name, value in (
        ("schema version", str(told.version)),
        ("size", f"{told.size:,} bytes"),
        ("runs", f"{told.runs:,}, of which {told.finished:,} came to their end"),
        ("records", f"{sum(told.records.values()):,} ({records}); {told.copies:,} further copies"),
        ("files", f"{told.files:,}"),
        ("evidence of", dates),
    ):
        typer.echo(f"{name:16}{value}")


@app.command("backup")
def make_backup(
    ledger: LedgerFile,
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; a file of that name is replaced.")],
) -> None:
    """Copy a ledger, also while a run writes to it."""
    from outreach_audit.ledger import Ledger  # noqa: PLC0415 - as above
    from outreach_audit.ledger.keep import backup  # noqa: PLC0415 - as above

    with Ledger.open(_existing(ledger), write=False) as store:
        backup(store, target)


@app.command("forget")
def forget(
    ledger: LedgerFile,
    older_than: Annotated[
        int | None,
        typer.Option("--older-than", metavar="DAYS", min=0, help="Erase evidence, subjects and texts of older mail."),
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="ADDRESS", help="Erase one person's address and mail.")
    ] = None,
) -> None:
    """Erase what must not be kept; every count stays."""
    from outreach_audit.ledger import Ledger  # noqa: PLC0415 - as above
    from outreach_audit.ledger.keep import forget_older, forget_person, names_of_files  # noqa: PLC0415 - as above
    from outreach_audit.report.safe import safe  # noqa: PLC0415 - as above

    if (older_than is None) == (person is None):
        raise UsageError("forget: give either --older-than DAYS or --person ADDRESS")
    with Ledger.open(_existing(ledger)) as store:
        if person is not None:
            typer.echo(f"{forget_person(store, person):,} records name this person no more")
            for name in names_of_files(store, person):
                typer.echo(f"the address stands in the name of a file; rename it and scan again: {safe(name)}")
        elif older_than is not None:
            before = datetime.now(UTC) - timedelta(days=older_than)
            typer.echo(f"{forget_older(store, before):,} records: evidence, subject and text erased")
