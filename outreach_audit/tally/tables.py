"""The tables of a ledger: every figure a distinct count over the whole, never a sum of figures."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from outreach_audit.codes import Label, Reading, Via
from outreach_audit.ledger.connection import faults_told
from outreach_audit.ledger.store import Ledger
from outreach_audit.tally.coverage import Scan, coverage_of, scan_of
from outreach_audit.tally.model import Column, Count, Coverage, Row, Section, Table
from outreach_audit.tally.period import Period

_NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class _Breakdown:
    """One table of approaches: its dimension and the column of ``counted`` that holds it."""

    name: str
    title: str
    dimension: str
    expression: str


_BREAKDOWNS = (
    _Breakdown("institute", "Approaches by institute", "institute", "institute"),
    _Breakdown("month", "Approaches by month", "month", "month"),
    _Breakdown("kind", "Approaches by kind of offer", "kind", "kind"),
    _Breakdown("country", "Approaches by country of destination", "dest_country", "dest_country"),
    _Breakdown("sender_domain", "Approaches by domain of the sender", "sender_domain", "sender_domain"),
    _Breakdown("folder", "Approaches by folder", "folder", "folder"),
)

_FIGURES = {
    Column.DELIVERIES: "count(*) FILTER (WHERE via = 'direct')",
    Column.MESSAGES: "count(DISTINCT message) FILTER (WHERE via = 'direct')",
    Column.RECIPIENTS: "count(DISTINCT recipient) FILTER (WHERE via = 'direct')",
    Column.APPROACHES: "count(DISTINCT approach) FILTER (WHERE via = 'direct')",
    Column.CAMPAIGNS: "count(DISTINCT campaign) FILTER (WHERE via = 'direct')",
    Column.REPORTS: "count(DISTINCT approach) FILTER (WHERE only_reported)",
    Column.REPORTS_RECEIVED: "count(*) FILTER (WHERE via = 'report')",
}

# One row for each approach record of the whole ledger: what is known only from a report is asked of all dates,
# since a report of April may be of a mail that was delivered in March.
_COUNTED = """
CREATE TEMP TABLE approached AS
SELECT d.message_key AS message, coalesce(p.person, r.text) AS recipient,
       coalesce(o.campaign, d.message_key) AS campaign, o.campaign IS NULL AS unclustered, d.via AS via, d.date AS date,
       CASE d.is_foreign WHEN 1 THEN 'foreign' WHEN 0 THEN 'domestic' ELSE 'undetermined' END AS section,
       month_of(d.date) AS month, d.folder AS folder, coalesce(d.kind, '') AS kind, d.dest_country AS dest_country,
       s.text AS sender_domain, i.text AS institute,
       EXISTS (SELECT 1 FROM copy WHERE copy.delivery = d.id) AS has_copies
FROM delivery d
JOIN word r ON r.id = d.recipient JOIN word s ON s.id = d.sender_domain JOIN word i ON i.id = d.institute
LEFT JOIN person p ON p.address = r.text LEFT JOIN offer o ON o.message_key = d.message_key
WHERE d.label = 'approach' AND d.label != 'other';
"""
_COUNTED_IN_PERIOD = """
CREATE TEMP TABLE counted AS
SELECT *, hex(campaign) || ' ' || recipient AS approach,
       via = 'report' AND NOT EXISTS (
           SELECT 1 FROM approached k WHERE k.via = 'direct' AND k.campaign = a.campaign AND k.recipient = a.recipient
       ) AS only_reported
