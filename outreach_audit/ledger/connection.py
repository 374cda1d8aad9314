"""Opening the file of a ledger: its one writer, its version, and every fault said in one line."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from outreach_audit.errors import LedgerBusyError, OutreachAuditError, UsageError
from outreach_audit.ledger import cipher
from outreach_audit.ledger.schema import APPLICATION_ID, MIGRATIONS, migrate

_FAULTS = {
    sqlite3.SQLITE_BUSY: "is in use by another program; try again when that is done",
    sqlite3.SQLITE_LOCKED: "is in use by another program; try again when that is done",
    sqlite3.SQLITE_FULL: "could not grow: the disk is full; what was finished is kept, make room and run again",
    sqlite3.SQLITE_READONLY: "cannot be written to: it, or its folder, is read-only",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check that it, or its folder, exists and may be used",
    sqlite3.SQLITE_CORRUPT: "is damaged; put back a backup, or move it away and scan again",
    sqlite3.SQLITE_NOTADB: f"is not a ledger, or is encrypted: set {cipher.KEY_FILE}, or name another file",
    sqlite3.SQLITE_IOERR: "could not be read or written (input/output error); check the disk",
}
_PRIMARY = 0xFF  # SQLite's extended codes carry the primary one in the lowest byte


@contextmanager
def faults_told(path: Path) -> Iterator[None]:
    """Turns every fault of SQLite within into one clear line.

    Raises:
        OutreachAuditError: where SQLite raised.
    """
    try:
        yield
    except cipher.errors() as error:
        code = getattr(error, "sqlite_errorcode", None)
        said = _FAULTS.get(code & _PRIMARY) if code is not None else None
        if code == sqlite3.SQLITE_NOTADB:
            said = "does not open with the key given, or is no ledger" if cipher.key() else said
        raise OutreachAuditError(f"the ledger {path} {said or f'cannot be used: {error}'}") from error


def by_name(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    """A row by the names of its columns: a row factory that serves whichever library opened the ledger."""
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


def lock(path: Path) -> sqlite3.Connection:
    """Takes the right to write to a ledger; it ends when the connection is closed or the process dies.

    The lock is SQLite's own, on an empty file beside the ledger: it works on every system, and readers of the
    ledger are not held up.

    Raises:
        LedgerBusyError: another run holds it.
        OutreachAuditError: the folder cannot be written to.
    """
    beside = path.with_name(path.name + ".lock")
    with faults_told(path):
        held = sqlite3.connect(beside, timeout=0, isolation_level=None)
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            held.close()
            if error.sqlite_errorcode & _PRIMARY == sqlite3.SQLITE_BUSY:
                raise LedgerBusyError(f"another run holds the ledger {path}; wait until it is done") from error
            raise
    return held


def connect(path: Path | None, *, write: bool) -> sqlite3.Connection:
    """Opens a ledger, made new where there is none, and brings it to the newest version.

    Without a path it is a private file of SQLite's own, which has no name and ends with the connection or the process.

    Raises:
        OutreachAuditError: no ledger, a damaged one, or one of a newer version of this program.
    """
    shown = path or Path("(temporary)")
    with faults_told(shown):
        # as_uri escapes what has a meaning in a URI
        uri = f"{path.resolve().as_uri()}?mode={'rwc' if write else 'ro'}" if path else ""
        secret = cipher.key() if path else None
        if secret is None:
            connection = sqlite3.connect(uri, uri=path is not None, isolation_level=None, timeout=30)
        else:
            if path and path.is_file() and cipher.is_plain(path):
                raise UsageError(f"the ledger {path} is not encrypted: unset its key, or name another file")
            connection = cipher.connect(uri, secret, uri=True, isolation_level=None, timeout=30)
        try:
            _prepare(connection, shown, write=write)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, *, write: bool) -> None:
    with closing(connection.cursor()) as cursor:
        version = cursor.execute("PRAGMA user_version").fetchone()[0]
        mark = cursor.execute("PRAGMA application_id").fetchone()[0]
        tables = cursor.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if tables and mark != APPLICATION_ID:
            raise OutreachAuditError(f"{path} is not a ledger; name another file")
        if version > len(MIGRATIONS):
            raise OutreachAuditError(f"the ledger {path} was written by a newer version; update outreach-audit")
        if not write and version < len(MIGRATIONS):
            raise OutreachAuditError(f"the ledger {path} is of an older version; a scan brings it up to date")
        cursor.execute("PRAGMA foreign_keys = ON")
        if write:
            if not tables and type(connection) is sqlite3.Connection:
                cursor.execute("PRAGMA page_size = 8192")  # less of each page is left empty
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")
            migrate(connection)
