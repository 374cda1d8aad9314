import pytest
from openpyxl import load_workbook

from outreach_audit.report import write_xlsx
from outreach_audit.report.grids import Grid, Line
from outreach_audit.report.safe import safe
from outreach_audit.report.words import words_of
from outreach_audit.report.xlsx import write_grids
from tests.report.make import document, hostile
from tests.report.payloads import PAYLOADS

HEAD = 3  # the row of the heads


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("xlsx") / "report.xlsx"
    write_xlsx(document(month="2026-04"), path)
    return load_workbook(path)


def test_the_sheets(book):
    wanted = ["summary", "institutes", "months", "kinds", "countries", "campaigns", "coverage", "definitions"]
    assert set(wanted) <= set(book.sheetnames)
    assert book.sheetnames[0] == "summary"
    assert book.sheetnames[-2:] == ["coverage", "definitions"]


def test_numbers_are_numbers_and_heads_are_frozen_with_filters(book):
    sheet = book["institutes"]
    heads = [cell.value for cell in sheet[HEAD]]
    assert heads[:5] == ["section", "institute", "code", "deliveries", "messages"]
    assert "deliveries, change" in heads
    first = [cell.value for cell in sheet[HEAD + 1]]
    assert first[:4] == ["Foreign", "한국과학기술원 / KAIST", "kr-kaist", 77]
    assert first[heads.index("deliveries, change")] == -72
    assert {cell.data_type for cell in sheet[HEAD + 1]} == {"s", "n"}
    assert sheet.freeze_panes == f"A{HEAD + 1}"
    assert sheet.auto_filter.ref.startswith(f"A{HEAD}:")


def test_totals_stand_below_what_is_filtered(book):
    sheet = book["countries"]
    last = int(sheet.auto_filter.ref.rpartition(":")[2].strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    totals = [row[1].value for row in sheet.iter_rows(min_row=last + 1) if row[1].value]
    assert totals[0] == "total, foreign"


def test_every_sheet_says_what_it_rests_on(book):
    for name in ("institutes", "months", "kinds", "countries", "campaigns"):
        said = " ".join(str(cell.value) for row in book[name].iter_rows() for cell in row if cell.value)
        for words in ("2026-04-01 to 2026-04-30 (UTC, received date)", "core 1.0.0", "outreach-audit", "deliveries:"):
            assert words in said


def test_the_campaigns_say_who_wrote(book):
    sheet = book["campaigns"]
    heads = [cell.value for cell in sheet[HEAD]]
    row = dict(zip(heads, (cell.value for cell in sheet[HEAD + 1]), strict=True))
    assert row["first day"] == row["last day"] == "2026-04-04"
    assert row["named in the text"] == "Fund"
    assert row["destination"] == "China"


def test_no_cell_of_hostile_text_is_a_formula_or_link(tmp_path):
    write_xlsx(hostile(), tmp_path / "a.xlsx")
    shown = set()
    for sheet in load_workbook(tmp_path / "a.xlsx"):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n"}
                assert cell.hyperlink is None
                if cell.data_type == "s":
                    assert cell.quotePrefix
                    shown.add(cell.value)
    assert {safe(payload) for payload in PAYLOADS if payload.strip() and "\\ud" not in ascii(payload)} <= shown


def test_sheets_of_any_name_are_made(tmp_path):
    names = ["a" * 40, "a" * 40, "[x]:*?/\\", "'", "", "History", "\x00"]
    grids = [Grid(name, name, ("head",), (Line((name,)),)) for name in names]
    write_grids(tmp_path / "a.xlsx", grids, words_of("en"))
    assert len(load_workbook(tmp_path / "a.xlsx").sheetnames) == len(names)


def test_a_text_that_no_cell_holds_is_cut_and_says_so(tmp_path):
    write_grids(tmp_path / "a.xlsx", [Grid("a", "a", ("head",), (Line(("x" * 40_000,)),))], words_of("en"))
    assert load_workbook(tmp_path / "a.xlsx")["a"].cell(HEAD + 1, 1).value.endswith("x …")


def test_the_same_document_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_xlsx(document(), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