FROM approached a WHERE (:since IS NULL OR date >= :since) AND (:until IS NULL OR date < :until)
"""


def tables(
    ledger: Ledger,
    *,
    month: str | None = None,
    since: date | None = None,
    until: date | None = None,
    tz: str = "UTC",
    roster: Mapping[str, str] | None = None,
) -> tuple[Table, ...]:
    """All tables of a ledger for a period.

    Args:
        ledger: the ledger; its campaigns should have been assigned (else each message is its own, with a note).
        month: one month, as ``2026-03``; not together with ``since`` and ``until``.
        since: the first day.
        until: the last day, itself counted.
        tz: the time zone of days and months.
        roster: the person behind each address, so that several addresses of one person count once.

    Raises:
        UsageError: the period makes no sense.
        OutreachAuditError: the ledger cannot be read.
    """
    period = Period.of(month=month, since=since, until=until, tz=tz)
    with faults_told(ledger.path):
        scan = scan_of(ledger, period)
        coverage = coverage_of(ledger, scan, period)
        with _counted(ledger.connection, period, roster or {}):
            notes = _notes(ledger.connection, period)
            approaches = tuple(_approaches(ledger.connection, what, coverage, notes) for what in _BREAKDOWNS)
    return (_verdicts(scan, coverage), _reading(coverage), *approaches)


@contextmanager
def _counted(connection: sqlite3.Connection, period: Period, roster: Mapping[str, str]) -> Iterator[None]:
    """Makes the private table ``counted`` for as long as it is needed."""
    since, until = period.seconds
    connection.create_function("month_of", 1, period.month_of, deterministic=True)
    try:
        connection.execute("CREATE TEMP TABLE person (address TEXT PRIMARY KEY, person TEXT NOT NULL)")
        connection.executemany("INSERT OR REPLACE INTO person VALUES (lower(?), ?)", roster.items())
        connection.execute(_COUNTED)
        connection.execute("CREATE INDEX temp.approached_pair ON approached (via, campaign, recipient)")
        connection.execute(_COUNTED_IN_PERIOD, {"since": since, "until": until})
        yield
    finally:
        for name in ("person", "approached", "counted"):
            connection.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _approaches(connection: sqlite3.Connection, what: _Breakdown, coverage: Coverage, notes: tuple[str, ...]) -> Table:
    rows = _rows(connection, what.expression, coverage)
    return Table(
        name=what.name,
        title=what.title,
        dimension=what.dimension,
        columns=tuple(_FIGURES),
        rows=tuple(rows),
        totals=tuple(_rows(connection, "'total'", coverage)),
        coverage=coverage,
        notes=notes,
    )


def _rows(connection: sqlite3.Connection, expression: str, coverage: Coverage) -> list[Row]:
    """The figures of each section and value; sections in their order, values by code point."""
    query = (
        f"SELECT section, {expression} AS value, {', '.join(_FIGURES.values())} FROM counted GROUP BY section, value"  # noqa: S608 - our own expressions
    )
    found = [
        Row(
            Section(section),
            value or _NOT_KNOWN,
            tuple(Count(figure, column.unit, coverage) for column, figure in zip(_FIGURES, figures, strict=True)),
        )
        for section, value, *figures in connection.execute(query)
    ]
    return sorted(found, key=lambda row: (list(Section).index(row.section), row.value))


def _notes(connection: sqlite3.Connection, period: Period) -> tuple[str, ...]:
    """What a reader must know beside the figures of approaches."""
    limited = period.since is not None or period.until is not None
    undated, copies, unclustered, nobody = connection.execute(
        "SELECT (SELECT count(*) FROM approached WHERE date IS NULL), total(has_copies),"
        " count(DISTINCT message) FILTER (WHERE unclustered), count(*) FILTER (WHERE recipient = '') FROM counted"
    ).fetchone()
    said = (
        (undated if limited else 0, "records of approaches have no usable date and stand in no period."),
        (copies, "records of approaches were found in more than one place and are counted once."),
        (unclustered, "messages have not been compared with others: each counts as a campaign of its own."),
        (nobody, "records of approaches name no recipient and count as one recipient."),
    )
    return tuple(f"{int(number)} {text}" for number, text in said if number)


def _verdicts(scan: Scan, coverage: Coverage) -> Table:
    columns = (Column.DELIVERIES, Column.REPORTS_RECEIVED)

    def row(value: str, *labels: Label) -> Row:
        figures = (sum(scan.verdicts.get((label, via), 0) for label in labels) for via in (Via.DIRECT, Via.REPORT))
        counts = (Count(figure, column.unit, coverage) for column, figure in zip(columns, figures, strict=True))
        return Row(Section.ALL, value, tuple(counts))

    return Table(
        name="verdicts",
        title="All mail by verdict",
        dimension="verdict",
        columns=columns,
        rows=tuple(row(label, label) for label in Label),
        totals=(row("total", *Label),),
        coverage=coverage,
    )


def _reading(coverage: Coverage) -> Table:
    def row(value: str, figure: int) -> Row:
        return Row(Section.ALL, value, (Count(figure, Column.FOUND.unit, coverage),))

    return Table(
        name="reading",
        title="Messages found in the files, by how far they could be read",
        dimension="reading",
        columns=(Column.FOUND,),
        rows=tuple(row(reading, coverage.reading(reading)) for reading in Reading),
        totals=(row("total", coverage.found),),
        coverage=coverage,
        notes=("Of all dates; second copies and the outer mails of reports are among them.",),
    )
