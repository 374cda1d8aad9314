"""Keeping a ledger: what it holds, copies of it, and forgetting."""

import json
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from outreach_audit.codes import Label
from outreach_audit.errors import UsageError
from outreach_audit.ledger import cipher, rows
from outreach_audit.ledger.connection import faults_told
from outreach_audit.ledger.roster import FORGOTTEN
from outreach_audit.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Info:
    """What a ledger holds.

    ``size`` is in bytes; ``finished`` are the runs that came to their end; ``copies`` further places of deliveries;
    ``oldest`` and ``newest`` the dates of the records of which evidence is kept.
    """

    version: int
    size: int
    runs: int
    finished: int
    records: dict[Label, int]
    copies: int
    files: int
    oldest: datetime | None
    newest: datetime | None


def info(ledger: Ledger) -> Info:
    """Tell what a ledger holds.

    Raises:
        OutreachAuditError: it cannot be read.
    """
    with faults_told(ledger.path):
        ask = ledger.connection.execute
        runs, finished = ask("SELECT count(*), total(finished) FROM run").fetchone()
        counted = dict(ask("SELECT label, count(*) FROM delivery GROUP BY label").fetchall())
        oldest, newest = ask(
            "SELECT min(date), max(date) FROM delivery WHERE label != 'other'"
            " AND json_extract(detail, '$.subject') IS NOT NULL"
        ).fetchone()
        return Info(
            version=ask("PRAGMA user_version").fetchone()[0],
            size=ledger.path.stat().st_size,
            runs=runs,
            finished=int(finished),
            records={label: counted.get(label, 0) for label in Label},
            copies=ask("SELECT count(*) FROM copy").fetchone()[0],
            files=ask("SELECT count(DISTINCT path) FROM file").fetchone()[0],
            oldest=rows.moment(oldest),
            newest=rows.moment(newest),
        )


def backup(ledger: Ledger, target: Path) -> None:
    """Copies a ledger, also while a run writes to it; the copy appears whole or not at all, for its owner alone.

    Raises:
        UsageError: the target is the ledger itself.
        OutreachAuditError: the disk is full, or the ledger is damaged.
        OSError: the target cannot be written.
    """
    if target.exists() and target.samefile(ledger.path):
        raise UsageError(f"{target} is the ledger itself; name another file")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    try:
        # a copy of an encrypted ledger has the same key
        secret = None if cipher.is_plain(ledger.path) else cipher.key()
        opened = sqlite3.connect(name) if secret is None else cipher.connect(name, secret)
        with faults_told(target), closing(opened) as copy:
            ledger.connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        with Path(name).open("rb+") as file:
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def forget_older(ledger: Ledger, before: datetime) -> int:
    """Erases subjects, senders, evidence and offer texts of records dated before ``before``; every count stays.

    Args:
        ledger: open for writing.
        before: a moment; records without a date are younger than any.

    Returns:
        How many records were erased in part.
    """
    moment = rows.seconds(before)
    with _erasing(ledger):
        forgotten = _erase(ledger.connection, "date < ?", (moment,))
        ledger.connection.execute(
            "UPDATE offer SET text = '', forgotten = 1 WHERE NOT forgotten AND message_key IN"
            " (SELECT message_key FROM delivery WHERE label != 'other' AND date < ?1)"
            " AND message_key NOT IN (SELECT message_key FROM delivery"
            " WHERE label != 'other' AND (date >= ?1 OR date IS NULL))",
            (moment,),
        )
    return forgotten


