"""The places of deliveries: one row for all copies of one delivery, the others kept beside it."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from outreach_audit.codes import Folder
from outreach_audit.ledger.rows import COLUMNS, Value

# of the copies of one delivery that lie in several folders, the one that says most about how it arrived is told
_FOLDER_ORDER = (Folder.INBOX, Folder.SPAM, Folder.QUARANTINE, Folder.REPORTS, Folder.SENT, Folder.OTHER)
_NAMES = ", ".join(COLUMNS)
_SET = ", ".join(f"{column} = ?" for column in COLUMNS)
_HOLDERS = ", ".join("?" * len(COLUMNS))
_INSERT = f"INSERT INTO delivery VALUES (NULL, {_HOLDERS})"  # noqa: S608 - place holders
_UPDATE = f"UPDATE delivery SET {_SET} WHERE id = ?"  # noqa: S608 - our columns
_INSERT_COPY = f"INSERT INTO copy VALUES (NULL, ?, {_HOLDERS})"  # noqa: S608 - place holders
_PLACE = tuple(map(COLUMNS.index, ("folder", "source", "member", "offset")))
_KEYS = tuple(map(COLUMNS.index, ("delivery_key", "via")))

_Text = Callable[[int], str]
_Row = Sequence[Any]


def _order(row: _Row, text: _Text) -> tuple[int, str, str, int]:
    """What decides which copy stands for the delivery: the same whatever the order in which they are found."""
    folder, source, member, offset = (row[column] for column in _PLACE)
    return _FOLDER_ORDER.index(Folder(folder)), text(source), "" if member is None else text(member), offset


def add(connection: sqlite3.Connection, row: tuple[Value, ...], text: _Text) -> None:
    """Stores one assessed delivery: as new, in the place of the same copy judged before, or as a further copy.

    Args:
        connection: of the ledger, within a transaction.
        row: as `rows.to_row` makes it.
        text: gives the text of a number of ``word``.
    """
    known = connection.execute(
        f"SELECT id, {_NAMES} FROM delivery WHERE delivery_key = ? AND via = ?",  # noqa: S608 - our columns
        tuple(row[column] for column in _KEYS),
    ).fetchone()
    if known is None:
        connection.execute(_INSERT, row)
        return
    number, *standing = known
    new, old = _order(row, text), _order(standing, text)
    if new[1:] != old[1:]:
        _, source, member, offset = (row[column] for column in _PLACE)
        connection.execute(
            "DELETE FROM copy WHERE delivery = ? AND source = ? AND member IS ? AND offset = ?",
            (number, source, member, offset),
        )
        connection.execute(_INSERT_COPY, (number, *(standing if new < old else row)))
    if new < old or new[1:] == old[1:]:
        connection.execute(_UPDATE, (*row, number))


def drop(connection: sqlite3.Connection, source: int, offset: int, text: _Text) -> None:
    """Takes back what was found in a file from ``offset`` on; where another copy is known, that stands in.

    Args:
        connection: of the ledger, within a transaction.
        source: the number of the file's name.
        offset: what lies before it stays.
        text: gives the text of a number of ``word``.
    """
    here = (source, offset)
    offered = {
        key
        for table in ("delivery", "copy")
        for (key,) in connection.execute(
            f"SELECT message_key FROM {table} WHERE source = ? AND offset >= ? AND label != 'other'",  # noqa: S608
            here,
        )
    }
    connection.execute("DELETE FROM copy WHERE source = ? AND offset >= ?", here)
    for (number,) in connection.execute("SELECT id FROM delivery WHERE source = ? AND offset >= ?", here).fetchall():
        _give_up(connection, number, text)
    for key in offered:
        _drop_offer(connection, key)


def _give_up(connection: sqlite3.Connection, number: int, text: _Text) -> None:
    copies = connection.execute(f"SELECT id, {_NAMES} FROM copy WHERE delivery = ?", (number,)).fetchall()  # noqa: S608 - our columns
    if not copies:
        connection.execute("DELETE FROM delivery WHERE id = ?", (number,))
        return
    copy, *row = min(copies, key=lambda found: _order(found[1:], text))
    connection.execute("DELETE FROM copy WHERE id = ?", (copy,))
    connection.execute(_UPDATE, (*row, number))


def _drop_offer(connection: sqlite3.Connection, key: str | bytes) -> None:
    """An offer of which no message is left: a text read anew must not be compared with it."""
    connection.execute(
        "DELETE FROM offer WHERE message_key = ?1 AND NOT EXISTS (SELECT 1 FROM delivery WHERE label != 'other'"
        " AND label IN ('approach', 'unclear') AND message_key = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM copy WHERE label != 'other' AND label IN ('approach', 'unclear')"
        "                 AND message_key = ?1)",
        (key,),
    )


def is_superseded(connection: sqlite3.Connection, source: int, name: str) -> bool:
    """Whether a file that is gone adds nothing: all that was found in it was found elsewhere, or it held no mail."""
    (records, alone, found) = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM delivery WHERE source = ?1) OR EXISTS (SELECT 1 FROM copy WHERE source = ?1),"
        " EXISTS (SELECT 1 FROM delivery d WHERE d.source = ?1"
        "         AND NOT EXISTS (SELECT 1 FROM copy c WHERE c.delivery = d.id AND c.source != ?1)),"
        " (SELECT total(found) FROM file WHERE path = ?2)",
        (source, name),
    ).fetchone()
    return not alone and bool(records or not found)
