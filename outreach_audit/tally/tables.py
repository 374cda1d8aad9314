"""The tables of a ledger: every figure a distinct count over the whole, never a sum of figures."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from outreach_audit.codes import Label, Reading, Via
from outreach_audit.ledger.connection import faults_told
from outreach_audit.ledger.store import Ledger
from outreach_audit.tally.coverage import Scan, coverage_of, scan_of
from outreach_audit.tally.estimate import estimates, with_estimates
from outreach_audit.tally.marked import has_watchlist, marked
from outreach_audit.tally.model import Column, Count, Coverage, Row, Section, Table
from outreach_audit.tally.period import Period
from outreach_audit.tally.rates import has_roster, rates
from outreach_audit.tally.reviewed import SECTION, outcome_table, outcomes
from outreach_audit.tally.reviewed import notes as review_notes

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
    _Breakdown("sender_type", "Approaches by type of sender", "sender_type", "sender_type"),
    _Breakdown("grade", "Approaches by how sure the country is", "grade", "grade"),
)
_BY_STAFF = (
    _Breakdown("staff_group", "Approaches by staff group", "staff_group", "staff_group"),
    _Breakdown("age_band", "Approaches by age band", "age_band", "age_band"),
)
_BY_TEMPLATE = _Breakdown("template", "Approaches by known or new template", "template", "template")

_FIGURES = {
    Column.DELIVERIES: "count(*) FILTER (WHERE via = 'direct')",
    Column.MESSAGES: "count(DISTINCT message) FILTER (WHERE via = 'direct')",
    Column.RECIPIENTS: "count(DISTINCT recipient) FILTER (WHERE via = 'direct')",
    Column.APPROACHES: "count(DISTINCT approach) FILTER (WHERE via = 'direct')",
    Column.CAMPAIGNS: "count(DISTINCT campaign) FILTER (WHERE via = 'direct')",
    Column.REPORTS: "count(DISTINCT approach) FILTER (WHERE only_reported)",
    Column.REPORTS_RECEIVED: "count(*) FILTER (WHERE via = 'report')",
}

# Millions of deliveries may be ``other``: the conditions are those of the indexes that leave them aside, and CROSS JOIN
# keeps SQLite from beginning with them.
_COUNTED_IDS = """
SELECT id FROM delivery d
WHERE label = 'approach' AND via IN ('direct', 'report') AND (label != 'other' OR via != 'direct') {within}
UNION SELECT u.delivery FROM outcome u CROSS JOIN delivery d ON d.id = u.delivery WHERE u.opinion = 'confirm' {within}
EXCEPT SELECT delivery FROM outcome WHERE opinion = 'reject'
EXCEPT SELECT delivery FROM suppressed
"""
_COUNTED = f"""
CREATE TEMP TABLE counted AS
SELECT d.message_key AS message, coalesce(p.person, r.text) AS recipient,
       coalesce(o.campaign, d.message_key) AS campaign, o.campaign IS NULL AS unclustered, d.via AS via, d.date AS date,
       {SECTION} AS section,
       month_of(d.date) AS month, d.folder AS folder, coalesce(u.kind, d.kind, '') AS kind,
       coalesce(u.country, d.dest_country) AS dest_country,
       s.text AS sender_domain, i.text AS institute,
       coalesce(json_extract(d.detail, '$.attribution.sender_type'), '') AS sender_type,
       CASE WHEN u.country IS NULL THEN coalesce(json_extract(d.detail, '$.attribution.dest_country.grade'), '')
            ELSE 'reviewed' END AS grade,
       coalesce(p.staff_group, '') AS staff_group, coalesce(p.age_band, '') AS age_band,
       coalesce(nullif(p.institute, ''), i.text) AS staff_institute,
       CASE WHEN EXISTS (SELECT 1 FROM watched WHERE watched.delivery = d.id) THEN 'known' ELSE 'new' END AS template,
       EXISTS (SELECT 1 FROM copy WHERE copy.delivery = d.id) AS has_copies,
       hex(coalesce(o.campaign, d.message_key)) || ' ' || coalesce(p.person, r.text) AS approach,
       0 AS only_reported
