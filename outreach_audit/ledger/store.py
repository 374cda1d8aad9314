"""The ledger: the only writer of what a run found, and the source of everything that is told later."""

import json
import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from outreach_audit.campaigns import Clusters, Joined, Member, cluster
from outreach_audit.codes import Label
from outreach_audit.errors import OutreachAuditError
from outreach_audit.ledger import places, rows, watched
from outreach_audit.ledger.account import ACCOUNT_COLUMNS, FileAccount, to_account, to_account_row
from outreach_audit.ledger.checkpoint import Checkpoint, to_checkpoint
from outreach_audit.ledger.connection import by_name, connect, faults_told, lock
from outreach_audit.ledger.record import Record

_CACHED_WORDS = 100_000
_OFFERS = (Label.APPROACH, Label.UNCLEAR)

_CHECKPOINTS = (
    "SELECT path, (SELECT text FROM word WHERE id = source), size, changed, resume, items, done, before, rest, whole,"
    " judged FROM checkpoint"
)
_INSERT_ACCOUNT = f"INSERT INTO file VALUES ({', '.join('?' * len(ACCOUNT_COLUMNS))})"  # noqa: S608 - place holders


class Ledger:
    """One ledger file, open; a context manager that closes it.

    ``connection`` is for those who read with SQL of their own (the tally); nothing else writes through it.
    """

    def __init__(self, path: Path | None, *, write: bool) -> None:
        self.path = path or Path("(temporary)")
        self._lock = lock(path) if write and path else None
        try:
            self.connection = connect(path, write=write)
        except BaseException:
            self._release()
            raise
        # the newest indicator of the watchlist with which all that is added was compared; 0: with none
        self.watching = 0
        # the number of a text in ``word``, given where it has none
        self.number = lru_cache(_CACHED_WORDS)(self._number_of)
        # the text behind a number of ``word``; public for those who read with SQL of their own
        self.text = lru_cache(_CACHED_WORDS)(self._text_of)

    @classmethod
    def open(cls, path: Path | None = None, *, write: bool = True) -> "Ledger":
        """Opens a ledger, or a private temporary one that is gone when it is closed or the process dies.

        Args:
            path: the file, made where it is absent; None for a temporary ledger.
            write: False to read only: that is possible while another run writes.

        Raises:
            LedgerBusyError: another run writes to this ledger.
            OutreachAuditError: the file is no ledger, is damaged, or cannot be opened.
        """
        return cls(path, write=write or path is None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file and gives the right to write back."""
        self.connection.close()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is added within is stored together or not at all; within another it is part of that.

        Raises:
            OutreachAuditError: the disk is full, the file damaged or read-only; nothing of it is stored.
        """
        if self.connection.in_transaction:
            yield
            return
        with faults_told(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                # a full disk makes SQLite roll back by itself
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                self.number.cache_clear()
                self.text.cache_clear()
                raise

    def begin_run(self, parameters: Mapping[str, object]) -> int:
        """Notes that a run begins, with its parameters (``version``, ``date_basis`` …); gives its number."""
        text = rows.clean(json.dumps(parameters, ensure_ascii=False, sort_keys=True, default=str))
        with self.transaction():
            return int(self.connection.execute("INSERT INTO run (parameters) VALUES (?)", (text,)).lastrowid or 0)

    def finish_run(self, number: int) -> None:
        """Notes that a run came to its end: campaigns are assigned, and all that was stored belongs together."""
        with self.transaction():
            self.connection.execute("UPDATE run SET finished = 1 WHERE id = ?", (number,))

    def is_settled(self) -> bool:
        """Whether the last run that began came to its end."""
        with faults_told(self.path):
            last = self.connection.execute("SELECT finished FROM run ORDER BY id DESC LIMIT 1").fetchone()
        return bool(last and last[0])

    def runs(self) -> list[dict[str, object]]:
        """The parameters of all runs, the first run first."""
        with faults_told(self.path):
            return [json.loads(text) for (text,) in self.connection.execute("SELECT parameters FROM run ORDER BY id")]

    def add(self, batch: Sequence[Record]) -> None:
        """Stores records in one transaction.

        A record of the same delivery, ``via`` and place replaces the one before it. From another place it is a
        second copy: one row is kept for all copies, whatever the order in which they come, and the others are noted.
        """
        with self.transaction():
            for record in batch:
                row = rows.to_row(record, self.number)
                places.add(self.connection, row, self.text)
                self._add_offer(record)
                if self.watching:
                    watched.note(self.connection, row, record.watched, self.watching)

    def drop(self, source: str, offset: int = 0) -> None:
        """Takes back what is known of a file from ``offset`` on: records, accounts and, from 0, its checkpoint.

        Of a delivery that was found elsewhere too, the other copy stays.
        """
        source = rows.clean(source)
        with self.transaction():
            number = self.number(source)
            places.drop(self.connection, number, offset, self.text)
            self.connection.execute("DELETE FROM file WHERE path = ? AND offset >= ?", (source, offset))
            if not offset:
                self.connection.execute("DELETE FROM checkpoint WHERE source = ?", (number,))

    def is_superseded(self, source: str) -> bool:
        """Whether all that was found in this file was found elsewhere too, or it held no mail."""
        source = rows.clean(source)
        with faults_told(self.path):
            return places.is_superseded(self.connection, self.number(source), source)

    def _add_offer(self, record: Record) -> None:
        if record.verdict.label in _OFFERS:
            text = rows.clean(record.offer_text)
            hosts = rows.clean(json.dumps(record.hosts, ensure_ascii=False))
            self.connection.execute(
                "INSERT INTO offer (message_key, text, hosts) VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
                " SET text = excluded.text, hosts = excluded.hosts, forgotten = 0 WHERE forgotten"
                # a copy that was cut short never stands for one that was not
                " OR (length(excluded.text), excluded.text, excluded.hosts) > (length(text), text, hosts)",
                (rows.key(record.message_key), text, hosts),
            )

    def add_accounting(self, accounts: Iterable[FileAccount]) -> None:
        """Stores what became of files, in one transaction; an account replaces those of the stretches it overlaps."""
        with self.transaction():
            for account in accounts:
                path, member = rows.clean(account.path), rows.clean(account.member or "")
                self.connection.execute(
                    "DELETE FROM file WHERE path = ? AND member = ? AND (length = 0 OR offset + length > ?)"
                    " AND (? = 0 OR offset < ?)",
                    (path, member, account.offset, account.length, account.offset + account.length),
                )
                self.connection.execute(_INSERT_ACCOUNT, to_account_row(account))

    def accounts(self) -> Iterator[FileAccount]:
        """The accounts of all files, by path, member and offset."""
        with faults_told(self.path):
            query = f"SELECT {', '.join(ACCOUNT_COLUMNS)} FROM file ORDER BY path, member, offset"  # noqa: S608 - our columns
            for row in self.connection.execute(query):
                yield to_account(row)

    def account(self, path: str, member: str | None) -> FileAccount | None:
        """The account of a member that is kept as one stretch, where there is one."""
        query = f"SELECT {', '.join(ACCOUNT_COLUMNS)} FROM file WHERE path = ? AND member = ? AND offset = 0"  # noqa: S608 - our columns
        with faults_told(self.path):
            row = self.connection.execute(query, (rows.clean(path), rows.clean(member or ""))).fetchone()
        return to_account(row) if row else None

    def set_checkpoints(self, checkpoints: Iterable[Checkpoint]) -> None:
        """Notes how far files were read; belongs into the transaction of what was read."""
        with self.transaction():
            for one in checkpoints:
                row = (os.fsencode(one.path), self.number(one.source), *astuple(one)[2:])
                self.connection.execute(f"INSERT OR REPLACE INTO checkpoint VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - place holders

    def checkpoint(self, path: str) -> Checkpoint | None:
        """How far the file of this absolute path was read, None where it is not known."""
        with faults_told(self.path):
            row = self.connection.execute(f"{_CHECKPOINTS} WHERE path = ?", (os.fsencode(path),)).fetchone()
        return to_checkpoint(row) if row else None

    def checkpoints(self) -> Iterator[Checkpoint]:
        """All checkpoints, by path."""
        with faults_told(self.path):
            for row in self.connection.execute(f"{_CHECKPOINTS} ORDER BY path"):
                yield to_checkpoint(row)

    def path_of(self, source: str) -> str | None:
        """The absolute path of the file that stands in records under this name."""
        query = "SELECT path FROM checkpoint WHERE source = (SELECT id FROM word WHERE text = ?)"
        with faults_told(self.path):
            row = self.connection.execute(query, (rows.clean(source),)).fetchone()
        return os.fsdecode(row[0]) if row else None

    def records(
        self, labels: Container[Label] = tuple(Label), since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Record]:
        """The records of these labels dated from ``since`` until before ``until``, by date, then finding.

        Of ``other`` mail the subject, sender, evidence and attribution were not kept and are empty. Where a limit is
        given, records without a date are left out.
        """
        wanted = ", ".join(f"'{label}'" for label in Label if label in labels)
        # said apart, so that SQLite uses the index that leaves ``other`` out
        found_only = "" if Label.OTHER in labels else "AND label != 'other'"
        query = (
            f"SELECT * FROM delivery WHERE label IN ({wanted}) {found_only}"  # noqa: S608 - our own codes
            " AND (?1 IS NULL OR date >= ?1) AND (?2 IS NULL OR date < ?2) ORDER BY date IS NULL, date, finding, via"
        )
        with faults_told(self.path):
            has_marks = watched.has_marks(self.connection)
            cursor = self.connection.cursor()
            cursor.row_factory = by_name
            for row in cursor.execute(query, (rows.seconds(since), rows.seconds(until))):
                record = self.record_of(row)
                yield watched.marked(self.connection, record, row["id"]) if has_marks else record

    def record_of(self, row: Mapping[str, Any]) -> Record:
        """The record of a row of ``delivery`` or ``copy``.

        Raises:
            OutreachAuditError: the row is damaged.
        """
        try:
            return rows.to_record(row, self.text, self._offer(row["message_key"], row["label"]))
        except (LookupError, TypeError, ValueError, OverflowError) as error:
            raise OutreachAuditError(f"the ledger {self.path} is damaged at record {row['id']}") from error

    def _offer(self, message_key: str | bytes, label: str) -> tuple[str, tuple[str, ...]]:
        if label not in _OFFERS:
            return "", ()
        query = "SELECT text, hosts FROM offer WHERE message_key = ?"
        text, hosts = self.connection.execute(query, (message_key,)).fetchone()
        return text, tuple(json.loads(hosts))

    def assign_campaigns(self, *, is_common: Callable[[str], bool] | None = None) -> Clusters:
        """Clusters the approaches and unclear messages and stores the campaign of each, in one transaction.

        Args:
            is_common: tells hosts that show nothing (free mail, platforms, bulk mailers).
        """
        query = (
            "SELECT message_key, text, hosts FROM offer WHERE NOT forgotten AND message_key IN"
            " (SELECT message_key FROM delivery WHERE label IN ('approach', 'unclear') AND label != 'other')"
        )
        with self.transaction():
            found = cluster(
                (
                    Member(rows.key_text(message), text, tuple(json.loads(hosts)))
                    for message, text, hosts in self.connection.execute(query)
                ),
                is_common=is_common,
            )
            found = self._with_forgotten(found)
            self.connection.execute("UPDATE offer SET campaign = NULL WHERE NOT forgotten")
            self.connection.executemany(
                "UPDATE offer SET campaign = ?, reason = ?, near = ?, distance = ?, host = ? WHERE message_key = ?",
                (
                    (one.campaign, one.reason, rows.key(one.near), one.distance, one.host, rows.key(message))
                    for message, one in found.joined.items()
                ),
            )
        return found

    def _with_forgotten(self, found: Clusters) -> Clusters:
        """A campaign that has messages whose text was forgotten keeps its id, so that it does not become two."""
        held = {c for (c,) in self.connection.execute("SELECT DISTINCT campaign FROM offer WHERE forgotten")}
        if not held:
            return found
        before = self.campaigns().joined
        ids: dict[str, str] = {}
        for message, one in found.joined.items():
            old = before[message].campaign if message in before else ""
            if old in held:
                ids[one.campaign] = min(old, ids.get(one.campaign, old))
        return Clusters(
            {key: replace(one, campaign=ids.get(one.campaign, one.campaign)) for key, one in found.joined.items()}
        )

    def campaigns(self) -> Clusters:
        """The campaigns as they were last assigned, by message key."""
        query = (
            "SELECT message_key, campaign, reason, near, distance, host FROM offer"
            " WHERE campaign IS NOT NULL ORDER BY message_key"
        )
        with faults_told(self.path):
            return Clusters(
                {
                    rows.key_text(message): Joined(campaign, reason, rows.key_text(near), distance, host)
                    for message, campaign, reason, near, distance, host in self.connection.execute(query)
                }
            )

    def _number_of(self, text: str) -> int:
        text = rows.clean(text)
        self.connection.execute("INSERT OR IGNORE INTO word (text) VALUES (?)", (text,))
        return int(self.connection.execute("SELECT id FROM word WHERE text = ?", (text,)).fetchone()[0])

    def _text_of(self, number: int) -> str:
        return str(self.connection.execute("SELECT text FROM word WHERE id = ?", (number,)).fetchone()[0])
