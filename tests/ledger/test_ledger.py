import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach_audit.codes import Folder, Label, Reading, Via
from outreach_audit.errors import LedgerBusyError, OutreachAuditError
from outreach_audit.ledger import FileAccount, Ledger
from outreach_audit.ledger.schema import MIGRATIONS
from outreach_audit.sources.model import Ref
from tests.ledger.make import OFFER, other, record


def test_what_was_found_comes_back_whole():
    plain = record(hosts=("fund.example",))
    unclear = replace(
        record("m2", label=Label.UNCLEAR, via=Via.REPORT, country="ZZ", foreign=None, date=None),
        message_id=None,
        ref=Ref("a.zip", "b.mbox", 5, 7),
        folder=Folder.REPORTS,
        reading=Reading.PARTLY_READ,
        defects=("a part could not be decoded",),
        message_key="not a digest <x@y>",
    )
    advert = replace(record("m3", label=Label.ADVERT), carrier_message_id=None)
    with Ledger.open() as ledger:
        ledger.add([advert, unclear, plain])
        assert list(ledger.records()) == [*sorted([plain, advert], key=lambda one: one.finding), unclear]
        assert list(ledger.records([Label.UNCLEAR])) == [unclear]


def test_other_mail_keeps_what_is_counted_and_its_defects():
    kept = replace(other(3), defects=("no boundary",))
    with Ledger.open() as ledger:
        ledger.add([kept])
        assert list(ledger.records([Label.OTHER])) == [replace(kept, verdict=next(ledger.records()).verdict)]
        assert next(ledger.records()).verdict.score == kept.verdict.score


def test_records_of_a_period():
    days = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3)]
    with Ledger.open() as ledger:
        ledger.add([record(f"m{day.day}", date=day) for day in days] + [record("undated", date=None)])
        assert [one.date for one in ledger.records(since=days[1], until=days[2])] == [days[1]]
        assert len(list(ledger.records())) == 4


def test_the_same_batch_twice_changes_nothing():
    with Ledger.open() as ledger:
        batch = [record(f"m{n}") for n in range(5)]
        ledger.add(batch)
        before = list(ledger.records())
        ledger.add(batch)
        assert list(ledger.records()) == before
        assert ledger.connection.execute("SELECT count(*) FROM copy").fetchone() == (0,)


def test_second_copies_are_noted_whatever_their_order():
    inbox = record(source="z.mbox")
    spam = record(source="a.mbox", folder=Folder.SPAM)
    for order in ([inbox, spam], [spam, inbox, spam]):
        with Ledger.open() as ledger:
            for one in order:
                ledger.add([one])
            assert list(ledger.records()) == [inbox]
            assert ledger.connection.execute("SELECT count(*) FROM copy").fetchone() == (1,)


def test_a_later_judgement_of_the_same_place_replaces_the_earlier():
    with Ledger.open() as ledger:
        ledger.add([record()])
        ledger.add([record(label=Label.ADVERT)])
        assert [one.verdict.label for one in ledger.records()] == [Label.ADVERT]


def test_a_direct_delivery_and_a_report_of_it_are_both_kept():
    reported = replace(record(via=Via.REPORT), delivery_key=record().delivery_key)
    with Ledger.open() as ledger:
        ledger.add([reported])
        ledger.add([record()])
        assert sorted(one.via for one in ledger.records()) == [Via.DIRECT, Via.REPORT]


def test_campaigns_are_assigned_to_approaches_and_unclear_messages():
    with Ledger.open() as ledger:
        ledger.add([record("m1"), record("m2", text=OFFER.format(year=2027)), record("m3", label=Label.UNCLEAR)])
        ledger.add(
            [record("m4", text="A talk about geology is given in room five on Monday; coffee will be there."), other(1)]
        )
        found = ledger.assign_campaigns()
        assert sorted(map(len, found.members().values())) == [1, 3]
        assert ledger.campaigns() == found
        ledger.add([record("m1", label=Label.OTHER)])
        assert len(ledger.assign_campaigns().joined) == 3


def test_accounts_replace_those_that_they_overlap():
    whole = FileAccount("a.mbox", length=100, found=3, read=2, unreadable=1, folders=(Folder.INBOX,))
    more = FileAccount("a.mbox", offset=100, length=50, found=1, read=1, last_date=datetime(2026, 1, 2, tzinfo=UTC))
    picture = FileAccount("b.zip", "b.jpg", skipped="a picture, no mail", notes=("strict: 1, lenient: 2 messages",))
    with Ledger.open() as ledger:
        ledger.add_accounting([whole, picture, more])
        assert list(ledger.accounts()) == [whole, more, picture]
        again = replace(whole, length=150, found=4, read=3)
        ledger.add_accounting([again])
        assert list(ledger.accounts()) == [again, picture]
    with pytest.raises(ValueError, match="do not sum"):
        FileAccount("a.mbox", found=2, read=1)


