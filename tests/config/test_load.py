"""Reading the configuration: values, defaults, and every fault at its line."""

import tomllib
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from outreach_audit.codes import Folder
from outreach_audit.config.lines import Lines
from outreach_audit.config.load import (
    INSTITUTE_KEYS,
    find_config,
    limit_keys,
    load_config,
    mailbox_keys,
    top_keys,
)
from outreach_audit.config.model import Config, Institute
from outreach_audit.errors import InvalidPackError, UsageError
from outreach_audit.mail.attachments import Limits as AttachmentLimits
from outreach_audit.mail.limits import Limits as MailLimits
from outreach_audit.run.settings import Mailbox, Settings
from outreach_audit.sources import Limits as SourceLimits

FULL = """\
ledger = "data/ledger.sqlite"
packs = ["packs/own", "/srv/packs/shared"]
key = "pseudonyms.key"
roster = "staff.csv"
watchlists = ["watch.csv"]
trusted_servers = ["MX.kaist.ac.kr."]
outputs = "reports"
period = "2026-03"
tz = "Asia/Seoul"
date_basis = "header"
language = "ko"
retention_days = 365
fail_on = "new"
min_coverage = 1
publish_threshold = 7
workers = 3
cluster = "tcp://scheduler:8786"

[institute]
id = "kaist"
home = "kr"
home_domains = ["KAIST.ac.kr", "@gov.kaist.ac.kr"]

[[mailbox]]
path = "mail"

[[mailbox]]
path = "abuse.mbox"
folder = "reports"
owner = "Abuse@kaist.ac.kr"
institute = "kbsi"

[log.columns]
sender = "Absender"

[limits.sources]
depth = 3

[limits.mail]
parts = 50

[limits.attachments]
wall_seconds = 2.5
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "outreach-audit.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    path = write(folder, text)
    with pytest.raises(InvalidPackError) as caught:
        load_config(path)
    assert caught.value.exit_code == 4
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}:") for line in lines)
    return [line.removeprefix(f"{path}:") for line in lines]


def test_every_key_is_read(tmp_path):
    config = load_config(write(tmp_path, FULL))
    assert config.institute == Institute("kaist", "KR", ("kaist.ac.kr", "gov.kaist.ac.kr"))
    assert config.mailboxes == (
        Mailbox(tmp_path / "mail"),
        Mailbox(tmp_path / "abuse.mbox", Folder.REPORTS, "abuse@kaist.ac.kr", "kbsi"),
    )
    assert (config.ledger, config.key) == (tmp_path / "data" / "ledger.sqlite", tmp_path / "pseudonyms.key")
    assert config.packs == (tmp_path / "packs" / "own", Path("/srv/packs/shared"))
    assert (config.roster, config.watchlists) == (tmp_path / "staff.csv", (tmp_path / "watch.csv",))
    assert config.trusted_servers == ("mx.kaist.ac.kr",)
    assert (config.outputs, config.period, config.tz) == (tmp_path / "reports", "2026-03", "Asia/Seoul")
    assert (config.date_basis, config.language, config.fail_on) == ("header", "ko", "new")
    assert (config.retention_days, config.min_coverage) == (365, 1)
    assert (config.publish_threshold, config.workers, config.cluster) == (7, 3, "tcp://scheduler:8786")
    assert config.log_columns == {"sender": "Absender"}
    assert (config.source_limits, config.mail_limits) == (SourceLimits(depth=3), MailLimits(parts=50))
    assert config.attachment_limits == AttachmentLimits(wall_seconds=2.5)


def test_the_full_example_uses_every_key():
    data = tomllib.loads(FULL)
    assert data.keys() - {"institute", "mailbox", "log", "limits"} == top_keys(Path()).keys()
    assert data["institute"].keys() == INSTITUTE_KEYS.keys()
    assert data["mailbox"][1].keys() == mailbox_keys(Path()).keys()


def test_keys_are_the_fields_of_the_values_they_fill():
    tables = {"file", "institute", "mailboxes", "log_columns", "source_limits", "mail_limits", "attachment_limits"}
    assert {f.name for f in fields(Config)} - tables == top_keys(Path()).keys()
    assert {f.name for f in fields(Institute)} == INSTITUTE_KEYS.keys()
    assert {f.name for f in fields(Mailbox)} == mailbox_keys(Path()).keys()
    for limits in (SourceLimits, MailLimits, AttachmentLimits):
        assert {f.name for f in fields(limits)} == limit_keys(limits).keys()


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeff# with a mark\n"])
def test_an_empty_file_is_a_run_without_configuration(tmp_path, text):
    config = load_config(write(tmp_path, text))
    assert config.settings() == Config().settings() == Settings()


def test_settings_hold_what_a_verdict_depends_on(tmp_path):
    settings = load_config(write(tmp_path, FULL)).settings()
    assert (settings.home, settings.institute, settings.date_basis) == ("KR", "kaist", "header")
    assert [box.path.name for box in settings.mailboxes] == ["abuse.mbox"]
    assert settings.trusted_servers == ("mx.kaist.ac.kr",)
    assert settings.log_columns == {"sender": "Absender"}
    assert (settings.source_limits.depth, settings.mail_limits.parts) == (3, 50)
    assert settings.attachment_limits.wall_seconds == 2.5


def test_the_innermost_mailbox_decides(tmp_path):
    boxes = (Mailbox(tmp_path / "mail", Folder.INBOX), Mailbox(tmp_path / "mail" / "spam", Folder.SPAM))
    settings = Settings(mailboxes=boxes)
    assert settings.mailbox_of(str(tmp_path / "mail" / "a.mbox")) is boxes[0]
    assert settings.mailbox_of(str(tmp_path / "mail" / "spam" / "a.eml")) is boxes[1]
    assert settings.mailbox_of(str(tmp_path / "mail" / "spammy.mbox")) is boxes[0]
    assert settings.mailbox_of(str(tmp_path / "mailbox.mbox")) is None


def test_all_faults_are_told_at_once_with_their_lines(tmp_path):
    told = faults(
        tmp_path,
        'tzz = "UTC"\nfail_on = "maybe"\nmin_coverage = 2\nretention_days = 30\n\n[institute]\nhome = "Korea"\ntz = "UTC"\n'
        '[[mailbox]]\npath = "a"\n[[mailbox]]\npath = "a"\nfolder = "inbx"\n[[mailbox]]\nowner = "x"\n'
        '[log.columns]\nsendr = "a"\n[limits.mail]\ndepth = 500\nparts = true\n',
    )
    assert [(int(line.partition(":")[0]), line.partition(": ")[2].split()[0]) for line in told] == [
        (1, "unknown"),
        (2, "fail_on"),
        (3, "min_coverage"),
        (4, "there"),
        (7, "home"),
        (8, "unknown"),
        (12, "path:"),
        (13, "folder"),
        (14, "path"),
        (15, "owner"),
        (17, "unknown"),
        (19, "depth"),
        (20, "parts"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("leger = 'x'", "1: unknown key 'leger'; did you mean ledger?"),
        ("home = 'KR'", "1: unknown key 'home'; it belongs into [institute]"),
        ("[[mailbox]]\npath = 'a'\nledger = 'x'", "3: unknown key 'ledger'; it belongs before the first [table]"),
        ("[limits.sources]\nzzz = 1", "2: unknown key 'zzz'; known are message_bytes, held_bytes,"),
        ("mailbox = 'a.mbox'", "1: mailboxes are written as [[mailbox]]"),
        ("[mailbox]\npath = 'a'", "1: mailboxes are written as [[mailbox]]"),
        ("log = 3", "1: log is a table, written as [log]"),
        ("limits.mail = 3", "1: mail is a table, written as [limits.mail]"),
        ("institute.home = 'KOR'", '1: home must be a country of two letters, as "KR" or "DE"'),
        ("packs = 'x'", "1: packs must be a list"),
        ("ledger = 3", "1: ledger must be text"),
        ("ledger = ''", "1: ledger must be text"),
        ('ledger = "a\\u0000b"', "1: ledger must be a path"),
        ("tz = 'Mars/Olympus'", "1: tz must be a time zone"),
        ("tz = '../../etc/passwd'", "1: tz must be a time zone"),
        ("period = '2026-13'", "1: period must be"),
        ("min_coverage = true", "1: min_coverage must be a number"),
        ("min_coverage = nan", "1: min_coverage must be a number"),
        ("retention_days = 1.5", "1: retention_days must be a whole number"),
        ("language = 'fr'", "1: language must be a language that"),
        ("[limits.mail]\nparts = 0", "2: parts must be a whole number from 1"),
        ("[limits.attachments]\nwall_seconds = 0", "2: wall_seconds must be a number from 0.1 to 3,600.0"),
        ("trusted_servers = ['a b']", "1: trusted_servers must be names of domains"),
        ("ledger = 'a", "1: Expected"),
        ("a = 1\na = 2\n", "2: Cannot overwrite a value"),
        ("x = " + "[" * 5000, "1: values within values"),
    ],
)
def test_a_fault_says_what_is_wrong_and_what_was_meant(tmp_path, text, told):
    assert faults(tmp_path, text)[0].startswith(told)


def test_text_that_is_no_utf8_is_told_with_its_line(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes("# 한\ntz = '한'\n".encode("cp949"))
    with pytest.raises(InvalidPackError, match=r"x\.toml:1: this is not UTF-8"):
        load_config(path)


def test_a_file_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="outreach-audit init writes one"):
        find_config(Path("no.toml"))
    assert find_config(None) == Config()


def test_the_working_directory_is_looked_at_and_paths_stay_absolute(tmp_path, monkeypatch):
    write(tmp_path, 'ledger = "l.sqlite"')
    monkeypatch.chdir(tmp_path)
    config = find_config(None)
    assert (config.file, config.ledger) == (tmp_path / "outreach-audit.toml", tmp_path / "l.sqlite")


def test_lines_of_keys_in_all_their_forms():
    lines = Lines(
        'a.b = 1\n"c d" = 2\n[t] # x\nk=1\n[ t . u ]\nk = 2\n[[m]]\nk=3\n[[m]]\n\nk=4\nlist = [\n "k = 9",\n]\n'
    )
    assert [
        lines.of(p) for p in [("a", "b"), ("c d",), ("t", "k"), ("t", "u", "k"), ("m", 0, "k"), ("m", 1, "k"), ("m", 1, "x"), ("q",)]
    ] == [1, 2, 4, 6, 8, 11, 9, 1]  # fmt: skip


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda t: f"{t}\n{FULL}".encode("utf-8", "replace")))
def test_no_file_makes_it_raise_anything_else(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    with suppress(InvalidPackError):
        load_config(path)
