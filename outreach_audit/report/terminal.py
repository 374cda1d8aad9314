"""The result document on a terminal, or piped into a file."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from outreach_audit.report.document import Document
from outreach_audit.report.safe import rich_text, safe
from outreach_audit.report.summary import answers, many, ranked
from outreach_audit.report.words import (
    BROKEN_HEADS,
    DIMENSIONS,
    HEADS,
    MEANINGS,
    SECTION_MEANINGS,
    SECTIONS,
    coverage_brief,
)
from outreach_audit.tally import Column, Count, Row, Section, Table

_WIDE = 112
_WIDEST_TEXT = 100  # a longer line of prose is hard to read
_WIDEST_LABEL = 48
_NARROWEST_LABEL = 20
_INDENT = 2
_CODED = frozenset({"kind", "dest_country"})
_MOST_ROWS = {"sender_domain": 15}
# a rule under the heads and above the total, and nothing else
_RULES = Box("    \n    \n ── \n    \n ── \n    \n    \n    \n")
_QUIET = "dim"


@dataclass(frozen=True, slots=True)
class _Layout:
    """One width for each column over all tables, so that their figures stand under one another.

    ``fits`` is False where the console is too narrow for a table.
    """

    wide: bool
    label: int
    figures: Mapping[Column, int]
    fits: bool


def print_document(document: Document, console: Console) -> None:
    """Prints the answers in short, every table with title, units and coverage, and what was counted.

    Args:
        document: the result.
        console: where to; its width decides how the heads are set.
    """
    prose = min(console.width, _WIDEST_TEXT)
    console.print(rich_text(document.title, "bold"), width=prose)
    console.print()
    _print_answers(document, console, prose)
    layout = _layout(document, console.width)
    for table in document.tables:
        console.print()
        console.print(rich_text(table.title, "bold"), width=prose)
        console.print(_rich_table(document, table, layout) if layout.fits else _listed(document, table))
        for line in (*_more(table), *table.notes, coverage_brief(table.coverage)):
            console.print(rich_text(line, _QUIET), width=prose)
    _print_basis(document, console, prose)


def _print_answers(document: Document, console: Console, width: int) -> None:
    grid = RichTable.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="bold", max_width=20, overflow="fold")
    grid.add_column(overflow="fold")
    for answer in answers(document):
        grid.add_row(answer.question, rich_text(answer.answer))
    console.print(grid, width=width)


def _rich_table(document: Document, table: Table, layout: _Layout) -> RichTable:
    gap = int(layout.wide)  # beside the one column that Rich keeps for a divider
    shown = RichTable(box=_RULES, show_edge=False, pad_edge=False, padding=(0, 0, 0, gap), header_style="")
    heads = _heads(wide=layout.wide)
    lines = max(heads[column].count("\n") for column in table.columns)
    dimension = Text("\n" * lines + DIMENSIONS[table.dimension], _QUIET)
    shown.add_column(dimension, width=layout.label, overflow="fold")
    for column in table.columns:
        # heads stand on the rule, figures on the first line of a name
        head = Text("\n" * (lines - heads[column].count("\n")) + heads[column])
        shown.add_column(head, justify="right", width=layout.figures[column], no_wrap=True)
    for number, total in enumerate(table.totals):
        if number:
            shown.add_row()
        _add_section(shown, document, table, total, coded=layout.wide)
    return shown


def _add_section(shown: RichTable, document: Document, table: Table, total: Row, *, coded: bool) -> None:
    """The rows of one section under its name, and its total under a rule."""
    section = total.section
    divided = section is not Section.ALL
    if divided:
        shown.add_row(Text(SECTIONS[section], "bold"))
    rows = ranked(table, section)
    for row in rows[: _MOST_ROWS.get(table.dimension)]:
        label = Padding(rich_text(_label(document, table, row, coded=coded)), (0, 0, 0, _INDENT if divided else 0))
        shown.add_row(label, *(_figure(count) for count in row.counts))
    shown.add_section()
    name = f"total, {SECTIONS[section].lower()}" if divided else "total"
    shown.add_row(Text(name, "bold"), *(_figure(count, "bold") for count in total.counts))


def _listed(document: Document, table: Table) -> Group:
    """A table as sentences, for a console on which a table would lose figures."""
    said = []
    for total in table.totals:
        if total.section is not Section.ALL:
            said.append(Text(SECTIONS[total.section], "bold"))
        for row in (*ranked(table, total.section)[: _MOST_ROWS.get(table.dimension)], total):
            figures = ", ".join(
                f"{HEADS[column]} {_figure(count)}" for column, count in zip(table.columns, row.counts, strict=True)
            )
            said.append(rich_text(f"{document.label(table, row)}: {figures}"))
    return Group(*said)


def _label(document: Document, table: Table, row: Row, *, coded: bool) -> str:
    """The name of a row, with its code where there is room."""
    label = document.label(table, row)
    is_named = row.value not in {label, "not_known"}
    return f"{label} ({row.value})" if coded and is_named and table.dimension in _CODED else label


def _figure(count: Count, style: str = "") -> Text:
    """A figure; a nought stands back."""
    said = f"{count.value:,}"
    if count.interval:
        said += f" ({count.interval[0]:,} to {count.interval[1]:,})"
    return Text(said, style if count.value else _QUIET)


def _layout(document: Document, width: int) -> _Layout:
    wide = width >= _WIDE
    figures = {column: max(map(len, head.split("\n"))) for column, head in _heads(wide=wide).items()}
    for table in document.tables:
        for row in (*table.rows, *table.totals):
            for column, count in zip(table.columns, row.counts, strict=True):
                figures[column] = max(figures[column], len(_figure(count)))
    columns = max((table.columns for table in document.tables), key=len, default=())
    room = width - sum(figures[column] + 1 + wide for column in columns)
    labels = (_label(document, table, row, coded=wide) for table in document.tables for row in table.rows)
    longest = max((cell_len(safe(label)) + _INDENT for label in labels), default=0)
    label = max(_NARROWEST_LABEL, min(longest, room, _WIDEST_LABEL))
    return _Layout(wide, label, figures, fits=label <= room)


def _heads(*, wide: bool) -> Mapping[Column, str]:
    return HEADS if wide else BROKEN_HEADS


def _more(table: Table) -> list[str]:
    """What a table that was cut leaves out."""
    most = _MOST_ROWS.get(table.dimension, len(table.rows))
    return [
        f"{SECTIONS[row.section]}: and {left:,} more domains: see tally_{table.name}.csv"
        for row in table.totals
        if (left := sum(one.section is row.section for one in table.rows) - most) > 0
    ]


def _print_basis(document: Document, console: Console, width: int) -> None:
    """What was counted, and what all figures rest on."""
    console.print()
    console.print(Text("What is counted", "bold"))
    grid = RichTable.grid(padding=(0, 2, 0, 0))
    grid.add_column(max_width=16, overflow="fold")
    grid.add_column(style=_QUIET, overflow="fold")
    used = {column for table in document.tables for column in table.columns}
    for column in Column:
        if column in used:
            grid.add_row(HEADS[column], MEANINGS[column])
    sections = {row.section for table in document.tables for row in table.totals}
    for section in Section:
        if section in sections and section is not Section.ALL:
            grid.add_row(SECTIONS[section], SECTION_MEANINGS[section])
    console.print(grid, width=width)
    console.print(
        Text("Totals are counted anew over the whole, not summed: who was approached in two months is one recipient."),
        style=_QUIET,
        width=width,
    )
    console.print()
    console.print(Text("Coverage", "bold"))
    console.print(rich_text(document.coverage.line(), _QUIET), width=width)
    for reason, number in document.skipped.items():
        console.print(rich_text(f"{many(number, 'file', 'files')} skipped: {reason}", _QUIET), width=width)
