"""The result document as a workbook: a sheet for each table, numbers as numbers, text never as a formula."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from outreach_audit.report.atomic import write_atomically
from outreach_audit.report.document import Document
from outreach_audit.report.grids import Grid, Line, Value, campaign_grid, grid
from outreach_audit.report.provenance import exchange_lines
from outreach_audit.report.safe import safe
from outreach_audit.report.summary import TOTALS, answers, definitions, skipped_lines
from outreach_audit.report.vocabulary import N_
from outreach_audit.report.words import Words, words_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_SHEETS = {
    "institute": N_("institutes"),
    "month": N_("months"),
    "kind": N_("kinds"),
    "country": N_("countries"),
    "campaign": N_("campaigns"),
    "sender_domain": N_("sender domains"),
    "folder": N_("folders"),
    "verdicts": N_("verdicts"),
    "reading": N_("reading"),
}
_MOST_LINES = 1_000_000  # a sheet has 1,048,576
_LONGEST_CELL = 32_000  # and a cell 32,767 characters
_LONGEST_NAME = 31
_WIDEST = 60
_HEAD = 2  # the row of the heads, under title and coverage
_FOR_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
# the date of a file is not that of its making: the same document gives the same bytes
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def write_xlsx(document: Document, path: Path, lang: str = "en") -> None:
    """Writes the workbook; the same bytes for the same document.

    Sheets: summary, one for each table, coverage, definitions. Heads are frozen, rows (not totals) can be filtered.

    Raises:
        OSError: the file cannot be written.
        UsageError: there is no such language.
    """
    words = words_of(lang)
    grids = [
        (campaign_grid if table.dimension == "campaign" else grid)(document, table, words) for table in document.tables
    ]
    coverage = _coverage(document, words)
    defined = tuple(Line(each) for each in (*definitions(document, words), ("", words.t(TOTALS))))
    write_grids(
        path,
        [
            _summary(document, words),
            *grids,
            coverage,
            Grid(words.t("definitions"), words.t("What is counted"), (words.t("term"), words.t("meaning")), defined),
        ],
        words,
    )


def write_grids(path: Path, grids: Sequence[Grid], words: Words) -> None:
    """Writes grids as sheets of one workbook.

    Raises:
        OSError: the file cannot be written.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - only this format needs it

    content = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(content, plain) as book:
        book.set_properties({"created": _MADE})
        book.set_size(1600, 1000)
        formats = _formats(book)
        names: set[str] = set()
        for one in grids:
            _add(book.add_worksheet(_name(words.t(_SHEETS.get(one.name, one.name)), names)), one, formats)
    write_atomically(path, content.getvalue())


def _formats(book: "Workbook") -> dict[str, "Format"]:
    """``quote_prefix`` keeps a text a text even where someone edits its cell."""
    text = {"valign": "top", "quote_prefix": True}
    return {
        "title": book.add_format({"bold": True, "font_size": 14, "quote_prefix": True}),
        "quiet": book.add_format({"font_color": "#55606E", "quote_prefix": True}),
        "head": book.add_format({**text, "bold": True, "text_wrap": True, "bottom": 2, "bg_color": "#F3F6F9"}),
        "text": book.add_format({**text, "text_wrap": True}),
        "text total": book.add_format({**text, "bold": True, "top": 1, "text_wrap": True}),
        "number": book.add_format({"valign": "top", "num_format": "#,##0"}),
        "number total": book.add_format({"valign": "top", "num_format": "#,##0", "bold": True, "top": 1}),
    }


def _name(wanted: str, names: set[str]) -> str:
    """A name that a sheet may have, and no other sheet has."""
    name = safe(wanted).translate(_FOR_NAMES)[:_LONGEST_NAME] or "_"
    number = 1
    while name.casefold() in names:
        number += 1
        name = f"{name[: _LONGEST_NAME - 5]} {number}"
    names.add(name.casefold())
    return name


