"""``replay`` and ``verify`` as scripts see them."""

import json

import pytest
from typer.testing import CliRunner

from outreach_audit.cli.app import app
from outreach_audit.errors import TallyRefusedError, UsageError
from tools.kill_runs import mbox

RULE = """
[[signal]]
id = "not.letter"
title = "A letter"
weight = -40.0
counter = true
message = ["space_school"]
"""


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Mail, a ledger of it, and its tally."""
    folder = tmp_path_factory.mktemp("verify")
    (folder / "inbox.mbox").write_bytes(mbox(range(24)))
    done = run(
        "scan", folder / "inbox.mbox", "--ledger", folder / "ledger.sqlite", "--out", folder / "out", "--quiet",
        "--month", "2024-03",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return folder


def test_a_tally_holds_against_its_ledger_and_its_mail(folder):
    tally = folder / "out" / "tally.json"
    for source in (["--ledger", folder / "ledger.sqlite"], [folder / "inbox.mbox"]):
        done = run("verify", tally, *source)
        assert done.exit_code == 0, done.output
        assert "figures are the same" in done.stdout


def test_every_figure_that_differs_is_named(folder, tmp_path):
    data = json.loads((folder / "out" / "tally.json").read_text(encoding="utf-8"))
    table = next(table for table in data["tables"] if table["name"] == "month")
    total = next(row for row in table["totals"] if row["section"] == "foreign")
    value = total["figures"]["recipients"]["value"]
    total["figures"]["recipients"]["value"] = value + 7
    data["coverage"]["found"] += 1
    (tmp_path / "tally.json").write_text(json.dumps(data), encoding="utf-8")
    done = run("verify", tmp_path / "tally.json", "--ledger", folder / "ledger.sqlite")
    assert isinstance(done.exception, TallyRefusedError)
    assert done.exception.exit_code == 7
    assert f"month: foreign: total: recipients: published {value + 7}, recomputed {value}" in done.stdout
    assert "coverage: found: published 25, recomputed 24" in done.stdout
    assert str(done.exception).startswith(f"{tmp_path / 'tally.json'} does not hold: ")


def test_what_is_no_tally_is_refused(folder, tmp_path):
    (tmp_path / "no.json").write_text('{"schema": "x"}', encoding="utf-8")
    for name in ("no.json", "none.json"):
        done = run("verify", tmp_path / name, "--ledger", folder / "ledger.sqlite")
        assert isinstance(done.exception, TallyRefusedError)
    assert isinstance(run("verify", folder / "out" / "tally.json").exception, UsageError)


def test_replay_lists_what_a_pack_changes_and_stores_it_only_when_asked(folder, tmp_path):
    assert run("packs", "new", tmp_path / "ours").exit_code == 0
    ledger = tmp_path / "ledger.sqlite"
    ledger.write_bytes((folder / "ledger.sqlite").read_bytes())
    same = run("replay", "--ledger", ledger)
    assert same.exit_code == 0
    assert "24 stay as they are" in same.stdout
    (tmp_path / "ours" / "signals.toml").write_text(RULE, encoding="utf-8")
    (tmp_path / "ours" / "lexicon" / "ko.csv").unlink()
    words = "concept,pattern\nspace_school,chair professor\n"
    (tmp_path / "ours" / "lexicon" / "en.csv").write_text(words, encoding="utf-8")
    done = run("replay", "--ledger", ledger, "--pack", tmp_path / "ours")
    assert done.exit_code == 0, (done.output, done.exception)
    assert "approach to other" in done.stdout
    assert "not.letter +0.00 to -40.00" in done.stdout
    assert "Nothing was stored" in done.stdout
    assert run("replay", "--ledger", ledger, "--pack", tmp_path / "ours", "--apply").exit_code == 0
    again = run("replay", "--ledger", ledger, "--pack", tmp_path / "ours")
    assert "0 change" in again.stdout


def test_replay_of_no_ledger(tmp_path):
    assert isinstance(run("replay", "--ledger", tmp_path / "none.sqlite").exception, UsageError)
    assert list(tmp_path.iterdir()) == []
