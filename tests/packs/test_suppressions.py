"""Suppressions: what one may say, what it covers, and every fault at once."""

from datetime import date

import pytest

from outreach_audit.packs.files import Faults
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.suppressions import read_suppressions

WHY = 'reason = "an exercise"\nowner = "security"\nexpires = 2027-01-31\n'
RECORD = {
    "finding": "f1", "message_ids": {"<m@x.org>", None}, "campaign": "c1", "signals": {"offer.post"}, "domain": "mail.a.example",
}  # fmt: skip


def read(tmp_path, text):
    faults = Faults()
    path = tmp_path / "suppressions.toml"
    path.write_text(text, encoding="utf-8")
    return read_suppressions(path, {"offer.post"}, faults), faults.lines


@pytest.mark.parametrize(
    ("what", "covers"),
    [
        ('finding = "f1"', True),
        ('finding = "f2"', False),
        ('message_id = "m@x.org"', True),
        ('message_id = "<m@x.org>"', True),
        ('message_id = "<n@x.org>"', False),
        ('campaign = "c1"', True),
        ('signal = "offer.post"\ndomain = "A.example"', True),
        ('signal = "offer.post"\ndomain = "il.a.example"', False),
        ('signal = "offer.post"\ndomain = "b.example"', False),
    ],
)
def test_what_it_covers(tmp_path, what, covers):
    (one,), faults = read(tmp_path, f"[[suppression]]\n{what}\n{WHY}")
    assert faults == []
    assert one.covers(**RECORD) is covers
    assert one.applies(date(2027, 1, 31))
    assert not one.applies(date(2027, 2, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WHY, "name a finding"),
        (f'signal = "offer.post"\n{WHY}', "name a finding"),
        (f'finding = "a"\nmessage_id = "b"\n{WHY}', "name a finding"),
        (f'finding = ""\n{WHY}', "finding must be a text"),
        ('finding = "a"\nowner = "x"\nexpires = 2027-01-01\n', "reason must be"),
        ('finding = "a"\nreason = "r"\nowner = "x"\n', "expires is missing"),
        ('finding = "a"\nreason = "r"\nowner = "x"\nexpires = "soon"\n', "expires must be a day"),
        (f'finding = "a"\nline = 7\n{WHY}', "unknown field 'line'"),
        (f'signal = "no.such"\ndomain = "a.example"\n{WHY}', "unknown signal 'no.such'"),
        (f'signal = "offer.post"\ndomain = "@a"\n{WHY}', "no domain"),
    ],
)
def test_faults_are_told_with_their_line(tmp_path, text, said):
    _, faults = read(tmp_path, f'[[suppression]]\nfinding = "ok"\n{WHY}\n[[suppression]]\n{text}')
    assert any(":7: " in line and said in line for line in faults), faults


def test_one_thing_is_suppressed_once(tmp_path):
    _, faults = read(tmp_path, f'[[suppression]]\nfinding = "a"\n{WHY}[[suppression]]\nfinding = "a"\n{WHY}')
    assert len(faults) == 1
    assert "suppressed twice" in faults[0]


def test_a_pack_with_suppressions_judges_as_without(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "pack.toml").write_text('id = "mine"\nversion = "1"\ntitle = "x"\n')
    before = load_packs([mine])
    (mine / "suppressions.toml").write_text(f'[[suppression]]\nfinding = "a"\n{WHY}')
    after = load_packs([mine])
    assert [s.what for s in after.suppressions] == ["finding a"]
    # nothing is judged anew for it
    assert after.infos == before.infos