def test_a_transaction_holds_records_and_accounts_together():
    with Ledger.open() as ledger:

        def broken() -> Iterator[FileAccount]:
            yield FileAccount("a.mbox")
            raise KeyError

        def add_both() -> None:
            with ledger.transaction():
                ledger.add([record("m1", "new@home.example")])
                ledger.add_accounting(broken())

        with pytest.raises(KeyError):
            add_both()
        assert list(ledger.accounts()) == []
        assert list(ledger.records()) == []
        ledger.add([record("m1", "new@home.example")])
        assert next(ledger.records()).recipient == "new@home.example"


def test_paths_and_texts_that_are_no_unicode_are_kept_readable():
    odd = replace(
        record(text="offer \udcff \x00 text"), ref=Ref(os.fsdecode(b"m\xff.mbox"), None, 0, 1), subject="\ud800"
    )
    with Ledger.open() as ledger:
        ledger.add([odd])
        ledger.add([odd])
        kept = next(ledger.records())
        assert (kept.ref.source, kept.offer_text) == ("m\\udcff.mbox", "offer \\udcff \x00 text")


def test_runs_are_noted():
    with Ledger.open() as ledger:
        assert ledger.begin_run({"date_basis": "received", "path": Path("x")}) == 1
        assert ledger.begin_run({}) == 2
        assert ledger.runs() == [{"date_basis": "received", "path": "x"}, {}]


def test_one_writer_many_readers(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        ledger.add([record()])
        with pytest.raises(LedgerBusyError, match="another run holds"):
            Ledger.open(path)
        with Ledger.open(path, write=False) as reader:
            assert len(list(reader.records())) == 1
            with pytest.raises(OutreachAuditError, match="read-only"):
                reader.add([record("m2")])
    with Ledger.open(path) as ledger:
        assert len(list(ledger.records())) == 1


def test_what_is_no_ledger_is_refused_and_left_alone(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_bytes(b"not a database at all, " * 100)
    foreign = tmp_path / "foreign.sqlite"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    for path in (text, foreign):
        before = path.read_bytes()
        with pytest.raises(OutreachAuditError, match="not a ledger"):
            Ledger.open(path)
        assert path.read_bytes() == before
    with pytest.raises(OutreachAuditError, match="cannot be opened"):
        Ledger.open(tmp_path / "absent" / "ledger.sqlite")
    with pytest.raises(OutreachAuditError, match="cannot be opened"):
        Ledger.open(tmp_path / "absent.sqlite", write=False)


def test_a_ledger_of_a_newer_version_is_refused(tmp_path):
    path = tmp_path / "ledger.sqlite"
    Ledger.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(OutreachAuditError, match="newer version"):
        Ledger.open(path)


def test_a_damaged_ledger_is_told_in_one_line(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        ledger.add([record(f"m{n}") for n in range(500)])
    content = bytearray(path.read_bytes())
    content[8192:-4096] = b"\xa5" * (len(content) - 12288)
    path.write_bytes(content)

    def read_all() -> None:
        with Ledger.open(path) as ledger:
            list(ledger.records())

    with pytest.raises(OutreachAuditError, match="is damaged") as told:
        read_all()
    assert "\n" not in str(told.value)


def test_a_full_disk_keeps_what_was_finished(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        ledger.add([record()])
        pages = ledger.connection.execute("PRAGMA page_count").fetchone()[0]
        ledger.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(OutreachAuditError, match="disk is full"):
            ledger.add([record(f"n{n}", text=f"{n} " * 3000) for n in range(50)])
    with Ledger.open(path) as ledger:
        assert len(list(ledger.records())) == 1
        ledger.add([record("m2")])


WRITER = """
    import sys
    from pathlib import Path
    from outreach_audit.ledger import Ledger
    from tests.ledger.make import record

    class Slow(list):
        def __iter__(self):
            for number, one in enumerate(super().__iter__()):
                if number == 7:
                    print("in the middle", flush=True)
                    sys.stdin.read()
                yield one

    ledger = Ledger.open(Path(sys.argv[1]))
    for batch in range(3):
        ledger.add([record(f"m{batch}-{n}") for n in range(10)])
    ledger.add(Slow(record(f"m3-{n}") for n in range(10)))
"""


def test_a_writer_killed_in_mid_batch_leaves_whole_batches_and_no_lock(tmp_path):
    path = tmp_path / "ledger.sqlite"
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(path)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"in the middle\n"
    with pytest.raises(LedgerBusyError):
        Ledger.open(path)
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    with Ledger.open(path) as ledger:
        assert len(list(ledger.records())) == 30
        ledger.add([record(f"m3-{n}") for n in range(10)])
        assert len(list(ledger.records())) == 40


def test_a_delivery_of_other_mail_takes_less_than_300_bytes(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        ledger.add([other(n) for n in range(20_000)])
    assert path.stat().st_size / 20_000 < 300


def test_a_record_that_makes_no_sense_is_told_in_one_line():
    with Ledger.open() as ledger:
        ledger.add([record()])
        ledger.connection.execute("UPDATE delivery SET folder = 'nowhere'")
        with pytest.raises(OutreachAuditError, match="damaged at record 1"):
            list(ledger.records())
