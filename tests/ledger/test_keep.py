"""Keeping a ledger: what it holds, copies of it, and forgetting without a change of any count."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach_audit.codes import Label, Via
from outreach_audit.errors import UsageError
from outreach_audit.ledger import FileAccount, Ledger
from outreach_audit.ledger.keep import backup, forget_older, forget_person, info, names_of_files
from outreach_audit.tally import tables
from tests.ledger.make import OFFER, other, record

OLD, NEW = datetime(2025, 1, 2, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
BETWEEN = datetime(2025, 6, 1, tzinfo=UTC)
WORDS = ("Visiting Experts Fund", "apply for the", "Invitation")


@pytest.fixture
def path(tmp_path) -> Path:
    """Two old approaches, two new ones of the same template, one undated, and other mail."""
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        number = ledger.begin_run({})
        ledger.add([record("m1", "kim@home.example", date=OLD), record("m2", "lee@home.example", date=OLD)])
        ledger.add(
            [
                record("m3", "kim@home.example", date=NEW, text=OFFER.format(year=2027)),
                record("m4", "park@home.example", date=NEW),
            ]
        )
        ledger.add([record("m1", "kim@home.example", date=OLD, source="second.mbox")])
        ledger.add([record("m5", date=None), replace(other(1), recipient="kim@home.example")])
        ledger.add_accounting(
            [FileAccount("mail/kim@home.example.mbox", found=1, read=1), FileAccount("b.mbox", "c.mbox")]
        )
        ledger.assign_campaigns()
        ledger.finish_run(number)
    return path


def test_info(path):
    with Ledger.open(path, write=False) as ledger:
        told = info(ledger)
    assert told.size == path.stat().st_size
    assert (told.runs, told.finished, told.files, told.copies) == (1, 1, 2, 1)
    assert told.records == {Label.APPROACH: 5, Label.UNCLEAR: 0, Label.ADVERT: 0, Label.OTHER: 1}
    assert (told.oldest, told.newest) == (OLD, NEW)


def test_a_backup_is_the_same_ledger_also_while_a_run_writes(path, tmp_path):
    target = tmp_path / "copy.sqlite"
    target.write_text("an earlier one")
    with Ledger.open(path) as writing, Ledger.open(path, write=False) as ledger:
        with writing.transaction():
            writing.add([record("m9")])
            backup(ledger, target)
        before = tables(ledger)
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith((".", "copy"))) == ["copy.sqlite"]
    assert target.stat().st_mode & 0o77 == 0
    with Ledger.open(target) as copy:
        assert len(list(copy.records())) == 6
        copy.add([record("m9")])
        assert tables(copy) == before


def test_a_backup_never_replaces_the_ledger(path, tmp_path):
    with Ledger.open(path, write=False) as ledger:
        with pytest.raises(UsageError, match="the ledger itself"):
            backup(ledger, path)
        with pytest.raises(OSError, match="nowhere"):
            backup(ledger, tmp_path / "nowhere" / "copy.sqlite")


def test_old_evidence_is_forgotten_and_every_count_stays(path):
    with Ledger.open(path) as ledger:
        counted, campaigns = tables(ledger), ledger.campaigns()
        assert forget_older(ledger, BETWEEN) == 2
        assert forget_older(ledger, BETWEEN) == 0
        assert tables(ledger) == counted
        ledger.assign_campaigns()
        assert (tables(ledger), {c.campaign for c in ledger.campaigns().joined.values()}) == (
            counted,
            {c.campaign for c in campaigns.joined.values()},
        )
        old, new = list(ledger.records(until=BETWEEN)), list(ledger.records(since=BETWEEN))
        for one in old:
            assert (one.subject, one.sender, one.offer_text, one.verdict.hits[0].text) == ("", "", "", "")
            assert (one.verdict.hits[0].signal, one.attribution.dest_country.value) == ("offer.fund", "FR")
        assert all(one.subject and one.offer_text for one in new if one.verdict.label is Label.APPROACH)
        assert len(old) == 2
        assert info(ledger).oldest == NEW


def test_what_is_forgotten_is_not_in_the_file_any_more(path):
    with Ledger.open(path) as ledger:
        forget_older(ledger, datetime(2027, 1, 1, tzinfo=UTC))
        forget_person(ledger, "kim@home.example")
        ledger.connection.execute("DELETE FROM file")
        ledger.connection.execute("DELETE FROM delivery WHERE date IS NULL")
        ledger.connection.execute("DELETE FROM offer WHERE NOT forgotten")
        ledger.connection.execute("VACUUM")
    content = b"".join(one.read_bytes() for one in path.parent.iterdir())
    assert not [word for word in (*WORDS, "kim@home") if word.encode() in content]


def test_one_person_is_erased_and_still_counts_as_one(path):
    with Ledger.open(path) as ledger:
        counted = tables(ledger)
        assert forget_person(ledger, " Kim@home.example ") == 3
        assert forget_person(ledger, "kim@home.example") == 0
        assert tables(ledger) == counted
        tokens = {one.recipient for one in ledger.records() if one.recipient.startswith("forgotten-")}
        assert len(tokens) == 1
        assert not [
            one for one in ledger.records() if "kim" in one.recipient or (one.recipient in tokens and one.subject)
        ]
        assert names_of_files(ledger, "kim@home.example") == ["mail/kim@home.example.mbox"]
        assert {one.recipient for one in ledger.records() if one.offer_text} == {
            "park@home.example",
            "lee@home.example",
            "a@home.example",
        }


def test_a_message_read_again_is_remembered_again(path):
    with Ledger.open(path) as ledger:
        forget_older(ledger, BETWEEN)
        ledger.add([record("m1", "kim@home.example", date=OLD)])
        one = next(found for found in ledger.records() if found.message_id == "<m1@agency.example>")
        assert one.offer_text == OFFER.format(year=2026)
        ledger.assign_campaigns()
        assert {c.campaign for c in ledger.campaigns().joined.values()} == {
            next(iter(ledger.campaigns().joined.values())).campaign
        }


def test_dropping_a_place_lets_the_next_copy_stand(path):
    with Ledger.open(path) as ledger:
        ledger.add([record("m2", "lee@home.example", via=Via.REPORT, source="third.mbox")])
        ledger.drop("inbox.mbox")
        [kept, reported] = [one for one in ledger.records() if one.verdict.label is Label.APPROACH]
        assert {kept.ref.source, reported.ref.source} == {"second.mbox", "third.mbox"}
        ledger.drop("second.mbox")
        ledger.drop("third.mbox")
        assert [one.verdict.label for one in ledger.records()] == []
        assert ledger.connection.execute("SELECT count(*) FROM offer").fetchone() == (0,)


def test_an_older_ledger_is_brought_up_to_date(tmp_path):
    from outreach_audit.ledger.schema import _FIRST, APPLICATION_ID

    path = tmp_path / "old.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(f"{_FIRST};PRAGMA user_version = 1;PRAGMA application_id = {APPLICATION_ID};")
    connection.execute(
        "INSERT INTO file VALUES ('a.mbox', '', 0, 0, 1, 1, 0, 0, 0, 0, '', '[]', '[]', NULL, NULL, 'x')"
    )
    connection.commit()
    connection.close()
    with Ledger.open(path) as ledger:
        assert [account.path for account in ledger.accounts()] == ["a.mbox"]
        assert list(ledger.checkpoints()) == []