def _add(sheet: "Worksheet", one: Grid, formats: dict[str, "Format"]) -> None:
    """Rows first, then the totals, which no filter hides, then the notes."""
    _write(sheet, 0, 0, one.title, formats["title"])
    _write(sheet, 1, 0, one.notes[-1] if one.notes else "", formats["quiet"])
    for place, head in enumerate(one.heads):
        _write(sheet, _HEAD, place, head, formats["head"])
    rows = [line for line in one.lines if not line.total][:_MOST_LINES]
    totals = [line for line in one.lines if line.total]
    for number, line in enumerate((*rows, *totals), _HEAD + 1):
        kind = " total" if line.total else ""
        for place, value in enumerate(line.cells):
            if isinstance(value, int | float):
                sheet.write_number(number, place, value, formats[f"number{kind}"])
            else:
                _write(sheet, number, place, value or "", formats[f"text{kind}"])
    for number, note in enumerate(one.notes[:-1], _HEAD + len(rows) + len(totals) + 2):
        _write(sheet, number, 0, note, formats["quiet"])
    if rows:
        sheet.autofilter(_HEAD, 0, _HEAD + len(rows), len(one.heads) - 1)
    for place in range(len(one.heads)):
        sheet.set_column(place, place, _width(one, place))
    sheet.freeze_panes(_HEAD + 1, 0)
    sheet.repeat_rows(_HEAD)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _width(one: Grid, place: int) -> float:
    """As wide as the longest text needs; letters of Chinese, Japanese and Korean need two places."""
    from rich.cells import cell_len  # noqa: PLC0415 - only here

    texts = (one.heads[place].split(" ")[-1], *(str(line.cells[place] or "") for line in one.lines[:1000]))
    return max(9, min(max(map(cell_len, map(safe, texts))) + 2, _WIDEST))


def _write(sheet: "Worksheet", row: int, column: int, value: Value, style: "Format") -> None:
    text = safe(str(value))
    if len(text) > _LONGEST_CELL:
        text = f"{text[:_LONGEST_CELL]} …"
    sheet.write_string(row, column, text, style)


def _summary(document: Document, words: Words) -> Grid:
    said = [Line((answer.question, answer.answer)) for answer in answers(document, words)]
    return Grid(
        name=words.t("summary"),
        title=words.title(document.coverage),
        heads=(words.t("question"), words.t("answer")),
        lines=tuple(said),
        notes=(words.coverage_line(document.coverage, document.names),),
    )


def _coverage(document: Document, words: Words) -> Grid:
    lines = [Line((term, value)) for term, value in coverage_terms(document, words)]
    lines += [Line((words.t("publication"), line)) for line in exchange_lines(document, words)]
    lines += [Line((words.t("skipped"), line)) for line in skipped_lines(document, words)]
    return Grid(words.t("coverage"), words.t("Coverage"), (words.t("term"), words.t("value")), tuple(lines))


def coverage_terms(document: Document, words: Words) -> list[tuple[str, Value]]:
    """What all figures rest on, one thing after the other."""
    coverage = document.coverage
    names = document.names
    return [
        (words.t("institutes"), "; ".join(names.get(key, key) for key in coverage.institutes)),
        (words.t("home country"), "; ".join(words.country(code, names) for code in coverage.homes)),
        (words.t("period"), words.period(coverage)),
        (words.t("folders"), "; ".join(words.label("folder", folder, {}) for folder in coverage.folders)),
        (words.t("files scanned"), coverage.files_scanned),
        (words.t("files skipped"), coverage.files_skipped),
        (words.t("messages found"), coverage.found),
        (words.label("reading", "read", {}), coverage.read),
        (words.label("reading", "read_with_defects", {}), coverage.read_with_defects),
        (words.label("reading", "partly_read", {}), coverage.partly_read),
        (words.label("reading", "unreadable", {}), coverage.unreadable),
        (words.t("known by header only"), coverage.header_only),
        (words.t("packs"), "; ".join(coverage.packs)),
        (words.t("program"), document.generator),
    ]
