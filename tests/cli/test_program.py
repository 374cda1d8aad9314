"""The program as scripts see it: real processes, exit codes, what goes to which stream."""

import json
import os
import subprocess
import sys

import pytest

from tests.cli.called import Program

LETTER = (
    "From: Office <hr@bridge.example.com>\nTo: {to}\nSubject: Chair professor\nMessage-ID: <{n}@x.org>\n"
    "Date: Mon, 4 Mar 2024 01:00:00 +0000\n\nDear Professor,\n\nour university in Shenzhen, China, would like to invite you to join us as "
    "chair professor. The annual salary is RMB 900,000; an apartment and start-up funding are provided. Please send your CV before 30 June.\n"
)
ENCRYPTED = (
    "From: a@b.c\nTo: kim@kaist.ac.kr\nMIME-Version: 1.0\nContent-Type: multipart/encrypted; protocol=application/pgp-encrypted; boundary=b\n\n"
    "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\nxx\n--b--\n"
)


def run(*arguments, stdin=None, columns=100, cwd=None):
    environment = {**os.environ, "COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "dumb"}
    return subprocess.run(
        [sys.executable, "-m", "outreach_audit", *map(str, arguments)],
        input=stdin, capture_output=True, encoding="utf-8", env=environment, timeout=120, check=False, cwd=cwd,
    )  # fmt: skip


@pytest.fixture
def program(monkeypatch, capsys):
    """The program in this process, where it is not about the process."""
    return Program(monkeypatch, capsys)


def box(*letters: str) -> str:
    return "".join(f"From a@b.org Mon Mar  4 01:00:00 2024\n{text}\n" for text in letters)


@pytest.fixture
def mailbox(tmp_path):
    path = tmp_path / "mail" / "inbox.mbox"
    path.parent.mkdir()
    path.write_text(
        box(
            LETTER.format(to="kim@kaist.ac.kr", n=1),
            LETTER.format(to="lee@kaist.ac.kr", n=2),
            "From: a@b.c\nTo: kim@kaist.ac.kr\n\nLunch?\n",
        )
    )
    return path


def test_scan_prints_tables_and_nothing_else_on_standard_output(mailbox):
    done = run("scan", mailbox)
    assert done.returncode == 0, done.stderr
    assert "KAIST" in done.stdout or "kaist" in done.stdout
    assert "deliveries" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("columns", [80, 140])
def test_tables_fit_the_terminal(mailbox, columns):
    done = run("scan", mailbox, columns=columns)
    from rich.cells import cell_len

    assert max(cell_len(line) for line in done.stdout.splitlines()) <= columns


def test_findings_are_json_lines_as_documented(mailbox):
    done = run("scan", mailbox, "--findings", "-", "--all")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 3
    first = next(line for line in lines if line["verdict"] == "approach")
    documented = {
        *("finding", "message_id", "source", "member", "offset", "length", "date", "folder", "recipient", "institute"),
        *(
            "carrier_message_id",
            "language",
            "personalisation",
            "header_only",
            "verdict",
            "kind",
            "more_kinds",
            "via",
            "score",
        ),
        *("margin", "foreign", "dest_country", "dest_country_grade", "claimed_sponsor", "sender_org", "sender_type"),
        *("sender_domain", "cues", "campaign", "trap", "evidence", "pack", "reading"),
    }
    assert documented <= first.keys()
    assert {"signal", "scope", "text", "weight", "counter"} <= first["evidence"][0].keys()
    assert "kaist.ac.kr" not in first["recipient"]
    assert "3 messages found: 3 read" in done.stderr


def test_out_writes_the_files(mailbox, tmp_path):
    done = run("scan", mailbox, "--out", tmp_path / "out", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert {"findings.csv", "tally.json", "report.html", "tally_institute.csv"} <= names
    assert (tmp_path / "out" / "tally_institute.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_two_runs_write_the_same_bytes(mailbox, tmp_path):
    key = tmp_path / "key"
    key.write_text("0123456789abcdef0123456789abcdef")
    for name in ("one", "two"):
        assert run("scan", mailbox, "--out", tmp_path / name, "--quiet", "--key", key).returncode == 0
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_standard_input_is_an_mbox(mailbox):
    done = run("scan", "-", "--findings", "-", stdin=mailbox.read_text())
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["scan", "missing.mbox"], 3, "missing.mbox"),
        (["scan"], 2, "PATH"),
        (["scan", "{mail}", "--nonsense"], 2, "--nonsense"),
        (["scan", "{mail}", "--home", "Korea"], 2, "--home"),
        (["scan", "{mail}", "--tz", "Mars/Olympus"], 2, "Mars"),
        (["scan", "{mail}", "--month", "2024-13"], 2, "2024-13"),
        (["scan", "{mail}", "--date-basis", "moon"], 2, "--date-basis"),
        (["scan", "{mail}", "--pack", "nopack"], 4, "pack.toml"),
        (["scan", "{mail}", "--fail-on", "found"], 10, ""),
        (["scan", "{mail}", "--fail-on", "new"], 10, ""),
        (["scan", "{mail}", "--fail-on", "none"], 0, ""),
        (["explain", "no-such-thing"], 2, "no-such-thing"),
        (["evaluate", "missing.jsonl", "."], 2, "missing.jsonl"),
        (["packs", "show", "nonsense"], 2, "nonsense"),
    ],
)
def test_exit_codes(mailbox, *, arguments, code, said, program, monkeypatch):
    # explain looks through the working directory
    monkeypatch.chdir(mailbox.parent)
    ended, _, told = program(*(a.format(mail=mailbox) for a in arguments))
    assert ended == code, told
    assert said in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("arguments", "code"), [(["packs", "check"], 0), (["scan", "missing.mbox"], 3), (["scan", "--nonsense"], 2)]
)
def test_the_exit_code_is_that_of_the_process(arguments, code, tmp_path):
    assert run(*arguments, cwd=tmp_path).returncode == code


