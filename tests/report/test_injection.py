"""A hundred hostile texts in every field that comes from outside, through every output: none may act."""

import csv
import io
import json
import re
import shutil
import subprocess
import unicodedata
import zipfile
from dataclasses import replace

import pytest
from rich.console import Console

from outreach_audit.attribution.model import Attribution, Claim, Grade
from outreach_audit.ledger import FileAccount, Ledger
from outreach_audit.report import Format, make_document, print_document, write_findings_csv, write_folder
from outreach_audit.report.markdown import escaped, markdown
from outreach_audit.report.output import FILES, named_bytes, write_named
from outreach_audit.report.published import published_form
from outreach_audit.report.safe import safe
from outreach_audit.report.terminal import print_grids
from outreach_audit.report.words import words_of
from tests.ledger.make import record
from tests.report.payloads import PAYLOADS
from tests.report.test_html import elements

MORE = (
    '=DDE("cmd";"/C calc";"x")',
    "@=1+1",
    "\u00a0\t=1+1",
    "[text](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "<http://evil.example>",
    "http://evil.example/ www.evil.example",
    "| cell | cell |\n|---|---|",
    "`code` **bold** ~~gone~~ $x$",
    "../../etc/passwd\x00.html",
    "CON",
    'a/b\\c:d*e?f"g<h>i|j',
)  # fmt: skip
TEXTS = (*PAYLOADS, *MORE)
ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
FORMULA = re.compile(r"(?:^|;)[\s\"'’]*[=+\-@|%−]")


def test_there_are_a_hundred():
    assert len(set(TEXTS)) >= 100


@pytest.fixture(scope="module")
def found():
    """Every text in every field: institute, home, country, domain, subject, sender, sponsor, organisation, pack, path."""
    with Ledger.open() as ledger:
        ledger.begin_run({"date_basis": TEXTS[0]})
        ledger.add([hostile(number, text) for number, text in enumerate(TEXTS)])
        ledger.assign_campaigns()
        ledger.add_accounting([FileAccount(text, skipped=text) for text in TEXTS])
        return make_document(ledger, names={text: text for text in TEXTS[::2]}, subjects=True)


def hostile(number, text):
    made = record(
        f"m{number}", f"p{number}@home.example", institute=text, country=text, domain=text, text=f"{text} {number}"
    )
    claim = Claim(text, Grade.STRONG, text)
    attribution = Attribution(
        claimed_sponsor=claim, sender_org=claim, technical_origin=claim, dest_country=Claim(text, Grade.STRONG, text),
        sender_domain=text,
    )  # fmt: skip
    return replace(made, home=text, pack=text, subject=text, sender=text, attribution=attribution)


@pytest.fixture(scope="module")
def folder(found, tmp_path_factory):
    made = tmp_path_factory.mktemp("hostile")
    write_folder(found, made)
    write_named(found, "form", published_form(found, words_of("en"), subjects=True, domains=True), made, formats=FILES)
    write_findings_csv([], made / "findings.csv")
    return made


def acting(text):
    return {c for c in text if unicodedata.category(c) in ACTING} - {"\n", "\r", "\ufeff"}


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("width", [80, 140, 200])
def test_a_terminal_shows_text_only(found, width, lang):
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=True, color_system="truecolor", legacy_windows=False)
    print_document(found, console, lang)
    print_grids(published_form(found, words_of(lang), subjects=True, domains=True), console, lang)
    assert not acting(re.sub("\x1b\\[[0-9;]*m", "", file.getvalue()))
    assert "\x1b]8" not in file.getvalue()


