"""Encrypted ledgers: all commands open them, a wrong or missing key is one line, nothing of them is in clear."""

import pytest

from outreach_audit.errors import OutreachAuditError, UsageError
from outreach_audit.ledger import Ledger, cipher
from outreach_audit.ledger.keep import backup, forget_person, info
from outreach_audit.tally import tables
from tests.ledger.make import record

pytest.importorskip("sqlcipher3")
SECRET = "it's a secret of some length"


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv(cipher.KEY, SECRET)
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        ledger.add([record("m1", "kim@home.example"), record("m2")])
        ledger.assign_campaigns()
    return path


def test_an_encrypted_ledger_is_as_any_other(path, tmp_path):
    assert b"kim@home" not in path.read_bytes()
    with Ledger.open(path) as ledger, Ledger.open() as plain:
        plain.add([record("m1", "kim@home.example"), record("m2")])
        plain.assign_campaigns()
        assert tables(ledger) == tables(plain)
        assert list(ledger.records()) == list(plain.records())
        backup(ledger, tmp_path / "copy.sqlite")
        assert forget_person(ledger, "kim@home.example") == 1
    assert not cipher.is_plain(tmp_path / "copy.sqlite")
    with Ledger.open(tmp_path / "copy.sqlite", write=False) as copy:
        assert info(copy).records["approach"] == 2
        assert "kim@home.example" in {one.recipient for one in copy.records()}


def test_the_key_may_lie_in_a_file(path, tmp_path, monkeypatch):
    (tmp_path / "key").write_text(SECRET + "\n", encoding="utf-8")
    monkeypatch.delenv(cipher.KEY)
    monkeypatch.setenv(cipher.KEY_FILE, str(tmp_path / "key"))
    with Ledger.open(path, write=False) as ledger:
        assert len(list(ledger.records())) == 2
    monkeypatch.setenv(cipher.KEY_FILE, str(tmp_path / "none"))
    with pytest.raises(UsageError, match="cannot be read"):
        Ledger.open(path, write=False)


@pytest.mark.parametrize("write", [True, False])
def test_a_wrong_key_is_one_line_and_no_damage(path, monkeypatch, capfd, write):
    before = path.read_bytes()
    monkeypatch.setenv(cipher.KEY, "another key of some length")
    with pytest.raises(OutreachAuditError, match="does not open with the key given") as told:
        Ledger.open(path, write=write)
    assert "\n" not in str(told.value)
    assert capfd.readouterr() == ("", "")
    assert path.read_bytes() == before


def test_no_key_and_too_short_a_key_are_one_line(path, monkeypatch):
    monkeypatch.delenv(cipher.KEY)
    with pytest.raises(OutreachAuditError, match=f"or is encrypted: set {cipher.KEY_FILE}"):
        Ledger.open(path, write=False)
    monkeypatch.setenv(cipher.KEY, "short")
    with pytest.raises(UsageError, match="at least 16 characters"):
        Ledger.open(path, write=False)


def test_a_ledger_in_clear_is_not_taken_for_an_encrypted_one(tmp_path, monkeypatch):
    path = tmp_path / "plain.sqlite"
    Ledger.open(path).close()
    monkeypatch.setenv(cipher.KEY, SECRET)
    with pytest.raises(UsageError, match="is not encrypted"):
        Ledger.open(path)
