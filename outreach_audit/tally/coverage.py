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

_GROUPS = "SELECT label, via, folder, institute, home, pack, number FROM total WHERE number > 0"
# the conditions are those of the indexes that answer them
_ORDINARY = "SELECT 'other', 'direct', count(*) FROM delivery WHERE label = 'other' AND via = 'direct'"
_TOLD = "SELECT label, via, count(*) FROM delivery WHERE (label != 'other' OR via != 'direct')"
_FILES = """
SELECT count(DISTINCT path || char(0) || member) FILTER (WHERE skipped = ''),
       count(DISTINCT path || char(0) || member) FILTER (WHERE skipped != ''),
       total(found), total(read), total(read_with_defects), total(partly_read), total(unreadable), total(header_only)
FROM file
"""


@dataclass(frozen=True, slots=True)
class Scan:
    """What all deliveries say; ``verdicts`` are those of the period, all else is of all dates."""

    verdicts: Mapping[tuple[Label, Via], int]
    folders: tuple[str, ...]
    institutes: tuple[str, ...]
    homes: tuple[str, ...]
    packs: tuple[str, ...]


def scan_of(ledger: Ledger, period: Period) -> Scan:
    """Counts all deliveries by verdict, however many are ``other``."""
    groups = ledger.connection.execute(_GROUPS).fetchall()
    counted = [(label, via, number) for label, via, *_, number in groups]
    limits = [(sign, second) for sign, second in zip((">=", "<"), period.seconds, strict=True) if second is not None]
    if limits:
        within = "".join(f" AND date {sign} {second}" for sign, second in limits)
        counted = ledger.connection.execute(
            f"{_ORDINARY}{within} UNION ALL {_TOLD}{within} GROUP BY label, via"
        ).fetchall()
    verdicts: Counter[tuple[Label, Via]] = Counter()
    for label, via, number in counted:
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
