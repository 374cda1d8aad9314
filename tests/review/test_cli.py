"""``review`` as a user and a script see it."""

import re
import sys

import pytest
from typer.testing import CliRunner

from outreach_audit.cli.app import app
from outreach_audit.codes import Label
from outreach_audit.errors import OutreachAuditError, UsageError
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.decisions import decisions_of
from tests.ledger.make import other, record


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        ledger.add([record(f"m{n}", f"kim.minsu{n}@home.example", offset=n) for n in range(3)])
        ledger.add([record("u", label=Label.UNCLEAR, text="Please write to us about a position.", offset=9), other(1)])
        ledger.assign_campaigns()
    return path


def run(path, *arguments):
    return CliRunner().invoke(app, ["review", "--ledger", str(path), *map(str, arguments)])


def decided(path):
    with Ledger.open(path, write=False) as ledger:
        return [(one.reviewer, one.opinion.value, one.country, one.note) for one in decisions_of(ledger)]


def test_list_shows_campaigns_with_evidence_and_no_recipient(path):
    done = run(path, "--list", "--reviewer", "kim")
    assert done.exit_code == 0
    assert "judged approach · 3 deliveries" in done.output
    assert "3 recipients at home.example" in done.output
    assert "+3.0 offer.fund (body)" in done.output
    assert "minsu" not in done.output
    assert done.output.splitlines()[-1] == "0 of 2 reviewed by kim"


def test_decide_and_undo(path):
    campaign = re.search(r"id (\w+)", run(path, "--list").output)[1]
    done = run(path, "--decide", campaign, "confirm", "--country", "de", "--note", "seen", "--reviewer", "kim")
    assert done.output == (
        f"campaign {campaign} (3 deliveries, judged approach): kim confirmed: an approach (DE; seen)\n"
    )
    assert "1 of 2 reviewed by kim" in run(path, "--list", "--reviewer", "kim").output
    assert "0 of 2 reviewed by lee" in run(path, "--list", "--reviewer", "lee").output
    assert "took back: confirmed" in run(path, "--decide", campaign, "undo", "--reviewer", "kim").output
    assert decided(path) == [("kim", "confirm", "DE", "seen"), ("kim", "undo", None, "")]


def test_a_sample_is_drawn_listed_and_decided_on(path):
    done = run(path, "--list", "--sample", 5, "--seed", "2026-03", "--reviewer", "kim")
    assert done.exit_code == 0
    assert len(re.findall("^finding ", done.output, re.MULTILINE)) == 5
    assert "not reviewable: the source is gone" in done.output
    assert done.output.splitlines()[-1] == (
        "0 of 5 reviewed by kim; 1 are not reviewable, since their source is gone or has changed"
    )
    assert run(path, "--list", "--sample", 5, "--seed", "2026-03", "--reviewer", "kim").output == done.output


def test_decisions_travel_as_csv(path, tmp_path):
    run(path, "--decide", record("m1").message_id, "reject", "--reviewer", "kim", "--note", "=1+1")
    file = tmp_path / "d.csv"
    assert run(path, "--export", file).output == f"1 decisions written to {file}\n"
    other_ledger = tmp_path / "other.sqlite"
    with Ledger.open(other_ledger):
        pass
    assert run(other_ledger, "--import", file).output == "1 decisions read, 1 of them new\n"
    assert run(other_ledger, "--import", file).output == "1 decisions read, 0 of them new\n"
    assert decided(other_ledger) == decided(path) == [("kim", "reject", None, "=1+1")]


def test_a_wrong_file_changes_nothing(path, tmp_path):
    run(path, "--decide", record("m1").message_id, "reject", "--reviewer", "kim")
    file = tmp_path / "d.csv"
    run(path, "--export", file)
    file.write_bytes(file.read_bytes().replace(b'"reject"', b'"no"'))
    error = run(path, "--import", file).exception
    assert isinstance(error, OutreachAuditError)
    assert f"{file}:2: verdict 'no' is none of" in str(error)
    assert len(decided(path)) == 1


def test_agreement_is_told(path):
    assert run(path, "--agreement").output == "no two reviewers have looked at the same mail\n"
    for reviewer, second in (("kim", "reject"), ("lee", "confirm")):
        run(path, "--decide", record("m1").message_id, "confirm", "--reviewer", reviewer)
        run(path, "--decide", record("m2").message_id, second, "--reviewer", reviewer)
    assert run(path, "--agreement").output.splitlines() == [
        "kim and lee: Cohen's kappa 0.00; the same on 1 of 2 (0.50; 0.09 to 0.91)",
        "  confirm  confirm  1",
        "  reject   confirm  1",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--list", "--agreement"], "give one of"),
        (["--list", "--sample", "5"], "--sample and --seed go together"),
        (["--list", "--sample", "5", "--seed", "a b"], "is no seed"),
        (["--decide", "x"], "the verdict is confirm"),
        (["confirm"], "the verdict is confirm"),
        (["--decide", "x", "yes"], "'yes' is none of confirm"),
        (["--decide", "x", "confirm"], "no finding, campaign or message of that id"),
        (["--list", "--note", "x"], "go with --decide"),
        (["--list", "--month", "March"], "is no month"),
        (["--list", "--reviewer", ""], "a reviewer's name has"),
    ],
)
def test_what_does_not_fit_together_is_said(path, arguments, said):
    error = run(path, *arguments).exception
    assert isinstance(error, UsageError)
    assert said in str(error)


def test_a_ledger_that_is_not_there_is_not_made(tmp_path):
    assert isinstance(run(tmp_path / "none", "--list").exception, UsageError)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_interface_is_told_with_what_installs_it(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "outreach_audit.cli.review_screen", None)
    error = run(path).exception
    assert isinstance(error, OutreachAuditError)
    assert "pip install 'outreach-audit[tui]'" in str(error)


def test_an_empty_ledger_has_nothing_to_review(tmp_path):
    path = tmp_path / "empty.sqlite"
    with Ledger.open(path):
        pass
    assert run(path).output.startswith("nothing to review")
    assert "0 of 0 reviewed" in run(path, "--list", "--reviewer", "kim").output
