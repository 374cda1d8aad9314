"""Watchlists, suppressions and explanations as scripts see them: exit codes, and what goes to which stream."""

import json
import os
import subprocess
import sys

import pytest

LETTER = (
    "From: Office <hr@bridge.example.com>\nTo: kim@kaist.ac.kr\nSubject: Chair professor\nMessage-ID: <m{n}@x.org>\n"
    "Date: Mon, 4 Mar 2024 01:02:00 +0000\n\nDear Professor,\n\nour university in Shenzhen, China, would like to invite you to "
    "join us as chair professor. The annual salary is RMB 900,000; an apartment is provided. Please send your CV.\n"
)
LUNCH = LETTER.split("Dear", maxsplit=1)[0].replace("Chair professor", "Lunch") + "Lunch at noon?\n"
HEAD = "id,type,value,since,until,reference\n"


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "outreach_audit", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"},
        timeout=120,
        check=False,
    )


@pytest.fixture
def mail(tmp_path):
    (tmp_path / "a.eml").write_text(LETTER.format(n=1))
    (tmp_path / "b.eml").write_text(LUNCH.format(n=2))
    (tmp_path / "w.csv").write_text(
        HEAD + "w-1,domain,bridge.example.com,,,circular\nw-2,phrase,annual salary is RMB,,,r\n"
    )
    return tmp_path


def test_scan_with_a_watchlist(mail):
    done = run(
        *(
            "scan",
            "a.eml",
            "b.eml",
            "--watchlist",
            "w.csv",
            "--ledger",
            "l",
            "--findings",
            "f",
            "--all",
            "--out",
            "out",
        ),
        cwd=mail,
    )
    assert done.returncode == 0, done.stderr
    assert "Hits of the watchlist w (" in done.stdout
    assert "unclear" in done.stdout.split("Hits of")[1]  # no head is cut short
    rows = (mail / "out" / "tally_watchlist.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].startswith('"section","indicator","label","deliveries","messages","recipients","judged_approach"')
    assert rows[1].startswith('"all","w-1","w-1",2,2,1,1,0,1,')
    assert (mail / "out" / "tally_template.csv").is_file()
    findings = [json.loads(line) for line in (mail / "f").read_text().splitlines()]
    assert {(one["verdict"], *one["watchlist"]) for one in findings} == {("approach", "w-1", "w-2"), ("other", "w-1")}


def test_faults_of_a_watchlist_are_told_before_any_mail_is_read(mail):
    (mail / "bad.csv").write_text(HEAD + "w-1,domain,com,,,r\nw-2,colour,x,,,r\n")
    done = run("scan", "a.eml", "--watchlist", "bad.csv", "--ledger", "l", cwd=mail)
    assert done.returncode == 4
    assert done.stdout == ""
    assert "bad.csv:2: " in done.stderr
    assert "bad.csv:3: " in done.stderr
    assert not (mail / "l").exists()
    checked = run("packs", "check", "w.csv", cwd=mail)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "2 indicators: no fault found" in checked.stdout


def test_a_watchlist_of_collected_mail(mail):
    made = run("packs", "watchlist", "a.eml", "b.eml", "--id", "kist", cwd=mail)
    assert made.returncode == 0
    assert "b.eml: too little text" in made.stderr
    assert made.stdout.count("[[indicator]]") == 1
    assert 'value = "t1:' in made.stdout


def test_suppressed_findings_make_no_fail_on_apply(mail):
    pack = mail / "mine"
    pack.mkdir()
    (pack / "pack.toml").write_text('id = "mine"\nversion = "1"\ntitle = "x"\n')
    (pack / "suppressions.toml").write_text(
        '[[suppression]]\nmessage_id = "m1@x.org"\nreason = "an exercise"\nowner = "me"\nexpires = 9999-12-31\n'
        '[[suppression]]\nfinding = "0000"\nreason = "x"\nowner = "me"\nexpires = 2001-01-01\n'
    )
    scan = ("scan", "a.eml", "--ledger", "l", "--fail-on", "found")
    done = run(*scan, "--pack", "mine", cwd=mail)
    assert done.returncode == 0
    assert "suppressed, and counted apart: 1 findings" in done.stderr
    assert "finding 0000 (" in done.stderr
    assert "an exercise" in run("explain", "m1@x.org", "--ledger", "l", cwd=mail).stdout
    checked = run("packs", "check", "mine", "--ledger", "l", cwd=mail)
    assert checked.returncode == 0
    assert "expired on 2001-01-01" in checked.stderr
    assert "finding 0000: covers no finding of l" in checked.stderr


def test_explain_as_data_and_from_a_ledger(mail):
    run("scan", "b.eml", "--ledger", "l", "--quiet", cwd=mail)
    # the ledger has no subject of mail judged other: the file is read again
    (one,) = json.loads(run("explain", "m2@x.org", "--ledger", "l", "--json", cwd=mail).stdout)
    assert (one["verdict"], one["subject"]) == ("other", "Lunch")
    (mail / "b.eml").unlink()
    gone = run("explain", one["finding"], "--ledger", "l", cwd=mail)
    assert gone.returncode == 0
    assert "Told from the ledger alone: it lies no more in b.eml" in " ".join(gone.stdout.split())
    assert "explain the file itself" in " ".join(gone.stdout.replace("│", "").split())
