"""Charts of foreign approaches: what the template draws as SVG, and says in words beside it."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from outreach_audit.codes import Reading, Unit
from outreach_audit.report.document import Document
from outreach_audit.report.summary import campaign_name, compared, ranked, row_label
from outreach_audit.report.words import Words
from outreach_audit.tally import Section, Table

_MOST_BARS = 12
_MOST_MONTHS = 60
_MOST_TICKS = 6  # as many labels stand side by side on a phone
_SHORT_LINE = 42
_LONGEST_LINE = timedelta(days=5 * 366)
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


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last day of a campaign; ``start`` and ``width`` are percent of the line."""

    label: str
    days: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Campaigns one under another; ``ticks`` are the first days of months with their place in percent."""

    title: str
    spans: tuple[Span, ...]
    ticks: tuple[tuple[float, str], ...]
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a whole; ``tone`` tells neighbours apart, from 0 (best) on."""

    label: str
    value: int
    start: float
    width: float
    tone: int


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole as one bar of slices."""

    name: str
    title: str
    slices: tuple[Slice, ...]
    words: str


def chart(document: Document, table: Table, words: Words) -> Chart | None:
    """The chart of the foreign approaches of a table; None where there is nothing to draw."""
    place = compared(table)
    upright = table.dimension == "month"
    pairs = [
        (row.value if upright else row_label(document, table, row, words), value)
        for row in ranked(table, Section.FOREIGN)
        if (value := row.counts[place].value)
    ]
    # a withheld figure has no bar, since the length of it would tell
    withheld = {row.value for row in ranked(table, Section.FOREIGN) if row.counts[place].value is None}
    shown = _months(pairs, withheld) if upright else sorted(pairs, key=lambda pair: -pair[1])[:_MOST_BARS]
    if not shown:
        return None
    kept = {label for label, _ in shown}
    left = sum(label not in kept for label, _ in pairs)
    most = max(value for _, value in shown)
    every = -(-len(shown) // _MOST_TICKS)
    unit = table.columns[place].unit
    return Chart(
        name=table.name,
        title=words.t("{title}, foreign", title=words.t(table.title)),
        bars=tuple(
            Bar(label, value, round(100 * value / most, 2), tick=not upright or number % every == 0)
            for number, (label, value) in enumerate(shown)
        ),
        words="; ".join(f"{label}: {words.counted(value, unit)}" for label, value in shown) + ".",
        note=_left(left + len(withheld), words),
        upright=upright,
    )


def timeline(document: Document, words: Words) -> Timeline | None:
    """The foreign campaigns with the most recipients by their first day; None where none has a date."""
    table = document.table("campaign")
    if table is None:
        return None
    campaigns = [document.campaign(row) for row in ranked(table, Section.FOREIGN)]
    dated = [(one, one.first, one.last) for one in campaigns if one and one.first and one.last]
    if not dated:
        return None
    middle = sorted(last for _, _, last in dated)[len(dated) // 2]
    near = [each for each in dated if abs(each[1] - middle) < _LONGEST_LINE > abs(each[2] - middle)][:_MOST_BARS]
    begin = _first_of_month(min(first for _, first, _ in near))
    days = max((max(last for *_, last in near) - begin).days + 1, 28)
    spans = tuple(
        Span(
            label=campaign_name(document, one, words),
            days=words.t("{first} to {last}", first=first, last=last),
            start=round(100 * (first - begin).days / days, 2),
            width=round(100 * ((last - first).days + 1) / days, 2),
        )
        for one, first, last in sorted(near, key=lambda each: each[1:])
    )
    return Timeline(
        title=words.t("Foreign campaigns from the first to the last message"),
        spans=spans,
        ticks=_ticks(begin, days),
        words="; ".join(f"{span.label}, {span.days}" for span in spans) + ".",
        note=_left(len(campaigns) - len(spans), words),
    )


def coverage_chart(document: Document, words: Words) -> Whole | None:
    """The messages found by how far they could be read; None where none was found."""
    coverage = document.coverage
    if not coverage.found:
        return None
    slices = []
    start = 0.0
    for tone, reading in enumerate(Reading):
        width = 100 * coverage.reading(reading) / coverage.found
        label = words.label("reading", reading, {})
        slices.append(Slice(label, coverage.reading(reading), round(start, 3), round(width, 3), tone))
        start += width
    return Whole(
        name="read",
        title=words.t("Messages found in the files, by how far they could be read"),
        slices=tuple(slices),
        words="; ".join(f"{one.label}: {words.counted(one.value, Unit.MESSAGE)}" for one in slices) + ".",
    )


def _left(number: int, words: Words) -> str:
    return words.n("{n} more in the table, not drawn.", "{n} more in the table, not drawn.", number) if number else ""


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


def _ticks(begin: date, days: int) -> tuple[tuple[float, str], ...]:
    """The first days of months (of weeks, where the line is short), as many as there is room for."""
    if days <= _SHORT_LINE:
        weeks = [begin + timedelta(days=number) for number in range(0, days, 7)]
        return tuple((round(100 * (day - begin).days / days, 2), f"{day:%m-%d}") for day in weeks[:_MOST_TICKS])
    months = []
    day = begin
    while (day - begin).days < days:
        months.append(day)
        day = _first_of_month(day + timedelta(days=32))
    every = -(-len(months) // _MOST_TICKS)
    return tuple((round(100 * (day - begin).days / days, 2), f"{day:%Y-%m}") for day in months[::every])


def _months(pairs: Sequence[tuple[str, int]], withheld: AbstractSet[str]) -> list[tuple[str, int]]:
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
        return [(month, months.get(month, 0)) for month in span if month not in withheld]
    return sorted(sorted(months.items(), key=lambda pair: -pair[1])[:_MOST_MONTHS])
