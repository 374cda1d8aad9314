"""Figures after review: confirmed counts, and totals estimated from a reviewed sample."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from outreach_audit.codes import Kind, Label, Unit
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.decisions import Opinion
from outreach_audit.review.deciding import decide
from outreach_audit.review.items import campaigns, item_of, members
from outreach_audit.review.sampling import draw
from outreach_audit.tally import Column, Section, tables
from tests.ledger.make import OFFER, other, record

NOW = datetime(2026, 4, 1, tzinfo=UTC)
HIDDEN = 5  # of the messages judged other, so many are approaches


@pytest.fixture
def ledger():
    with Ledger.open() as store:
        store.add([record(f"m{n}", f"p{n % 40}@home.example", offset=n, country="CN") for n in range(60)])
        store.add(
            [
                record(f"d{n}", f"p{n}@home.example", offset=500 + n, foreign=False, country="KR", text="Wir suchen.")
                for n in range(4)
            ]
        )
        store.add([record(f"u{n}", label=Label.UNCLEAR, offset=1000 + n) for n in range(10)])
        store.add([replace(other(n), institute="ror:1") for n in range(300)])
        store.assign_campaigns()
        yield store


def by_name(ledger, name="institute", **period):
    return next(table for table in tables(ledger, **period) if table.name == name)


def total(ledger, section=Section.FOREIGN, **period):
    table = by_name(ledger, **period)
    row = next(row for row in table.totals if row.section is section)
    return dict(zip(table.columns, row.counts, strict=True))


def truth(item):
    """What a perfect reviewer says: the first five of each verdict but approach are approaches, and m0 to m5 are none."""
    number = item.shown.ref.offset
    if item.shown.verdict.label is Label.APPROACH:
        return Opinion.REJECT if number < 6 else Opinion.CONFIRM
    if item.shown.verdict.label is Label.UNCLEAR:
        return Opinion.CONFIRM if number < 1005 else Opinion.REJECT
    return Opinion.CONFIRM if number < HIDDEN * 5000 else Opinion.REJECT


def review(ledger, size, *, seed="s", leave=0, **named):
    items = members(ledger, draw(ledger, size=size, seed=seed, now=NOW, **named))
    for item in items[: len(items) - leave]:
        opinion = truth(item)
        decide(
            ledger, item, opinion, reviewer="kim", now=NOW,
            country="CN" if opinion is Opinion.CONFIRM and item.shown.verdict.label is not Label.APPROACH else None,
        )  # fmt: skip
    return items


def test_nothing_is_estimated_where_nothing_was_reviewed(ledger):
    before = tables(ledger)
    counts = [count for table in before for row in (*table.rows, *table.totals) for count in row.counts]
    assert {(count.interval, count.reviewed) for count in counts} == {(None, None)}
    draw(ledger, size=30, seed="s", now=NOW)
    table = by_name(ledger)
    assert all(count.interval is None for row in table.totals for count in row.counts)
    assert "Not estimated: 30 of the sample of 30 deliveries are not reviewed yet." in table.notes


def test_rejected_findings_leave_the_count_and_stay_visible(ledger):
    for n in (0, 1):
        item = item_of(ledger, record(f"m{n}", f"p{n % 40}@home.example").finding)
        decide(ledger, item, Opinion.REJECT, reviewer="kim", now=NOW)
    assert total(ledger)[Column.DELIVERIES].value == 58
    assert total(ledger)[Column.DELIVERIES].interval is None
    assert "2 rejected on review: judged approaches by the program, not counted here." in by_name(ledger).notes
    verdicts = by_name(ledger, "verdicts")
    assert next(row for row in verdicts.rows if row.value == "approach").counts[0].value == 64


def test_what_reviewers_confirm_and_correct_is_counted_as_they_say(ledger):
    item = item_of(ledger, other(7).finding)
    decide(ledger, item, Opinion.CONFIRM, reviewer="kim", now=NOW, kind=Kind.TEACHING, country="JP")
    moved = item_of(ledger, record("m3", "p3@home.example").finding)
    decide(ledger, moved, Opinion.CONFIRM, reviewer="kim", now=NOW, country="KR")
    assert total(ledger)[Column.DELIVERIES].value == 60
    assert total(ledger, Section.DOMESTIC)[Column.DELIVERIES].value == 5
    kinds = by_name(ledger, "kind")
    row = next(row for row in kinds.rows if (row.section, row.value) == (Section.FOREIGN, "teaching"))
    assert row.counts[kinds.columns.index(Column.DELIVERIES)].value == 1
    assert "1 confirmed on review: approaches that the program had not judged so, counted here." in kinds.notes


def test_disputed_findings_count_as_the_program_judged(ledger):
    campaign = campaigns(ledger)[0]
    decide(ledger, campaign, Opinion.CONFIRM, reviewer="kim", now=NOW)
    decide(ledger, campaign, Opinion.REJECT, reviewer="lee", now=NOW)
    table = by_name(ledger)
    assert any(note.endswith("disputed: reviewers disagree, counted as the program judged.") for note in table.notes)
    assert total(ledger)[Column.DELIVERIES].value == 60


def test_a_sample_of_everything_leaves_no_doubt(ledger):
    review(ledger, 374)
    found = total(ledger)
    deliveries = found[Column.DELIVERIES]
    # 60 - 6 rejected + 5 unclear + 5 other confirmed
    assert deliveries.value == 64
    assert deliveries.interval == (64, 64)
    assert deliveries.reviewed == 374
    for column in (Column.MESSAGES, Column.RECIPIENTS, Column.APPROACHES):
        assert found[column].interval == (found[column].value, found[column].value)
    assert found[Column.CAMPAIGNS].interval is None


@pytest.mark.parametrize("seed", [f"seed-{n}" for n in range(12)])
def test_the_interval_holds_what_is_true(ledger, seed):
    review(ledger, 120, seed=seed)
    found = total(ledger)
    low, high = found[Column.DELIVERIES].interval
    assert low <= 64 <= high
    assert low < high
    assert found[Column.DELIVERIES].reviewed == 120
    assert low <= found[Column.DELIVERIES].value <= high
    # p0 to p5 have each another delivery, so that no recipient is lost; two of the ten missed are to new persons
    assert found[Column.RECIPIENTS].interval[0] <= 40 <= found[Column.RECIPIENTS].interval[1]


def test_the_figures_say_what_they_rest_on(ledger):
    review(ledger, 120, seed="2026-03")
    notes = by_name(ledger).notes
    assert (
        "Estimated from a random sample of 120 of 374 deliveries, all of it reviewed; intervals of 95 %, method in"
        " docs/review.md."
    ) in notes
    assert "The sample: seed '2026-03'; approach 35 of 64, unclear 10 of 10, other_none 75 of 300." in notes


def test_an_incomplete_sample_estimates_nothing(ledger):
    review(ledger, 60, leave=1)
    assert total(ledger)[Column.DELIVERIES].interval is None


def test_what_could_not_be_decided_widens_the_interval(ledger):
    items = review(ledger, 374)
    for item in items:
        if item.shown.verdict.label is Label.OTHER and 100 <= item.shown.ref.offset // 5000 < 110:
            decide(ledger, item, Opinion.UNSURE, reviewer="kim", now=NOW, note="the source is gone")
    assert total(ledger)[Column.DELIVERIES].interval == (64, 74)


def test_mail_that_came_since_ends_the_estimate_until_the_sample_is_drawn_again(ledger):
    review(ledger, 120)
    ledger.add([replace(other(1000), institute="ror:1")])
    table = by_name(ledger)
    assert all(count.interval is None for row in table.totals for count in row.counts)
    assert any(
        note.startswith("Not estimated: the mail has changed since the sample was drawn") for note in table.notes
    )
    review(ledger, 120)
    assert total(ledger)[Column.DELIVERIES].interval


def test_a_verdict_that_changed_since_ends_the_estimate_too(ledger):
    review(ledger, 120)
    one = record("m1", "p1@home.example", offset=1, country="CN")
    ledger.add([replace(one, verdict=replace(one.verdict, label=Label.UNCLEAR))])
    assert total(ledger)[Column.DELIVERIES].interval is None


def test_a_sample_of_a_month_estimates_that_month_alone(ledger):
    ledger.add(
        [record("late", date=datetime(2026, 5, 4, tzinfo=UTC), text=OFFER.format(year=2027), country="CN", offset=70)]
    )
    march = {
        "since": int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()),
        "until": int(datetime(2026, 4, 1, tzinfo=UTC).timestamp()),
    }
    review(ledger, 120, **march)
    assert total(ledger, month="2026-03")[Column.DELIVERIES].interval
    assert total(ledger)[Column.DELIVERIES].interval is None
    assert total(ledger, since=date(2026, 3, 1), until=date(2026, 3, 31))[Column.DELIVERIES].interval


def test_each_institute_has_its_own_interval_where_all_its_verdicts_were_sampled(ledger):
    ledger.add([record(f"x{n}", f"q{n}@far.example", institute="ror:2", offset=80 + n, country="CN") for n in range(3)])
    ledger.add([replace(other(2000 + n), institute="ror:2") for n in range(3)])
    ledger.add([record("y", "q@none.example", institute="", offset=90, country="CN")])
    review(ledger, 381)
    table = by_name(ledger)
    found = {row.value: row.counts[0] for row in table.rows if row.section is Section.FOREIGN}
    assert found["ror:2"].interval == (3, 3)
    assert found["ror:2"].reviewed == 6
    assert found["not_known"].interval == (1, 1)
    assert found["ror:2"].unit is Unit.DELIVERY


def test_a_verdict_of_which_nothing_was_drawn_is_not_guessed(ledger):
    ledger.add([record(f"z{n}", f"q{n}@far.example", institute="ror:3", offset=80 + n, country="CN") for n in range(3)])
    ledger.add([replace(other(3000), institute="ror:3")])
    sample = review(ledger, 40, seed="s")
    drawn = {item.shown.institute for item in sample if item.shown.verdict.label is Label.OTHER}
    assert "ror:3" not in drawn
    row = next(row for row in by_name(ledger).rows if row.value == "ror:3")
    assert row.counts[0].interval is None