FROM ({{ids}}) c CROSS JOIN delivery d ON d.id = c.id
JOIN word r ON r.id = d.recipient JOIN word s ON s.id = d.sender_domain JOIN word i ON i.id = d.institute
LEFT JOIN roster p ON p.address = r.text LEFT JOIN offer o ON o.message_key = d.message_key
LEFT JOIN outcome u ON u.delivery = d.id
"""  # noqa: S608 - our own expressions
# What is known only from a report is asked of all dates: a report of April may be of a mail delivered in March.
_REPORTED = """
CREATE TEMP TABLE delivered AS
SELECT DISTINCT hex(coalesce(o.campaign, d.message_key)) || ' ' || coalesce(p.person, r.text) AS approach
FROM ({ids}) c CROSS JOIN delivery d ON d.id = c.id JOIN word r ON r.id = d.recipient
LEFT JOIN roster p ON p.address = r.text LEFT JOIN offer o ON o.message_key = d.message_key
WHERE d.via = 'direct'
"""
_ONLY_REPORTED = """
UPDATE counted SET only_reported = 1 WHERE via = 'report' AND approach NOT IN (SELECT approach FROM delivered)
"""
_ALL_IDS = _COUNTED_IDS.format(within="")
_UNDATED_IDS = _COUNTED_IDS.format(within="AND d.date IS NULL")


def tables(
    ledger: Ledger,
    *,
    month: str | None = None,
    since: date | None = None,
    until: date | None = None,
    tz: str = "UTC",
) -> tuple[Table, ...]:
    """All tables of a ledger for a period.

    Args:
        ledger: the ledger; its campaigns should have been assigned (else each message is its own, with a note).
        month: one month, as ``2026-03``; not together with ``since`` and ``until``.
        since: the first day.
        until: the last day, itself counted.
        tz: the time zone of days and months.

    Raises:
        UsageError: the period makes no sense.
        OutreachAuditError: the ledger cannot be read.
    """
    period = Period.of(month=month, since=since, until=until, tz=tz)
    with faults_told(ledger.path):
        scan = scan_of(ledger, period)
        coverage = coverage_of(ledger, scan, period)
        with (
            outcome_table(ledger.connection, outcomes(ledger)),
            _counted(ledger.connection, period),
        ):
            notes = (*_notes(ledger.connection, period), *review_notes(ledger.connection, *period.seconds))
            estimated = estimates(ledger, *period.seconds)
            wanted = (
                *_BREAKDOWNS,
                *(_BY_STAFF if has_roster(ledger.connection) else ()),
                *((_BY_TEMPLATE,) if has_watchlist(ledger.connection) else ()),
            )
            approaches = tuple(
                with_estimates(_approaches(ledger.connection, what, coverage, notes), estimated) for what in wanted
            )
            others = tuple(marked(ledger.connection, period.seconds, coverage))
            approaches = (*approaches, *rates(ledger.connection, coverage))
    return (_verdicts(scan, coverage), _reading(coverage), *others, *approaches)


@contextmanager
def _counted(connection: sqlite3.Connection, period: Period) -> Iterator[None]:
    """Makes the private table ``counted`` for as long as it is needed."""
    since, until = period.seconds
    limited = since is not None or until is not None
    connection.create_function("month_of", 1, period.month_of, deterministic=True)
    try:
        ids = _COUNTED_IDS.format(within=_within(since, until)) if limited else _ALL_IDS
        connection.execute(_COUNTED.format(ids=ids))
        if connection.execute("SELECT 1 FROM counted WHERE via = 'report' LIMIT 1").fetchone():
            connection.execute(_REPORTED.format(ids=_ALL_IDS))
            connection.execute(_ONLY_REPORTED)
        yield
    finally:
        for name in ("delivered", "counted"):
            connection.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _within(since: int | None, until: int | None) -> str:
    """The condition of a period, as an index answers it."""
    limits = zip((">=", "<"), (since, until), strict=True)
    return "".join(f" AND d.date {sign} {second:d}" for sign, second in limits if second is not None)


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
        f"SELECT (SELECT count(*) FROM ({_UNDATED_IDS})), total(has_copies),"  # noqa: S608 - our own expressions
        " count(DISTINCT message) FILTER (WHERE unclustered), count(*) FILTER (WHERE recipient = '') FROM counted"
    ).fetchone()
    suppressed = connection.execute(
        "SELECT count(*) FROM suppressed x CROSS JOIN delivery d ON d.id = x.delivery WHERE d.label = 'approach'"
    ).fetchone()[0]
    said = (
        (suppressed, "records of approaches, of all dates, are suppressed and stand in a table of their own."),
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
