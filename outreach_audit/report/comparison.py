"""What changed: the period before, and its figures beside those of a document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from outreach_audit.tally import Column, Count, Period, Row, Section, Table

Key = tuple[str, Section, str]
"""Table, section and value of a row."""


@dataclass(frozen=True, slots=True)
class Before:
    """The figures of the period before, by column, of every row that it had."""

    since: date
    until: date
    known: Mapping[Key, Mapping[Column, int]]

    def figures(self, table: Table, row: Row) -> tuple[int, ...] | None:
        """The former figures of a row, 0 where it had none; None where a comparison says nothing."""
        if not is_compared(table) or (table.dimension == "month" and row.value != "total"):
            return None
        former = self.known.get((table.name, row.section, row.value), {})
        return tuple(former.get(column, 0) for column in table.columns)

    def with_vanished_rows(self, table: Table) -> Table:
        """The table with a row of noughts for each value, and a total for each section, of which nothing is left."""
        if not is_compared(table):
            return table
        rows = _completed(table, table.rows, [key for key in self.known if key[0] == table.name and key[2] != "total"])
        totals = _completed(
            table, table.totals, [key for key in self.known if key[0] == table.name and key[2] == "total"]
        )
        return replace(table, rows=table.rows if table.dimension == "month" else rows, totals=totals)


def is_compared(table: Table) -> bool:
    """Whether the figures of a table are those of a period (copies found are of all dates), and known of both.

    A campaign is told by its dates, not by a change.
    """
    return Column.FOUND not in table.columns and table.dimension != "campaign"


def previous_period(period: Period) -> Period | None:
    """As many whole months, or else days, directly before a period; None where it is open at one side."""
    since, until = period.since, period.until
    if since is None or until is None or since > until:
        return None
    try:
        last = since - timedelta(days=1)
        if since.day == 1 and (until + timedelta(days=1)).day == 1:
            months = 12 * (until.year - since.year) + until.month - since.month + 1
            number = 12 * since.year + since.month - 1 - months
            return Period(date(number // 12, number % 12 + 1, 1), last, period.zone)
        return Period(since - (until - since) - timedelta(days=1), last, period.zone)
    except (OverflowError, ValueError):  # before the first year of the calendar
        return None


def before_of(period: Period, former: Iterable[Table]) -> Before:
    """The figures of the tables of the period before, which is closed on both sides."""
    known = {
        (table.name, row.section, row.value): MappingProxyType(
            {column: count.known for column, count in zip(table.columns, row.counts, strict=True)}
        )
        for table in former
        if is_compared(table)
        for row in (*table.rows, *table.totals)
    }
    assert period.since is not None
    assert period.until is not None
    return Before(period.since, period.until, MappingProxyType(known))


def _completed(table: Table, rows: tuple[Row, ...], keys: Iterable[Key]) -> tuple[Row, ...]:
    held = {(row.section, row.value) for row in rows}
    zeros = tuple(Count(0, column.unit, table.coverage) for column in table.columns)
    missing = tuple(Row(section, value, zeros) for _, section, value in keys if (section, value) not in held)
    if not missing:
        return rows
    return tuple(sorted((*rows, *missing), key=lambda row: (list(Section).index(row.section), row.value)))
