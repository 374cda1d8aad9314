import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.packs import fold as fold_module
from outreach_audit.packs.fold import fold, quote


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ｔｈｏｕｓａｎｄ　Ｔａｌｅｎｔｓ", "thousand talents"),
        ("T\u200bal\u00adent", "talent"),
        ("T h o u s a n d", "thousand"),
        ("tаlent prоgramme", "talent programme"),  # Cyrillic а and о
        ("人 才 計 畫", "人才计画"),
        ("初빙 하고자 합니다", "初빙하고자합니다"),
        ("Straße für Ärzte", "strasse fur arzte"),
        ("ёлка", "елка"),
        ("ばだ が", "ばだが"),
        ("𝐓𝐚𝐥𝐞𝐧𝐭", "talent"),
        ("line\nbreak  and\tblank", "line break and blank"),
        ("“don’t”", '"don\'t"'),
    ],
)
def test_spellings_of_the_same_words_become_the_same(written, folded):
    assert fold(written) == folded


def test_whole_words_of_another_script_stay():
    assert fold("приглашаем Вас") == "приглашаем вас"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_folding_is_total_and_leaves_no_lone_blanks_at_the_ends(text):
    folded = fold(text)
    assert folded == folded.strip()
    assert "  " not in folded


@pytest.mark.parametrize(
    ("sentence", "word", "written"),
    [
        ("We offer a t\u200balent plan", "talent", "t\u200balent"),
        ("本校 誠邀 您 加入", "诚邀", "誠邀"),
        ("Für Ärzte", "arzte", "Ärzte"),
        ("plain words here", "words", "words"),
    ],
)
def test_evidence_is_quoted_as_written(sentence, word, written):
    begin = fold(sentence).index(word)
    assert quote(sentence, [(begin, begin + len(word))]) == [written]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_quoting_is_total_and_gives_what_was_written(text, begin, length):
    [quoted] = quote(text, [(begin, begin + length)])
    assert quoted in text


def test_every_mark_that_stands_alone_is_known_as_one():
    marks = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) == "Mn"]
    assert [hex(ord(mark)) for mark in marks if not fold_module._MARKED.match(mark)] == []


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("aéЙё가か漢計 \u0301\u1100\u1161")), max_size=30))
def test_folding_character_by_character_is_folding_as_a_whole(text):
    folded = unicodedata.normalize("NFKC", fold_module._INVISIBLE.sub("", text)).casefold()
    expected = text.lower() if text.isascii() else fold_module._fold_marks(folded)
    assert fold_module._fold_characters(text) == expected
