"""The tables as CSV files: one tidy file each, and a wide summary with one row for each institute."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from outreach_audit.report.atomic import write_atomically
from outreach_audit.report.document import Document
from outreach_audit.report.grids import campaign_cells, uncertain_columns, wide
from outreach_audit.report.provenance import exchange_lines
from outreach_audit.report.safe import cell
from outreach_audit.report.summary import row_label
from outreach_audit.report.tally_json import title, to_data
from outreach_audit.report.vocabulary import WITHHELD
from outreach_audit.report.words import Words, words_of
from outreach_audit.tally import Column, Row, Section, Table
from outreach_audit.tally.details import Campaign

Cell = str | int | float | None
_CAMPAIGN_HEADS = (
    *("section", "campaign", "first", "last", "sponsors", "senders", "sender_types", "destinations", "kinds"),
    *("sender_domains", "recipients_by_institute"),
)


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """RFC 4180 with CRLF and quoted texts; UTF-8 with a byte order mark, without which Excel misreads it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([cell(name) for name in head])
    writer.writerows([cell(value) if isinstance(value, str) else value for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_csv(document: Document, folder: Path, lang: str = "en") -> tuple[Path, ...]:
    """Writes ``tally_<table>.csv`` for each table, and ``tally_summary.csv`` and others beside them.

    A table has the columns ``section``, its dimension (the code, ``total`` for the total of a section), ``label``, one
    for each unit (with ``_low``, ``_high`` and ``_reviewed`` where figures were estimated, with ``_previous`` where
    the period before is known) and ``coverage``, repeated so that no row goes anywhere without it.
    ``tally_summary.csv`` has one row for each institute; ``tally_campaigns.csv`` says who writes in each campaign, and
    when; ``tally_definitions.csv`` what each column counts; ``tally_coverage.csv`` has the coverage by ``key`` and
    ``value``. Heads and codes are the same in every language.

    Returns:
        The files written.

    Raises:
        OSError: a file cannot be written.
        UsageError: there is no such language.
    """
    words = words_of(lang)
    files = {f"tally_{table.name}.csv": table_csv(document, table, lang) for table in document.tables}
    heads, rows = wide(document, words)
    if rows:
        files["tally_summary.csv"] = csv_bytes(heads, rows)
    files["tally_campaigns.csv"] = csv_bytes(_CAMPAIGN_HEADS, _campaign_rows(document, words))
    files["tally_definitions.csv"] = csv_bytes(("column", "unit", "name", "definition"), _definitions(document, words))
    files["tally_coverage.csv"] = csv_bytes(("key", "value"), _coverage_rows(document, words))
    for name, content in files.items():
        write_atomically(folder / name, content)
    return tuple(folder / name for name in files)


def table_csv(document: Document, table: Table, lang: str = "en") -> bytes:
    """The file of one table."""
    words = words_of(lang)
    rows = [*table.rows, *table.totals]
    uncertain = uncertain_columns(table)
    bounded = {
        column
        for row in rows
        for column, count in zip(table.columns, row.counts, strict=True)
        if count.withheld and count.value is not None
    }
    before = document.before
    compared = before is not None and any(before.figures(table, row) for row in rows)
    head = ["section", table.dimension, "label"]
    for column in table.columns:
        uncertain_of = (f"{column}_low", f"{column}_high", f"{column}_reviewed")
        head += [column, *([f"{column}_withheld"] if column in bounded else [])]
        head += uncertain_of if column in uncertain else ()
    head += [f"{column}_previous" for column in table.columns if compared]

    def figures(row: Row) -> Iterator[Cell]:
        for column, count in zip(table.columns, row.counts, strict=True):
            yield WITHHELD if count.value is None else count.value
            if column in bounded:
                yield count.withheld
            if column in uncertain:
                # blank where nothing was reviewed: a figure without an interval is not a sure one
                yield from (*(count.interval or (None, None)), count.reviewed)
        if before is not None and compared:
            yield from before.figures(table, row) or (None,) * len(table.columns)

    coverage = words.coverage_line(table.coverage, document.names)
    return csv_bytes(
        [*head, "coverage"],
        ([row.section, row.value, row_label(document, table, row, words), *figures(row), coverage] for row in rows),
    )


def _campaign_rows(document: Document, words: Words) -> Iterator[list[Cell]]:
    def place(campaign: Campaign) -> tuple[int, str]:
        return list(Section).index(campaign.section), campaign.id

    for campaign in sorted(document.campaigns, key=place):
        yield [campaign.section, campaign.id, *campaign_cells(document, campaign, words)]


def _definitions(document: Document, words: Words) -> Iterator[tuple[Cell, ...]]:
    used = {column for table in document.tables for column in table.columns}
    for column in Column:
        if column in used:
            yield column, column.unit, words.head(column), words.meaning(column)


def _coverage_rows(document: Document, words: Words) -> Iterator[tuple[str, Cell]]:
    data = to_data(document)
    yield "title", title(document, words.lang)
    yield "generator", document.generator
    for key, value in data["coverage"].items():
        yield key, "; ".join(value) if isinstance(value, list) else value
    if document.before:
        yield "previous_since", document.before.since.isoformat()
        yield "previous_until", document.before.until.isoformat()
    yield from (("publication", line) for line in exchange_lines(document, words))
    yield from ((f"files skipped: {reason}", number) for reason, number in document.skipped.items())
    yield from ((f"note on {table.name}", words.note(note)) for table in document.tables for note in table.notes)
