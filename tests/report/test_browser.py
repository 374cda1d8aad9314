"""The page in a real browser: what a person sees, by eye, by keyboard and on paper; nothing is ever requested.

Runs where Playwright and a Chromium of the system are; axe-core comes with the Python package, not from the network.
"""

import shutil
from dataclasses import replace
from functools import cache

import pytest

from outreach_audit.report.html import grids_page, page
from outreach_audit.report.published import published_form
from outreach_audit.report.words import words_of
from tests.report.make import document, hostile

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as running:
        launched = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def show(browser, tmp_path):
    """Opens a page text at a width; gives the page, what it asked for and what it said on the console."""
    opened = []

    def shown(text, width=1024):
        path = tmp_path / f"page{len(opened)}.html"
        path.write_text(text, encoding="utf-8")
        found = browser.new_page(viewport={"width": width, "height": 900})
        found.asked, found.said = [], []
        found.on("request", lambda request: found.asked.append(request.url))
        found.on("console", lambda message: found.said.append(message.text))
        found.on("pageerror", lambda error: found.said.append(str(error)))
        found.on("dialog", lambda dialog: found.said.append(dialog.message))
        found.goto(path.as_uri())
        opened.append(found)
        return found

    yield shown
    for found in opened:
        found.close()


@cache
def pages():
    form = published_form(document(), words_of("en"), subjects=True, domains=True)
    return {
        "en": page(document(month="2026-04")),
        "ko": page(document(month="2026-04"), "ko"),
        "hostile": page(hostile()),
        "form": grids_page(document(), form),
    }


@pytest.mark.parametrize("name", ["en", "ko", "hostile", "form"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_the_page_asks_for_nothing_and_fits_its_width(show, name, width):
    found = show(pages()[name], width)
    assert len(found.asked) == 1
    assert found.asked[0].startswith("file:")
    assert found.said == []
    assert found.evaluate("document.documentElement.scrollWidth") <= width
    assert found.evaluate("document.scripts.length") == 0


def test_the_page_alone_answers_the_questions(show):
    short = show(page(document())).locator("section[aria-labelledby=short]").inner_text()
    for words in (
        *("149 recipients (persons)", "226 messages", "226 deliveries", "한국과학기술원 / KAIST"),
        *("Fund: Talent programme or fund, China", "41 domains", "China", "149 approaches"),
        *("How sure is this?", "Unclear, not counted here", "3 could not be read", "No file was from these folders"),
    ):
        assert words in short


def test_the_charts_are_drawn(show):
    found = show(pages()["en"])
    titles = found.locator("svg[role=img] > title").all_text_contents()
    assert len(titles) == 5  # months, kinds, countries, campaigns, coverage
    for drawing in found.locator("svg[role=img]").all():
        assert drawing.locator("rect").count() > 0
        assert drawing.bounding_box()["height"] > 20


def test_the_keyboard_reaches_everything_in_order(show):
    found = show(pages()["en"], 390)
    found.keyboard.press("Tab")
    assert found.evaluate("document.activeElement.className") == "skip"
    assert found.locator(".skip").bounding_box()["x"] >= 0
    found.keyboard.press("Enter")
    assert found.url.endswith("#tables")
    reached = []
    for _ in range(80):
        found.keyboard.press("Tab")
        reached.append(
            found.evaluate("document.activeElement.getAttribute('href') || document.activeElement.className")
        )
    links = [link.get_attribute("href") for link in found.locator("nav a").all()]
    assert reached[: len(links)] == links
    assert reached.count("scroll") >= found.locator(".scroll").count()


def test_a_wide_table_is_scrolled_by_keyboard(show):
    found = show(pages()["en"], 390)
    region = found.locator("article#institute .scroll")
    region.focus()
    assert region.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    before = region.evaluate("e => e.scrollWidth > e.clientWidth")
    assert before
    found.keyboard.press("ArrowRight")
    for _ in range(100):  # by evaluating, since the page's own policy forbids to wait with a script
        if scrolled := region.evaluate("e => e.scrollLeft"):
            break
        found.wait_for_timeout(20)
    assert scrolled > 0


def few(found):
    """A document with every kind of element once or twice: axe looks at each element by itself."""
    tables = [table for table in found.tables if table.name in {"institute", "campaign", "month", "reading"}]
    return replace(found, tables=tuple(replace(table, rows=table.rows[:3]) for table in tables))


@pytest.mark.parametrize(("name", "width"), [("en", 390), ("ko", 1440), ("hostile", 390), ("form", 1024)])
def test_axe_finds_no_barrier(show, name, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    wanted = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    small = {"en": few(document(month="2026-04")), "ko": few(document(month="2026-04")), "hostile": few(hostile())}
    text = page(small[name], "ko" if name == "ko" else "en") if name in small else pages()[name]
    found = show(text, width)
    results = axe.run(found, options=wanted)
    barriers = [
        (one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in results.response["violations"]
    ]
    assert barriers == []
    assert len(found.asked) == 1


def test_hostile_text_runs_nothing_and_hides_nothing(show):
    found = show(pages()["hostile"])
    assert found.said == []
    assert found.title().startswith("Recruitment approaches received")
    assert found.locator("img, iframe, object, form, input, link, base").count() == 0
    assert found.locator("nav").count() == 1
    assert found.locator("footer").is_visible()


def test_the_page_prints_on_a4_with_heads_repeated(show, tmp_path):
    from pypdf import PdfReader

    found = show(pages()["en"])
    found.pdf(path=tmp_path / "a.pdf", prefer_css_page_size=True)
    printed = PdfReader(tmp_path / "a.pdf").pages
    assert {(round(one.mediabox.width), round(one.mediabox.height)) for one in printed} == {(595, 842)}
    text = printed[0].extract_text()
    assert "Recruitment approaches received" in text
    assert "To the tables" not in text
