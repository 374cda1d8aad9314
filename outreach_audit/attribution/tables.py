"""Reading the CSV files of a pack: every fault is told with file and line, all of them at once."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from outreach_audit.errors import InvalidPackError

T = TypeVar("T")
Row = dict[str, str]

_MAX_BYTES = 64 * 1024 * 1024


def read_table(path: Path, columns: tuple[str, ...], make: Callable[[Row], T], faults: list[str]) -> tuple[T, ...]:
    """Read one CSV file, one value a row; an absent file is an empty table.

    Args:
        path: The file: UTF-8, comma-separated, with a header line of exactly ``columns``.
        columns: The column names, in order.
        make: Makes the value of a row; raises ValueError with what is wrong.
        faults: Where faults are added, each as ``file:line: what is wrong``.
    """
    if not path.is_file():
        return ()
    try:
        if path.stat().st_size > _MAX_BYTES:
            faults.append(f"{path}:1: the file is larger than {_MAX_BYTES} bytes")
            return ()
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{path}:1: cannot be read as UTF-8: {error}")
        return ()
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    values: list[T] = []
    try:
        if tuple(reader.fieldnames or ()) != columns:
            faults.append(f"{path}:1: the columns must be {','.join(columns)}")
            return ()
        for row in reader:
            if len(row) != len(columns) or None in row.values():
                faults.append(f"{path}:{reader.line_num}: a row must have {len(columns)} fields")
                continue
            try:
                values.append(make({key: value.strip() for key, value in row.items()}))
            except ValueError as error:
                faults.append(f"{path}:{reader.line_num}: {error}")
    except csv.Error as error:
        faults.append(f"{path}:{reader.line_num}: {error}")
    return tuple(values)


def raise_faults(faults: list[str]) -> None:
    """Raise InvalidPackError with every fault, one a line, if there are any."""
    if faults:
        raise InvalidPackError("\n".join(faults))


def several(cell: str) -> tuple[str, ...]:
    """The values of a cell that holds several, separated by semicolons."""
    return tuple(value.strip() for value in cell.split(";") if value.strip())


def required(row: Row, *columns: str) -> None:
    """Raise ValueError where one of these cells is empty."""
    for column in columns:
        if not row[column]:
            raise ValueError(f"{column} is empty")


def country_code(code: str, *, optional: bool = False) -> str:
    """Check an ISO 3166-1 alpha-2 code (its form only).

    Raises:
        ValueError: It is not two capital letters.
    """
    if (optional and not code) or (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):  # noqa: PLR2004 - alpha-2
        return code
    raise ValueError(f"country {code!r} is not an ISO 3166-1 alpha-2 code")
