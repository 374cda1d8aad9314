"""Reading the TOML and CSV files of packs and watchlists: every fault is told as file:line, all at once."""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from outreach_audit.errors import InvalidPackError


class Faults:
    """Collects what is wrong with files."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, path: Path, line: int, text: str) -> None:
        """Note one fault."""
        self.lines.append(f"{path}:{line}: {text}")

    def check(self) -> None:
        """Raise one error that tells them all, if there are any."""
        if self.lines:
            raise InvalidPackError("\n".join(self.lines))


def read_text(path: Path, faults: Faults) -> str:
    """The text of a file; nothing where there is none."""
    try:
        return path.read_text(encoding="utf-8-sig") if path.exists() else ""
    except UnicodeDecodeError as error:
        faults.add(path, path.read_bytes().count(b"\n", 0, error.start) + 1, "this is not UTF-8")
    except OSError as error:
        faults.add(path, 1, f"cannot be read: {error.strerror}")
    return ""


def read_toml(path: Path, faults: Faults) -> tuple[dict[str, Any], str]:
    """A TOML file as data and as text, both empty where it has a fault."""
    text = read_text(path, faults)
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        faults.add(path, int(line.group(1)) if line else max(1, len(text.splitlines())), str(error))
        return {}, text


def read_rows(path: Path, columns: Sequence[str], faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their lines; the file begins with ``columns`` and may have more."""
    text = read_text(path, faults)
    if not text:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if header[: len(columns)] != list(columns):
            faults.add(path, 1, f"the first line must be {','.join(columns)}")
            return
        for row in reader:
            if not any(field.strip() for field in row):
                continue
            if len(row) != len(header):
                told = f"{len(row)} columns where {len(header)} are expected (quote a field that holds a comma)"
                faults.add(path, reader.line_num, told)
                continue
            yield reader.line_num, dict(zip(header, row, strict=True))
    except csv.Error as error:
        faults.add(path, reader.line_num, str(error))


def tables(path: Path, name: str, data: dict[str, Any], text: str, faults: Faults) -> list[tuple[int, dict[str, Any]]]:
    """The tables written as ``[[name]]`` with the lines on which they begin."""
    items = data.get(name, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        faults.add(path, 1, f"{name}s are written as [[{name}]]")
        return []
    heads = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if re.match(rf"\s*\[\[\s*{re.escape(name)}\s*\]\]", line)
    ]
    return [(heads[index] if index < len(heads) else 1, item) for index, item in enumerate(items)]


def day_of(value: object) -> date | None:
    """A day, written as TOML writes one or as text; None where nothing is given.

    Raises:
        ValueError: it is no day.
    """
    if value is None or value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        return date.fromisoformat(value.strip())
    raise ValueError(f"{value!r} is no day")