def test_a_pipe_gets_no_escape_at_all(found, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    file = io.StringIO()
    print_document(found, Console(file=file, width=80))
    assert not acting(file.getvalue())


def test_every_written_file_is_free_of_what_acts(folder):
    for path in folder.iterdir():
        if path.suffix != ".xlsx":
            assert not acting(path.read_text(encoding="utf-8")), path.name
        assert re.fullmatch(r"[a-z0-9_]+\.(csv|html|json|md|xlsx)", path.name)


def test_no_csv_cell_is_a_formula_and_no_text_leaves_its_cell(folder):
    files = list(folder.glob("*.csv"))
    assert len(files) > 10
    for path in files:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True))
        assert len({len(row) for row in rows}) == 1, path.name
        for row in rows[1:]:
            for cell in row:
                if not re.fullmatch(r"-?[0-9.]+", cell):
                    hit = FORMULA.search(unicodedata.normalize("NFKC", cell))
                    assert hit is None or hit.group().lstrip("; ").startswith("'"), (path.name, cell)


def test_markdown_is_text(found):
    text = markdown(found)
    for payload in TEXTS:
        said = escaped(payload)
        assert not re.search(r"[\[\]<>`*_|]|://|www\.", said)
    tables = [line for line in text.splitlines() if line.startswith("|")]
    widths = {line.count("|") for line in tables}
    assert len(widths) <= 6  # a border that came from a text would make one more for each
    assert "<" not in text


def test_json_is_plain(folder):
    text = (folder / "tally.json").read_text(encoding="utf-8")
    json.dumps(json.loads(text), ensure_ascii=False).encode()


def test_html_has_only_our_elements(folder):
    ours = {
        *("html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "main", "section"),
        *("dl", "div", "dt", "dd", "b", "em", "span", "nav", "ul", "li", "article", "figure", "svg", "desc", "line"),
        *("rect", "text", "tspan", "figcaption", "table", "caption", "thead", "tbody", "tr", "th", "td", "i", "footer"),
    }
    for name in ("report.html", "form.html"):
        for element in elements((folder / name).read_text(encoding="utf-8")):
            assert element.tag in ours
            assert not {"src", "style", "onload", "onerror", "onmouseover", "xlink:href"} & set(element.attrs)
            assert element.tag != "a" or element.attrs["href"].startswith("#")


def test_a_workbook_holds_no_formula_link_or_relation(folder):
    for name in ("report.xlsx", "form.xlsx"):
        with zipfile.ZipFile(folder / name) as book:
            for part in book.namelist():
                content = book.read(part).decode()
                if part.startswith("xl/worksheets/sheet"):
                    assert "<f>" not in content
                    assert "<f " not in content
                    assert "hyperlink" not in content
                assert "TargetMode" not in content
                assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", content)


def test_what_was_hostile_can_still_be_read(folder):
    text = (folder / "tally_sender_domain.csv").read_text(encoding="utf-8-sig")
    rows = {row["sender_domain"].removeprefix("'") for row in csv.DictReader(io.StringIO(text, newline=""))}
    plain = [t for t in TEXTS if ";" not in t and not any("\ud800" <= c <= "\udfff" for c in t)]
    assert {safe(text).removeprefix("'") for text in plain} <= rows


@pytest.mark.parametrize("form", [Format.HTML, Format.MD, Format.CSV, Format.JSON])
def test_the_named_report_is_free_of_what_acts(found, form):
    grids = published_form(found, words_of("ko"), subjects=True, domains=True)
    assert not acting(named_bytes(found, grids, form, "ko").decode())


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.skipif(OFFICE is None, reason="no LibreOffice on the path")
def test_libreoffice_opens_tables_without_formula_or_warning(folder, tmp_path):
    """Converted to flat XML, in which every cell shows its type, formula and text."""
    names = [
        "report.xlsx",
        "form.xlsx",
        "form.csv",
        "tally_sender_domain.csv",
        "tally_campaigns.csv",
        "tally_coverage.csv",
    ]
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    done = subprocess.run(
        [OFFICE, profile, "--headless", "--convert-to", "fods", "--outdir", str(tmp_path)]
        + [str(folder / name) for name in names],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if "javaldx" not in line]  # no Java here, and none needed
    assert said == []
    for stem in {name.rpartition(".")[0] for name in names}:
        text = (tmp_path / f"{stem}.fods").read_text(encoding="utf-8")
        assert "table:formula" not in text, stem
        assert "text:a " not in text, stem
        assert "office:dde" not in text
