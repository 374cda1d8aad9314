"""``verify``: count a published tally anew, from the ledger or from the mailboxes, and name what differs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from outreach_audit.errors import TallyRefusedError, UsageError

if TYPE_CHECKING:
    from outreach_audit.cli.job import Job
    from outreach_audit.report.document import Document
    from outreach_audit.run.verify import Comparison

_BASES = frozenset({"received", "header"})


def verify(  # noqa: PLR0917 - typer reads options from the signature
    tally: Annotated[Path, typer.Argument(metavar="TALLY", help="A tally.json.")],
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH...]", help="The mailboxes, to count from the mail itself.")
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", metavar="FILE", help="The ledger to count from; default: that of the configuration."),
    ] = None,
    home: Home = "",
    institute: Institute = "",
    home_domain: HomeDomains = None,
    packs: PackFolders = None,
    roster: Annotated[
        Path | None, typer.Option("--roster", metavar="FILE", help="The list of staff, where mailboxes are counted.")
    ] = None,
    watchlists: Annotated[
        list[Path] | None,
        typer.Option("--watchlist", metavar="FILE", help="Indicators, where mailboxes are counted (repeatable)."),
    ] = None,
    config: ConfigFile = None,
) -> int:
    """Recompute a tally and name each figure that differs."""
    # what help does not need is imported behind it
    from outreach_audit.cli.job import Job  # noqa: PLC0415
    from outreach_audit.report.tally_json import read_tally  # noqa: PLC0415 - as above
    from outreach_audit.run.verify import compare  # noqa: PLC0415 - as above
    from outreach_audit.tally import Period  # noqa: PLC0415 - as above

    if paths and ledger:
        raise UsageError("verify: give either mailboxes or --ledger FILE")
    published = read_tally(tally)
    if published.merge:
        raise UsageError(f"{tally} is a merge: verify the tallies that it was made of, each at its institute")
    chosen = configuration(config)
    coverage = published.coverage
    basis = coverage.date_basis if coverage.date_basis in _BASES else ""
    job = Job(
        paths=tuple(paths or ()),
        settings=settings_of(home, institute, home_domain, packs, date_basis=basis, config=chosen),
        period=Period.of(month=None, since=coverage.since, until=coverage.until, tz=coverage.timezone),
        ledger=None if paths else ledger or chosen.ledger,
        watchlists=tuple(watchlists or chosen.watchlists),
        roster=roster or chosen.roster,
    )
    recomputed = _from_mail(job) if paths else _from_ledger(job)
    found = compare(published, _as_published(recomputed, published))
    return _tell(tally, published, found)


def _from_mail(job: "Job") -> "Document":
    from outreach_audit.cli.job import read_mail  # noqa: PLC0415 - as above
    from outreach_audit.cli.progress import Progress  # noqa: PLC0415 - as above

    with read_mail(job, Progress(quiet=False, verbose=False, line=True, as_json=False)) as done:
        return done.document


def _from_ledger(job: "Job") -> "Document":
    from outreach_audit.ledger import Ledger  # noqa: PLC0415 - as above
    from outreach_audit.report import make_document  # noqa: PLC0415 - as above

    if job.ledger is None:
        raise UsageError("verify against what? Name mailboxes, or a ledger with --ledger FILE")
    if not job.ledger.is_file():
        raise UsageError(f"{job.ledger}: there is no such ledger")
    period = job.period
    with Ledger.open(job.ledger, write=False) as store:
        return make_document(store, since=period.since, until=period.until, tz=period.zone.key)


def _as_published(recomputed: "Document", published: "Document") -> "Document":
    """The result on the terms of the published one, where that is a publication: the same figures are withheld."""
    from outreach_audit.report.exchange import LeftOut  # noqa: PLC0415 - as above
    from outreach_audit.report.publish import Terms, publish  # noqa: PLC0415 - as above

    if (made := published.publication) is None:
        return recomputed
    domains, subjects = LeftOut.DOMAINS not in made.left_out, LeftOut.SUBJECTS not in made.left_out
    return publish(recomputed, Terms(made.threshold, subjects=subjects, domains=domains))


def _tell(tally: Path, published: "Document", found: "Comparison") -> int:
    from outreach_audit import __version__  # noqa: PLC0415 - as above
    from outreach_audit.report.safe import safe  # noqa: PLC0415 - as above

    if published.generator != f"outreach-audit {__version__}":
        typer.echo(f"made by {safe(published.generator)}, recomputed by outreach-audit {__version__}", err=True)
    if not found.differences:
        typer.echo(f"{tally} holds: {found.figures:,} figures are the same")
        return 0
    for one in found.differences:
        typer.echo(f"{safe(one.place)}: published {safe(one.published)}, recomputed {safe(one.recomputed)}")
    raise TallyRefusedError(f"{tally} does not hold: {len(found.differences):,} of {found.figures:,} figures differ")
