"""What watchlists hit and what is suppressed, beside the deliveries: no verdict, score or evidence is touched."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from outreach_audit.ledger.record import Record
from outreach_audit.ledger.rows import COLUMNS, Value, key_text, moment
from outreach_audit.packs.files import day_of
from outreach_audit.packs.suppressions import Suppression
from outreach_audit.packs.watchlist import Indicator, Type

_KEYS = tuple(map(COLUMNS.index, ("delivery_key", "via")))
_PENDING = (
    " FROM delivery d LEFT JOIN checked c ON c.delivery = d.id"
    " WHERE coalesce(c.upto, 0) < (SELECT coalesce(max(id), 0) FROM indicator)"
)


def indicators(connection: sqlite3.Connection) -> tuple[Indicator, ...]:
    """The indicators in force, by id."""
    query = "SELECT name, type, value, since, until, reference, watchlist FROM indicator ORDER BY name"
    return tuple(
        Indicator(name, Type(kind), value, day_of(since), day_of(until), reference, watchlist, "")
        for name, kind, value, since, until, reference, watchlist in connection.execute(query)
    )


def set_indicators(connection: sqlite3.Connection, chosen: Iterable[Indicator]) -> int:
    """Makes these the indicators in force; those that changed count as new. Within a transaction.

    Returns:
        The number of the newest, 0 where there is none.
    """
    wanted = {_meaning(one): one for one in chosen}
    query = "SELECT id, name, type, value, coalesce(since, ''), coalesce(until, '') FROM indicator"
    known = {tuple(meaning): number for number, *meaning in connection.execute(query).fetchall()}
    connection.executemany(
        "DELETE FROM indicator WHERE id = ?", [(number,) for meaning, number in known.items() if meaning not in wanted]
    )
    for meaning, one in wanted.items():
        if meaning in known:
            connection.execute(
                "UPDATE indicator SET watchlist = ?, reference = ? WHERE id = ?",
                (one.watchlist, one.reference, known[meaning]),
            )
        else:
            name, kind, value, since, until = meaning
            connection.execute(
                "INSERT INTO indicator (name, type, value, since, until, watchlist, reference)"
                " VALUES (?, ?, ?, nullif(?, ''), nullif(?, ''), ?, ?)",
                (name, kind, value, since, until, one.watchlist, one.reference),
            )
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM indicator").fetchone()[0])


def _meaning(one: Indicator) -> tuple[str, ...]:
    since, until = (day.isoformat() if day else "" for day in (one.since, one.until))
    return one.id, one.type.value, one.value, since, until


def note(connection: sqlite3.Connection, row: Sequence[Value], hits: Iterable[str], upto: int) -> None:
    """Notes what a delivery that was just stored hits, and that it was compared with all indicators up to ``upto``.

    Args:
        connection: of the ledger, within a transaction.
        row: the row that was stored.
        hits: ids of indicators.
        upto: the number of the newest indicator.
    """
    found = connection.execute(
        "SELECT id FROM delivery WHERE delivery_key = ? AND via = ?", tuple(row[column] for column in _KEYS)
    ).fetchone()
    add_hits(connection, found[0], hits)
    set_checked(connection, [found[0]], upto)


def add_hits(connection: sqlite3.Connection, delivery: int, hits: Iterable[str]) -> None:
    """Adds what a delivery hits; of copies with different texts all count."""
    connection.executemany(
        "INSERT OR IGNORE INTO watched SELECT ?, id FROM indicator WHERE name = ?", [(delivery, one) for one in hits]
    )


def set_checked(connection: sqlite3.Connection, deliveries: Iterable[int], upto: int) -> None:
    """Notes that these deliveries were compared in full with all indicators up to ``upto``."""
    connection.executemany(
        "INSERT OR REPLACE INTO checked (delivery, upto) VALUES (?, ?)", [(one, upto) for one in deliveries]
    )


def pending(connection: sqlite3.Connection) -> dict[tuple[str, str], tuple[int, int]]:
    """The found deliveries (approach, unclear, advert) that were not compared in full with all indicators.

    Returns:
        By finding and via: the number of the delivery, and that of the newest indicator it was compared with.
    """
    found = connection.execute(f"SELECT d.finding, d.via, d.id, coalesce(c.upto, 0){_PENDING} AND d.label != 'other'")
    return {(key_text(finding), via): (number, upto) for finding, via, number, upto in found}


def newer(connection: sqlite3.Connection, upto: int) -> frozenset[str]:
    """The ids of the indicators that came after ``upto``."""
    return frozenset(name for (name,) in connection.execute("SELECT name FROM indicator WHERE id > ?", (upto,)))


def pending_domains(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """The sender domains of deliveries that were not compared in full, each with its number among the words."""
    query = f"SELECT id, text FROM word WHERE id IN (SELECT d.sender_domain{_PENDING})"  # noqa: S608 - ours
    yield from connection.execute(query).fetchall()


def pending_from(connection: sqlite3.Connection, domain: int) -> Iterator[tuple[int, datetime | None]]:
    """Number and date of the deliveries of one sender domain that were not compared in full."""
    found = connection.execute(f"SELECT d.id, d.date{_PENDING} AND d.sender_domain = ?", (domain,))
    yield from ((number, moment(date)) for number, date in found.fetchall())


def settle_other(connection: sqlite3.Connection) -> None:
    """Mail judged ``other``, of which the ledger knows the sender's domain alone, was compared where that is enough."""
    newest, least = connection.execute(
        "SELECT coalesce(max(id), 0), coalesce(max(id) FILTER (WHERE type != 'domain'), 0) FROM indicator"
    ).fetchone()
    connection.execute(
        f"INSERT OR REPLACE INTO checked (delivery, upto) SELECT d.id, ?{_PENDING}"
        " AND d.label = 'other' AND coalesce(c.upto, 0) >= ?",
        (newest, least),
    )


