"""What ``scan`` and ``run`` share: mail is read into a ledger, and the figures and findings of a period come out.

Imported by a command when it runs, never at the start of the program.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from outreach_audit import report
from outreach_audit.cli.options import assessor
from outreach_audit.cli.progress import Progress
from outreach_audit.codes import Label
from outreach_audit.config.choices import FailOn
from outreach_audit.errors import UsageError
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.roster import load_roster, set_roster
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.watchlist import load_watchlists
from outreach_audit.run.executors import executor_for
from outreach_audit.run.scan import scan
from outreach_audit.run.settings import Settings
from outreach_audit.tally import Column, Period, Section

NOTHING_READABLE = 3
LOW_COVERAGE = 5
FAIL_ON = 10
_TOLD = frozenset({Label.APPROACH, Label.UNCLEAR, Label.ADVERT})


@dataclass(frozen=True, slots=True)
class Job:
    """What is read and counted.

    Attributes:
        paths: files and folders of mail, ``-`` for standard input.
        settings: how to assess.
        period: what is counted.
        ledger: where records are kept; None for a temporary ledger.
        key: the key of pseudonyms; None for one of this run only.
        full_digest: know files of an earlier run again by every byte.
        watchlists: indicators whose hits are counted apart; without any, those that the ledger holds.
        roster: the list of staff; without one that of an earlier run.
        workers: so many processes read; None for one on each core.
        cluster: the Dask scheduler whose workers read instead; ``''`` for none.
    """

    paths: tuple[str, ...]
    settings: Settings
    period: Period
    ledger: Path | None = None
    key: Path | None = None
    full_digest: bool = False
    watchlists: tuple[Path, ...] = ()
    roster: Path | None = None
    workers: int | None = None
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """A ledger that holds all mail of a job, and the result of its period; ``known`` are the findings before it."""

    ledger: Ledger
    document: report.Document
    period: Period
    pseudonyms: report.Pseudonyms
    known: frozenset[str]

    def findings(self, *, everything: bool = False) -> list[dict[str, Any]]:
        """The findings of the period, as they are written; with those judged ``other`` where everything is asked."""
        joined = self.ledger.campaigns().joined
        told = []
        for record in self.ledger.records(frozenset(Label) if everything else _TOLD, *self._limits()):
            campaign = joined.get(record.message_key)
            told.append(report.finding(record, campaign.campaign if campaign else None, self.pseudonyms))
        return told

    def foreign(self, column: Column) -> int:
        """A figure of the foreign approaches of the period."""
        table = self.document.table("institute")
        for total in table.totals if table else ():
            if table and total.section is Section.FOREIGN:
                return total.counts[table.columns.index(column)].known
        return 0

    def count(self, label: Label) -> int:
        """How many deliveries and reports of the period were judged so."""
        return sum(not record.suppressed for record in self.ledger.records({label}, *self._limits()))

    def new(self) -> int:
        """How many deliveries and reports of approaches, of any date, the ledger did not hold before."""
        shown = {record.finding for record in self.ledger.records({Label.APPROACH}) if not record.suppressed}
        return len(shown - self.known)

    def applies(self, fail_on: FailOn) -> bool:
        """Whether there is what ``--fail-on`` asks for: in the period, but for ``new`` of any date."""
        if fail_on is FailOn.NEW:
            return self.new() > 0
        labels = {FailOn.NONE: set[Label](), FailOn.FOUND: {Label.APPROACH}}
        wanted = labels.get(fail_on, {Label.APPROACH, Label.UNCLEAR})
        return bool(wanted) and any(not record.suppressed for record in self.ledger.records(wanted, *self._limits()))

    def shortfall(self, min_coverage: float) -> tuple[int, str]:
        """The exit code that the reading asks for, in the order of docs/cli.md, and why; 0 where it was good enough."""
        coverage = self.document.coverage
        understood = coverage.read + coverage.read_with_defects
        if not understood and not coverage.partly_read:
            return (
                NOTHING_READABLE,
                "nothing readable was found at the paths given (this is not the same as: nothing was found)",
            )
        if understood < min_coverage * coverage.found:
            return (
                LOW_COVERAGE,
                f"{understood} of {coverage.found} messages were read: less than the share {min_coverage} asked for",
            )
        return 0, ""

    def _limits(self) -> Iterator[datetime | None]:
        return (None if second is None else datetime.fromtimestamp(second, UTC) for second in self.period.seconds)


@contextmanager
def read_mail(job: Job, progress: Progress) -> Iterator[Done]:
    """Read and judge all mail of a job; its ledger is open, and locked, until the end.

    Raises:
        UsageError: the key cannot be used.
        InvalidPackError: a pack is invalid.
        LedgerBusyError: another run holds the ledger.
        OutreachAuditError: the ledger cannot be used.
    """
    executor = executor_for(job.workers, job.cluster, job.paths, job.settings.packs)
    # what can be told at once is told before hours of reading
    pseudonyms = report.Pseudonyms(report.read_key(job.key) if job.key else None)
    pack = load_packs(job.settings.packs)
    watchlist = load_watchlists(job.watchlists) if job.watchlists else None
    roster = load_roster(job.roster) if job.roster else None
    with Ledger.open(job.ledger) as store:
        known = _approaches(store)
        if roster is not None:
            set_roster(store, roster)
        with executor as crew, assessor(job.settings, pack) as judge, progress:
            scan(
                job.paths, store, pack, judge,
                observer=progress, stdin=sys.stdin.buffer, full_digest=job.full_digest,
                watchlist=watchlist, executor=crew, gauge=progress.gauge(job.paths),
            )  # fmt: skip
        period = job.period
        document = report.make_document(
            store, since=period.since, until=period.until, tz=period.zone.key, names=report.names_of(pack.knowledge)
        )
        yield Done(store, document, period, pseudonyms, known)


def check_folder(folder: Path, named: str) -> None:
    """See that a folder can be made and written to, before hours of reading.

    Raises:
        UsageError: it cannot.
    """
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    if not existing.is_dir():
        raise UsageError(f"{named} {folder}: there is a file of the name {existing.name}; name a folder")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise UsageError(f"{named} {folder}: {existing} cannot be written to")


def write_folder(folder: Path, document: report.Document, findings: list[dict[str, Any]], language: str) -> list[str]:
    """Write every file of a result, each whole or not at all; gives their names."""
    written = report.write_folder(document, folder, lang=language)
    report.write_findings_csv(findings, folder / "findings.csv")
    return ["findings.csv", *written]


def _approaches(ledger: Ledger) -> frozenset[str]:
    """The findings that are approaches."""
    return frozenset(record.finding for record in ledger.records({Label.APPROACH}))
