"""The pack that a security officer begins with, and the documentation that leads him."""

import re
import shutil
from pathlib import Path

import pytest

from outreach_audit.errors import UsageError
from outreach_audit.mail.model import Address, Mail, Scope, Text
from outreach_audit.packs.check import check_packs
from outreach_audit.packs.new import FILES, new_pack
from outreach_audit.signals.evidence import Detector
from outreach_audit.signals.facts import Reader

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "packs.md"
STEP = re.compile(r"^`([\w./-]+)`:\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def fired(pack, signal, *texts):
    detector = Detector(pack)
    found = []
    for text in texts:
        mail = Mail(sender=Address("", "a@elsewhere.example"), texts=(Text(Scope.BODY, text),))
        found.append(signal in {hit.signal for hit in detector.evidence(mail, Reader("reader@home.example")).hits})
    return found


def test_a_new_pack_is_accepted_as_it_is(tmp_path):
    written = new_pack(tmp_path / "mine")
    assert [path.relative_to(tmp_path / "mine").as_posix() for path in written] == list(FILES)
    checked = check_packs([tmp_path / "mine"])
    assert checked.remarks == ()
    assert checked.pack.label.endswith("my-institute 2026.1")
    assert checked.pack.knowledge.organisation("orbital.example").id == "kr-orbital-example"
    assert checked.pack.knowledge.known_domain("orbital-talents.example").country == "CN"
    assert fired(
        checked.pack,
        "my.space_school",
        "We invite you to our space summer academy.",
        "우주 여름 캠프에 교수님을 초청합니다.",
        "The space summer school is over.",
    ) == [True, True, False]


def test_a_folder_that_holds_something_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="empty folder"):
        new_pack(tmp_path)
    with pytest.raises(UsageError, match="empty folder"):
        new_pack(tmp_path / "letter.txt")
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_the_documentation_followed_to_the_letter(tmp_path):
    steps = STEP.findall(DOCUMENTATION.read_text(encoding="utf-8"))
    assert [name for name, _ in steps] == [
        *("pack.toml", "concepts.csv", "lexicon/en.csv", "lexicon/ko.csv", "signals.toml", "domains.csv"),
    ]
    mine = tmp_path / "my-pack"
    new_pack(mine)
    for name in FILES:
        (mine / name).unlink()
    shutil.rmtree(mine / "lexicon")
    for name, content in steps:
        (mine / name).parent.mkdir(exist_ok=True)
        (mine / name).write_text(content, encoding="utf-8")
    checked = check_packs([mine])
    assert checked.remarks == ()
    text = "We would like to invite you to the guest beamtime scheme in our laboratory."
    assert fired(checked.pack, "inst.beamtime_guest", text) == [True]


def test_every_file_of_the_template_is_named_in_the_documentation():
    text = DOCUMENTATION.read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in FILES)
