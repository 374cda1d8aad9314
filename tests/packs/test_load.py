import re

import pytest

from outreach_audit.errors import InvalidPackError
from outreach_audit.packs.check import check_examples
from outreach_audit.packs.load import load_packs

PACK = 'id = "mine"\nversion = "1"\ntitle = "Mine"\n'
SIGNAL = """
[[signal]]
id = "my.signal"
title = "Orbital summer school"
weight = 2.0
near = ["orbital", "invite"]
core = true
must_hit = ["We invite you to the orbital summer school."]
must_miss = ["The orbital summer school was fun."]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "pack.toml").write_text(PACK)
    (tmp_path / "concepts.csv").write_text('id,title\norbital,"the school"\n')
    (tmp_path / "lexicon" / "en.csv").write_text("concept,pattern\norbital,orbital summer (school|academy)\n")
    (tmp_path / "signals.toml").write_text(SIGNAL)
    return tmp_path


def test_a_pack_of_ones_own_adds_to_the_core(folder):
    pack = load_packs([folder])
    assert "core" in pack.label
    assert "mine 1" in pack.label
    assert any(s.id == "my.signal" for s in pack.signals)
    assert check_examples(pack) >= 2


def test_the_core_pack_holds_its_examples():
    pack = load_packs()
    assert check_examples(pack) > 0
    assert pack.thresholds.approach > pack.thresholds.unclear


def test_every_fault_is_told_with_file_and_line(folder):
    (folder / "lexicon" / "en.csv").write_text("concept,pattern\nnothing,word here\norbital,(open\norbital,a,b\n")
    (folder / "signals.toml").write_text(
        SIGNAL.replace("weight = 2.0", "weight = -2.0").replace('"invite"', '"nonsense"')
    )
    with pytest.raises(InvalidPackError) as error:
        load_packs([folder])
    lines = str(error.value).splitlines()
    assert len(lines) == 5
    assert all(re.match(r".+\.(csv|toml):\d+: ", line) for line in lines)


def test_a_failing_example_is_told(folder):
    (folder / "signals.toml").write_text(SIGNAL.replace("must_miss", "must_hit").replace("must_hit", "must_miss", 1))
    with pytest.raises(InvalidPackError, match="must miss and hits"):
        check_examples(load_packs([folder]))


@pytest.mark.parametrize("name", ["pack.toml", "signals.toml"])
def test_broken_toml_is_told_with_its_line(folder, name):
    (folder / name).write_text('id = "x"\nbroken = \n')
    with pytest.raises(InvalidPackError, match=rf"{name}:2"):
        load_packs([folder])


def test_a_folder_without_a_pack_is_refused(tmp_path):
    with pytest.raises(InvalidPackError, match=r"pack\.toml"):
        load_packs([tmp_path / "missing"])


def test_a_change_of_a_file_changes_the_digest(folder):
    before = load_packs([folder]).infos[-1].digest
    (folder / "concepts.csv").write_text('id,title\norbital,"another title"\n')
    assert load_packs([folder]).infos[-1].digest != before
