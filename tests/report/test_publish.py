"""What may leave: no withheld figure can be computed from it, and nothing is in it that nobody outside needs."""

import csv
import json
from dataclasses import replace
from datetime import date
from functools import partial

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.ledger.roster import Person, Roster, set_roster
from outreach_audit.report.csv_files import write_csv
from outreach_audit.report.exchange import canonical
from outreach_audit.report.html import page
from outreach_audit.report.markdown import markdown
from outreach_audit.report.publish import Terms, counts_of, publish
from outreach_audit.report.published import published_form
from outreach_audit.report.summary import ranked
from outreach_audit.report.tally_json import from_data, schema, tally_text, to_data
from outreach_audit.report.words import words_of
from outreach_audit.tally import Section
from tests.report.attack import REST, is_of_persons, system_of
from tests.report.institutes import counted, records
from tests.report.make import document


def generated(seed: int, institutes: int = 1, size: int = 40, **named):
    return counted((one for n in range(institutes) for one in records(f"kr-{n}", seed, size)), **named)


def published_data(known, terms: Terms | None = None) -> dict:
    return json.loads(tally_text(publish(known, terms)))


def truth_of(known) -> dict:
    return system_of(json.loads(tally_text(known))).cells


def check(known, data: dict) -> None:
    """Nobody can compute a withheld figure, and no small one is told."""
    truth = truth_of(known)
    made = system_of(data, truth)
    small = [c for c, value in made.cells.items() if value is not None and 0 < value < 5 and is_of_persons(c)]
    assert not small
    for cell in made.solved():
        assert cell[0] == REST, f"{cell} follows from the others"
    for section in Section:
        for column in ("deliveries", "recipients", "approaches"):
            listed = {c for c in made.cells if c[0] == "campaign" and c[1] == section and c[-1] == column}
            left = [truth[c] for c in truth if c[0] == "campaign" and c[1] == section and c[-1] == column and c not in listed]  # fmt: skip
            left = [value for value in left if value]
            whole = made.cells.get(("", section.value, None, column))
            assert not left or whole is None or (len(left) > 1 and sum(left) >= len(left) + 3)


