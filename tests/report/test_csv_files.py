import csv
import io

import pytest

from outreach_audit.report import write_csv
from outreach_audit.report.safe import cell
from outreach_audit.report.words import words_of
from tests.report.make import document, hostile, uncertain
from tests.report.payloads import PAYLOADS


def read(path):
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("csv")
    write_csv(document(), made)
    return made


def test_one_file_for_each_table_and_one_for_the_coverage(folder):
    written = write_csv(document(), folder)
    assert {path.name for path in folder.iterdir()} == {path.name for path in written}
    tables = {f"tally_{table.name}.csv" for table in document().tables}
    others = {f"tally_{name}.csv" for name in ("summary", "campaigns", "definitions", "coverage")}
    assert {path.name for path in written} == tables | others


def test_figures_by_section_code_and_name(folder):
    rows = read(folder / "tally_country.csv")
    assert list(rows[0]) == [
        *("section", "dest_country", "label", "deliveries", "messages", "recipients", "approaches", "campaigns"),
        *("reports", "reports_received", "coverage"),
    ]
    assert [(row["section"], row["dest_country"], row["label"], row["recipients"]) for row in rows] == [
        ("foreign", "CN", "China", "149"),
        ("domestic", "KR", "South Korea", "3"),
        ("undetermined", "ZZ", "Not determined", "1"),
        ("foreign", "total", "Total", "149"),
        ("domestic", "total", "Total", "3"),
        ("undetermined", "total", "Total", "1"),
    ]


def test_every_row_carries_its_coverage(folder):
    line = words_of("en").coverage_line(document().coverage, document().names)
    for table in document().tables:
        assert {row["coverage"] for row in read(folder / f"tally_{table.name}.csv")} == {line}
    assert {row["coverage"] for row in read(folder / "tally_summary.csv")} == {line}


def test_the_coverage_by_key(folder):
    rows = {row["key"]: row["value"] for row in read(folder / "tally_coverage.csv")}
    assert (rows["found"], rows["unreadable"], rows["date_basis"]) == ("1230", "3", "received")
    assert rows["institutes"] == "kr-kaist; kr-kisti"
    assert rows["files skipped: no mail: a PNG picture"] == "2"
    assert rows["note on reading"].startswith("Of all dates")


def test_long_tables_are_whole(folder):
    assert len(read(folder / "tally_sender_domain.csv")) == 43 + 3


def test_hostile_text_is_no_formula_and_stays_in_its_cell(tmp_path):
    write_csv(hostile(), tmp_path)
    rows = [row for row in read(tmp_path / "tally_sender_domain.csv") if row["sender_domain"] != "total"]
    shown = {row["sender_domain"] for row in rows}
    plain = [payload for payload in PAYLOADS if not any("\ud800" <= c <= "\udfff" for c in payload)]
    assert {cell(payload) for payload in plain} <= shown
    for path in tmp_path.iterdir():
        for row in read(path):
            assert None not in row
            formulas = [value for value in row.values() if value.lstrip(" \"'")[:1] in set("=+-@|%")]
            assert all(value.startswith("'") for value in formulas)


def test_the_same_document_gives_the_same_files(folder, tmp_path):
    write_csv(document(), tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_an_uncertain_figure_has_columns_for_its_interval(tmp_path):
    write_csv(uncertain(), tmp_path)
    first, second, *_ = read(tmp_path / "tally_institute.csv")
    assert (first["deliveries"], first["deliveries_low"], first["deliveries_high"]) == ("226", "200", "1250")
    assert (second["deliveries_low"], second["deliveries_high"], second["deliveries_reviewed"]) == ("", "", "")
    assert "messages_low" not in first
