import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace

import pytest
from resiliparse.parse.html import HTMLTree, NodeType, traverse_dom

from outreach_audit.ledger import Ledger
from outreach_audit.report import make_document, write_html
from outreach_audit.report.charts import chart
from outreach_audit.report.html import page
from outreach_audit.report.safe import safe
from outreach_audit.report.words import words_of
from tests.ledger.make import record
from tests.report.make import document, hostile, uncertain
from tests.report.payloads import PAYLOADS

BASE = page(document())
HOSTILE = page(hostile())


@cache
def elements(text):
    """All elements as a browser would make them: tag, attributes, text."""
    found = []

    def add(context):
        if context.node.type == NodeType.ELEMENT:
            attributes = {name: context.node[name] for name in context.node.attrs}
            found.append(SimpleNamespace(tag=context.node.tag, attrs=attributes, text=context.node.text))

    traverse_dom(HTMLTree.parse(text).document, start_callback=add)
    return found


def one(text, selector):
    (found,) = HTMLTree.parse(text).document.query_selector_all(selector)
    return found


def test_the_page_answers_first():
    short = " ".join(one(BASE, "section[aria-labelledby=short]").text.split())
    for words in ("149 recipients (persons)", "226 deliveries", "5 approaches more are known only from reports"):
        assert words in short
    for words in ("China 149 approaches", "한국과학기술원 / KAIST", "3 could not be read", "Talent programme or fund"):
        assert words in short


@pytest.mark.parametrize("text", [BASE, HOSTILE], ids=["plain", "hostile"])
def test_nothing_runs_and_nothing_is_requested(text):
    tags = Counter(element.tag for element in elements(text))
    assert not set(tags) & {
        *("script", "link", "img", "iframe", "object", "embed", "form", "base", "audio", "video", "source", "use"),
        *("foreignobject", "image", "a:href", "input", "button", "marquee"),
    }
    assert tags["style"] == tags["title"] - tags["desc"] == 1
    for element in elements(text):
        names = set(element.attrs)
        assert not [name for name in names if name.startswith("on")]
        assert not names & {"src", "srcset", "style", "action", "data", "xlink:href", "background", "poster"}
        if "href" in names:
            assert element.attrs["href"].startswith("#")
    assert "url(" not in text
    assert "@import" not in text


def test_hostile_text_makes_no_element():
    tags = {element.tag for element in elements(BASE)}
    assert {element.tag for element in elements(HOSTILE)} <= tags
    names = {name for element in elements(BASE) for name in element.attrs}
    assert {name for element in elements(HOSTILE) for name in element.attrs} <= names


def test_hostile_text_is_shown_as_it_is_and_nothing_is_hidden():
    acting = {c for c in HOSTILE if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert acting == {"\n"}
    heads = {" ".join(element.text.split()) for element in elements(HOSTILE) if element.tag == "th"}
    shown = [payload for payload in PAYLOADS if " ".join(safe(payload).split()) in heads]
    assert len(shown) > 25  # the table is cut at 30 rows


def test_tables_have_captions_and_scopes():
    tags = Counter(element.tag for element in elements(BASE))
    assert tags["table"] == tags["caption"] == len(document().tables)
    scopes = {element.attrs.get("scope") for element in elements(BASE) if element.tag == "th"}
    assert scopes == {"col", "row", "rowgroup"}
    regions = [element.attrs for element in elements(BASE) if element.attrs.get("class") == "scroll"]
    assert len(regions) == len(document().tables)
    assert all(region["tabindex"] == "0" and region["aria-labelledby"] for region in regions)


def test_ids_are_unique_and_every_reference_leads_somewhere():
    ids = [element.attrs["id"] for element in elements(BASE) if "id" in element.attrs]
    assert len(ids) == len(set(ids))
    for element in elements(BASE):
        for name in ("aria-labelledby", "aria-describedby"):
            if name in element.attrs:
                assert element.attrs[name] in ids
        if "href" in element.attrs:
            assert element.attrs["href"][1:] in ids


def test_every_table_carries_coverage_and_units():
    assert BASE.count("8 of 1,230 messages not fully read; 2 files skipped;") == len(document().tables)
    head = one(BASE, "article#institute thead").text.replace("\u00ad", "")
    assert "deliveries" in head
    assert "recipients" in head
    assert "2 files skipped: no mail: a PNG picture" in " ".join(
        one(BASE, "section[aria-labelledby=coverage]").text.split()
    )


def test_charts_say_in_words_what_they_draw():
    found = document()
    months = chart(found, found.table("month"), words_of("en"))
    assert [(bar.label, bar.value) for bar in months.bars] == [("2026-03", 149), ("2026-04", 77)]
    assert months.words == "2026-03: 149 approaches; 2026-04: 77 approaches."
    assert months.words in BASE
    assert one(BASE, "article#month svg")["role"] == "img"
    kinds = chart(found, found.table("kind"), words_of("en"))
    assert [(bar.label, bar.share) for bar in kinds.bars] == [("Talent programme or fund", 100)]


def test_months_without_approaches_are_drawn_but_not_without_end():
    def months_of(*years):
        with Ledger.open() as ledger:
            ledger.add([record(f"m{y}", date=datetime(*y, 5, tzinfo=UTC)) for y in years])
            ledger.assign_campaigns()
            found = make_document(ledger)
        return [bar.value for bar in chart(found, found.table("month"), words_of("en")).bars]

    assert months_of((2025, 11), (2026, 2)) == [1, 0, 0, 1]
    assert months_of((1, 1), (2026, 2), (9999, 12)) == [1, 1, 1]


def contrast(one, other):
    """WCAG 2.2, contrast ratio of two colours."""

    def light(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_enough_to_read():
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", BASE))
    for text in (colours["ink"], colours["quiet"], "#1f4e79"):
        assert contrast(text, "#ffffff") >= 4.5
        assert contrast(text, colours["soft"]) >= 4.5
    assert contrast(colours["bar"], "#ffffff") >= 3


def test_the_same_document_gives_the_same_page(tmp_path):
    write_html(document(), tmp_path / "report.html")
    assert (tmp_path / "report.html").read_bytes() == BASE.encode()


def test_an_uncertain_figure_shows_its_interval():
    assert "226 200 to 1,250" in " ".join(one(page(uncertain()), "article#institute table").text.split())
