from dataclasses import replace

import pytest

from outreach_audit.report import output
from outreach_audit.report.published import published_form
from outreach_audit.report.words import words_of
from tests.report.make import document

EN = words_of("en")


def row(grid, start):
    found = next(line for line in grid.lines if str(line.cells[0]).startswith(start))
    return dict(zip(grid.heads, found.cells, strict=True))


def test_the_figures_of_the_published_case_stand_each_in_its_unit():
    figures, shares = published_form(document(), EN)
    kaist = row(figures, "한국과학기술원")
    assert (kaist["deliveries"], kaist["messages"], kaist["recipients"], kaist["approaches"]) == (226, 226, 149, 149)
    assert (kaist["campaigns"], kaist["reports"], kaist["reports received"]) == (1, 5, 5)
    assert (kaist["deliveries in Spam"], kaist["deliveries in Quarantine"]) == (77, 0)
    assert row(shares, "한국과학기술원")["share of approaches by destination"] == "China 100 % (149)"
    assert row(figures, "total")["recipients"] == 149


def test_staff_and_rate_are_not_known_without_a_roster():
    kaist = row(published_form(document(), EN)[0], "한국과학기술원")
    assert (kaist["staff"], kaist["rate"]) == ("not known", "not known")


def test_with_staff_the_rate_is_recipients_of_a_hundred():
    known = document()
    institutes = tuple(replace(one, staff=666) for one in known.institutes)
    kaist = row(published_form(replace(known, institutes=institutes), EN)[0], "한국과학기술원")
    assert (kaist["staff"], kaist["rate"]) == (666, 22.4)


def test_what_was_not_scanned_is_said():
    said = " ".join(published_form(document(), EN)[0].notes)
    assert "Not scanned: Quarantine; 8 messages could not be read in full; 2 files were left aside." in said
    assert document().coverage.line() in said


def test_domains_and_subjects_stand_there_only_when_asked_for():
    found = document(subjects=True)
    plain = published_form(found, EN)[1]
    assert len(plain.heads) == 2
    asked = row(published_form(found, EN, subjects=True, domains=True)[1], "한국과학기술원")
    assert asked["sender domains, in deliveries"].startswith("agency.example (77); ")
    assert asked["subjects, masked, in messages"] != "not known"
    assert document().institutes[0].subjects == ()


@pytest.mark.parametrize("form", [output.Format.HTML, output.Format.MD, output.Format.CSV, output.Format.JSON])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_form_in_every_format(form, lang):
    grids = published_form(document(), words_of(lang), domains=True)
    text = output.named_bytes(document(), grids, form, lang).decode()
    for words in ("KAIST", "149", "core 1.0.0"):
        assert words in text


def test_the_form_as_files(tmp_path):
    grids = published_form(document(), EN)
    written = output.write_named(document(), "form", grids, tmp_path, formats=output.FILES)
    assert written == ["form.html", "form.xlsx", "form.csv", "form.md", "tally.json"]
    assert {path.name for path in tmp_path.iterdir()} == set(written)
