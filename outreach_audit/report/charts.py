"""Bar charts of foreign approaches: what the template draws as SVG, and says in words beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from outreach_audit.report.document import Document
from outreach_audit.report.summary import counted, ranked
from outreach_audit.tally import Column, Section, Table

_MOST_BARS = 12
_MOST_MONTHS = 60
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: ``share`` is its length in percent of the longest, ``tick`` whether its label is printed."""

    label: str
    value: int
    share: float
    tick: bool = True


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart; ``words`` says the same for those who do not see it, ``note`` what it leaves out."""

    name: str
    title: str
    bars: tuple[Bar, ...]
    words: str
    note: str
    upright: bool


def chart(document: Document, table: Table) -> Chart | None:
    """The chart of the foreign approaches of a table; None where there is nothing to draw."""
    place = table.columns.index(Column.APPROACHES)
    pairs = [
        (row.value if table.dimension == "month" else document.label(table, row), row.counts[place].value)
        for row in ranked(table, Section.FOREIGN)
        if row.counts[place].value
    ]
    upright = table.dimension == "month"
    shown = _months(pairs) if upright else sorted(pairs, key=lambda pair: -pair[1])[:_MOST_BARS]
    if not shown:
        return None
    kept = {label for label, _ in shown}
    left = sum(label not in kept for label, _ in pairs)
    most = max(value for _, value in shown)
    every = -(-len(shown) // 6)  # six labels stand side by side on a phone
    words = "; ".join(f"{label}: {counted(value, Column.APPROACHES)}" for label, value in shown)
    return Chart(
        name=table.name,
        title=f"{table.title}, foreign",
        bars=tuple(
            Bar(label, value, round(100 * value / most, 2), tick=not upright or number % every == 0)
            for number, (label, value) in enumerate(shown)
        ),
        words=f"{words}.",
        note=f"{left:,} more in the table, not drawn." if left else "",
        upright=upright,
    )


def _months(pairs: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The months from the first to the last, also those with nothing.

    Dates that nobody can have written mail on would make the axis endless: where the span is too long, only months with
    approaches are drawn, and of those the fullest.
    """
    months = {label: value for label, value in pairs if _MONTH.fullmatch(label)}
    if not months:
        return []
    first, last = (12 * int(month[:4]) + int(month[5:]) - 1 for month in (min(months), max(months)))
    if last - first < _MOST_MONTHS:
        span = (f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1))
        return [(month, months.get(month, 0)) for month in span]
    return sorted(sorted(months.items(), key=lambda pair: -pair[1])[:_MOST_MONTHS])