def count_pending(connection: sqlite3.Connection) -> int:
    """How many deliveries were not compared in full with all indicators: they need to be read again."""
    return int(connection.execute(f"SELECT count(*){_PENDING}").fetchone()[0])


def set_suppressions(
    connection: sqlite3.Connection,
    chosen: Sequence[tuple[Suppression, bool]],
    found: Iterable[tuple[str, str, int]],
) -> None:
    """Makes these the suppressions in force. Within a transaction.

    Args:
        connection: of the ledger.
        chosen: each with whether it still applies.
        found: for each suppressed finding its id and via, and the place of its suppression in ``chosen``.
    """
    connection.execute("DELETE FROM suppression")
    connection.executemany(
        "INSERT INTO suppression (id, what, reason, owner, expires, applies) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (number, one.what, one.reason, one.owner, one.expires.isoformat(), applies)
            for number, (one, applies) in enumerate(chosen)
        ],
    )
    query = "SELECT finding, via, id FROM delivery WHERE label != 'other'"
    deliveries = {(key_text(finding), via): number for finding, via, number in connection.execute(query)}
    connection.executemany(
        "INSERT OR IGNORE INTO suppressed (delivery, suppression) VALUES (?, ?)",
        [(deliveries[finding, via], number) for finding, via, number in found],
    )


def has_marks(connection: sqlite3.Connection) -> bool:
    """Whether anything is marked at all."""
    query = "SELECT EXISTS (SELECT 1 FROM watched) OR EXISTS (SELECT 1 FROM suppressed)"
    return bool(connection.execute(query).fetchone()[0])


def marked(connection: sqlite3.Connection, record: Record, delivery: int) -> Record:
    """The record with the indicators that it hits, and the reason for which it is suppressed."""
    hits = connection.execute(
        "SELECT name FROM watched JOIN indicator ON id = indicator WHERE delivery = ? ORDER BY name", (delivery,)
    ).fetchall()
    reason = connection.execute(
        "SELECT reason FROM suppressed JOIN suppression ON id = suppression WHERE delivery = ?", (delivery,)
    ).fetchone()
    return replace(record, watched=tuple(name for (name,) in hits), suppressed=reason[0] if reason else "")
