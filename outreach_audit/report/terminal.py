"""The result document on a terminal, or piped into a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from outreach_audit.report.document import Document
from outreach_audit.report.grids import Grid, withheld_note
from outreach_audit.report.provenance import exchange_lines
from outreach_audit.report.safe import rich_text, safe
from outreach_audit.report.summary import (
    TOTALS,
    answers,
    compared,
    definitions,
    estimated,
    ranked,
    row_label,
    skipped_lines,
    what_changed,
)
from outreach_audit.report.words import Words, words_of
from outreach_audit.tally import Column, Count, Row, Section, Table

_WIDE = 112
_WIDEST_TEXT = 100  # a longer line of prose is hard to read
_WIDEST_LABEL = 48
_NARROWEST_LABEL = 20
_INDENT = 2
_CODED = frozenset({"kind", "dest_country"})
_MOST_ROWS = {"sender_domain": 15, "campaign": 15}
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
    heads: Mapping[Column, str]
    figures: Mapping[Column, int]
    change: int
    fits: bool


def print_document(document: Document, console: Console, lang: str = "en") -> None:
    """Prints the answers in short, every table with title, units and coverage, and what was counted.

    Args:
        document: the result.
        console: where to; its width decides how the heads are set.
        lang: the language, as `languages` lists them.

    Raises:
        UsageError: there is no such language.
    """
    words = words_of(lang)
    prose = min(console.width, _WIDEST_TEXT)
    console.print(rich_text(words.title(document.coverage), "bold"), width=prose)
    if document.table("institute"):
        console.print()
        _print_answers(document, console, prose, words)
    layout = _layout(document, console.width, words)
    for table in document.tables:
        console.print()
        console.print(rich_text(words.t(table.title), "bold"), width=prose)
        console.print(_rich_table(document, table, layout, words) if layout.fits else _listed(document, table, words))
        for line in _under(document, table, words):
            console.print(rich_text(line, _QUIET), width=prose)
    print_basis(document, console, words)


def print_grids(grids: Sequence[Grid], console: Console, lang: str = "en") -> None:
    """Prints grids, as of a named report: each line under its first cell, since they may have more columns than fit.

    Raises:
        UsageError: there is no such language.
    """
    words = words_of(lang)
    prose = min(console.width, _WIDEST_TEXT)
    for number, one in enumerate(grids):
        if number:
            console.print()
        console.print(rich_text(one.title, "bold"), width=prose)
        for line in one.lines:
            console.print()
            console.print(rich_text(str(line.cells[0]), "bold"), width=prose)
            listed = RichTable.grid(padding=(0, 2, 0, 0))
            listed.add_column(style=_QUIET, max_width=28, overflow="fold")
            listed.add_column(overflow="fold")
            for head, value in zip(one.heads[1:], line.cells[1:], strict=True):
                said = words.number(value) if isinstance(value, int) else str(value if value is not None else "")
                listed.add_row(rich_text(f"  {head}"), rich_text(said))
            console.print(listed, width=prose)
        console.print()
        for note in one.notes:
            console.print(rich_text(note, _QUIET), width=prose)


def _under(document: Document, table: Table, words: Words) -> list[str]:
    """What stands under a table: what was cut, notes, what changed, what it rests on."""
    notes = (words.note(note) for note in table.notes)
    changed = what_changed(document, table, words)
    figures = (*_more(table, words), *_estimates(document, table, words))
    said = filter(None, [withheld_note(document, table, words), changed])
    return [*figures, *notes, *said, words.coverage_brief(table.coverage)]


def _estimates(document: Document, table: Table, words: Words) -> Iterator[str]:
    """The figures of which a total was estimated, by institute: in the table they would leave no room for names."""
    if table.dimension == "institute":
        for row in (*table.rows, *table.totals):
            if said := estimated(table.columns, row, words):
                yield f"{words.section(row.section)}, {row_label(document, table, row, words)}: {said}"


def _print_answers(document: Document, console: Console, width: int, words: Words) -> None:
    grid = RichTable.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="bold", max_width=20, overflow="fold")
    grid.add_column(overflow="fold")
    for answer in answers(document, words):
        grid.add_row(rich_text(answer.question), rich_text(answer.answer))
    console.print(grid, width=width)


def _rich_table(document: Document, table: Table, layout: _Layout, words: Words) -> RichTable:
    if document.change(table, table.totals[0]) is None:
        layout = replace(layout, change=0)
    gap = int(layout.wide)  # beside the one column that Rich keeps for a divider
    shown = RichTable(box=_RULES, show_edge=False, pad_edge=False, padding=(0, 0, 0, gap), header_style="")
    lines = max(layout.heads[column].count("\n") for column in table.columns)
    dimension = Text("\n" * lines + safe(words.dimension(table.dimension)), _QUIET)
    shown.add_column(dimension, width=layout.label, overflow="fold")
    for column in table.columns:
        # heads stand on the rule, figures on the first line of a name
        head = Text("\n" * (lines - layout.heads[column].count("\n")) + layout.heads[column])
        shown.add_column(head, justify="right", width=layout.figures[column], no_wrap=True)
    if layout.change:
        head = Text("\n" * lines + words.t("change"), _QUIET)
        shown.add_column(head, justify="right", width=layout.change, no_wrap=True)
    for number, total in enumerate(table.totals):
        if number:
            shown.add_row()
        _add_section(shown, document, table, total, layout=layout, words=words)
    return shown


def _add_section(
    shown: RichTable, document: Document, table: Table, total: Row, *, layout: _Layout, words: Words
) -> None:
    """The rows of one section under its name, and its total under a rule."""
    section = total.section
    divided = section is not Section.ALL
    if divided:
        shown.add_row(rich_text(words.section(section), "bold"))
    for row in ranked(table, section)[: _MOST_ROWS.get(table.dimension)]:
        text = rich_text(_label(document, table, row, words, coded=layout.wide))
        label = Padding(text, (0, 0, 0, _INDENT if divided else 0))
        shown.add_row(label, *_figures(document, table, row, layout=layout, words=words))
    shown.add_section()
    figures = _figures(document, table, total, layout=layout, words=words, style="bold")
    shown.add_row(rich_text(words.total(section), "bold"), *figures)


def _figures(
    document: Document, table: Table, row: Row, *, layout: _Layout, words: Words, style: str = ""
) -> Iterator[Text]:
    yield from (_figure(count, words, style) for count in row.counts)
    if layout.change:
        change = document.change(table, row)
        yield Text("" if change is None else words.change(change[compared(table)]), _QUIET)


def _listed(document: Document, table: Table, words: Words) -> Group:
    """A table as sentences, for a console on which a table would lose figures."""
    said = []
    for total in table.totals:
        if total.section is not Section.ALL:
            said.append(rich_text(words.section(total.section), "bold"))
        for row in (*ranked(table, total.section)[: _MOST_ROWS.get(table.dimension)], total):
            figures = ", ".join(
                f"{words.head(column)} {_figure(count, words)}"
                for column, count in zip(table.columns, row.counts, strict=True)
            )
            said.append(rich_text(f"{row_label(document, table, row, words)}: {figures}"))
    return Group(*said)


def _label(document: Document, table: Table, row: Row, words: Words, *, coded: bool) -> str:
    """The name of a row, with its code where there is room."""
    label = row_label(document, table, row, words)
    is_named = row.value not in {label, "not_known"}
    return f"{label} ({row.value})" if coded and is_named and table.dimension in _CODED else label


def _figure(count: Count, words: Words, style: str = "") -> Text:
    """A figure; a nought, and what is withheld, stand back."""
    return Text(words.figure(count), style if count.value else _QUIET)


def _layout(document: Document, width: int, words: Words) -> _Layout:
    wide = width >= _WIDE
    used = {column for table in document.tables for column in table.columns}
    heads = {column: words.head(column) if wide else words.broken_head(column) for column in used}
    figures = {column: max(map(cell_len, head.split("\n"))) for column, head in heads.items()}
    change = cell_len(words.t("change")) if document.before else 0
    for table in document.tables:
        for row in (*table.rows, *table.totals):
            for column, count in zip(table.columns, row.counts, strict=True):
                figures[column] = max(figures[column], cell_len(_figure(count, words).plain))
            if differences := document.change(table, row):
                change = max(change, len(words.change(differences[compared(table)])))
    taken = max((sum(figures[column] + 1 + wide for column in table.columns) for table in document.tables), default=0)
    room = width - taken - (change + 1 + wide if change else 0)
    labels = (_label(document, table, row, words, coded=wide) for table in document.tables for row in table.rows)
    longest = max((cell_len(safe(label)) + _INDENT for label in labels), default=0)
    label = max(_NARROWEST_LABEL, min(longest, room, _WIDEST_LABEL))
    return _Layout(wide, label, heads, figures, change, fits=label <= room)


def _more(table: Table, words: Words) -> list[str]:
    """What a table that was cut leaves out."""
    most = _MOST_ROWS.get(table.dimension, len(table.rows))
    return [
        words.t(
            "{section}: and {n} more: see tally_{table}.csv",
            section=words.section(row.section),
            n=words.number(left),
            table=table.name,
        )
        for row in table.totals
        if (left := sum(one.section is row.section for one in table.rows) - most) > 0
    ]


def print_basis(document: Document, console: Console, words: Words) -> None:
    """Prints what was counted, and what all figures rest on."""
    width = min(console.width, _WIDEST_TEXT)
    console.print()
    console.print(rich_text(words.t("What is counted"), "bold"))
    grid = RichTable.grid(padding=(0, 2, 0, 0))
    grid.add_column(max_width=16, overflow="fold")
    grid.add_column(style=_QUIET, overflow="fold")
    for term, meaning in definitions(document, words):
        grid.add_row(rich_text(term), rich_text(meaning))
    console.print(grid, width=width)
    console.print(rich_text(words.t(TOTALS), _QUIET), width=width)
    console.print()
    console.print(rich_text(words.t("Coverage"), "bold"))
    console.print(rich_text(words.coverage_line(document.coverage, document.names), _QUIET), width=width)
    for line in (*exchange_lines(document, words), *skipped_lines(document, words)):
        console.print(rich_text(line, _QUIET), width=width)
