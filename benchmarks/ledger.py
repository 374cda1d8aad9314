"""What the monthly report costs on a large ledger, and how much room a delivery of ``other`` mail takes.

Usage: ``python benchmarks/ledger.py [--deliveries 10000000] [--found 0.01] [--keep FILE]``. The ledger is
generated: two years of mail to 5,000 persons at five institutes in a hundred mailboxes, with Message-IDs, dates and
scores as in real mail; of so many in a hundred something was found (half of it approaches, of a hundred templates).
What the program would store is stored, by its own rows; only the way of each single record through Python is shortened.
CPU and wall seconds; before the first report the system is asked to drop the file from its page cache. POSIX only.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from outreach_audit.attribution.model import Attribution, Claim, Grade
from outreach_audit.codes import Cue, Folder, Kind, Label, Reading, SenderType, Trap, Via
from outreach_audit.ledger import FileAccount, Ledger, Record
from outreach_audit.ledger.rows import COLUMNS, Value, key, to_row
from outreach_audit.mail.model import Scope
from outreach_audit.report import make_document
from outreach_audit.signals.model import Hit
from outreach_audit.sources import Ref
from outreach_audit.verdict.model import Verdict

MONTH = "2026-03"
_START = datetime(2024, 7, 1, tzinfo=UTC)
_MINUTES = 730 * 24 * 60
_PERSONS, _MAILBOXES, _INSTITUTES, _CAMPAIGNS = 5_000, 100, 5, 100
_KEYS = tuple(map(COLUMNS.index, ("finding", "message_key", "delivery_key")))
_OFFER = "We invite you to apply for the visiting experts fund of the city, with salary and start-up funding. " * 8
_BATCH = 100_000
_SPAM = 0.2


def _digest(number: int, what: str) -> str:
    return sha256(f"{number} {what}".encode()).hexdigest()


def _record(number: int, label: Label, chance: random.Random) -> Record:
    """One record as a scan makes it."""
    person = chance.randrange(_PERSONS)
    message = _digest(number, "message")
    when = _START + timedelta(minutes=chance.randrange(_MINUTES))
    found = label is not Label.OTHER
    campaign = chance.randrange(_CAMPAIGNS)
    hits = tuple(
        Hit(f"offer.signal_{n}", Scope.BODY, "we invite you to apply for the visiting experts fund", 1.5, counter=False)
        for n in range(6)
    )
    score = chance.gauss(9 if found else -3, 2)
    domain = f"sender{chance.randrange(3_000)}.example.org"
    return Record(
        finding=message[:16],
        message_key=message[:32],
        delivery_key=_digest(number, "delivery")[:32],
        message_id=f"<{message[:32]}.{number}@mail.example.org>",
        carrier_message_id=f"<{message[:32]}.{number}@mail.example.org>",
        ref=Ref(f"/srv/mail/{person % _MAILBOXES}/inbox.mbox", None, number * 31, chance.randrange(2_000, 90_000)),
        date=when,
        date_header=when - timedelta(seconds=4),
        date_received=when,
        folder=Folder.SPAM if chance.random() < _SPAM else Folder.INBOX,
        recipient=f"person{person}@institute{person % _INSTITUTES}.example",
        institute=f"https://ror.org/0institute{person % _INSTITUTES}",
        home="KR",
        via=Via.DIRECT,
        subject="Invitation to apply for the visiting experts fund" if found else "",
        sender=f"office@{domain}" if found else "",
        language="en" if found else "",
        header_only=False,
        reading=Reading.READ,
        defects=(),
        verdict=Verdict(
            label, round(score, 3), round(abs(score) / 2, 3), core=found, kind=Kind.TALENT_FUND if found else None,
            cues=(Cue.PAY_FIGURE, Cue.CV_REQUESTED) if found else (), trap=None if found else Trap.ORDINARY,
            hits=hits if found else (), reasons=("points reach what an approach needs",) if found else (),
        ),
        attribution=Attribution(
            claimed_sponsor=Claim("Visiting Experts Fund", Grade.MEDIUM, "The text names it."),
            dest_country=Claim("FR", Grade.STRONG, "The domain of the sender lies there."),
            sender_type=SenderType.AGENCY,
            sender_domain=domain,
        ) if found else Attribution(sender_domain=domain),
        foreign=True if found else None,
        offer_text=f"{_OFFER}{campaign} {_digest(campaign, 'text')}" if found else "",
        hosts=(f"landing{campaign}.example",) if found else (),
        pack="core 1.0.0",
        fired=tuple(sorted({f"signal_{int(chance.expovariate(0.1))}" for _ in range(chance.randrange(5))})),
        definition="0123456789abcdef",
    )  # fmt: skip


def records(deliveries: int, found: float, seed: int = 1) -> Iterator[Record]:
    """So many records; with the chance ``found`` something was found in one."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    labels = (Label.APPROACH, Label.APPROACH, Label.UNCLEAR, Label.ADVERT)
    for number in range(deliveries):
        label = labels[number % 4] if chance.random() < found else Label.OTHER
        yield _record(number, label, chance)


