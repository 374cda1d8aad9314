import csv
import io
import json

import pytest
from typer.testing import CliRunner

from outreach_audit.cli import app
from outreach_audit.errors import OutreachAuditError, TallyRefusedError, UsageError
from outreach_audit.ledger import FileAccount, Ledger
from tests.report.make import _records

RUN = CliRunner()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    path = tmp_path_factory.mktemp("ledger") / "l.db"
    with Ledger.open(path) as made:
        made.begin_run({"date_basis": "received"})
        made.add(list(_records()))
        made.assign_campaigns()
        made.add_accounting([FileAccount("inbox.mbox", found=1_230, read=1_230)])
    return path


def report(*options, ledger=None):
    where = ("--ledger", str(ledger)) if ledger else ()
    result = RUN.invoke(app, ["report", *where, *map(str, options)])
    if isinstance(result.exception, OutreachAuditError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def test_tables_are_printed_for_a_month_with_what_changed(ledger):
    said = " ".join(report("--month", "2026-04", ledger=ledger).stdout.split())
    assert "Approaches by institute" in said
    assert "Against 2026-03-01 to 2026-03-31: deliveries 77 (−72)" in said
    assert "한국과학기술원 / KAIST" in said


def test_korean_is_printed(ledger):
    assert "기관별 영입 제안" in report("--lang", "ko", ledger=ledger).stdout


def test_one_table_alone(ledger):
    said = report("--table", "month", ledger=ledger).stdout
    assert "Approaches by month" in said
    assert "Approaches by institute" not in said
    assert "What is counted" in said


@pytest.mark.parametrize(
    ("form", "start"), [("html", "<!DOCTYPE html>"), ("md", "# Recruitment"), ("json", "{"), ("csv", "\ufeff")]
)
def test_one_format_on_standard_output(ledger, form, start):
    assert report("--format", form, ledger=ledger).stdout_bytes.decode().startswith(start)


def test_a_table_as_csv(ledger):
    text = report("--format", "csv", "--table", "country", ledger=ledger).stdout_bytes.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert rows[0]["dest_country"] == "CN"


def test_all_files_and_the_same_again_from_the_json(ledger, tmp_path):
    report("--out", tmp_path / "a", "--tz", "Asia/Seoul", ledger=ledger)
    names = {path.name for path in (tmp_path / "a").iterdir()}
    assert {"report.html", "report.xlsx", "report.md", "tally.json", "tally_summary.csv"} <= names
    report("--from", tmp_path / "a" / "tally.json", "--out", tmp_path / "b")
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_the_named_report(ledger, tmp_path):
    said = " ".join(report("--table", "published-2024-form", ledger=ledger).stdout.split())
    assert "recipients 149" in said
    assert "agency.example" not in said
    asked = report("--table", "published-2024-form", "--domains", "--subjects", ledger=ledger).stdout
    assert "agency.example" in asked
    report("--table", "published-2024-form", "--format", "xlsx", "--out", tmp_path, ledger=ledger)
    assert [path.name for path in tmp_path.iterdir()] == ["published-2024-form.xlsx"]


def test_subjects_are_in_the_data_only_when_asked_for(ledger):
    def subjects(*options):
        data = json.loads(report("--format", "json", *options, ledger=ledger).stdout)
        return [one["subjects"] for one in data["institutes"]]

    assert not any(subjects())
    assert any(subjects("--table", "published-2024-form", "--subjects"))


def test_a_report_does_not_change_the_ledger(ledger):
    before = ledger.read_bytes()
    report("--month", "2026-03", ledger=ledger)
    assert ledger.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--lang", "xx"), "en, ko"),
        (("--format", "pdf"), "use text, html, xlsx, csv, md, json"),
        (("--format", "xlsx"), "name a folder with --out"),
        (("--format", "md", "--format", "html"), "name a folder with --out"),
        (("--format", "text", "--out", "x"), "is printed"),
        (("--table", "none"), "there are institute"),
        (("--subjects",), "published-2024-form"),
        (("--month", "2026-13"), "is no month"),
        (("--from", "x.json"), "has its period in it"),
    ],
)
def test_options_that_do_not_fit_are_told(ledger, options, said):
    with pytest.raises(UsageError, match=said) as error:
        report(*options, ledger=ledger)
    assert len(str(error.value).splitlines()) == 1


def test_without_ledger_or_result_or_where_they_are_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="--ledger FILE, or --from"):
        report()
    with pytest.raises(UsageError, match="no such ledger"):
        report(ledger=tmp_path / "none.db")
    with pytest.raises(TallyRefusedError, match="cannot be read"):
        report("--from", "none.json")
