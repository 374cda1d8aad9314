"""``init`` writes what ``doctor`` finds well; ``doctor`` says of every fault how to mend it."""

import os
import sqlite3

import pytest

from outreach_audit.config import checks
from outreach_audit.config.model import Config
from outreach_audit.ledger import Ledger
from outreach_audit.report.pseudonyms import read_key
from tests.cli.called import Program, letter


@pytest.fixture
def program(monkeypatch, capsys):
    return Program(monkeypatch, capsys)


@pytest.fixture
def place(tmp_path, monkeypatch, program):
    monkeypatch.chdir(tmp_path)
    assert program("init")[0] == 0
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "inbox.mbox").write_text(letter(1))
    return tmp_path


def test_init_writes_a_configuration_and_a_key_for_its_owner_alone(program, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = program("init")
    assert code == 0
    assert "outreach-audit doctor, and every month: outreach-audit run\n" in out
    key = tmp_path / "pseudonyms.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(read_key(key)) == 64


def test_init_never_overwrites(program, tmp_path):
    (tmp_path / "pseudonyms.key").write_text("a key of one's own, long enough")
    assert program("init", tmp_path / "new" / "own.toml")[0] == 0
    assert program("init", tmp_path)[0] == 0
    assert (tmp_path / "pseudonyms.key").read_text() == "a key of one's own, long enough"
    (tmp_path / "outreach-audit.toml").write_text("# mine")
    code, _, err = program("init", tmp_path)
    assert (code, (tmp_path / "outreach-audit.toml").read_text()) == (2, "# mine")
    assert "is there already, and was left as it is" in err
    assert (tmp_path / "new" / "own.toml").is_file()


def test_what_init_wrote_is_well_and_runs(program, place):
    code, out, err = program("doctor")
    assert (code, err) == (0, "")
    assert {line.split()[0] for line in out.splitlines() if not line.startswith(" ")} <= {"well", "note"}
    for name in ("Python", "outreach-audit", "attachments", "configuration", "packs", "mailbox", "ledger", "key", "outputs", "disk space"):  # fmt: skip
        assert f"\nwell    {name}" in f"\n{out}", name
    assert program("run", "--quiet", "--month", "2024-03") == (0, "", "")
    assert program("doctor")[0] == 0


def test_without_a_configuration_there_is_a_note(program, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = program("doctor")
    assert code == 0
    assert "note    configuration" in out
    assert program("doctor", "--config", "no.toml")[0] == 1


def fault(program, code: int, *told: str) -> None:
    ended, out, _ = program("doctor")
    assert ended == code, out
    text = " ".join(out.split())
    for words in told:
        assert words in text


def test_a_mailbox_that_is_not_there(program, place):
    (place / "mail" / "inbox.mbox").unlink()
    fault(program, 0, "note mailbox", "is empty to mend: put the exported mail there")
    (place / "mail").rmdir()
    fault(program, 1, "fault mailbox", "is not there to mend: correct its path")


def test_a_key_that_others_can_read_is_too_short_or_missing(program, place):
    (place / "pseudonyms.key").chmod(0o644)
    fault(program, 1, "fault key", "(mode 644) to mend: chmod 600")
    (place / "pseudonyms.key").write_text("short")
    fault(program, 1, "too short")
    (place / "pseudonyms.key").unlink()
    fault(program, 1, "cannot be read", "to mend: outreach-audit init makes one")


def test_a_ledger_that_is_damaged_foreign_old_or_in_use(program, place):
    path = place / "ledger.sqlite"
    with Ledger.open(path):
        fault(program, 0, "note ledger", "another run holds it")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 1")
    fault(program, 0, "note ledger", "is of an older version")
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    fault(program, 1, "fault ledger", "to mend: see that")
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE x (y)")
        connection.execute("PRAGMA user_version = 99")
    fault(program, 1, "is not a ledger")


def test_outputs_and_disk(program, place, monkeypatch):
    (place / "reports").write_text("a file")
    fault(program, 1, "fault outputs", "is no folder")
    (place / "reports").unlink()
    (place / "reports").mkdir(mode=0o755)
    fault(program, 0, "note outputs", "chmod o-rwx")
    monkeypatch.setattr(
        checks.shutil, "disk_usage", lambda _: os.terminal_size((0, 0)) and type("U", (), {"free": 1000})
    )
    fault(program, 1, "fault disk space", "make room")


def test_what_cannot_be_written_to_or_read(program, place, monkeypatch):
    monkeypatch.setattr(checks.os, "access", lambda *_: False)
    fault(program, 1, "fault mailbox", "cannot be read", "fault outputs", "cannot be written to to mend: give")


def test_faults_of_configuration_and_packs_are_all_told_with_exit_code_4(program, place):
    config = place / "outreach-audit.toml"
    text = config.read_text()
    config.write_text(text + "x = 1\n[limits.mail.y]\n")
    fault(program, 4, "invalid configuration")
    config.write_text('packs = ["none"]\nwatchlists = ["w.csv"]\nroster = "staff.csv"\n' + text)
    fault(program, 4, "invalid packs", "none/pack.toml:1", "invalid watchlist", "fault roster")


def test_dependencies_that_lack_or_are_old(monkeypatch):
    def version(name):
        if name == "gone":
            raise checks.importlib.metadata.PackageNotFoundError(name)
        return "1.10"

    required = ["a>=1.9", "b>=2.0", "gone", "only>=1; sys_platform == 'win32'", "gone>=1; extra == 'outlook'", "x; extra == 'test'"]  # fmt: skip
    monkeypatch.setattr(checks.importlib.metadata, "requires", lambda _: required)
    monkeypatch.setattr(checks.importlib.metadata, "version", version)
    _, core, outlook = checks._dependencies()
    assert (core.health, core.told) == ("fault", "b 1.10 is older than 2.0, gone is missing")
    assert (outlook.health, outlook.mend) == ("note", "pip install --upgrade 'outreach-audit[outlook]'")


def test_attachments_that_cannot_be_read(monkeypatch):
    monkeypatch.setattr("subprocess.Popen.__init__", lambda *_, **__: (_ for _ in ()).throw(OSError("no")))
    check = checks._attachments(Config())
    assert check.health == "fault"
    assert "could not be started" in check.told
