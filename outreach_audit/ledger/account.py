"""What became of one file, or one stretch of it: the account from which coverage is made."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outreach_audit.codes import Folder
from outreach_audit.ledger.rows import Value, clean, moment, seconds

ACCOUNT_COLUMNS = (
    *("path", "member", "offset", "length", "found", "read", "read_with_defects", "partly_read", "unreadable"),
    *("header_only", "skipped", "notes", "folders", "first_date", "last_date"),
)
"""The columns of ``file`` in the order of the rows made and read here."""


@dataclass(frozen=True, slots=True)
class FileAccount:
    """The account of one file, member or byte range that was scanned or left aside.

    ``path``, ``member``, ``offset`` and ``length`` say which stretch (``length`` 0: all from ``offset`` on);
    an account replaces those of stretches that it overlaps. ``found`` is the sum of the four readings.
    ``header_only`` are those of them known by header only. ``skipped`` is why nothing was read (no mail,
    unsupported), ``''`` where the file was read.
    """

    path: str
    member: str | None = None
    offset: int = 0
    length: int = 0
    found: int = 0
    read: int = 0
    read_with_defects: int = 0
    partly_read: int = 0
    unreadable: int = 0
    header_only: int = 0
    skipped: str = ""
    notes: tuple[str, ...] = ()
    folders: tuple[Folder, ...] = ()
    first_date: datetime | None = None
    last_date: datetime | None = None

    def __post_init__(self) -> None:
        """Every message found has exactly one reading.

        Raises:
            ValueError: the four readings do not sum to what was found.
        """
        if self.found != self.read + self.read_with_defects + self.partly_read + self.unreadable:
            raise ValueError(f"{self.path}: the four readings do not sum to the {self.found} messages found")


def to_account_row(account: FileAccount) -> tuple[Value, ...]:
    """The row of an account."""
    return (
        clean(account.path),
        clean(account.member or ""),
        account.offset,
        account.length,
        account.found,
        account.read,
        account.read_with_defects,
        account.partly_read,
        account.unreadable,
        account.header_only,
        clean(account.skipped),
        clean(json.dumps(account.notes, ensure_ascii=False)),
        json.dumps(account.folders),
        seconds(account.first_date),
        seconds(account.last_date),
    )


def to_account(row: Sequence[Any]) -> FileAccount:
    """The account of a row."""
    kept = dict(zip(ACCOUNT_COLUMNS, row, strict=True))
    kept["member"] = kept["member"] or None
    kept["notes"] = tuple(json.loads(kept["notes"]))
    kept["folders"] = tuple(map(Folder, json.loads(kept["folders"])))
    kept["first_date"] = moment(kept["first_date"])
    kept["last_date"] = moment(kept["last_date"])
    return FileAccount(**kept)
