"""What the verdicts of a ledger rest on, and storing them anew."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from outreach_audit.codes import Label, Via
from outreach_audit.ledger import rows
from outreach_audit.ledger.connection import by_name, faults_told
from outreach_audit.ledger.record import Record
from outreach_audit.ledger.store import Ledger
from outreach_audit.packs.definition import Definition
from outreach_audit.verdict.model import Verdict

_AT_ONCE = 500
_TOUCHED = "({table}.sender_domain IN (SELECT id FROM touched) OR {table}.recipient IN (SELECT id FROM touched))"


@dataclass(frozen=True, slots=True)
class Alike:
    """Deliveries judged ``other`` in which the same fired; ``word`` is what they hold instead of it.

    ``touched`` says whether their sender's or recipient's domain is one that was asked for.
    """

    word: int | None
    touched: bool
    via: Via
    score: float
    deliveries: int
    definition: str
    fired: tuple[str, ...]


def define(ledger: Ledger, definition: Definition) -> None:
    """Notes what the ids of a pack mean, for all records that name this definition."""
    with ledger.transaction():
        ledger.connection.execute(
            "INSERT OR IGNORE INTO pack VALUES (?, ?, ?)",
            (definition.digest, rows.clean(definition.label), rows.clean(definition.to_text())),
        )


def definitions(ledger: Ledger) -> dict[str, Definition]:
    """What the ids of all packs meant that judged here, by digest (`Record.definition`)."""
    with faults_told(ledger.path):
        found = ledger.connection.execute("SELECT digest, content FROM pack").fetchall()
    return {digest: Definition.of_text(content) for digest, content in found}


def found(ledger: Ledger) -> Iterator[tuple[bool, Record]]:
    """All records but those of ``other``, each with whether it is a delivery, and not a further copy of one.

    What was given can be stored anew meanwhile.
    """
    for table in ("delivery", "copy"):
        with faults_told(ledger.path):
            query = f"SELECT id FROM {table} WHERE label != 'other' ORDER BY id"  # noqa: S608 - our tables
            numbers = [number for (number,) in ledger.connection.execute(query)]
        for first in range(0, len(numbers), _AT_ONCE):
            part = numbers[first : first + _AT_ONCE]
            with faults_told(ledger.path):
                cursor = ledger.connection.cursor()
                cursor.row_factory = by_name
                holders = ", ".join("?" * len(part))
                read = cursor.execute(f"SELECT * FROM {table} WHERE id IN ({holders}) ORDER BY id", part).fetchall()  # noqa: S608
            yield from ((table == "delivery", ledger.record_of(row)) for row in read)


def other(ledger: Ledger, touches: Callable[[str], bool]) -> Iterator[Alike]:
    """The deliveries judged ``other``, in groups in which the same fired.

    Args:
        ledger: the ledger.
        touches: whether an address or domain is one of which something else is known now.
    """
    with faults_told(ledger.path), _touched(ledger, touches):
        query = (
            f"SELECT fired, {_TOUCHED.format(table='delivery')}, via, min(score), count(*) FROM delivery"  # noqa: S608
            " WHERE label = 'other' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        )
        groups = ledger.connection.execute(query).fetchall()
    for word, touched, via, score, deliveries in groups:
        definition, *fired = ("",) if word is None else ledger.text(word).split(" ")
        yield Alike(word, bool(touched), Via(via), score, deliveries, definition, tuple(fired))


@contextmanager
def _touched(ledger: Ledger, touches: Callable[[str], bool]) -> Iterator[None]:
    """Makes the private table ``touched`` of the numbers of such addresses and domains, for as long as it is needed."""
    ask = ledger.connection
    ask.create_function("touches", 1, touches, deterministic=True)
    try:
        ask.execute("CREATE TEMP TABLE touched AS SELECT id FROM word WHERE touches(text)")
        yield
    finally:
        ask.execute("DROP TABLE IF EXISTS temp.touched")


def judge_other(
    ledger: Ledger,
    verdicts: Mapping[tuple[int, bool], tuple[Verdict, str]],
    pack: str,
    touches: Callable[[str], bool],
) -> None:
    """Stores verdicts on deliveries that stay ``other``, and on their copies; within a transaction.

    Args:
        ledger: open for writing.
        verdicts: the verdict, and what fires now (as `rows.to_row` stores it), by ``word`` and ``touched`` of `Alike`.
        pack: names and versions of the packs that judged.
        touches: as for `other`.
    """
    ask = ledger.connection.execute
    columns = "fired INTEGER, touched INTEGER, score REAL, margin REAL, trap TEXT, now INTEGER"
    ask(f"CREATE TEMP TABLE anew ({columns}, PRIMARY KEY (fired, touched))")
    try:
        ledger.connection.executemany(
            "INSERT INTO anew VALUES (?, ?, ?, ?, ?, ?)",
            (
                (word, touched, verdict.score, verdict.margin, verdict.trap, ledger.number(text))
                for (word, touched), (verdict, text) in verdicts.items()
            ),
        )
        with _touched(ledger, touches):
            for table in ("delivery", "copy"):
                ask(
                    f"UPDATE {table} SET score = anew.score, margin = anew.margin, trap = anew.trap, pack = ?,"  # noqa: S608
                    f" fired = anew.now FROM anew WHERE {table}.fired = anew.fired AND {table}.label = 'other'"
                    f" AND anew.touched = {_TOUCHED.format(table=table)}",
                    (ledger.number(pack),),
                )
    finally:
        ask("DROP TABLE temp.anew")


def drop_offers(ledger: Ledger) -> None:
    """Drops the texts of messages that are neither approach nor unclear any more; within a transaction."""
    offers = f"label != 'other' AND label IN ('{Label.APPROACH}', '{Label.UNCLEAR}')"
    ledger.connection.execute(
        f"DELETE FROM offer WHERE message_key NOT IN (SELECT message_key FROM delivery WHERE {offers})"  # noqa: S608
        f" AND message_key NOT IN (SELECT message_key FROM copy WHERE {offers})"
    )
