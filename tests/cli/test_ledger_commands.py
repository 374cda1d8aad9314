"""``ledger info|backup|forget`` as scripts see them."""

from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from outreach_audit.cli.app import app
from outreach_audit.errors import UsageError
from outreach_audit.ledger import FileAccount, Ledger
from tests.ledger.make import record


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        ledger.add([record("m1", "kim@home.example"), record("m2", date=datetime.now(UTC) - timedelta(days=3))])
        ledger.add_accounting([FileAccount("kim@home.example.mbox", found=2, read=2)])
    return path


def run(*arguments):
    return CliRunner().invoke(app, ["ledger", *map(str, arguments)])


def test_info_tells_what_is_there(path):
    done = run("info", "--ledger", path)
    assert done.exit_code == 0
    assert "2 (approach 2, unclear 0, advert 0, other 0)" in done.output
    assert "2026-03-04" in done.output


def test_backup_and_forget(path, tmp_path):
    assert run("backup", "--ledger", path, tmp_path / "copy.sqlite").exit_code == 0
    assert run("forget", "--ledger", path, "--older-than", 10).output.endswith("evidence, subject and text erased\n")
    done = run("forget", "--ledger", path, "--person", "kim@home.example")
    assert done.output.splitlines()[0] == "1 records name this person no more"
    assert "kim@home.example.mbox" in done.output
    with Ledger.open(tmp_path / "copy.sqlite", write=False) as copy:
        assert all(one.subject for one in copy.records())


@pytest.mark.parametrize(
    "arguments", [["info"], ["backup", "copy"], ["forget", "--older-than", 1]], ids=["info", "backup", "forget"]
)
def test_a_ledger_that_is_not_there_is_not_made(tmp_path, arguments):
    done = run(arguments[0], "--ledger", tmp_path / "none.sqlite", *arguments[1:])
    assert isinstance(done.exception, UsageError)
    assert list(tmp_path.iterdir()) == []


def test_forget_needs_one_thing_to_forget(path):
    assert isinstance(run("forget", "--ledger", path).exception, UsageError)
    assert isinstance(run("forget", "--ledger", path, "--older-than", 1, "--person", "a@b.c").exception, UsageError)
