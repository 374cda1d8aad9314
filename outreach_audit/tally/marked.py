"""What watchlists hit, and what is suppressed: tables of their own beside those of approaches."""

import sqlite3
from collections.abc import Iterator

from outreach_audit.tally.model import Column, Count, Coverage, Row, Section, Table

_FIGURES = {
    Column.DELIVERIES: "count(*) FILTER (WHERE d.via = 'direct')",
    Column.MESSAGES: "count(DISTINCT d.message_key) FILTER (WHERE d.via = 'direct')",
    Column.RECIPIENTS: "count(DISTINCT coalesce(p.person, r.text)) FILTER (WHERE d.via = 'direct')",
    Column.JUDGED_APPROACH: "count(*) FILTER (WHERE d.via = 'direct' AND d.label = 'approach')",
    Column.JUDGED_UNCLEAR: "count(*) FILTER (WHERE d.via = 'direct' AND d.label = 'unclear')",
    Column.JUDGED_OTHER: "count(*) FILTER (WHERE d.via = 'direct' AND d.label IN ('advert', 'other'))",
    Column.REPORTS_RECEIVED: "count(*) FILTER (WHERE d.via = 'report')",
}
_WITHIN = "(:since IS NULL OR d.date >= :since) AND (:until IS NULL OR d.date < :until)"
_PERSONS = "LEFT JOIN word r ON r.id = d.recipient LEFT JOIN roster p ON p.address = r.text"
_HITS = f"""
FROM indicator i LEFT JOIN watched w ON w.indicator = i.id
LEFT JOIN delivery d ON d.id = w.delivery AND {_WITHIN} {_PERSONS}
"""
_ANY_HIT = f"FROM delivery d {_PERSONS} WHERE d.id IN (SELECT delivery FROM watched) AND {_WITHIN}"  # noqa: S608 - ours
_SUPPRESSED = f"""
FROM suppression s LEFT JOIN suppressed x ON x.suppression = s.id
LEFT JOIN delivery d ON d.id = x.delivery AND {_WITHIN} {_PERSONS}
"""
_ANY_SUPPRESSED = f"FROM delivery d {_PERSONS} WHERE d.id IN (SELECT delivery FROM suppressed) AND {_WITHIN}"  # noqa: S608 - ours
_UNCOMPARED = (
    "SELECT count(*) FROM delivery d LEFT JOIN checked c ON c.delivery = d.id"
    " WHERE coalesce(c.upto, 0) < (SELECT max(id) FROM indicator)"
)

Seconds = tuple[int | None, int | None]


def has_watchlist(connection: sqlite3.Connection) -> bool:
    """Whether a watchlist is in force."""
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM indicator)").fetchone()[0])


def marked(connection: sqlite3.Connection, period: Seconds, coverage: Coverage) -> Iterator[Table]:
    """The tables ``watchlist`` and ``suppressed``, each where there is something to tell.

    Args:
        connection: of the ledger.
        period: its first second and the first behind it, None where it is open.
        coverage: what the figures rest on.
    """
    if has_watchlist(connection):
        yield _watchlist(connection, period, coverage)
    if connection.execute("SELECT EXISTS (SELECT 1 FROM suppression)").fetchone()[0]:
        yield _suppressed(connection, period, coverage)


def _watchlist(connection: sqlite3.Connection, period: Seconds, coverage: Coverage) -> Table:
    lists = [name for (name,) in connection.execute("SELECT DISTINCT watchlist FROM indicator ORDER BY watchlist")]
    left = connection.execute(_UNCOMPARED).fetchone()[0]
    notes = ["Hits are told whatever the verdict, and change none. One delivery may hit several indicators."]
    if left:
        notes.append(
            f"{left} deliveries, of all dates, need a rescan: they were not compared with the whole watchlist when they"
            " were read, and the ledger does not keep all that it asks for."
        )
    return Table(
        name="watchlist",
        title=f"Hits of the watchlist {', '.join(lists)}",
        dimension="indicator",
        columns=tuple(_FIGURES),
        rows=tuple(_rows(connection, "i.name", f"{_HITS} GROUP BY i.name ORDER BY i.name", period, coverage)),
        totals=tuple(_rows(connection, "'total'", _ANY_HIT, period, coverage)),
        coverage=coverage,
        notes=tuple(notes),
    )


def _suppressed(connection: sqlite3.Connection, period: Seconds, coverage: Coverage) -> Table:
    expired = connection.execute("SELECT count(*) FROM suppression WHERE NOT applies").fetchone()[0]
    notes = ["These findings are in no table of approaches; the table of verdicts counts them."]
    if expired:
        notes.append(f"{expired} of these suppressions have expired and do not apply.")
    return Table(
        name="suppressed",
        title="Findings suppressed by packs",
        dimension="suppression",
        columns=tuple(_FIGURES),
        rows=tuple(_rows(connection, "s.what", f"{_SUPPRESSED} GROUP BY s.id ORDER BY s.what", period, coverage)),
        totals=tuple(_rows(connection, "'total'", _ANY_SUPPRESSED, period, coverage)),
        coverage=coverage,
        notes=tuple(notes),
    )


def _rows(
    connection: sqlite3.Connection, value: str, source: str, period: Seconds, coverage: Coverage
) -> Iterator[Row]:
    query = f"SELECT {value}, {', '.join(_FIGURES.values())} {source}"
    for name, *figures in connection.execute(query, {"since": period[0], "until": period[1]}):
        counts = (Count(figure, column.unit, coverage) for column, figure in zip(_FIGURES, figures, strict=True))
        yield Row(Section.ALL, name, tuple(counts))