def forget_person(ledger: Ledger, address: str) -> int:
    """Erases one person's addresses and what was found in mail to them; every count, also of persons, stays.

    Each address is replaced by a random word that nothing leads back from; so is the person in the roster.

    Args:
        ledger: open for writing.
        address: an address, in any case; others of the person are known where the roster gives them.

    Returns:
        How many records name the person no more.
    """
    address = address.strip().lower()
    with _erasing(ledger):
        query = "SELECT address FROM roster WHERE person = (SELECT person FROM roster WHERE address = ?)"
        others = {other for (other,) in ledger.connection.execute(query, (address,))}
        words = {one: FORGOTTEN + secrets.token_hex(16) for one in sorted({address, *others})}
        named = sum(_forget_address(ledger, one, word) for one, word in words.items())
        person = FORGOTTEN + secrets.token_hex(16)
        ledger.connection.executemany(
            "UPDATE roster SET address = ?, person = ? WHERE address = ?",
            [(word, person, one) for one, word in words.items()],
        )
    return named


def _forget_address(ledger: Ledger, address: str, word: str) -> int:
    """Puts a word in the place of an address and erases what was found in mail to it; how many records named it."""
    ask = ledger.connection.execute
    row = ask("SELECT id FROM word WHERE text = ?", (address,)).fetchone()
    number = row[0] if row else None
    named = ask(
        "SELECT count(*) FROM delivery WHERE recipient = ?1 OR json_extract(detail, '$.sender') = ?2",
        (number, address),
    ).fetchone()[0]
    ask(
        "UPDATE offer SET text = '', forgotten = 1 WHERE message_key IN"
        " (SELECT message_key FROM delivery WHERE label != 'other' AND recipient = ?1)"
        " AND message_key NOT IN"
        " (SELECT message_key FROM delivery WHERE label != 'other' AND recipient != ?1)",
        (number,),
    )
    _erase(ledger.connection, "(recipient = ? OR json_extract(detail, '$.sender') = ?)", (number, address))
    ask("UPDATE word SET text = ? WHERE id = ?", (word, number))
    return int(named)


def names_of_files(ledger: Ledger, address: str) -> list[str]:
    """The files whose names hold this address: a ledger that forgot them would not know them again."""
    with faults_told(ledger.path):
        query = "SELECT DISTINCT path FROM file WHERE instr(lower(path || '!' || member), ?) ORDER BY path"
        return [path for (path,) in ledger.connection.execute(query, (address.strip().lower(),))]


def _erase(connection: sqlite3.Connection, condition: str, values: Iterable[object]) -> int:
    """Strips the details of found records; gives how many deliveries had any."""
    values = tuple(values)
    stripped = 0
    for table in ("delivery", "copy"):
        found = connection.execute(
            f"SELECT id, detail FROM {table} WHERE label != 'other' AND detail IS NOT NULL AND {condition}",  # noqa: S608 - ours
            values,
        ).fetchall()
        for number, text in found:
            detail = json.loads(text)
            if "subject" not in detail:
                continue
            kept = json.dumps(_stripped(detail), ensure_ascii=False, separators=(",", ":"))
            connection.execute(f"UPDATE {table} SET detail = ? WHERE id = ?", (kept, number))  # noqa: S608 - ours
            stripped += table == "delivery"
    return stripped


def _stripped(detail: dict[str, object]) -> dict[str, object]:
    """The detail without words of the mail: codes, weights and countries stay."""
    kept = {name: value for name, value in detail.items() if name not in {"subject", "sender"}}
    verdict, attribution = kept["verdict"], kept["attribution"]
    assert isinstance(verdict, dict)
    assert isinstance(attribution, dict)
    kept["verdict"] = verdict | {"hits": [hit | {"text": ""} for hit in verdict["hits"]]}
    kept["attribution"] = {
        name: claim | {"reason": ""} if isinstance(claim, dict) else claim for name, claim in attribution.items()
    }
    return kept


@contextmanager
def _erasing(ledger: Ledger) -> Iterator[None]:
    """What is erased within is overwritten, and the file is written anew without it."""
    with faults_told(ledger.path):
        ledger.connection.execute("PRAGMA secure_delete = ON")
        with ledger.transaction():
            yield
        ledger.connection.execute("VACUUM")
        ledger.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ledger.text.cache_clear()
