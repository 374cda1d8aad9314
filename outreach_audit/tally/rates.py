"""How many of the staff were approached, where the roster tells how many there are."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from outreach_audit.tally.model import Column, Count, Coverage, Row, Section, Table

COLUMNS = (Column.STAFF, Column.RECIPIENTS, Column.APPROACHES, Column.RECIPIENTS_RATE, Column.APPROACHES_RATE)
_OF = 1000
ROUNDED = "Rates are of 1000 staff, rounded; a headcount is of the institute as a whole where the roster gives one."
"""The note on rates."""

# How many there are of those who are counted: of a staff group, or of an institute (as a whole where that is told, else
# the groups that are told, and only persons of these). ``:only`` is the one institute, which a roster need not name.
_GROUPS = """
CREATE TEMP TABLE denominator AS
WITH known AS (
    SELECT coalesce(nullif(institute, ''), :only) AS institute, staff_group, sum(headcount) AS headcount
    FROM headcount GROUP BY 1, 2
)
SELECT 'staff_group' AS dimension, institute, staff_group, staff_group AS value, headcount
FROM known WHERE staff_group != ''
UNION ALL
SELECT 'institute', institute, nullif(staff_group, ''), institute, headcount
FROM known k WHERE staff_group = ''
OR NOT EXISTS (SELECT 1 FROM known w WHERE w.institute = k.institute AND w.staff_group = '')
"""
_STAFF = "SELECT {value}, sum(headcount) FROM denominator WHERE dimension = ? GROUP BY 1 ORDER BY 1"
_FOUND = """
SELECT c.section, {value}, count(DISTINCT c.recipient), count(DISTINCT c.approach)
FROM counted c JOIN denominator h ON h.institute = c.staff_institute
                                 AND (h.staff_group IS NULL OR h.staff_group = c.staff_group)
WHERE c.via = 'direct' AND h.dimension = ? GROUP BY 1, 2
"""
_LEFT_OUT = """
SELECT count(DISTINCT recipient) FROM counted c WHERE via = 'direct' AND NOT EXISTS (
    SELECT 1 FROM denominator h WHERE h.dimension = ? AND h.institute = c.staff_institute
    AND (h.staff_group IS NULL OR h.staff_group = c.staff_group))
"""
_TABLES = (
    ("rate_institute", "Persons approached of the staff, by institute", "institute"),
    ("rate_staff_group", "Persons approached of the staff, by staff group", "staff_group"),
)


def has_roster(connection: sqlite3.Connection) -> bool:
    """Whether a roster tells anything of the staff."""
    return connection.execute("SELECT 1 FROM roster LIMIT 1").fetchone() is not None


def staff_of(connection: sqlite3.Connection, coverage: Coverage) -> dict[str, int]:
    """The number of staff of each institute of which it is known."""
    with _denominators(connection, coverage):
        return dict(connection.execute(_STAFF.format(value="value"), ("institute",)).fetchall())


def rates(connection: sqlite3.Connection, coverage: Coverage) -> Iterator[Table]:
    """The tables of rates, none where no headcount is known; while the private table ``counted`` is there."""
    with _denominators(connection, coverage):
        for name, title, dimension in _TABLES:
            if connection.execute("SELECT 1 FROM denominator WHERE dimension = ?", (dimension,)).fetchone():
                yield _table(connection, coverage, (name, title, dimension))


@contextmanager
def _denominators(connection: sqlite3.Connection, coverage: Coverage) -> Iterator[None]:
    """Makes the private table ``denominator`` for as long as it is needed."""
    try:
        only = coverage.institutes[0] if len(coverage.institutes) == 1 else ""
        connection.execute(_GROUPS, {"only": only})
        yield
    finally:
        connection.execute("DROP TABLE IF EXISTS temp.denominator")


def _table(connection: sqlite3.Connection, coverage: Coverage, what: tuple[str, str, str]) -> Table:
    name, title, dimension = what
    (left_out,) = connection.execute(_LEFT_OUT, (dimension,)).fetchone()
    said = (f"{left_out} recipients belong to no group of known headcount and are in no rate.",) if left_out else ()
    return Table(
        name=name,
        title=title,
        dimension=dimension,
        columns=COLUMNS,
        rows=tuple(_rows(connection, dimension, "value", "h.value", coverage)),
        totals=tuple(_rows(connection, dimension, "'total'", "'total'", coverage)),
        coverage=coverage,
        notes=(ROUNDED, *said),
    )


def _rows(
    connection: sqlite3.Connection, dimension: str, group: str, found_group: str, coverage: Coverage
) -> Iterator[Row]:
    """Of foreign approaches a row for every group, also where there were none; of the others where there were."""
    staff = dict(connection.execute(_STAFF.format(value=group), (dimension,)).fetchall())
    found = {
        (Section(section), value): (recipients, approaches)
        for section, value, recipients, approaches in connection.execute(_FOUND.format(value=found_group), (dimension,))
    }
    for section in (Section.FOREIGN, Section.DOMESTIC, Section.UNDETERMINED):
        for value, headcount in staff.items():
            if section is Section.FOREIGN or (section, value) in found:
                recipients, approaches = found.get((section, value), (0, 0))
                figures = (
                    headcount,
                    recipients,
                    approaches,
                    _rate(recipients, headcount),
                    _rate(approaches, headcount),
                )
                counts = (Count(figure, one.unit, coverage) for one, figure in zip(COLUMNS, figures, strict=True))
                yield Row(section, value or "not_known", tuple(counts))


def _rate(figure: int, headcount: int) -> int:
    return (2 * _OF * figure + headcount) // (2 * headcount)