def _rows(ledger: Ledger, made: Iterator[Record]) -> Iterator[tuple[Value, ...]]:
    """Rows of new deliveries; texts that many share are numbered once."""
    numbers: dict[str, int] = {}

    def number_of(text: str) -> int:
        if text not in numbers:
            ask = ledger.connection.execute
            ask("INSERT OR IGNORE INTO word (text) VALUES (?)", (text,))
            numbers[text] = ask("SELECT id FROM word WHERE text = ?", (text,)).fetchone()[0]
        return numbers[text]

    for record in made:
        yield to_row(record, number_of)


def generate(path: Path, deliveries: int, found: float) -> None:
    """Writes a ledger of so many deliveries, with campaigns assigned and the run finished."""
    templates: dict[str, str] = {}
    with Ledger.open(path) as ledger:
        ledger.connection.execute("PRAGMA cache_size = -2000000")
        run = ledger.begin_run({"date_basis": "received"})
        ask = ledger.connection.execute
        columns = ", ".join("?" * len(COLUMNS))
        made = records(deliveries, found)
        rest = deliveries
        while rest > 0:
            size = min(rest, _BATCH)
            rest -= size
            batch = [next(made) for _ in range(size)]
            with ledger.transaction():
                ledger.connection.executemany(
                    f"INSERT INTO delivery VALUES (NULL, {columns})",  # noqa: S608 - place holders
                    _rows(ledger, iter(batch)),
                )
                for record in batch:
                    if record.verdict.label in {Label.APPROACH, Label.UNCLEAR}:
                        template = record.offer_text[-64:]
                        campaign = templates.setdefault(template, template[:16])
                        ask(
                            "INSERT INTO offer (message_key, text, hosts, campaign, reason, near, distance, host)"
                            " VALUES (?, ?, '[]', ?, 'equal', ?, 0.0, '')",
                            (key(record.message_key), record.offer_text, campaign, key(record.message_key)),
                        )
        ledger.add_accounting(
            FileAccount(f"/srv/mail/{n}/inbox.mbox", found=deliveries // _MAILBOXES, read=deliveries // _MAILBOXES)
            for n in range(_MAILBOXES)
        )
        ledger.finish_run(run)


def bytes_a_delivery(path: Path) -> float:
    """How much room a delivery takes with indexes and shared texts, without evidence and texts of what was found."""
    with Ledger.open(path, write=False) as ledger:
        ask = ledger.connection.execute
        pages, size = ask("PRAGMA page_count").fetchone()[0], ask("PRAGMA page_size").fetchone()[0]
        evidence = ask("SELECT total(length(CAST(detail AS BLOB))) FROM delivery WHERE label != 'other'").fetchone()[0]
        texts = ask("SELECT total(length(CAST(text AS BLOB))) FROM offer").fetchone()[0]
        return float((pages * size - evidence - texts) / ask("SELECT sum(number) FROM total").fetchone()[0])


def report_seconds(path: Path) -> tuple[float, float]:
    """CPU and wall time of the monthly report."""
    cpu, wall = time.process_time(), time.perf_counter()
    with Ledger.open(path, write=False) as ledger:
        document = make_document(ledger, month=MONTH)
    assert document.table("institute")
    return time.process_time() - cpu, time.perf_counter() - wall


def _forget_cached(path: Path) -> None:
    """Has the system drop the file from its page cache."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--deliveries", type=int, default=10_000_000)
    parser.add_argument("--found", type=float, default=0.01)
    parser.add_argument("--keep", type=Path, help="keep the ledger here; one that is there is measured again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder, "ledger.sqlite")
        if not path.exists():
            start = time.process_time()
            generate(path, options.deliveries, options.found)
            sys.stdout.write(f"generated in {time.process_time() - start:.0f} s CPU\n")
        sys.stdout.write(
            f"{options.deliveries:,} deliveries: {path.stat().st_size / 1e6:,.0f} MB,"
            f" {bytes_a_delivery(path):.0f} bytes a delivery without evidence; target 300\n"
        )
        _forget_cached(path)
        for name in ("from disk", "again", "again"):
            cpu, wall = report_seconds(path)
            sys.stdout.write(f"report of {MONTH}, {name}: {cpu:.2f} s CPU, {wall:.2f} s wall; target 5 s\n")


if __name__ == "__main__":
    main()
