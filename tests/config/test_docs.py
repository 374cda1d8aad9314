"""docs/configuration.md and the template against the keys that are read."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from outreach_audit.config.load import COLUMN_KEYS, INSTITUTE_KEYS, limit_keys, load_config, mailbox_keys, top_keys
from outreach_audit.config.model import Config
from outreach_audit.config.new import TEMPLATE
from outreach_audit.mail.attachments import Limits as AttachmentLimits
from outreach_audit.mail.limits import Limits as MailLimits
from outreach_audit.sources import Limits as SourceLimits

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
TABLES = {
    "Keys at the top": top_keys(Path()),
    "`[institute]`": INSTITUTE_KEYS,
    "`[[mailbox]]`": mailbox_keys(Path()),
    "`[log.columns]`": COLUMN_KEYS,
    "`[limits.sources]`": limit_keys(SourceLimits),
    "`[limits.mail]`": limit_keys(MailLimits),
    "`[limits.attachments]`": limit_keys(AttachmentLimits),
}


def rows(title: str) -> dict[str, list[str]]:
    text = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    cells = [line.strip("| ").split(" | ") for line in re.findall(r"^\| `.*\|$", text, re.MULTILINE)]
    return {row[0].strip("`"): row[1:] for row in cells}


@pytest.mark.parametrize("title", TABLES)
def test_every_key_is_documented_in_its_table_and_no_other(title):
    assert rows(title).keys() == TABLES[title].keys()


def test_defaults_are_those_of_the_program():
    default = Config()
    for key in ("period", "tz", "date_basis", "language", "fail_on", "min_coverage"):
        assert rows("Keys at the top")[key][1] == f"`{getattr(default, key)}`"
    for title, limits in (
        ("`[limits.sources]`", SourceLimits),
        ("`[limits.mail]`", MailLimits),
        ("`[limits.attachments]`", AttachmentLimits),
    ):
        told = {key: row[0] for key, row in rows(title).items()}
        assert told == {f.name: f"{f.default:,}" for f in fields(limits)}


def test_the_example_of_the_page_is_valid(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)[1], encoding="utf-8")
    assert len(load_config(path).mailboxes) == 2


def test_the_template_tells_every_key_and_holds_with_all_of_them_taken_in(tmp_path):
    text = re.sub(r"^#(?=[\w\[])", "", TEMPLATE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    data = tomllib.loads(text)
    assert data.keys() - {"institute", "mailbox", "log", "limits"} == top_keys(Path()).keys()
    assert data["institute"].keys() == INSTITUTE_KEYS.keys()
    assert data["mailbox"][1].keys() == mailbox_keys(Path()).keys()
    assert data["log"]["columns"].keys() == COLUMN_KEYS.keys()
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    load_config(path)


def test_settings_that_the_template_shows_as_defaults_are_the_defaults():
    shown = re.findall(r'^#(date_basis|language|fail_on|min_coverage) = "?([^"\n]+)"?$', TEMPLATE.read_text(encoding="utf-8"), re.MULTILINE)  # fmt: skip
    assert {key: value for key, value in shown} == {  # noqa: C416 - reads as what is compared
        key: str(getattr(Config(), key)) for key in ("date_basis", "language", "fail_on", "min_coverage")
    }
