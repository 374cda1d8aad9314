"""``run``: one call from the configuration to the report of a month, as cron makes it."""

import json
from datetime import UTC, datetime

import pytest

from outreach_audit.cli.run import period_of
from outreach_audit.config.model import Config
from outreach_audit.ledger import Ledger
from tests.cli.called import APRIL, Program, letter

CONFIG = (
    'ledger = "data/ledger.sqlite"\nkey = "key"\noutputs = "reports"\nperiod = "2024-03"\ntz = "Asia/Seoul"\n{more}\n'
    '[institute]\nid = "kaist"\nhome = "KR"\n[[mailbox]]\npath = "mail"\n'
)


@pytest.fixture
def program(monkeypatch, capsys):
    return Program(monkeypatch, capsys)


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "inbox.mbox").write_text(letter(1) + letter(2, to="lee@kaist.ac.kr") + letter(3, date=APRIL))
    (tmp_path / "key").write_text("0123456789abcdef0123456789abcdef")
    configure(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(place, more: str = ""):
    (place / "outreach-audit.toml").write_text(CONFIG.format(more=more))


def test_a_run_writes_the_report_of_its_month_and_one_line(program, place):
    code, out, err = program("run")
    assert (code, out) == (0, "")
    assert err == (
        "outreach-audit: 2024-03: foreign approaches: 2; campaigns: 1; unclear findings: 0; findings of approaches new to"
        f" the ledger: 3; read: 3 of 3 messages; written to {place}/reports/2024-03\n"
    )
    names = {path.name for path in (place / "reports" / "2024-03").iterdir()}
    assert {"findings.csv", "tally.json", "report.html", "tally_institute.csv"} <= names
    assert (place / "data" / "ledger.sqlite").is_file()


def test_nothing_is_for_everyone_on_the_machine(program, place):
    program("run", "--quiet")
    made = [path for top in ("data", "reports") for path in (place / top, *(place / top).rglob("*"))]
    assert [path.name for path in made if path.stat().st_mode & 0o007] == []


def test_quiet_says_nothing_when_all_is_well_and_a_second_run_writes_the_same(program, place):
    assert program("run", "--quiet") == (0, "", "")
    before = {path.name: path.read_bytes() for path in (place / "reports" / "2024-03").iterdir()}
    assert program("run", "--quiet") == (0, "", "")
    assert {path.name: path.read_bytes() for path in (place / "reports" / "2024-03").iterdir()} == before


def test_the_line_as_json(program, place):
    code, _, err = program("run", "--log-format", "json", "--month", "2024-04")
    told = json.loads(err)
    assert code == told["code"] == 0
    assert (told["period"], told["approaches"], told["new"], told["found"], told["read"]) == ("2024-04", 1, 3, 3, 3)
    assert told["written"] == f"{place}/reports/2024-04"


def test_fail_on_new_speaks_once_even_when_quiet(program, place):
    configure(place, 'fail_on = "new"')
    code, out, err = program("run", "--quiet")
    assert (code, out, err.count("\n")) == (10, "", 1)
    assert "fail_on = new applies" in err
    assert program("run", "--quiet") == (0, "", "")


def test_fail_on_found_asks_for_the_period(program, place):
    configure(place, 'fail_on = "found"')
    assert program("run", "--quiet")[0] == 10
    assert program("run", "--quiet", "--month", "2024-02") == (0, "", "")


def test_a_mailbox_that_is_not_there_is_told(program, place):
    with (place / "outreach-audit.toml").open("a") as file:
        file.write('[[mailbox]]\npath = "gone.mbox"\n')
    code, _, err = program("run", "--quiet")
    assert code == 5
    assert err.count("\n") == 1
    assert err.rstrip().endswith(f"; not there: {place}/gone.mbox")
    assert (place / "reports" / "2024-03" / "report.html").is_file()


def test_nothing_readable(program, place):
    (place / "mail" / "inbox.mbox").unlink()
    code, _, err = program("run", "--quiet")
    assert (code, err.count("\n")) == (3, 1)


def test_another_run_holds_the_ledger(program, place):
    (place / "data").mkdir()
    with Ledger.open(place / "data" / "ledger.sqlite"):
        code, _, err = program("run", "--quiet")
    assert code == 6
    assert "another run holds the ledger" in err
    assert not (place / "reports").exists()


def test_evidence_older_than_the_retention_is_erased_and_counts_stay(program, place):
    configure(place, "retention_days = 30")
    code, _, err = program("run")
    assert code == 0
    assert "evidence of 3 older records erased" in err
    with Ledger.open(place / "data" / "ledger.sqlite", write=False) as ledger:
        assert [record.subject for record in ledger.records()] == ["", "", ""]
    assert "foreign approaches: 2; campaigns: 1;" in program("run")[2]


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (None, 2, "there is no outreach-audit.toml here; --config names one, outreach-audit init writes one"),
        ("outputs = 'x'", 4, "outreach-audit.toml:1: a run needs a [[mailbox]]"),
        ("[[mailbox]]\npath = 'mail'", 4, "outreach-audit.toml:1: a run needs outputs"),
        ("nonsense = 1\ntz = 3", 4, "outreach-audit.toml:2: tz must be a time zone"),
        ("outputs = 'key'\n[[mailbox]]\npath = 'mail'\n", 2, "there is a file of the name key; name a folder"),
        ("key = 'no.key'\noutputs = 'x'\n[[mailbox]]\npath = 'mail'", 2, "no.key cannot be read"),
    ],
)
def test_what_lacks_is_told_before_anything_is_read(program, place, text, code, told):
    path = place / "outreach-audit.toml"
    path.unlink()
    if text is not None:
        path.write_text(text)
    ended, out, err = program("run", "--quiet")
    assert (ended, out) == (code, "")
    assert told in err
    assert "Traceback" not in err


def test_another_configuration_and_month_are_named(program, place, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("etc") / "oa.toml"
    elsewhere.write_text(f'outputs = "out"\n[[mailbox]]\npath = "{place}/mail"\n')
    code, _, err = program("run", "--config", elsewhere, "--month", "2024-04", "--verbose")
    assert code == 0
    assert err.splitlines()[0] == f"outreach-audit: configuration: {elsewhere}"
    assert (elsewhere.parent / "out" / "2024-04" / "report.html").is_file()
    assert program("run", "--config", elsewhere, "--month", "2024-13")[0] == 2
    assert program("run", "--config", place / "no.toml")[0] == 2


@pytest.mark.parametrize(
    ("now", "period", "tz", "month", "expected"),
    [
        ("2026-03-01T00:00", "last-month", "UTC", None, ("2026-02", "2026-02-01", "2026-02-28")),
        ("2026-01-31T12:00", "last-month", "UTC", None, ("2025-12", "2025-12-01", "2025-12-31")),
        ("2026-03-31T15:00", "last-month", "Asia/Seoul", None, ("2026-03", "2026-03-01", "2026-03-31")),
        ("2026-03-31T14:59", "last-month", "Asia/Seoul", None, ("2026-02", "2026-02-01", "2026-02-28")),
        ("2026-03-31T14:59", "2024-02", "UTC", None, ("2024-02", "2024-02-01", "2024-02-29")),
        ("2026-03-31T14:59", "all", "UTC", "2025-06", ("2025-06", "2025-06-01", "2025-06-30")),
        ("2026-03-31T14:59", "all", "UTC", None, ("all", "None", "None")),
    ],
)
def test_the_last_full_month_is_that_of_the_time_zone(now, period, tz, month, expected):
    name, days = period_of(Config(period=period, tz=tz), month, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert (name, str(days.since), str(days.until)) == expected
