import csv
import io
import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from outreach_audit.report.safe import cell, json_text, rich_text, safe
from tests.report.payloads import CONTROLS, FORMULAS, PAYLOADS

ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates included
STARTERS = "=+-@|%−"


def acts(text):
    return [character for character in text if unicodedata.category(character) in ACTING]


def is_formula(text):
    shown = unicodedata.normalize("NFKC", text).strip().strip('"’ ')
    return shown.startswith(tuple(STARTERS))


def test_there_are_enough_payloads():
    assert len(set(PAYLOADS)) >= 90


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_acts_or_hides(payload):
    assert not acts(safe(payload))


@pytest.mark.parametrize("payload", CONTROLS)
def test_what_acted_can_be_seen(payload):
    shown = safe(payload)
    for character in acts(payload):
        assert character in "\t\r\n" or f"\\u{{{ord(character):x}}}" in shown


def test_every_character_that_acts_is_caught():
    missed = [hex(number) for number in range(0x110000) if acts(safe(chr(number)))]
    assert not missed


@pytest.mark.parametrize("blank", "\u034f\u115f\u1160\u17b4\u180b\u2800\u3164\ufe0f\uffa0\U000e0100")
def test_what_is_drawn_as_nothing_is_caught_too(blank):
    assert safe(blank).startswith("\\u{")


@pytest.mark.parametrize(
    "text", ["한국과학기술원 / KAIST", "中文 漢字 かな", "Ünïcode naïve", "שלום عربي", "a [b] <c> & 'd'", "😀 ⭐"]
)
def test_ordinary_text_stays_as_it_is(text):
    assert safe(text) == text
    assert cell(text) == text


@pytest.mark.parametrize("payload", FORMULAS)
def test_no_cell_is_a_formula(payload):
    shown = cell(payload)
    assert not shown.strip().startswith(tuple("=+-@|%−＝＋－＠﹦｜％"))
    assert not is_formula(shown)
    assert all(not is_formula(part) for part in shown.split(";"))


@pytest.mark.parametrize(
    "text", ["2026-03-04", "a+b", "x = y", "talent@agency.example", "50 %", "a; b; c", "(=1)", "", ";", "'"]
)
def test_a_cell_that_is_no_formula_stays(text):
    assert cell(text) == text


@settings(deadline=None, max_examples=100)
@given(ANY_TEXT)
def test_safe_and_cell_hold_for_any_text(text):
    assert not acts(safe(text))
    assert not acts(cell(text))
    assert not is_formula(cell(text))
    assert safe(safe(text)) == safe(text)
    safe(text).encode()


@settings(deadline=None, max_examples=100)
@given(st.text("=+-@|%＝;'\" \t\n\u200ba", max_size=12))
def test_cells_made_of_formula_characters_are_none(text):
    assert all(not is_formula(part) for part in cell(text).split(";"))


@settings(deadline=None, max_examples=100)
@given(st.lists(ANY_TEXT, min_size=1, max_size=4))
def test_a_line_of_cells_stays_one_line(texts):
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow([cell(text) for text in texts])
    assert len(file.getvalue().splitlines()) == 1
    assert next(csv.reader([file.getvalue()])) == [cell(text) for text in texts]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_rich_shows_text_and_reads_no_markup(payload):
    file = io.StringIO()
    Console(file=file, force_terminal=True, color_system="truecolor", width=300).print(rich_text(payload))
    assert file.getvalue() == safe(payload) + "\n"


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(ANY_TEXT, st.lists(ANY_TEXT | st.integers() | st.booleans() | st.none())))
def test_json_reads_back_as_it_was_without_lone_surrogates(value):
    written = json_text(value)
    assert not acts(written)
    assert len(written.splitlines()) == 1
    whole = json.loads(json.dumps(value).encode().decode(), object_pairs_hook=list)
    read = json.loads(written, object_pairs_hook=list)
    assert read == whole or any("\ud800" <= character <= "\udfff" for character in repr_of(value))
    json.dumps(read, ensure_ascii=False).encode()


def repr_of(value):
    return "".join([*value, *(item for items in value.values() for item in items if isinstance(item, str))])


def test_json_escapes():
    assert json_text("\x9b\u2028\U000e0041") == '"\\u009b\\u2028\\udb40\\udc41"'
    assert json.loads(json_text("\x9b\u2028\U000e0041")) == "\x9b\u2028\U000e0041"
    assert json.loads(json_text("a\udcffb\\")) == "a\\udcffb\\"
    assert json.loads(json_text("\ud83d\ude00")) == "\\ud83d\\ude00"
    assert json_text({"b": 1, "a": ["한"]}, indent=1, sort_keys=True) == '{\n "a": [\n  "한"\n ],\n "b": 1\n}'


def test_json_knows_no_infinity():
    with pytest.raises(ValueError, match="JSON"):
        json_text(float("inf"))