def test_new_means_new_to_the_ledger(mailbox, tmp_path, program):
    arguments = ("scan", mailbox, "--ledger", tmp_path / "l.sqlite", "--fail-on", "new", "--quiet")
    assert [program(*arguments)[0] for _ in range(2)] == [10, 0]
    mailbox.write_text(mailbox.read_text() + box(LETTER.format(to="park@kaist.ac.kr", n=3)))
    assert program(*arguments)[0] == 10


def test_a_month_limits_findings_too(mailbox, program):
    assert len(program("scan", mailbox, "--findings", "-", "--month", "2024-03")[1].splitlines()) == 2
    assert program("scan", mailbox, "--findings", "-", "--month", "2024-04")[1] == ""


def test_low_coverage_has_its_own_code(tmp_path, program):
    path = tmp_path / "a.mbox"
    path.write_text(box(LETTER.format(to="kim@kaist.ac.kr", n=1), ENCRYPTED))
    code, _, told = program("scan", path, "--min-coverage", "0.99")
    assert code == 5
    assert "0.99" in told


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(300), bytes(range(256)) * 20])
def test_what_is_no_mail_is_said_and_is_not_an_empty_result(tmp_path, content, program):
    path = tmp_path / "x.mbox"
    path.write_bytes(content)
    code, _, told = program("scan", path)
    assert code == 3
    assert "x.mbox" in told


def test_an_unreadable_file_does_not_stop_the_others(mailbox):
    (mailbox.parent / "rubbish.mbox").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    done = run("scan", mailbox.parent, "--findings", "-")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 2
    assert "rubbish.mbox" in done.stderr


def test_explain_tells_the_reasons(mailbox, tmp_path):
    done = run("explain", "<1@x.org>", mailbox)
    assert done.returncode == 0, done.stderr
    for said in ("Judged: an approach", "speaks for", "invite you", "destination (abroad): CN", "Chair professor"):
        assert said in done.stdout
    ledger = tmp_path / "l.sqlite"
    run("scan", mailbox, "--ledger", ledger, "--quiet")
    from_ledger = run("explain", "<1@x.org>", "--ledger", ledger)
    assert from_ledger.stdout == done.stdout


def test_hostile_text_reaches_no_terminal(tmp_path):
    path = tmp_path / "a.eml"
    path.write_text(
        LETTER.format(to="kim@kaist.ac.kr", n=1).replace("Chair professor", "Chair\x1b[31m [/b] \u202e=HYPERLINK")
    )
    done = run("explain", path)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout


def test_evaluate_prints_and_writes_figures(tmp_path):
    folder = tmp_path / "KR" / "inbox"
    folder.mkdir(parents=True)
    (folder / "a.mbox").write_text(box(LETTER.format(to="kim@kaist.ac.kr", n=1)))
    labels = tmp_path / "labels.jsonl"
    labels.write_text(
        json.dumps({"id": "a", "message_id": "<1@x.org>", "home": "KR", "verdict": "approach", "language": "en"}) + "\n"
    )
    done = run("evaluate", labels, tmp_path, "--json", tmp_path / "f.json")
    assert done.returncode == 0, done.stderr
    assert "precision" in done.stdout
    assert json.loads((tmp_path / "f.json").read_text())["overall"]["recall"]["value"] == 1.0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["scan", "--help"],
        ["packs", "list"],
        ["packs", "show"],
        ["packs", "show", "offer.post"],
        ["packs", "show", "invite"],
    ],
)
def test_what_only_tells_succeeds_quietly(arguments):
    done = run(*arguments)
    assert done.returncode == 0
    assert done.stdout.strip()
    assert done.stderr == ""


def test_a_reader_that_goes_away_is_no_error_with_a_trace(mailbox):
    command = f"{sys.executable} -m outreach_audit scan {mailbox} --findings - --all | head -c 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
