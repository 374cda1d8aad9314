"""Scans ended by SIGKILL at random instants, and disturbed ledgers, in real processes."""

import os
import subprocess
import sys

import pytest

from outreach_audit.errors import OutreachAuditError
from outreach_audit.ledger import Ledger
from outreach_audit.packs.load import load_packs
from outreach_audit.run.assess import Assessor
from outreach_audit.run.scan import scan
from outreach_audit.run.settings import Settings
from tools.kill_runs import kill_runs, mbox

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and signals")


def test_killed_scans_lose_nothing(tmp_path):
    result = kill_runs(tmp_path, kills=20, seed=5, size=12)
    assert result.kills == 20
    assert result.completed >= 1
    assert result.differing == 0


def program(*arguments):
    command = [sys.executable, "-m", "outreach_audit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)


@pytest.fixture
def mail(tmp_path):
    path = tmp_path / "inbox.mbox"
    path.write_bytes(mbox(range(60)))
    return path


def test_a_full_disk_is_one_line_and_no_damage(tmp_path, mail):
    path = tmp_path / "ledger.sqlite"
    pack = load_packs()
    assessor = Assessor(pack, Settings())
    with Ledger.open(path) as ledger:
        pages = ledger.connection.execute("PRAGMA page_count").fetchone()[0]
        ledger.connection.execute(f"PRAGMA max_page_count = {pages + 6}")
        with pytest.raises(OutreachAuditError, match="disk is full"):
            scan([mail], ledger, pack, assessor, batch=5)
    with Ledger.open(path) as ledger:
        assert ledger.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert 0 < len(list(ledger.records())) < 60
        scan([mail], ledger, pack, assessor)
        assert len(list(ledger.records())) == 60


def test_a_second_run_leaves_with_its_own_code(tmp_path, mail):
    ledger = tmp_path / "ledger.sqlite"
    with Ledger.open(ledger):
        done = program("scan", mail, "--ledger", ledger)
    assert (done.returncode, done.stdout) == (6, "")
    assert done.stderr == f"outreach-audit: another run holds the ledger {ledger}; wait until it is done\n"


def test_a_damaged_ledger_is_one_line_and_left_alone(tmp_path, mail):
    ledger = tmp_path / "ledger.sqlite"
    Ledger.open(ledger).close()
    content = bytearray(ledger.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    ledger.write_bytes(content)
    done = program("scan", mail, "--ledger", ledger)
    assert done.returncode == 1
    assert (
        done.stderr
        == f"outreach-audit: the ledger {ledger} is damaged; put back a backup, or move it away and scan again\n"
    )
    assert ledger.read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
@pytest.mark.parametrize("locked", ["file", "folder"])
def test_a_read_only_ledger_is_one_line(tmp_path, locked):
    home = tmp_path / "home"
    home.mkdir()
    path = home / "ledger.sqlite"
    Ledger.open(path).close()
    path.chmod(0o444)
    path.with_name(path.name + ".lock").chmod(0o666)
    home.chmod(0o777 if locked == "file" else 0o555)
    before = path.read_bytes()
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    root = os.geteuid() == 0
    if root:  # whom no permission stops
        os.seteuid(65534)
    try:
        with pytest.raises(OutreachAuditError, match="cannot be") as told, Ledger.open(path) as ledger:
            ledger.begin_run({})
    finally:
        if root:
            os.seteuid(0)
        home.chmod(0o755)
    assert "\n" not in str(told.value)
    assert path.read_bytes() == before
