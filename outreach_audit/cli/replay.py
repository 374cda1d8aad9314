"""``replay``: a newer pack over what a ledger keeps, without the mail."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_audit.cli.options import ConfigFile, PackFolders, configuration
from outreach_audit.errors import UsageError

if TYPE_CHECKING:
    from outreach_audit.run.replay import Change, Replay


def replay(
    ledger: Annotated[
        Path | None, typer.Option("--ledger", metavar="FILE", help="The ledger; default: that of the configuration.")
    ] = None,
    packs: PackFolders = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Store the verdicts that are known; default: only list what changes.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Judge anew, by the packs as they are now, what a ledger keeps: list every changed verdict and why."""
    # what help does not need is imported behind it
    from outreach_audit.ledger import Ledger  # noqa: PLC0415
    from outreach_audit.packs.load import load_packs  # noqa: PLC0415 - as above
    from outreach_audit.run.replay import replay as judge_anew  # noqa: PLC0415 - as above

    chosen = configuration(config)
    path = ledger or chosen.ledger
    if path is None:
        raise UsageError("replay which ledger? Name it with --ledger FILE")
    if not path.is_file():
        raise UsageError(f"{path}: there is no such ledger")
    pack = load_packs(packs or chosen.packs)
    with Ledger.open(path, write=apply) as store:
        told = judge_anew(store, pack, apply=apply)
    _tell(told, applied=apply)


def _tell(told: "Replay", *, applied: bool) -> None:
    typer.echo(f"{told.judged.total() + told.rescan.total():,} verdicts by {told.label}:")
    moves: Counter[tuple[str, str]] = Counter()
    for change in told.changes:
        moves[change.before[0], change.after[0]] += change.deliveries
    typer.echo(f"{told.judged.total() - moves.total():>12,} stay as they are")
    typer.echo(f"{moves.total():>12,} change")
    for (before, after), number in sorted(moves.items(), key=lambda move: (-move[1], move[0])):
        typer.echo(f"{number:>12,}   {before} to {after}")
    if told.rescan.total():
        whence = ", ".join(f"{label} {number:,}" for label, number in told.rescan.most_common())
        typer.echo(f"{told.rescan.total():>12,} need a rescan: the text was not kept ({whence})")
    if told.changes:
        typer.echo("\nEvery changed verdict, and the signals that changed it:")
    for change in told.changes:
        _tell_change(change)
    if told.lifted:
        typer.echo(
            f"\n{told.lifted:,} of them become more than they were; their kind and country take the text, which was not"
            " kept: scan again to count them."
        )
    if applied:
        typer.echo("\nWhat is known was stored, and campaigns were assigned anew.")
    elif told.judged.total():
        typer.echo("\nNothing was stored; --apply stores what is known.")


def _tell_change(change: "Change") -> None:
    from outreach_audit.report.safe import safe  # noqa: PLC0415 - as above

    (before, old), (after, new) = change.before, change.after
    date = f"{change.date:%Y-%m-%d}" if change.date else "undated"
    what = f"{change.finding} {date} {change.via}" if change.finding else f"{change.deliveries:,} alike, {change.via}"
    typer.echo(f"{what}: {before} {old:+.2f} to {after} {new:+.2f}")
    if change.subject:
        typer.echo(f"    {safe(change.subject)}")
    typer.echo(f"    {'; '.join(change.because)}")
