import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach_audit.codes import Label, Reading
from outreach_audit.ledger import Ledger
from outreach_audit.packs.load import load_packs
from outreach_audit.run.assess import Assessor
from outreach_audit.run.scan import scan
from outreach_audit.run.settings import Settings
from outreach_audit.tally import tables

PACK = load_packs()
ASSESSOR = Assessor(PACK, Settings())


def letter(number: int, to: str = "kim@kaist.ac.kr") -> str:
    return (
        f"From: Office <hr@bridge{number % 3}.example.com>\nTo: {to}\nSubject: Chair professor {number}\nMessage-ID: <m{number}@x.org>\n"
        f"Date: Mon, 4 Mar 2024 01:{number:02}:00 +0000\n\nDear Professor,\n\nour university in Shenzhen, China, would like to invite you to "
        "join us as chair professor. The annual salary is RMB 900,000; an apartment and start-up funding are provided. "
        "Please send your CV before 30 June.\n"
    )


def mbox(letters: list[str]) -> str:
    return "".join(f"From a@b.org Mon Mar  4 01:00:00 2024\n{text}\n" for text in letters)


def run(paths, ledger: Ledger) -> None:
    scan(paths, ledger, PACK, ASSESSOR)


def test_every_message_is_accounted_for(tmp_path):
    (tmp_path / "inbox.mbox").write_text(mbox([letter(1), letter(2), "\x00\x01rubbish without any header\n\x02"]))
    (tmp_path / "one.eml").write_text(letter(3))
    (tmp_path / "picture.mbox").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    with Ledger.open() as ledger:
        run([tmp_path], ledger)
        accounts = {account.path.rpartition("/")[2]: account for account in ledger.accounts()}
        assert accounts["picture.mbox"].found == 0
        assert accounts["picture.mbox"].skipped
        assert accounts["one.eml"].found == 1
        assert accounts["inbox.mbox"].found == accounts["inbox.mbox"].read + accounts[
            "inbox.mbox"
        ].read_with_defects + (accounts["inbox.mbox"].partly_read + accounts["inbox.mbox"].unreadable)
        assert sum(1 for _ in ledger.records({Label.APPROACH})) == 3


def test_a_truncated_mailbox_gives_what_is_there(tmp_path):
    whole = mbox([letter(n) for n in range(5)])
    (tmp_path / "cut.mbox").write_text(whole[: len(whole) - 300])
    with Ledger.open() as ledger:
        run([tmp_path], ledger)
        assert sum(a.found for a in ledger.accounts()) == 5
        assert sum(1 for _ in ledger.records({Label.APPROACH})) >= 4


def figures(ledger: Ledger) -> list[object]:
    return [
        (t.name, [(r.section, r.value, [c.value for c in r.counts]) for r in (*t.rows, *t.totals)])
        for t in tables(ledger)
        if t.name != "reading"
    ]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(range(6)), min_size=1, max_size=6, unique=True), st.integers(0, 6), st.booleans())
def test_order_and_splitting_of_files_do_not_change_the_figures(tmp_path_factory, numbers, cut, twice):
    folder = tmp_path_factory.mktemp("mail")
    letters = [letter(n) for n in sorted(numbers)]
    (folder / "all.mbox").write_text(mbox(letters))
    shuffled = [letter(n) for n in numbers]
    parts = folder / "parts"
    parts.mkdir()
    for name, chosen in (("z", shuffled[:cut]), ("a", shuffled[cut:])):
        if chosen:
            (parts / f"{name}.mbox").write_text(mbox(chosen))
    with Ledger.open() as one, Ledger.open() as other:
        run([folder / "all.mbox"], one)
        run([parts], other)
        if twice:
            run([parts], other)
        assert figures(one) == figures(other)


def test_what_is_at_no_path_is_told_and_not_raised(tmp_path):
    seen = []

    class Observer:
        def message(self, assessed):
            raise AssertionError(assessed)

        def skipped(self, skipped):
            seen.append(skipped)

    with Ledger.open() as ledger:
        scan([tmp_path / "missing"], ledger, PACK, Assessor(PACK, Settings()), observer=Observer())
        assert [a.found for a in ledger.accounts()] == [0]
    assert len(seen) == 1


def test_reading_defects_reach_the_account(tmp_path):
    (tmp_path / "a.eml").write_bytes(letter(1).encode() + b"\n\xff\xfe\x80 broken bytes\n")
    with Ledger.open() as ledger:
        run([tmp_path], ledger)
        [account] = ledger.accounts()
    assert account.found == 1
    assert sum(getattr(account, reading.value) for reading in Reading) == 1


def test_the_package_needs_no_network(tmp_path, monkeypatch):
    import socket

    def refuse(*args, **kwargs):
        raise AssertionError("a connection was attempted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    (tmp_path / "a.eml").write_text(letter(1))
    with Ledger.open() as ledger:
        run([tmp_path], ledger)
        assert sum(1 for _ in ledger.records({Label.APPROACH})) == 1


@pytest.mark.parametrize("content", ["", "\n\n\n"])
def test_an_empty_file_holds_no_mail(tmp_path, content):
    (tmp_path / "a.mbox").write_text(content)
    with Ledger.open() as ledger:
        run([tmp_path], ledger)
        [account] = ledger.accounts()
    assert account.found == 0
    assert account.skipped
