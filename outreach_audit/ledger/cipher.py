"""Ledgers that are encrypted (SQLCipher, extra ``encrypt``), with a key from a file or the environment."""

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

from outreach_audit.errors import UsageError

KEY, KEY_FILE = "OUTREACH_AUDIT_LEDGER_KEY", "OUTREACH_AUDIT_LEDGER_KEY_FILE"
"""Environment variables: the key itself, or the file that holds it."""
SHORTEST = 16
"""A shorter key (in characters) can be found by trying."""
_PLAIN = b"SQLite format 3\x00"


def key() -> str | None:
    """The key of ledgers, None where none is set: then they are not encrypted.

    Raises:
        UsageError: the key file cannot be read, or the key is too short.
    """
    found, whence = os.environ.get(KEY), KEY
    if not found and (named := os.environ.get(KEY_FILE)):
        whence = f"{KEY_FILE} ({named})"
        try:
            found = Path(named).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{whence}: the key of the ledger cannot be read: {error}") from error
    elif not found:
        return None
    if len(found) < SHORTEST or "\x00" in found:
        raise UsageError(f"{whence}: the key of the ledger needs at least {SHORTEST} characters")
    return found


def is_plain(path: Path) -> bool:
    """Whether a file is an SQLite file that is not encrypted."""
    with path.open("rb") as file:
        return file.read(len(_PLAIN)) == _PLAIN


def errors() -> tuple[type[Exception], ...]:
    """What SQLite raises, whichever library opened the ledger."""
    loaded = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error, loaded.Error) if loaded else (sqlite3.Error,)


def connect(database: str, secret: str, **options: Any) -> sqlite3.Connection:  # noqa: ANN401 - those of sqlite3.connect
    """Opens an encrypted file, made new where there is none; a wrong key is found at the first reading.

    Raises:
        UsageError: the extra is not installed.
    """
    try:
        from sqlcipher3 import dbapi2  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError("an encrypted ledger needs: pip install 'outreach-audit[encrypt]'") from error
    connection: Any = dbapi2.connect(database, **options)
    quoted = secret.replace("'", "''")
    connection.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is said in one line, by us
    connection.execute(f"PRAGMA key = '{quoted}'")  # a pragma takes no parameters
    connection.execute("PRAGMA temp_store = MEMORY")  # nothing of it is written in clear
    opened: sqlite3.Connection = connection  # it has the interface of sqlite3
    return opened
