"""``report --publish`` and ``merge`` as people and scripts see them."""

import csv
import hashlib
import json
import zipfile

import pytest
from typer.testing import CliRunner

from outreach_audit.cli.app import app
from outreach_audit.errors import TallyRefusedError, UsageError
from outreach_audit.ledger import FileAccount, Ledger
from outreach_audit.report.tally_json import read_tally
from tests.report.institutes import records

KEY = "a key of at least sixteen bytes"


def run(*arguments, answer=None):
    return CliRunner().invoke(app, [*map(str, arguments)], input=answer)


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    """A ledger of each of three institutes."""
    folder = tmp_path_factory.mktemp("ledgers")
    for name in ("kr-a", "kr-b", "kr-c"):
        with Ledger.open(folder / f"{name}.db") as ledger:
            ledger.begin_run({"date_basis": "received"})
            ledger.add(list(records(name, 4, 200)))
            ledger.assign_campaigns()
            ledger.add_accounting([FileAccount("/home/kim/inbox.mbox", found=90, read=90)])
    (folder / "key").write_text(KEY)
    return folder


@pytest.fixture
def tallies(ledgers, tmp_path):
    """Their publications."""
    for name in ("kr-a", "kr-b", "kr-c"):
        key = ("--project-key", ledgers / "key")
        assert (
            run("report", "--ledger", ledgers / f"{name}.db", "--publish", tmp_path / name, "--yes", *key).exit_code
            == 0
        )
    return [tmp_path / name / "tally.json" for name in ("kr-a", "kr-b", "kr-c")]


def test_a_publication_is_shown_and_nobody_there_to_answer_is_an_error(ledgers, tmp_path):
    told = run("report", "--ledger", ledgers / "kr-a.db", "--publish", tmp_path / "out")
    assert isinstance(told.exception, UsageError)
    assert "--yes" in str(told.exception)
    assert not (tmp_path / "out").exists()


def test_who_does_not_agree_gets_nothing_written(ledgers, tmp_path, monkeypatch):
    from outreach_audit.cli import publishing

    monkeypatch.setattr(publishing, "_can_ask", lambda: True)
    told = run("report", "--ledger", ledgers / "kr-a.db", "--publish", tmp_path / "out", answer="n\n")
    assert "nothing was written" in told.output
    assert not (tmp_path / "out").exists()
    assert run("report", "--ledger", ledgers / "kr-a.db", "--publish", tmp_path / "out", answer="y\n").exit_code == 0
    assert (tmp_path / "out" / "tally.json").exists()


def test_what_is_shown_is_what_is_written(ledgers, tmp_path):
    told = run("report", "--ledger", ledgers / "kr-a.db", "--publish", tmp_path / "out", "--yes")
    assert told.exit_code == 0
    for path in (tmp_path / "out").iterdir():
        assert f"{path.name:<32} {path.stat().st_size:>10,} bytes" in told.output
    digest, name = (tmp_path / "out" / "tally.json.sha256").read_text().split()
    assert digest == hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest()
    everything = b"".join(path.read_bytes() for path in (tmp_path / "out").iterdir())
    with zipfile.ZipFile(tmp_path / "out" / "report.xlsx") as book:
        everything += b"".join(map(book.read, book.namelist()))
    for gone in (b"@kr-a.example", b"/home/kim", b"agency0.example", b"inbox.mbox"):
        assert gone not in everything
    again = run("report", "--ledger", ledgers / "kr-a.db", "--publish", tmp_path / "out", "--yes")
    assert again.exit_code == 0


def test_a_folder_with_something_else_in_it_is_left_alone(ledgers, tmp_path):
    (tmp_path / "findings.csv").write_text("x")
    told = run("report", "--ledger", ledgers / "kr-a.db", "--publish", tmp_path, "--yes")
    assert "findings.csv" in str(told.exception)
    assert len(list(tmp_path.iterdir())) == 1


def test_options_of_publishing_belong_to_it(ledgers, tmp_path):
    ledger = ("--ledger", ledgers / "kr-a.db")
    for options in (("--yes",), ("--threshold", 9), ("--publish", tmp_path, "--out", tmp_path)):
        assert isinstance(run("report", *ledger, *options).exception, UsageError)


def test_a_publication_is_rendered_again_verified_and_not_published_again(ledgers, tallies, tmp_path):
    form = run("report", "--from", tallies[0], "--table", "published-2024-form", "--format", "csv")
    assert form.exit_code == 0
    held = run("verify", tallies[0], "--ledger", ledgers / "kr-a.db")
    assert held.exit_code == 0, held.output
    assert isinstance(run("verify", tallies[0], "--ledger", ledgers / "kr-b.db").exception, TallyRefusedError)
    assert isinstance(run("report", "--from", tallies[0], "--publish", tmp_path / "x", "--yes").exception, UsageError)


def test_an_altered_file_is_refused_everywhere(ledgers, tallies):
    text = tallies[0].read_text()
    data = json.loads(text)
    figure = data["tables"][0]["totals"][0]["figures"]["deliveries"]
    figure["value"] += 1
    tallies[0].write_text(json.dumps(data))
    for command in (("report", "--from", tallies[0]), ("verify", tallies[0], "--ledger", ledgers / "kr-a.db")):
        told = run(*command)
        assert isinstance(told.exception, TallyRefusedError)
        assert "altered" in str(told.exception)
    told = run("merge", *tallies)
    assert isinstance(told.exception, TallyRefusedError)
    assert "2 tallies are merged here" in told.output
    del data["digest"]
    data["publication"] = None
    tallies[0].write_text(json.dumps(data))
    assert "own result" in run("merge", *tallies).output


def test_a_merge_is_written_in_every_format(tallies, tmp_path):
    (tmp_path / "expected.csv").write_text("institute,name\nkr-a,가 / A\nkr-b,\nkr-c,\nkr-d,라 / D\n")
    told = run("merge", *tallies, "--expected", tmp_path / "expected.csv", "--out", tmp_path / "out")
    assert told.exit_code == 0, told.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"national.html", "national.csv", "national.xlsx", "national.md", "tally.json", "report.html"} <= names
    document = read_tally(tmp_path / "out" / "tally.json")
    assert document.merge.missing == ("kr-d",)
    with (tmp_path / "out" / "national.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["institution"] for row in rows if row["institution"] == "라 / D"]
    total = next(row for row in rows if row["institution"] == "total")
    assert total["deliveries"] == str(sum(int(row["deliveries"]) for row in rows if row["deliveries"].isdigit() and row is not total))  # fmt: skip
    assert run("report", "--from", tmp_path / "out" / "tally.json", "--lang", "ko").exit_code == 0
    for more in (("--lang", "ko"), ("--format", "csv"), ("--format", "md"), ("--format", "html"), ("--format", "json")):
        assert run("merge", *tallies, *more).exit_code == 0


def test_nothing_to_merge_is_said(tmp_path):
    (tmp_path / "x.json").write_text("{}")
    told = run("merge", tmp_path / "x.json", tmp_path / "none.json")
    assert "2 of 2" in str(told.exception)
