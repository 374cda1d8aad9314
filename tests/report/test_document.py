import json
from datetime import date

import pytest

from outreach_audit.attribution.knowledge import Country, Knowledge, Organisation, OrganisationKind
from outreach_audit.codes import Kind, Label, Reading, Unit
from outreach_audit.errors import UsageError
from outreach_audit.ledger import Ledger
from outreach_audit.report import make_document, names_of, write_tally
from outreach_audit.report.summary import answers
from outreach_audit.report.tally_json import title
from outreach_audit.report.vocabulary import BROKEN_HEADS, HEADS, MEANINGS, SECTION_MEANINGS, SECTIONS, SHORT_MEANINGS
from outreach_audit.report.words import words_of
from outreach_audit.tally import Column, Section
from tests.report.make import document, hostile, uncertain


def said(found):
    return {answer.question: answer.answer for answer in answers(found, words_of("en"))}


def data_rows(data, name, part="rows"):
    table = next(table for table in data["tables"] if table["name"] == name)
    return {
        (row["section"], row["value"]): {column: figure["value"] for column, figure in row["figures"].items()}
        for row in table[part]
    }


def test_figures_of_the_published_case_each_with_its_unit():
    data = document().to_data()
    total = data_rows(data, "institute", "totals")["foreign", "total"]
    assert (total["deliveries"], total["recipients"], total["approaches"], total["reports"]) == (226, 149, 149, 5)
    units = {column["name"]: column["unit"] for column in data["tables"][0]["columns"]}
    assert units["deliveries"] == "delivery"
    assert units["recipients"] == "recipient"
    for table in data["tables"]:
        for row in (*table["rows"], *table["totals"]):
            for figure in row["figures"].values():
                assert figure["unit"] in set(Unit)
                assert isinstance(figure["value"], int)
                assert figure["interval"] is None
        assert "messages found" in table["coverage"]


def test_rows_carry_codes_and_names():
    table = next(table for table in document().to_data()["tables"] if table["name"] == "country")
    assert [(row["section"], row["value"], row["label"]) for row in table["rows"]] == [
        ("foreign", "CN", "China"),
        ("domestic", "KR", "South Korea"),
        ("undetermined", "ZZ", "Not determined"),
    ]


def test_only_names_that_occur_are_in_the_document():
    assert set(document().names) == {"kr-kaist", "kr-kisti", "CN", "KR"}


def test_approaches_stand_before_the_mail_they_were_found_among():
    names = [table.name for table in document().tables]
    assert names[:3] == ["institute", "campaign", "month"]
    assert {*names[-2:]} == {"verdicts", "reading"}


def test_nothing_found_is_a_figure():
    with Ledger.open() as ledger:
        empty = make_document(ledger, month="2026-03")
    assert data_rows(empty.to_data(), "institute", "totals") == {
        ("foreign", "total"): dict.fromkeys((*empty.tables[0].columns,), 0)
    }
    assert title(empty) == "Recruitment approaches received, 2026-03-01 to 2026-03-31"
    assert said(empty)["How many?"] == "No approach from abroad was found in the mailboxes."
    assert said(empty)["What was not read?"] == (
        "No message was found in the files. No file was from these folders: Inbox, Spam, Quarantine, Reports by staff."
    )
    assert said(empty)["Where do the offers lead?"] == "Nothing was found."


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        ({}, "Recruitment approaches received"),
        ({"since": date(2026, 3, 1)}, "Recruitment approaches received, from 2026-03-01 on"),
        ({"until": date(2026, 3, 1)}, "Recruitment approaches received, until 2026-03-01"),
    ],
)
def test_the_title_says_the_period(limits, wanted):
    assert title(document(**limits)) == wanted


def test_a_period_that_makes_no_sense_is_refused():
    with Ledger.open() as ledger, pytest.raises(UsageError, match="month"):
        make_document(ledger, month="2026-13")


