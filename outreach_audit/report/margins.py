"""The figures of a result as cells, and every sum between them that a reader can form: what may leave rests on it.

docs/publishing.md tells which figures are small, which go together, and which sums are looked at.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from outreach_audit.codes import Label
from outreach_audit.report.document import Document
from outreach_audit.tally import Column, Row, Section, Table
from outreach_audit.tally.details import Campaign, Part
from outreach_audit.tally.disclosure import Cell, Margin

PERSONS = frozenset(
    {
        *(Column.DELIVERIES, Column.RECIPIENTS, Column.APPROACHES, Column.REPORTS, Column.REPORTS_RECEIVED),
        *(Column.JUDGED_APPROACH, Column.JUDGED_UNCLEAR, Column.JUDGED_OTHER),
    }
)
"""Columns that count persons' mail; messages, campaigns and rates go with them."""

_REPORTS = frozenset({Column.REPORTS, Column.REPORTS_RECEIVED})
_FREE = frozenset({Column.STAFF, Column.FOUND})
"""The staff and the files are nobody's mail."""

_RATES = {"rate_institute": "institute", "rate_staff_group": "staff_group"}
DETAILS = (
    ("destinations", "country", Column.APPROACHES),
    ("folders", "folder", Column.DELIVERIES),
    ("domains", "sender_domain", Column.DELIVERIES),
)
"""Of an institute the parts by another dimension: their name, the table of that dimension, and what they count."""

_NOT_KNOWN = "not_known"


@dataclass(slots=True)
class Figures:
    """All figures that say something of persons' mail.

    ``values`` by cell, ``margins`` the sums, ``together`` for each cell those that go with it.
    """

    values: dict[Cell, int] = field(default_factory=dict)
    margins: list[Margin] = field(default_factory=list)
    together: dict[Cell, tuple[Cell, ...]] = field(default_factory=dict)

    def small(self, threshold: int) -> list[Cell]:
        """The figures of persons' mail from one up to the threshold, itself not counted."""
        return [cell for cell, value in self.values.items() if 0 < value < threshold and cell[-1] in PERSONS]

    def add_margin(self, total: Cell, parts: Iterable[Cell]) -> None:
        """A sum, where total and parts are figures of this result."""
        known = tuple(part for part in parts if part in self.values)
        if total in self.values and known:
            self.margins.append(Margin(total, known))


def cell(table: str, section: Section, value: str, column: Column) -> Cell:
    """The cell of a row."""
    return ("row", table, section, value, column)


def total_cell(table: Table, section: Section, column: Column) -> Cell:
    """The cell of a total: tables of approaches share theirs."""
    shared = section is not Section.ALL and table.name not in _RATES
    return ("total", "" if shared else table.name, section, "", column)


def part_cell(kind: str, section: Section, whole: str, value: str, column: Column) -> Cell:
    """The cell of a part of an institute or campaign."""
    return (kind, whole, section, value, column)


def figures_of(document: Document) -> Figures:
    """Everything that a reader of a document can add up or subtract."""
    found = Figures()
    for table in document.tables:
        _add_table(found, table)
    for name, of in _RATES.items():
        _join(found, document.table(name), document.table(of))
    _add_details(found, document)
    _add_sections(found, document)
    _add_campaigns(found, document)
    return found


def groups(columns: Iterable[Column]) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """The columns of which the figures of a row bound each other: those of mail, those of reports."""
    kept = [column for column in columns if column not in _FREE]
    return tuple(c for c in kept if c not in _REPORTS), tuple(c for c in kept if c in _REPORTS)


def placed(table: Table) -> Iterator[tuple[Row, Callable[[Column], Cell]]]:
    """Every row and total of a table, with what gives the cell of a column."""
    for row in table.rows:
        yield row, partial(cell, table.name, row.section, row.value)
    for row in table.totals:
        yield row, partial(total_cell, table, row.section)


def _add_table(found: Figures, table: Table) -> None:
    for row, place in placed(table):
        known = dict(zip(table.columns, row.counts, strict=True))
        for group in groups(table.columns):
            cells = tuple(map(place, group))
            for column, one in zip(group, cells, strict=True):
                found.values[one] = known[column].known
                found.together[one] = cells
    for column in sorted(PERSONS.intersection(table.columns)):
        for total in table.totals:
            rows = (row for row in table.rows if row.section is total.section)
            parts = (cell(table.name, row.section, row.value, column) for row in rows)
            found.add_margin(total_cell(table, total.section, column), parts)


