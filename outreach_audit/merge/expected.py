"""The list of institutes of which a tally is expected."""

import csv
import tomllib
from pathlib import Path
from typing import Any

from outreach_audit.errors import UsageError

_LARGEST = 10_000_000


def read_expected(path: Path) -> dict[str, str]:
    """The ids of a list of institutes, with their names where it tells them (else ``''``).

    Args:
        path: CSV with a column ``institute`` and perhaps ``name``, or TOML: ``institutes = ["…", "…"]``, or tables
            ``[[institute]]`` with ``id`` and ``name``.

    Raises:
        UsageError: the file cannot be read, or is no such list; with the line where one is wrong.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise UsageError(f"{path}: more than {_LARGEST:,} bytes, which no list of institutes has")
        text = content.decode("utf-8-sig")
        found = _of_toml(path, text) if path.suffix == ".toml" else _of_csv(path, text)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error, RecursionError) as error:
        raise UsageError(f"{path} is no list of institutes: {error}") from error
    if not found:
        raise UsageError(f"{path} names no institute")
    return found


def _of_csv(path: Path, text: str) -> dict[str, str]:
    rows = csv.DictReader(text.splitlines())
    if "institute" not in (rows.fieldnames or ()):
        raise UsageError(f"{path}:1: there is no column institute")
    found = {}
    for row in rows:
        if not (key := (row["institute"] or "").strip()):
            raise UsageError(f"{path}:{rows.line_num}: the institute is empty")
        found[key] = (row.get("name") or "").strip()
    return found


def _of_toml(path: Path, text: str) -> dict[str, str]:
    data: dict[str, Any] = tomllib.loads(text)
    listed = data.get("institutes", data.get("institute"))
    if not isinstance(listed, list):
        raise UsageError(f'{path}: write institutes = ["…", "…"], or tables [[institute]] with id and name')
    found = {}
    for number, one in enumerate(listed, 1):
        key, name = (one.get("id"), one.get("name", "")) if isinstance(one, dict) else (one, "")
        if not isinstance(key, str) or not key.strip() or not isinstance(name, str):
            raise UsageError(f"{path}: institute {number} has no id")
        found[key.strip()] = name.strip()
    return found