def test_the_answers_are_those_of_the_tables():
    found = said(document(tz="Asia/Seoul"))
    assert found["How many?"] == (
        "149 recipients (persons) received 226 messages from abroad in 226 deliveries. Reminders and second copies"
        " aside, these are 149 approaches in 1 campaign. 5 approaches more are known only from reports by staff."
        " Counted apart: 3 approaches by organisations of the home country. Counted apart: 1 approach of undetermined"
        " country."
    )
    assert found["Who was approached?"] == "한국과학기술원 / KAIST: 149 recipients."
    assert found["Who wrote?"] == "Fund: Talent programme or fund, China: 149 recipients. They wrote from 41 domains."
    assert found["Where do the offers lead?"] == "China: 149 approaches."
    assert found["How sure is this?"].startswith(
        "Unclear, not counted here, and to be looked at by a person: 1 deliver"
    )
    assert found["What was not read?"] == (
        "Of 1,230 messages found in 1 file, 3 could not be read and 5 only in part. 2 files held no mail that could be read"
        " and were left aside. No file was from these folders: Quarantine."
    )


def test_files_left_aside_are_counted_by_reason():
    assert dict(document().skipped) == {"no mail: a PNG picture": 2}


def test_the_tally_is_the_document_as_json_and_the_same_every_time(tmp_path):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    write_tally(document(), first)
    write_tally(document(), second)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().endswith(b"}\n")
    read = json.loads(first.read_text(encoding="utf-8"))
    assert read["schema"] == "outreach-audit/result/2"
    assert list(read) == sorted(read)
    assert read["coverage"]["found"] == 1_230
    assert data_rows(read, "institute", "totals") == data_rows(document().to_data(), "institute", "totals")
    assert {path.name for path in tmp_path.iterdir()} == {"a.json", "b.json"}


def test_a_hostile_tally_is_plain_json(tmp_path):
    write_tally(hostile(), tmp_path / "tally.json")
    text = (tmp_path / "tally.json").read_bytes().decode()
    assert not set(map(ord, text)) & ({*range(32)} - {10} | {*range(0x7F, 0xA0), 0x200B, 0x202E, 0x2028})
    json.dumps(json.loads(text), ensure_ascii=False).encode()


def test_names_are_native_and_english():
    knowledge = Knowledge(
        organisations=(
            Organisation("kr-x", "한국과학기술원", "KAIST", "KR", OrganisationKind.UNIVERSITY, ("x.example",)),
            Organisation("gb-y", "Institute Y", "Institute Y", "GB", OrganisationKind.INSTITUTE, ("y.example",)),
        ),
        countries=(Country("KR", "South Korea", ("South Korea",), (), (), ("kr",)),),
    )
    assert names_of(knowledge) == {"KR": "South Korea", "kr-x": "한국과학기술원 / KAIST", "gb-y": "Institute Y"}


def test_every_code_that_is_shown_has_words():
    assert set(HEADS) == set(BROKEN_HEADS) == set(MEANINGS) == set(Column) >= set(SHORT_MEANINGS)
    assert set(SECTIONS) == set(SECTION_MEANINGS) == set(Section)
    for dimension, codes in (("kind", Kind), ("verdict", Label), ("reading", Reading)):
        assert all(words_of("en").label(dimension, code, {}) != code for code in codes)
    assert all(
        head.replace("-\n", "").replace("\n", " ").strip() == HEADS[column] for column, head in BROKEN_HEADS.items()
    )


def test_neutral_words_only():
    text = json.dumps(document().to_data()).lower() + " ".join(MEANINGS.values())
    assert not [word for word in ("spy", "threat", "malign", "suspicious", "hostile") if word in text]


def test_an_interval_is_in_the_data():
    figure = uncertain().to_data()["tables"][0]["rows"][0]["figures"]["deliveries"]
    assert figure == {"value": 226, "unit": "delivery", "interval": [200, 1_250], "reviewed": 60, "previous": None}