def _join(found: Figures, rates: Table | None, table: Table | None) -> None:
    """A row of rates is a row of approaches once more: both go together."""
    if rates is None or table is None:
        return
    others = {(row.section, row.value): place(Column.RECIPIENTS) for row, place in placed(table)}
    for row, place in placed(rates):
        one, other = place(Column.RECIPIENTS), others.get((row.section, row.value))
        if other is not None:
            cells = (*found.together[one], *found.together[other])
            found.together |= dict.fromkeys(cells, cells)


def _add_sections(found: Figures, document: Document) -> None:
    """The sections, with what is suppressed, are what the table of verdicts calls approaches."""
    if document.table("verdicts") is None:
        return
    for column, suppressed in ((Column.DELIVERIES, Column.JUDGED_APPROACH), (Column.REPORTS_RECEIVED, None)):
        parts: list[Cell] = [("total", "", section, "", column) for section in Section if section is not Section.ALL]
        if suppressed:
            parts.append(("total", "suppressed", Section.ALL, "", suppressed))
        found.add_margin(cell("verdicts", Section.ALL, Label.APPROACH, column), parts)


def _add_details(found: Figures, document: Document) -> None:
    """The parts of institutes and campaigns: each sums up to its whole, and all of one value to that value's row."""
    columns: defaultdict[tuple[str, str, Column], list[Cell]] = defaultdict(list)
    for institute in document.institutes:
        whole = institute.id or _NOT_KNOWN
        for name, table, column in DETAILS:
            parts = _add_parts(found, name, (Section.FOREIGN, whole), column, getattr(institute, name))
            found.add_margin(cell("institute", Section.FOREIGN, whole, column), parts.values())
            for value, one in parts.items():
                columns[table, value, column].append(one)
    for (table, value, column), cells in columns.items():
        found.add_margin(cell(table, Section.FOREIGN, value, column), cells)
    rows: defaultdict[tuple[Section, str], list[Cell]] = defaultdict(list)
    for campaign in document.campaigns:
        place = campaign.section, campaign.id
        parts = _add_parts(found, "campaign", place, Column.RECIPIENTS, campaign.institutes)
        found.add_margin(cell("campaign", *place, Column.RECIPIENTS), parts.values())
        for value, one in parts.items():
            rows[campaign.section, value].append(one)
    for (section, value), cells in rows.items():
        found.add_margin(cell("institute", section, value, Column.RECIPIENTS), cells)


def _add_parts(
    found: Figures, kind: str, whole: tuple[Section, str], column: Column, parts: Iterable[Part]
) -> dict[str, Cell]:
    cells = {part.value or _NOT_KNOWN: part_cell(kind, *whole, part.value or _NOT_KNOWN, column) for part in parts}
    for part in parts:
        one = cells[part.value or _NOT_KNOWN]
        found.values[one] = part.count.known
        found.together[one] = (one,)
    return cells


def _add_campaigns(found: Figures, document: Document) -> None:
    """Where campaigns are told to lead to one country alone, those of it sum up to the row of that country."""
    if (table := document.table("campaign")) is None:
        return
    for name, values_of in _TOLD.items():
        told: defaultdict[tuple[Section, str], list[tuple[Campaign, bool]]] = defaultdict(list)
        for campaign in document.campaigns:
            values = values_of(campaign)
            for value in values:
                told[campaign.section, value].append((campaign, len(values) == 1))
        for (section, value), members in told.items():
            if all(alone for _, alone in members):
                for column in sorted(PERSONS.intersection(table.columns)):
                    parts = [cell("campaign", section, campaign.id, column) for campaign, _ in members]
                    found.add_margin(cell(name, section, value, column), parts)


def _months(campaign: Campaign) -> tuple[str, ...]:
    days = (campaign.first, campaign.last)
    return tuple(sorted({f"{day.year:04}-{day.month:02}" for day in days if day}))


_TOLD: Mapping[str, Callable[[Campaign], tuple[str, ...]]] = {
    "country": lambda campaign: campaign.countries,
    "kind": lambda campaign: campaign.kinds,
    "sender_type": lambda campaign: campaign.sender_types,
    "sender_domain": lambda campaign: campaign.domains,
    "month": _months,
}
