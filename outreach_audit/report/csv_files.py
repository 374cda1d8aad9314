"""The tables as CSV files, one tidy file each."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from outreach_audit.report.atomic import write_atomically
from outreach_audit.report.document import Document
from outreach_audit.report.safe import cell
from outreach_audit.tally import Row, Table

Cell = str | int | float | None


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """RFC 4180 with CRLF and quoted texts; UTF-8 with a byte order mark, without which Excel misreads it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(head)
    writer.writerows([cell(value) if isinstance(value, str) else value for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_csv(document: Document, folder: Path) -> tuple[Path, ...]:
    """Writes ``tally_<table>.csv`` for each table and ``tally_coverage.csv``.

    A table has the columns ``section``, its dimension (the code, ``total`` for the total of a section), ``label``, one
    for each unit (with ``_low`` and ``_high`` where figures are uncertain) and ``coverage``, repeated so that no row
    goes anywhere without it. ``tally_coverage.csv`` has the coverage by ``key`` and ``value``.

    Returns:
        The files written.

    Raises:
        OSError: a file cannot be written.
    """
    files = {f"tally_{table.name}.csv": _table_bytes(document, table) for table in document.tables}
    files["tally_coverage.csv"] = csv_bytes(("key", "value"), _coverage_rows(document))
    for name, content in files.items():
        write_atomically(folder / name, content)
    return tuple(folder / name for name in files)


def _table_bytes(document: Document, table: Table) -> bytes:
    rows = [*table.rows, *table.totals]
    uncertain = {
        column
        for row in rows
        for column, count in zip(table.columns, row.counts, strict=True)
        if count.interval is not None
    }
    head = ["section", table.dimension, "label"]
    for column in table.columns:
        head += [column, f"{column}_low", f"{column}_high"] if column in uncertain else [column]

    def figures(row: Row) -> Iterator[int]:
        for column, count in zip(table.columns, row.counts, strict=True):
            yield count.value
            if column in uncertain:
                yield from count.interval or (count.value, count.value)

    coverage = table.coverage.line()
    return csv_bytes(
        [*head, "coverage"],
        ([row.section, row.value, document.label(table, row), *figures(row), coverage] for row in rows),
    )


def _coverage_rows(document: Document) -> Iterator[tuple[str, Cell]]:
    data = document.to_data()
    yield "title", document.title
    yield "generator", document.generator
    for key, value in data["coverage"].items():
        yield key, "; ".join(value) if isinstance(value, tuple) else value
    yield from ((f"files skipped: {reason}", number) for reason, number in document.skipped.items())
    yield from ((f"note on {table.name}", note) for table in document.tables for note in table.notes)
