"""What people decided about deliveries, made ready for the tables; the figures themselves are made in `tables`."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from outreach_audit.ledger.decisions import Decision, decisions_of
from outreach_audit.ledger.store import Ledger
from outreach_audit.review.settle import Outcome, in_order, settle, standing

_DECIDED = """
SELECT d.id, c.decision FROM decided c JOIN delivery d ON d.delivery_key = c.key
UNION
SELECT d.id, c.decision FROM decided c JOIN delivery d
ON d.message_key = c.key AND d.label IN ('approach', 'unclear', 'advert') AND d.label != 'other'
"""
_REVIEWED = """
SELECT count(*) FILTER (WHERE u.opinion = 'reject' AND d.label = 'approach'),
       count(*) FILTER (WHERE u.opinion = 'confirm' AND d.label != 'approach'),
       count(*) FILTER (WHERE u.disputed)
FROM outcome u CROSS JOIN delivery d ON d.id = u.delivery
WHERE (:since IS NULL OR d.date >= :since) AND (:until IS NULL OR d.date < :until)
"""


def decided(ledger: Ledger) -> dict[int, list[Decision]]:
    """The decisions that hold for each delivery (its ``id``), the first one first.

    A decision holds for the deliveries that it was made on, whatever packs say of them since, and one on a message or
    campaign also for copies of the same messages that were found later.
    """
    known = {decision.id: decision for decision in standing(decisions_of(ledger))}
    found: defaultdict[int, list[Decision]] = defaultdict(list)
    if known:
        for delivery, number in ledger.connection.execute(_DECIDED):
            if number in known:
                found[delivery].append(known[number])
    return {delivery: in_order(decisions) for delivery, decisions in found.items()}


def outcomes(ledger: Ledger) -> dict[int, Outcome]:
    """What holds for each delivery that anybody decided on."""
    settled = {delivery: settle(decisions) for delivery, decisions in decided(ledger).items()}
    return {delivery: outcome for delivery, outcome in settled.items() if outcome}


@contextmanager
def outcome_table(connection: sqlite3.Connection, settled: Mapping[int, Outcome]) -> Iterator[None]:
    """Makes the private table ``outcome`` for as long as it is needed."""
    try:
        connection.execute(
            "CREATE TEMP TABLE outcome"
            " (delivery INTEGER PRIMARY KEY, opinion TEXT NOT NULL, kind TEXT, country TEXT, disputed INTEGER NOT NULL)"
        )
        connection.executemany(
            "INSERT INTO outcome VALUES (?, ?, ?, ?, ?)",
            ((delivery, one.opinion, one.kind, one.country, one.disputed) for delivery, one in settled.items()),
        )
        yield
    finally:
        connection.execute("DROP TABLE IF EXISTS temp.outcome")


def notes(connection: sqlite3.Connection, since: int | None, until: int | None) -> tuple[str, ...]:
    """What reviewers changed in the figures of a period, in sentences; needs the table ``outcome``."""
    rejected, confirmed, disputed = connection.execute(_REVIEWED, {"since": since, "until": until}).fetchone()
    said = (
        (rejected, "rejected on review: judged approaches by the program, not counted here."),
        (confirmed, "confirmed on review: approaches that the program had not judged so, counted here."),
        (disputed, "disputed: reviewers disagree, counted as the program judged."),
    )
    return tuple(f"{number} {text}" for number, text in said if number)


PROGRAM_SECTION = "CASE d.is_foreign WHEN 1 THEN 'foreign' WHEN 0 THEN 'domestic' ELSE 'undetermined' END"
"""SQL: the section of a delivery ``d`` as the program has it."""

SECTION = (
    "CASE WHEN u.opinion IS NOT 'confirm' OR u.country IS NULL"
    f" THEN {PROGRAM_SECTION}"
    " WHEN u.country = 'ZZ' OR d.home = '' THEN 'undetermined'"
    " WHEN u.country = d.home THEN 'domestic' ELSE 'foreign' END"
)
"""SQL: the section of a delivery ``d`` with its outcome ``u``, corrected where a reviewer named the country."""

COUNTED = (
    "(SELECT id FROM delivery WHERE label = 'approach' AND label != 'other'"
    " UNION SELECT delivery FROM outcome WHERE opinion = 'confirm'"
    " EXCEPT SELECT delivery FROM outcome WHERE opinion = 'reject')"
)
"""SQL: the ids of the deliveries that are counted as approaches."""
