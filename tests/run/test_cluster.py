"""Runs by the workers of a Dask cluster, and what becomes of them when worker, scheduler or client ends."""

import os
import signal
import subprocess
import sys
import time

import pytest

from outreach_audit.errors import OutreachAuditError
from outreach_audit.ledger import Ledger
from outreach_audit.run.scan import scan
from tests.run.test_workers import ASSESSOR, PACK, Said, dump, scanned
from tools.cluster_runs import cluster
from tools.kill_runs import mbox, write_mail

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals")

from outreach_audit.run.cluster import Cluster  # noqa: E402 - behind the look for the extra


@pytest.fixture
def mail(tmp_path):
    folder = tmp_path / "mail"
    write_mail(folder, 30)
    (folder / "large.mbox").write_bytes(
        b"".join(mbox(range(n, n + 1)) + b"\0" * 9000 + b"\n\n" for n in range(9000, 9120))
    )
    return folder


class At(Said):
    """Does something once so many messages were read."""

    def __init__(self, number: int, action) -> None:
        super().__init__()
        self._left, self._action = number, action

    def message(self, assessed) -> None:
        self._left -= 1
        if self._left == 0:
            self._action()


def test_three_workers_of_which_one_is_killed_store_and_say_the_same(tmp_path, mail, monkeypatch):
    monkeypatch.setattr("outreach_audit.run.crew.shard_size", lambda *_: 30_000)
    with cluster(tmp_path / "dask", 3) as processes:
        said = At(20, processes.workers[1].kill)
        with Cluster(processes.address) as executor, Ledger.open() as ledger:
            scan([mail], ledger, PACK, ASSESSOR, observer=said, executor=executor, batch=30)
            found = dump(ledger), said.lines
        assert processes.workers[1].wait() == -signal.SIGKILL
    assert found == scanned(mail, batch=30)


def test_a_scheduler_that_ends_costs_one_line_and_the_next_run_goes_on(tmp_path, mail):
    path = tmp_path / "ledger.sqlite"
    with (
        cluster(tmp_path / "dask", 1) as processes,
        pytest.raises(OutreachAuditError, match=r"^the cluster at tcp://.* was lost; .*$"),
        Cluster(processes.address) as executor,
        Ledger.open(path) as ledger,
    ):
        scan([mail], ledger, PACK, ASSESSOR, observer=At(40, processes.scheduler.kill), executor=executor, batch=10)
    with Ledger.open(path) as ledger:
        assert 30 <= len(list(ledger.records())) < 150
        scan([mail], ledger, PACK, ASSESSOR)
        assert records(ledger) == whole(mail)


def test_a_client_that_is_killed_leaves_the_cluster_for_the_next(tmp_path, mail):
    ledger = tmp_path / "ledger.sqlite"
    with cluster(tmp_path / "dask", 2) as processes:
        command = [sys.executable, "-m", "outreach_audit", "scan", str(mail), "--ledger", str(ledger)]
        command += ["--cluster", processes.address]
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while not ledger.with_name(ledger.name + "-wal").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.3)
        run.kill()
        run.communicate()
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, done.stderr)
    with Ledger.open(ledger) as opened:
        assert records(opened) == whole(mail)


def test_no_cluster_is_one_line(monkeypatch):
    monkeypatch.setattr("outreach_audit.run.cluster._CONNECT_SECONDS", 1)
    with pytest.raises(OutreachAuditError, match=r"^no cluster at tcp://127.0.0.1:1 .*$"):
        Cluster("tcp://127.0.0.1:1")


@pytest.mark.parametrize(
    ("what", "told"),
    [("_version", r"^the worker tcp://.* has outreach-audit 0\.0\.1, this run .*$"), ("nothing", "lacks")],
)
def test_workers_of_another_kind_are_refused_in_a_line(tmp_path, monkeypatch, what, told):
    if what == "nothing":
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "only_here.py").write_text("def version():\n    return 1\n")
        monkeypatch.syspath_prepend(tmp_path / "other")
        import only_here

        monkeypatch.setattr("outreach_audit.run.cluster._version", only_here.version)
    with cluster(tmp_path / "dask", 1) as processes:
        if what == "_version":
            monkeypatch.setattr("outreach_audit.run.cluster._version", lambda: "0.0.1")
        with pytest.raises(OutreachAuditError, match=told) as error:
            Cluster(processes.address)
    assert "\n" not in str(error.value)


def records(ledger: Ledger) -> list:
    return sorted(ledger.records(), key=lambda record: record.finding)


def whole(mail) -> list:
    with Ledger.open() as fresh:
        scan([mail], fresh, PACK, ASSESSOR)
        return records(fresh)
