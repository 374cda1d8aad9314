"""Decisions of people and the random samples they looked at, as the ledger keeps them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from outreach_audit.codes import Kind, Label
from outreach_audit.ledger import rows
from outreach_audit.ledger.connection import faults_told
from outreach_audit.ledger.store import Ledger

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ID_DIGITS = 16


class Opinion(StrEnum):
    """What a reviewer answers to the one question: is this an approach to its reader?"""

    CONFIRM = "confirm"
    REJECT = "reject"
    UNSURE = "unsure"
    UNDO = "undo"
    """Takes one earlier decision back; that stays in the history."""


class Scope(StrEnum):
    """What a decision is about."""

    FINDING = "finding"
    MESSAGE = "message"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, or the taking back of one.

    ``target`` is the finding id, message key or campaign id that was shown; ``keys`` are what it holds for: the keys
    of the deliveries and, of a message or campaign, of the messages (docs/review.md). ``kind`` and ``country``
    correct the program's, None where they do not. ``judged`` is what the program had said and ``pack`` what it judged
    by. ``undoes`` is the id of the decision that is taken back. ``time`` is in UTC.
    """

    time: datetime
    reviewer: str
    opinion: Opinion
    scope: Scope
    target: str
    keys: tuple[str, ...]
    judged: Label
    pack: str
    kind: Kind | None = None
    country: str | None = None
    note: str = ""
    undoes: str | None = None

    @property
    def id(self) -> str:
        """A digest of all of it: the same decision has the same id in every ledger."""
        parts = (
            *(str(_microseconds(self.time)), self.reviewer, self.opinion, self.scope, self.target, self.judged),
            *(self.pack, self.kind or "", self.country or "", self.note, self.undoes or "", *sorted(self.keys)),
        )
        return sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:_ID_DIGITS]


@dataclass(frozen=True, slots=True)
class Sample:
    """A random sample of the deliveries of a period (seconds since 1970; None: open).

    ``populations`` says how many deliveries each stratum of each institute held when it was drawn; ``members`` are
    the stratum and the delivery key of each delivery, in the order in which they were drawn.
    """

    seed: str
    since: int | None
    until: int | None
    drawn: datetime
    populations: Mapping[tuple[str, str], int]
    members: tuple[tuple[str, str], ...]


def add_decisions(ledger: Ledger, decisions: Iterable[Decision]) -> list[Decision]:
    """Stores decisions that were just made, in one transaction.

    Args:
        ledger: open for writing.
        decisions: in the order in which they were made. One that is no later than the same reviewer's last one is
            moved a microsecond behind it, so that the order of a reviewer's decisions is always that of their times.

    Returns:
        The decisions as stored.
    """
    stored = []
    with ledger.transaction():
        ask = ledger.connection.execute
        for decision in decisions:
            last = ask("SELECT max(time) FROM decision WHERE reviewer = ?", (decision.reviewer,)).fetchone()[0]
            moved = max(_microseconds(decision.time), last + 1) if last is not None else _microseconds(decision.time)
            stored.append(replace(decision, time=_EPOCH + moved * _MICROSECOND))
            _insert(ledger, stored[-1])
    return stored


def merge_decisions(ledger: Ledger, decisions: Iterable[Decision]) -> int:
    """Stores decisions that were made elsewhere, with their own times; gives how many were new."""
    new = 0
    with ledger.transaction():
        for decision in decisions:
            if not ledger.connection.execute("SELECT 1 FROM decision WHERE id = ?", (decision.id,)).fetchone():
                _insert(ledger, decision)
                new += 1
    return new


def _insert(ledger: Ledger, decision: Decision) -> None:
    ledger.connection.execute(
        "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            decision.id,
            _microseconds(decision.time),
            *(decision.reviewer, decision.opinion, decision.kind, decision.country, decision.note),
            *(decision.scope, decision.target, decision.judged, decision.pack, decision.undoes),
        ),
    )
    ledger.connection.executemany(
        "INSERT OR IGNORE INTO decided VALUES (?, ?)", ((decision.id, rows.key(key)) for key in decision.keys)
    )


def decisions_of(ledger: Ledger) -> list[Decision]:
    """The whole history, the first decision first."""
    with faults_told(ledger.path):
        keys = defaultdict(list)
        for number, key in ledger.connection.execute("SELECT decision, key FROM decided"):
            keys[number].append(rows.key_text(key))
        query = (
            "SELECT id, time, reviewer, verdict, kind, country, note, scope, target, judged, pack, undoes"
            " FROM decision ORDER BY time, id"
        )
        return [
            Decision(
                time=_EPOCH + time * _MICROSECOND,
                reviewer=reviewer,
                opinion=Opinion(verdict),
                kind=Kind(kind) if kind else None,
                country=country,
                note=note,
                scope=Scope(scope),
                target=target,
                keys=tuple(sorted(keys[number])),
                judged=Label(judged),
                pack=pack,
                undoes=undoes,
            )
            for number, time, reviewer, verdict, kind, country, note, scope, target, judged, pack, undoes in (
                ledger.connection.execute(query)
            )
        ]


def put_sample(ledger: Ledger, sample: Sample) -> None:
    """Stores a sample; one of the same seed and period is replaced."""
    with ledger.transaction():
        ask = ledger.connection.execute
        ask("DELETE FROM sample WHERE (seed, since, until) IS (?, ?, ?)", (sample.seed, sample.since, sample.until))
        populations = json.dumps([[*cell, number] for cell, number in sorted(sample.populations.items())])
        number = ask(
            "INSERT INTO sample (seed, since, until, drawn, populations) VALUES (?, ?, ?, ?, ?)",
            (sample.seed, sample.since, sample.until, _microseconds(sample.drawn), populations),
        ).lastrowid
        ledger.connection.executemany(
            "INSERT INTO sampled VALUES (?, ?, ?, ?)",
            ((number, place, rows.key(key), stratum) for place, (stratum, key) in enumerate(sample.members)),
        )


def sample_of(ledger: Ledger, since: int | None, until: int | None, seed: str | None = None) -> Sample | None:
    """The sample of a period that was drawn last, or that of a seed; None where none was."""
    with faults_told(ledger.path):
        row = ledger.connection.execute(
            "SELECT id, seed, drawn, populations FROM sample WHERE (since, until) IS (?1, ?2)"
            " AND (?3 IS NULL OR seed = ?3) ORDER BY drawn DESC, id DESC LIMIT 1",
            (since, until, seed),
        ).fetchone()
        if row is None:
            return None
        number, known, drawn, populations = row
        members: Sequence[tuple[str, str | bytes]] = ledger.connection.execute(
            "SELECT stratum, key FROM sampled WHERE sample = ? ORDER BY place", (number,)
        ).fetchall()
    return Sample(
        seed=known,
        since=since,
        until=until,
        drawn=_EPOCH + drawn * _MICROSECOND,
        populations={(stratum, institute): size for stratum, institute, size in json.loads(populations)},
        members=tuple((stratum, rows.key_text(key)) for stratum, key in members),
    )


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
