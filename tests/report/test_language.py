"""Every language says everything: no text that a reader sees is left in English."""

import re
import runpy
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.codes import Kind, Label, Reading, SenderType, Unit
from outreach_audit.errors import UsageError
from outreach_audit.report import languages
from outreach_audit.report import words as words_module
from outreach_audit.report.html import page
from outreach_audit.report.language import catalogue
from outreach_audit.report.markdown import markdown
from outreach_audit.report.published import published_form
from outreach_audit.report.vocabulary import LABELS
from outreach_audit.report.words import Words, words_of
from tests.report.make import document

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "outreach_audit" / "report" / "locale"
OTHERS = [lang for lang in languages() if lang != "en"]
PLACE = re.compile(r"\{\w*\}")


@pytest.fixture(scope="module")
def sources():
    return runpy.run_path(str(ROOT / "tools" / "catalogues.py"))["extracted"]()


def read(lang):
    with (LOCALE / f"{lang}.po").open("rb") as file:
        return read_po(file, locale=lang)


def forms(value):
    return (value,) if isinstance(value, str) else tuple(value)


def test_there_are_english_and_korean():
    assert languages()[0] == "en"
    assert "ko" in languages()


@pytest.mark.parametrize("lang", OTHERS)
def test_every_text_of_the_sources_is_translated(lang, sources):
    known = read(lang)
    untranslated = [
        message.id
        for message in sources
        if message.id and not ((found := known.get(message.id)) and all(forms(found.string)) and not found.fuzzy)
    ]
    assert untranslated == []


@pytest.mark.parametrize("lang", OTHERS)
def test_no_translation_is_left_over_and_none_loses_a_place(lang, sources):
    for message in read(lang):
        if not message.id:
            continue
        assert message.id in sources, message.id
        places = set(PLACE.findall("".join(forms(message.id))))
        for said in forms(message.string):
            assert set(PLACE.findall(said)) == places, message.id


@pytest.mark.parametrize("lang", OTHERS)
def test_nothing_that_is_shown_is_missing_from_the_catalogue(lang, monkeypatch):
    """Also what is put together at run time: titles, notes, heads of tables that others make."""
    missing = []
    known = catalogue(lang)

    class Watched:
        def gettext(self, text):
            said = known.gettext(text)
            if said == text and re.search(r"[a-z]{3}", PLACE.sub("", text)) and text not in document().names.values():
                missing.append(text)
            return said

        def ngettext(self, one, many, number):
            said = known.ngettext(one, many, number)
            if said in {one, many}:
                missing.append(one)
            return said

    words_of.cache_clear()
    monkeypatch.setattr(words_module, "catalogue", lambda _: Watched())
    march = document(month="2026-03")
    page(march, lang)
    markdown(document(), lang)
    published_form(march, words_of(lang), subjects=True, domains=True)
    words_of.cache_clear()
    assert missing == []


def test_a_page_in_korean_is_korean():
    text = page(document(month="2026-03"), "ko")
    assert '<html lang="ko">' in text
    for words in (
        "수신자 149명",
        "얼마나 확실한가?",
        "인재 사업·기금",
        "중국",
        "한국과학기술원 / KAIST",
        "직전 기간 대비",
    ):
        assert words in text


def test_countries_are_named_in_the_language():
    ko, names = words_of("ko"), {"CN": "China", "HK": "Hong Kong"}
    assert [ko.label("dest_country", code, names) for code in ("CN", "HK", "ZZ", "XX")] == [
        "중국",
        "홍콩",
        "미상",
        "XX",
    ]
    assert words_of("en").label("dest_country", "CN", names) == "China"


def test_every_code_has_words():
    assert set(LABELS["kind"]) == set(Kind)
    assert set(LABELS["verdict"]) == set(Label)
    assert set(LABELS["reading"]) == set(Reading)
    assert set(LABELS["sender_type"]) == set(SenderType)


@pytest.mark.parametrize("lang", languages())
def test_figures_stand_with_their_unit(lang):
    words = words_of(lang)
    for unit in Unit:
        assert "1,226" in words.counted(1_226, unit)
    assert words_of("en").counted(1, Unit.DELIVERY) == "1 delivery"


def test_an_unknown_language_is_told_with_those_there_are():
    with pytest.raises(UsageError, match="en, ko"):
        Words("xx")


@settings(deadline=None, max_examples=50)
@given(st.text())
def test_a_note_of_any_form_is_said_as_it_is(text):
    note = f"{text} {{0}} }} {text}"
    said = words_of("en").note(note)
    assert re.sub("[0-9,]", "", said) == re.sub("[0-9,]", "", note)


@settings(deadline=None, max_examples=50)
@given(st.text())
def test_a_value_is_never_read_as_a_format(text):
    assert text in words_of("ko").t("from {domains}" if text else "", domains=text)
