"""Runs by many processes: the same ledger to the byte, whatever becomes of the processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from outreach_audit.codes import Folder, Reading
from outreach_audit.errors import OutreachAuditError
from outreach_audit.ledger import Ledger
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.watchlist import Indicator, Type
from outreach_audit.run import workers
from outreach_audit.run.assess import Assessor
from outreach_audit.run.executors import Processes
from outreach_audit.run.scan import Silent, scan
from outreach_audit.run.settings import Mailbox, Settings
from tests.run.dying import ONCE, POISON, always_dying, dying
from tools.kill_runs import letter, mbox, write_mail

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals")
PACK = load_packs()
ASSESSOR = Assessor(PACK, Settings())


class Said(Silent):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def skipped(self, skipped) -> None:
        self.lines.append(f"{skipped.ref} {skipped.reason}")

    def say(self, text: str) -> None:
        self.lines.append(text)


def dump(ledger: Ledger) -> list[str]:
    """Every row of every table, in the order in which they lie there."""
    return list(ledger.connection.iterdump())


def scanned(*paths: Path, executor=None, assessor: Assessor = ASSESSOR, **options) -> tuple[list[str], list[str]]:
    """All that a run stores and says."""
    said = Said()
    with Ledger.open() as ledger:
        scan(paths, ledger, PACK, assessor, observer=said, executor=executor, **options)
        return dump(ledger), said.lines


class Dying(Processes):
    """Processes that die of certain words in a message."""

    def submit(self, call, /, *args, **kwargs):
        return super().submit(dying, os.environ.get("FLAG", ""), call, *args, **kwargs)


@pytest.fixture(scope="module")
def mail(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("workers") / "mail"
    write_mail(folder, 20)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (folder / "large.mbox").write_bytes(
        b"".join(mbox(range(n, n + 1)) + b"\0" * 20_000 + b"\n\n" for n in range(9000, 9060))
        + b"From x is in doubt\nSubject: y\n\n"
    )  # fmt: skip
    (folder / "Spam").mkdir()
    (folder / "Spam" / "log.csv").write_text("date,from,to,subject\n2024-03-04,a@b.org,c@kaist.ac.kr,Chair professor\n")
    return folder


@pytest.fixture(scope="module")
def alone(mail) -> tuple[list[str], list[str]]:
    return scanned(mail, batch=30)


@pytest.mark.parametrize("number", [2, 5])
def test_any_number_of_workers_stores_and_says_the_same(mail, alone, number, monkeypatch):
    monkeypatch.setattr("outreach_audit.run.crew.shard_size", lambda *_: 50_000)
    with Processes(number) as executor:
        assert scanned(mail, executor=executor, batch=30) == alone


def test_what_is_known_of_mailboxes_and_watchlists_reaches_workers(mail, monkeypatch):
    monkeypatch.chdir(mail.parent)
    boxes = (Mailbox(mail / "inbox.mbox", Folder.SPAM, "x@kaist.ac.kr"), Mailbox(mail / "single", None, "", "ror:1"))
    assessor = ASSESSOR.with_settings(replace(ASSESSOR.settings, mailboxes=boxes, home="KR"))
    options = {
        "assessor": assessor,
        "watchlist": [Indicator("bridge", Type.DOMAIN, "bridge.example.com", None, None, "", "list", "")],
    }
    with Processes(2) as executor:
        found = scanned(Path("mail"), Path("mail/inbox.mbox"), mail, executor=executor, **options)
    assert found == scanned(Path("mail"), Path("mail/inbox.mbox"), mail, **options)
    assert "bridge" in str(found)


@pytest.mark.parametrize("form", ["mbox", "files", "archive"])
def test_a_worker_that_dies_costs_its_shard_a_second_try(tmp_path, form, monkeypatch):
    folder = write_one(tmp_path, form, ONCE)
    monkeypatch.setenv("FLAG", str(tmp_path / "flag"))
    with Dying(2) as executor:
        assert scanned(folder, executor=executor) == scanned(folder)
    assert (tmp_path / "flag").exists()


@pytest.mark.parametrize("form", ["mbox", "files", "archive"])
def test_a_message_that_ends_each_worker_is_accounted_for(tmp_path, form, monkeypatch):
    folder = write_one(tmp_path, form, POISON)
    monkeypatch.setenv("FLAG", str(tmp_path / "flag"))
    with Dying(2) as executor, Ledger.open() as ledger:
        said = Said()
        scan([folder], ledger, PACK, ASSESSOR, observer=said, executor=executor)
        accounts = list(ledger.accounts())
        assert len(list(ledger.records())) == 39
    assert [line for line in said.lines if "ended the process" in line] == said.lines
    assert len(said.lines) == 1
    assert sum(account.unreadable for account in accounts) == 1
    assert sum(account.found for account in accounts) == 40


def write_one(tmp_path: Path, form: str, words: bytes) -> Path:
    """Forty letters, one of them with these words."""
    folder = tmp_path / "mail"
    folder.mkdir()
    letters = [letter(number).encode() + (words + b"\n") * (number == 23) for number in range(40)]
    if form == "files":
        for number, one in enumerate(letters):
            (folder / f"{number:02}.eml").write_bytes(one)
    else:
        import gzip

        content = b"".join(b"From a@b.org Mon Mar  4 01:00:00 2024\n" + one + b"\n" for one in letters)
        (folder / "a").write_bytes(gzip.compress(content) if form == "archive" else content + b"\n" * 300_000)
    return folder


class Hopeless(Processes):
    def submit(self, call, /, *args, **kwargs):
        return super().submit(always_dying)


def test_workers_that_cannot_begin_end_the_run(mail):
    with Hopeless(2) as executor, pytest.raises(OutreachAuditError, match="workers end as soon as they begin"):
        scanned(mail, executor=executor)


@pytest.mark.parametrize(
    ("change", "told"),
    [({"version": "0.0.1"}, r"outreach-audit .*, this run 0\.0\.1"), ({"digests": ("x",)}, "other packs")],
)
def test_workers_of_another_kind_are_refused_in_a_line(mail, monkeypatch, change, told):
    def other(*args):
        import pickle

        return pickle.dumps(replace(pickle.loads(packed(*args)), **change))

    packed = workers.packed
    monkeypatch.setattr("outreach_audit.run.scan.packed", other)
    with Processes(2) as executor, pytest.raises(OutreachAuditError, match=told) as error:
        scanned(mail, executor=executor)
    assert "\n" not in str(error.value)


def test_a_file_that_is_replaced_meanwhile_ends_there(tmp_path):
    path = tmp_path / "a.mbox"
    path.write_bytes(mbox(range(1500)))

    class Replacing(Said):
        def message(self, assessed) -> None:
            if assessed.ref.offset == 39:
                path.with_name("b").write_bytes(b"x" * path.stat().st_size)
                path.with_name("b").rename(path)

    said = Replacing()
    with Processes(2) as executor, Ledger.open() as ledger:
        scan([path], ledger, PACK, ASSESSOR, observer=said, executor=executor)
        assert 0 < len(list(ledger.records())) <= 1500
        found = {account.unreadable for account in ledger.accounts()}
    assert found in ({0, 1}, {0})
    assert len(said.lines) == sum(found)


def test_a_killed_run_loses_a_batch_and_leaves_no_process(tmp_path):
    path, ledger = tmp_path / "a.mbox", tmp_path / "ledger.sqlite"
    path.write_bytes(mbox(range(1500)))
    command = [sys.executable, "-m", "outreach_audit", "scan", str(path), "--ledger", str(ledger), "--workers", "2"]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while not (ledger.exists() and stored(ledger)) and run.poll() is None:
        time.sleep(0.05)
    run.kill()
    run.wait()
    before = stored(ledger)
    assert 0 < before < 1500
    deadline = time.monotonic() + 20
    while processes_of(run.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_of(run.pid) == []
    with Ledger.open(ledger) as resumed, Processes(2) as executor:
        counted = []

        class Counting(Silent):
            def message(self, assessed) -> None:
                counted.append(assessed)

        scan([path], resumed, PACK, ASSESSOR, observer=Counting(), executor=executor)
        assert len(counted) <= 1500 - before + 1
        found = [replace(record, ref=None) for record in resumed.records()]
    with Ledger.open() as fresh:
        scan([path], fresh, PACK, ASSESSOR)
        assert found == [replace(record, ref=None) for record in fresh.records()]


def stored(ledger: Path) -> int:
    try:
        with Ledger.open(ledger, write=False) as opened:
            return sum(1 for _ in opened.records())
    except OutreachAuditError:
        return 0


def processes_of(session: int) -> list[int]:
    """Processes of a session that still run."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(entry.parent.name))
    return found


def test_a_worker_killed_from_outside_is_replaced(tmp_path):
    path = tmp_path / "a.mbox"
    path.write_bytes(mbox(range(700)))
    killed = []
    with Processes(2) as executor:

        def kill() -> None:
            while not (executor._pool and executor._pool._processes):
                time.sleep(0.02)
            time.sleep(0.3)
            victim = next(iter(executor._pool._processes))
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

        thread = threading.Thread(target=kill)
        thread.start()
        found = scanned(path, executor=executor)
        thread.join()
    assert killed
    assert found == scanned(path)
    assert Reading.UNREADABLE not in found[0]
