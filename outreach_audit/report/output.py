"""All formats of a report by their names: what goes into a folder, and what to standard output."""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from outreach_audit.errors import UsageError
from outreach_audit.report.atomic import write_atomically
from outreach_audit.report.csv_files import csv_bytes, table_csv, write_csv
from outreach_audit.report.document import Document
from outreach_audit.report.grids import Grid
from outreach_audit.report.html import grids_page, page, write_html
from outreach_audit.report.markdown import grid_text, markdown, write_markdown
from outreach_audit.report.tally_json import tally_text, write_tally
from outreach_audit.report.words import words_of
from outreach_audit.report.xlsx import write_grids, write_xlsx


class Format(StrEnum):
    """A format of a report."""

    TEXT = "text"
    HTML = "html"
    XLSX = "xlsx"
    CSV = "csv"
    MD = "md"
    JSON = "json"


FILES = tuple(form for form in Format if form is not Format.TEXT)
"""The formats that a folder gets where none is named."""


def formats_of(names: Sequence[str], *, to_folder: bool) -> tuple[Format, ...]:
    """The formats that a user named, the usual ones where none was.

    Raises:
        UsageError: one is unknown, or does not go to a folder, or to standard output.
    """
    unknown = [name for name in names if name not in list(Format)]
    if unknown:
        raise UsageError(f"--format {unknown[0]}: use {', '.join(Format)}")
    wanted = tuple(map(Format, names)) or (FILES if to_folder else (Format.TEXT,))
    if to_folder and Format.TEXT in wanted:
        raise UsageError("--format text is printed: name no folder, or other formats")
    if not to_folder and (len(wanted) > 1 or Format.XLSX in wanted):
        raise UsageError(f"--format {', '.join(wanted)}: name a folder with --out")
    return wanted


_NAMES = {
    Format.HTML: "report.html",
    Format.XLSX: "report.xlsx",
    Format.CSV: "tally_*.csv",
    Format.MD: "report.md",
    Format.JSON: "tally.json",
}


def write_folder(document: Document, folder: Path, formats: Iterable[Format] = FILES, lang: str = "en") -> list[str]:
    """Writes the files of a report into a folder, which is made where it is absent.

    Returns:
        The names of the files, ``tally_*.csv`` for all of those.

    Raises:
        OSError: a file cannot be written.
        UsageError: there is no such language.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[Format, Callable[[], object]] = {
        Format.HTML: lambda: write_html(document, folder / _NAMES[Format.HTML], lang),
        Format.XLSX: lambda: write_xlsx(document, folder / _NAMES[Format.XLSX], lang),
        Format.CSV: lambda: write_csv(document, folder, lang),
        Format.MD: lambda: write_markdown(document, folder / _NAMES[Format.MD], lang),
        Format.JSON: lambda: write_tally(document, folder / _NAMES[Format.JSON]),
    }
    wanted = [form for form in FILES if form in set(formats)]
    for form in wanted:
        writers[form]()
    return [_NAMES[form] for form in wanted]


def document_bytes(document: Document, form: Format, lang: str = "en") -> bytes:
    """What a format has to say on standard output: of CSV the first table."""
    match form:
        case Format.HTML:
            return page(document, lang).encode()
        case Format.MD:
            return markdown(document, lang).encode()
        case Format.JSON:
            return tally_text(document).encode()
        case Format.CSV:
            return table_csv(document, document.tables[0], lang)
        case _:
            raise ValueError(f"{form} is no text")


def write_named(
    document: Document, name: str, grids: Sequence[Grid], folder: Path, *, formats: Iterable[Format], lang: str = "en"
) -> list[str]:
    """Writes a named report (its grids) into a folder, as ``<name>.html`` and so on; JSON is the whole document.

    Returns:
        The names of the files.

    Raises:
        OSError: a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for form in (form for form in FILES if form in set(formats)):
        if form is Format.JSON:
            written += write_folder(document, folder, [Format.JSON], lang)
            continue
        path = folder / f"{name}.{form}"
        if form is Format.XLSX:
            write_grids(path, grids, words_of(lang))
        else:
            write_atomically(path, named_bytes(document, grids, form, lang))
        written.append(path.name)
    return written


def named_bytes(document: Document, grids: Sequence[Grid], form: Format, lang: str = "en") -> bytes:
    """A named report as text: of CSV the first grid, its coverage in the last column."""
    match form:
        case Format.HTML:
            return grids_page(document, grids, lang).encode()
        case Format.MD:
            return "\n".join(map(grid_text, grids)).encode()
        case Format.JSON:
            return tally_text(document).encode()
        case Format.CSV:
            return _joined_csv(document, grids, lang)
        case _:
            raise ValueError(f"{form} is no text")


def _joined_csv(document: Document, grids: Sequence[Grid], lang: str) -> bytes:
    """All grids in one table: each has its lines in the same order, an institution in front."""
    words = words_of(lang)
    first, *others = grids
    rest = {str(line.cells[0]): line.cells[1:] for other in others for line in other.lines}
    more = tuple(head for other in others for head in other.heads[1:])
    coverage = words.coverage_line(document.coverage, document.names)
    return csv_bytes(
        [*first.heads, *more, words.t("coverage")],
        (
            [*line.cells, *rest.get(str(line.cells[0]) if not line.total else "", ("",) * len(more)), coverage]
            for line in first.lines
        ),
    )