@given(st.integers(0, 10**6), st.integers(1, 3), st.sampled_from([8, 25, 60]))
@settings(deadline=None, max_examples=20)
def test_no_withheld_figure_can_be_computed(seed, institutes, size):
    known = generated(seed, institutes, size)
    check(known, published_data(known))
    check(known, published_data(known, Terms(domains=True, subjects=True)))


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=5)
def test_the_csv_files_tell_what_the_document_tells(tmp_path_factory, seed):
    published = publish(generated(seed, 2))
    folder = tmp_path_factory.mktemp("csv")
    write_csv(published, folder)
    cells = system_of(to_data(published)).cells
    for table in published.tables:
        with (folder / f"tally_{table.name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        totals = len(table.totals)
        for number, row in enumerate(rows):
            value = None if number >= len(rows) - totals else row[table.dimension]
            shared = value is None and row["section"] != "all"
            for column in table.columns:
                told = cells["" if shared else table.name, row["section"], value, column.value]
                assert row[column.value] == (".." if told is None else str(told))
    hidden = {row["institute"]: row for row in csv.DictReader((folder / "tally_summary.csv").open(encoding="utf-8-sig", newline=""))}  # fmt: skip
    for institute in published.institutes:
        for part in institute.folders:
            said = hidden[institute.id][f"folder_{part.value}_deliveries"]
            assert said == (".." if part.count.value is None else str(part.count.value))


def test_one_campaign_to_149_recipients_is_published_and_the_few_are_not():
    published = publish(document())
    table = published.table("institute")
    assert [count.value for count in table.totals[0].counts] == [226, 226, 149, 149, 1, 5, 5]
    assert {count.value for total in table.totals[1:] for count in total.counts} == {None, 0}
    assert published.publication.withheld == sum(count.value is None for count in counts_of(published))


def test_the_threshold_can_be_chosen_and_one_withholds_nothing():
    assert publish(document(), Terms(threshold=1)).publication.withheld == 0
    assert publish(document(), Terms(threshold=200)).table("institute").totals[0].counts[2].value is None


def test_nothing_of_a_publication_tells_what_was_left_out():
    known = replace(document(), skipped={"mail/kim@home.example.mbox: no mail": 1})
    published = publish(known)
    text = tally_text(published) + page(published) + markdown(published)
    for gone in ("agency.example", "talent1.example", "kim@home", "again-0", "Invitation"):
        assert gone not in text
    assert published.table("sender_domain") is None
    assert publish(known, Terms(domains=True)).table("sender_domain") is not None


def test_figures_of_the_period_before_are_in_the_publication_of_that_period_only():
    known = document(since=date(2026, 4, 1), until=date(2026, 4, 30))
    assert known.before
    assert publish(known).before is None


def test_withheld_figures_are_not_ordered_by_their_size():
    published = publish(generated(7, 3, 60))
    for table in published.tables:
        for section in Section:
            gone = [row.value for row in ranked(table, section) if row.counts[0].value is None]
            assert gone == sorted(gone) or table.dimension in {"month", "verdict", "reading"}


def test_every_form_marks_what_is_withheld_and_says_why():
    published = publish(generated(7, 3, 60))
    for text in (page(published), markdown(published)):
        assert ".." in text
        assert "withheld, because it is under 5" in text
    for grid in published_form(published, words_of("en")):
        assert all(value is not None for line in grid.lines for value in line.cells)


def test_a_month_that_is_withheld_is_not_drawn_as_nothing():
    from outreach_audit.report.charts import chart

    published = publish(document())
    table = published.table("month")
    row = replace(table.rows[0], counts=tuple(replace(count, value=None) for count in table.rows[0].counts))
    drawn = chart(published, replace(table, rows=(row, *table.rows[1:])), words_of("en"))
    assert row.value not in {bar.label for bar in drawn.bars}
    assert "1 more" in drawn.note


def test_the_document_comes_back_and_follows_the_schema():
    published = publish(generated(3, 2))
    data = json.loads(tally_text(published))
    jsonschema.validate(data, schema())
    assert to_data(from_data(data)) == data
    jsonschema.validate(json.loads(tally_text(document())), schema())


def test_a_publication_is_not_published_again():
    with pytest.raises(ValueError, match="published already"):
        publish(publish(document()))


def test_canonical_json_is_that_of_rfc_8785():
    # section 3.2.3 of the RFC: names in the order of their UTF-16 code units
    data = {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "\U0001f600": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}  # fmt: skip
    assert list(json.loads(canonical(data))) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert canonical({"b": [1, True, None], "a": "x"}) == b'{"a":"x","b":[1,true,null]}'


def test_sentences_say_nothing_of_the_size_of_what_is_withheld():
    from outreach_audit.report.summary import answers

    known = document()
    table = known.table("kind")
    row = table.rows[0]
    rows = tuple(
        replace(row, value=name, counts=tuple(replace(count, value=value) for count in row.counts))
        for name, value in (("consulting", 90), ("teaching", 70), ("venture", 60), ("honorific", 50), ("joint_lab", 40), ("referral", None))
    )  # fmt: skip
    changed = replace(table, rows=rows)
    published = replace(known, tables=tuple(changed if one.name == "kind" else one for one in known.tables))
    offered = next(one for one in answers(published, words_of("en")) if one.question == "What was offered?")
    assert offered.items[-1] == ("2 more", "..")


@pytest.mark.parametrize("seed", range(4))
def test_groups_and_rates_of_the_staff_are_withheld_with_their_rows(seed):
    people = {f"p{n}@kr-0.example": Person(f"p{n}", "kr-0", "Professor" if n % 4 else "Engineer") for n in range(50)}
    roster = Roster(people, {("kr-0", "Professor"): 66, ("kr-0", "Engineer"): 20})
    set_to = partial(set_roster, roster=roster)
    known = generated(seed, 1, 25, prepare=set_to)
    assert known.table("rate_staff_group")
    data = published_data(known)
    check(known, data)
    for table in publish(known).tables:
        if table.name.startswith("rate_"):
            for row in (*table.rows, *table.totals):
                staff, *others = (count.value for count in row.counts)
                assert staff is not None
                assert None not in others or set(others) <= {None, 0}
