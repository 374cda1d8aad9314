"""What the figures of a ledger rest on."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from outreach_audit import __version__
from outreach_audit.codes import Label, Via
from outreach_audit.ledger.store import Ledger
from outreach_audit.tally.model import Coverage
from outreach_audit.tally.period import Period

_SCAN = """
SELECT label, via, folder, institute, home, pack,
       count(*) FILTER (WHERE (:since IS NULL OR date >= :since) AND (:until IS NULL OR date < :until))
FROM delivery GROUP BY label, via, folder, institute, home, pack
"""
_FILES = """
SELECT count(DISTINCT path || char(0) || member) FILTER (WHERE skipped = ''),
       count(DISTINCT path || char(0) || member) FILTER (WHERE skipped != ''),
       total(found), total(read), total(read_with_defects), total(partly_read), total(unreadable), total(header_only)
FROM file
"""


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over all deliveries says; ``verdicts`` are those of the period, all else is of all dates."""

    verdicts: Mapping[tuple[Label, Via], int]
    folders: tuple[str, ...]
    institutes: tuple[str, ...]
    homes: tuple[str, ...]
    packs: tuple[str, ...]


def scan_of(ledger: Ledger, period: Period) -> Scan:
    """Passes once over all deliveries, however many are ``other``."""
    since, until = period.seconds
    verdicts: Counter[tuple[Label, Via]] = Counter()
    groups = ledger.connection.execute(_SCAN, {"since": since, "until": until}).fetchall()
    for label, via, *_, number in groups:
        verdicts[Label(label), Via(via)] += number
    _, _, folders, institutes, homes, packs, _ = zip(*groups, strict=True) if groups else ((),) * 7
    return Scan(
        verdicts=verdicts,
        folders=_distinct(folders),
        institutes=_distinct(ledger.text(number) for number in set(institutes)),
        homes=_distinct(homes),
        packs=_distinct(ledger.text(number) for number in set(packs)),
    )


def coverage_of(ledger: Ledger, scan: Scan, period: Period) -> Coverage:
    """The coverage of all figures of this ledger and period."""
    files = ledger.connection.execute(_FILES).fetchone()
    scanned, skipped, found, read, defects, partly, unreadable, header_only = (int(number) for number in files)
    named = {
        folder
        for (folders,) in ledger.connection.execute("SELECT DISTINCT folders FROM file")
        for folder in json.loads(folders)
    }
    return Coverage(
        institutes=scan.institutes,
        homes=scan.homes,
        since=period.since,
        until=period.until,
        timezone=period.zone.key,
        date_basis=" or ".join(_distinct(str(run.get("date_basis", "")) for run in ledger.runs())),
        folders=_distinct(named | set(scan.folders)),
        files_scanned=scanned,
        files_skipped=skipped,
        found=found,
        read=read,
        read_with_defects=defects,
        partly_read=partly,
        unreadable=unreadable,
        header_only=header_only,
        packs=scan.packs,
        version=__version__,
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))
