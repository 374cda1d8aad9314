"""The one table that is printed of many institutes: a line for each, also for those in no total, or missing."""

from collections.abc import Sequence
from dataclasses import replace

from outreach_audit.merge.receive import Tally
from outreach_audit.report.document import Document
from outreach_audit.report.exchange import Received
from outreach_audit.report.grids import Grid, Line, Value
from outreach_audit.report.provenance import merge_lines
from outreach_audit.report.published import published_form
from outreach_audit.report.vocabulary import N_
from outreach_audit.report.words import Words

NAME = "national"

_TITLE = N_("Foreign approaches by institute, merged")


def national(document: Document, aside: Sequence[Tally], words: Words) -> tuple[Grid, ...]:
    """The table of a merge, and the shares of its institutes.

    Args:
        document: the merged result.
        aside: the tallies whose figures stand beside those of the others, in no total.
        words: the language.
    """
    merge = document.merge
    assert merge is not None
    figures, shares = published_form(document, words)
    by_name = {words.label("institute", each, document.names): one for one in merge.received for each in one.institutes}

    def with_reading(line: Line) -> Line:
        one = None if line.total else by_name.get(str(line.cells[0]))
        return replace(line, cells=(*line.cells, *_reading(one, words)))

    rows = [with_reading(line) for line in figures.lines]
    width = len(figures.heads) - 1
    missing = words.t("no tally that counts")
    rows += [line for tally in aside for line in _aside(tally, words)]
    rows += [
        Line((words.label("institute", key, document.names), *([None] * width), missing, None)) for key in merge.missing
    ]
    heads = (*figures.heads, words.t("not scanned"), words.t("messages not fully read"))
    notes = (*merge_lines(merge, words), *figures.notes)
    return Grid(words.t(NAME), words.t(_TITLE), heads, tuple(rows), notes), shares


def _reading(one: Received | None, words: Words) -> tuple[Value, Value]:
    if one is None:
        return None, None
    folders = ", ".join(words.label("folder", folder, {}) for folder in one.not_scanned) or words.t("no folder")
    of = words.t("{part} of {whole}", part=words.number(one.not_read), whole=words.number(one.found))
    return folders, of


def _aside(tally: Tally, words: Words) -> list[Line]:
    """The lines of a tally that is in no total, each with the reason."""
    beside = words.t("beside the others, in no total: {reason}", reason=tally.aside)
    lines = [line for line in published_form(tally.document, words)[0].lines if not line.total]
    coverage = tally.document.coverage
    read = words.t(
        "{part} of {whole}",
        part=words.number(coverage.partly_read + coverage.unreadable),
        whole=words.number(coverage.found),
    )
    return [replace(line, cells=(*line.cells, beside, read)) for line in lines]
