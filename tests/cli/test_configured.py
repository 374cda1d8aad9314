"""What the configuration says reaches the verdicts of ``scan`` and ``explain``, and options win over it."""

import json

import pytest

from tests.cli.called import Program, letter

LOG = "Zeit;Absender;Empfaenger;Betreff\n2024-03-04 00:12;hr@bridge.example.com;kim@kaist.ac.kr;Chair professor\n"


@pytest.fixture
def program(monkeypatch, capsys):
    return Program(monkeypatch, capsys)


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "a.mbox").write_text(letter(1))
    (tmp_path / "b.mbox").write_text(letter(2, to="undisclosed-recipients:;"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(place, text: str):
    (place / "outreach-audit.toml").write_text(text)


def findings(program, *arguments) -> list[dict]:
    code, out, err = program("scan", *arguments, "--findings", "-", "--all")
    assert code == 0, err
    return [json.loads(line) for line in out.splitlines()]


def test_scan_takes_mailboxes_and_ledger_from_the_configuration(program, place):
    configure(
        place,
        'ledger = "l.sqlite"\n[institute]\nid = "own"\n[[mailbox]]\npath = "a.mbox"\n'
        '[[mailbox]]\npath = "b.mbox"\nfolder = "quarantine"\nowner = "lee@kbsi.re.kr"\ninstitute = "kbsi"\n',
    )
    found = {one["message_id"]: one for one in findings(program)}
    assert {key: (one["folder"], one["institute"]) for key, one in found.items()} == {
        "<1@x.org>": ("inbox", "own"),
        "<2@x.org>": ("quarantine", "kbsi"),
    }
    assert found["<2@x.org>"]["recipient"]
    assert (place / "l.sqlite").is_file()
    assert program("explain", found["<1@x.org>"]["finding"])[0] == 0


def test_a_mailbox_within_another_is_counted_once_as_the_inner_one(program, place):
    (place / "mail" / "held").mkdir(parents=True)
    (place / "a.mbox").rename(place / "mail" / "a.mbox")
    (place / "b.mbox").rename(place / "mail" / "held" / "b.mbox")
    configure(
        place, '[[mailbox]]\npath = "mail"\nfolder = "inbox"\n[[mailbox]]\npath = "mail/held"\nfolder = "quarantine"\n'
    )
    assert sorted((one["message_id"], one["folder"]) for one in findings(program)) == [
        ("<1@x.org>", "inbox"),
        ("<2@x.org>", "quarantine"),
    ]
    assert "2 messages found: 2 read" in program("scan", "--findings", "-")[2]


def test_mail_named_for_once_does_not_get_into_the_ledger(program, place):
    configure(place, 'ledger = "l.sqlite"\n[institute]\nid = "own"\n')
    assert [one["institute"] for one in findings(program, "a.mbox")] == ["own"]
    assert not (place / "l.sqlite").exists()
    findings(program, "a.mbox", "--ledger", "other.sqlite")
    assert (place / "other.sqlite").is_file()


def test_options_win_over_the_configuration(program, place):
    configure(place, 'fail_on = "found"\nmin_coverage = 1\ntz = "Asia/Seoul"\n[institute]\nid = "own"\nhome = "CN"\n')
    assert program("scan", "a.mbox", "--quiet")[0] == 10
    assert program("scan", "a.mbox", "--quiet", "--fail-on", "none")[0] == 0
    assert [one["institute"] for one in findings(program, "a.mbox", "--fail-on", "none", "--institute", "x")] == ["x"]
    home = findings(program, "a.mbox", "--fail-on", "none")[0]
    abroad = findings(program, "a.mbox", "--fail-on", "none", "--home", "KR")[0]
    assert (home["foreign"], abroad["foreign"]) == (False, True)


def test_verbose_says_which_configuration_applies(program, place):
    assert "configuration: none\n" in program("scan", "a.mbox", "--verbose")[2]
    configure(place, "")
    assert f"configuration: {place}/outreach-audit.toml\n" in program("scan", "a.mbox", "--verbose")[2]
    assert f"configuration: {place}/outreach-audit.toml\n" in program("explain", "a.mbox", "--verbose")[2]


def test_an_invalid_configuration_stops_scan_and_explain_with_its_lines(program, place):
    configure(place, "tz = 'Mars'\nfail = 1\n")
    for command in ("scan", "explain"):
        code, out, err = program(command, "a.mbox")
        assert (code, out) == (4, "")
        assert err == (
            'outreach-audit: outreach-audit.toml:1: tz must be a time zone, as "Asia/Seoul" or "UTC"\n'
            "outreach-audit.toml:2: unknown key 'fail'; did you mean fail_on?\n"
        )


def test_scan_of_nothing(program, place):
    code, _, err = program("scan")
    assert code == 2
    assert "PATH" in err


def test_columns_of_a_log_that_is_not_known(program, place):
    (place / "gateway.csv").write_text(LOG)
    assert program("scan", "gateway.csv")[0] == 3
    configure(
        place, '[log.columns]\nsender = "Absender"\nrecipients = "Empfaenger"\ndate = "Zeit"\nsubject = "Betreff"\n'
    )
    (found,) = findings(program, "gateway.csv")
    assert (found["header_only"], found["sender_domain"], found["date"]) == (True, "bridge.example.com", "2024-03-04T00:12:00Z")  # fmt: skip
    assert "Chair professor" in program("explain", "gateway.csv")[1]


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ("[limits.mail]\ntext_chars = 100\n", "partly_read: text beyond 100 characters was not read"),
        ("[limits.sources]\nmessage_bytes = 300\n", "partly_read"),
    ],
)
def test_budgets_of_the_configuration_hold(program, place, limits, told):
    configure(place, limits)
    code, _, err = program("scan", "a.mbox", "--verbose")
    assert told in err
    assert code == 5


def test_results_of_the_institutes_own_server_are_told_and_of_no_other(program, place):
    header = (
        "Authentication-Results: {}; spf=pass smtp.mailfrom=bridge.example.com; dkim=fail header.d=bridge.example.com\n"
    )
    (place / "own.mbox").write_text(letter(4, more=header.format("mx.kaist.ac.kr")))
    (place / "forged.mbox").write_text(letter(5, more=header.format("mx.elsewhere.org")))
    configure(place, 'trusted_servers = ["mx.kaist.ac.kr"]')
    told = " ".join(program("explain", "own.mbox")[1].replace("│", " ").split())
    assert "On receipt mx.kaist.ac.kr found: spf pass (bridge.example.com), dkim fail (bridge.example.com)." in told
    assert "On receipt" not in program("explain", "forged.mbox")[1]
    configure(place, "")
    assert "On receipt" not in program("explain", "own.mbox")[1]
