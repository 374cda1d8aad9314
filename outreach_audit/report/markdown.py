"""The result document as Markdown (CommonMark with the tables of GFM), for a report that is edited further."""

import re
from collections.abc import Iterator
from pathlib import Path

from outreach_audit.report.atomic import write_atomically
from outreach_audit.report.document import Document
from outreach_audit.report.grids import Grid, Value, campaign_grid, grid
from outreach_audit.report.provenance import exchange_lines
from outreach_audit.report.safe import safe
from outreach_audit.report.summary import TOTALS, answers, definitions, skipped_lines
from outreach_audit.report.words import Words, words_of

# every ASCII punctuation character may stand as an entity (CommonMark, section 2.5); these can act within a line
_ACTING = re.compile(r"[\\`*_{}\[\]<>#|~&@$^]|:(?=//|[\w+-]+:)|(?<=www)\.", re.IGNORECASE)


def write_markdown(document: Document, path: Path, lang: str = "en") -> None:
    """Writes the page.

    Raises:
        OSError: the file cannot be written.
        UsageError: there is no such language.
    """
    write_atomically(path, markdown(document, lang).encode())


def markdown(document: Document, lang: str = "en") -> str:
    """The document as text."""
    words = words_of(lang)
    return "\n".join(_blocks(document, words)) + "\n"


def grid_text(one: Grid) -> str:
    """One grid as a table under its title, and its notes."""
    return "\n".join(_grid(one)) + "\n"


def escaped(text: str) -> str:
    """Text that is shown as it is, wherever it stands in a line: no markup, link, HTML or cell border comes of it."""
    return _ACTING.sub(lambda match: f"&#{ord(match.group())};", safe(text))


def _blocks(document: Document, words: Words) -> Iterator[str]:
    yield from (f"# {escaped(words.title(document.coverage))}", "")
    if document.table("institute"):
        for answer in answers(document, words):
            yield from (f"**{escaped(answer.question)}** {escaped(answer.answer)}", "")
    for table in document.tables:
        made = campaign_grid if table.dimension == "campaign" else grid
        yield from _grid(made(document, table, words))
    yield from (f"## {escaped(words.t('What is counted'))}", "")
    yield from (f"- **{escaped(term)}**: {escaped(meaning)}" for term, meaning in definitions(document, words))
    yield from ("", escaped(words.t(TOTALS)), "", f"## {escaped(words.t('Coverage'))}", "")
    yield escaped(words.coverage_line(document.coverage, document.names))
    yield ""
    lines = (*exchange_lines(document, words), *skipped_lines(document, words))
    yield from (f"- {escaped(line)}" for line in lines)


def _grid(one: Grid) -> Iterator[str]:
    yield from (f"## {escaped(one.title)}", "")
    numbers = [any(isinstance(line.cells[place], int | float) for line in one.lines) for place in range(len(one.heads))]
    yield f"| {' | '.join(map(escaped, one.heads))} |"
    yield f"|{'|'.join('--:' if number else '---' for number in numbers)}|"
    for line in one.lines:
        cells = (f"**{said}**" if line.total and said else said for said in map(_cell, line.cells))
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield from (f"{escaped(note)}  " for note in one.notes)
    yield ""


def _cell(value: Value) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int) else escaped(str(value))
