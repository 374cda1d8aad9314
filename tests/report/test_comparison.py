from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.report.comparison import previous_period
from outreach_audit.report.summary import changes, what_changed
from outreach_audit.report.words import words_of
from outreach_audit.tally import Column, Period, Section
from tests.report.make import document

UTC = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("2026-01-01", "2026-01-31", ("2025-12-01", "2025-12-31")),
        ("2024-01-01", "2024-03-31", ("2023-10-01", "2023-12-31")),
        ("2026-01-01", "2026-12-31", ("2025-01-01", "2025-12-31")),
        ("2026-03-02", "2026-03-08", ("2026-02-23", "2026-03-01")),
        ("2026-03-05", "2026-03-05", ("2026-03-04", "2026-03-04")),
    ],
)
def test_the_period_before_is_as_long(since, until, before):
    found = previous_period(Period(date.fromisoformat(since), date.fromisoformat(until), UTC))
    assert (str(found.since), str(found.until)) == before


@pytest.mark.parametrize(
    ("since", "until"),
    [(None, date(2026, 1, 1)), (date(2026, 1, 1), None), (date(2, 1, 1), date(1, 1, 1)), (date.min, date(1, 1, 31))],
)
def test_an_open_or_impossible_period_has_none(since, until):
    assert previous_period(Period(since, until, UTC)) is None


@settings(deadline=None, max_examples=50)
@given(st.dates(), st.dates())
def test_the_period_before_ends_the_day_before(one, other):
    since, until = sorted((one, other))
    found = previous_period(Period(since, until, UTC))
    if found is not None:
        assert (since - found.until).days == 1
        assert found.since <= found.until


def test_changes_are_those_of_the_month_before():
    april = document(month="2026-04")
    assert changes(april)[Column.DELIVERIES] == 77 - 149
    table = april.table("institute")
    (kaist,) = [row for row in table.rows if (row.section, row.value) == (Section.FOREIGN, "kr-kaist")]
    assert april.change(table, kaist)[:3] == (77 - 149, 77 - 149, 77 - 149)
    said = what_changed(april, table, words_of("en"))
    assert said.startswith("Against 2026-03-01 to 2026-03-31: deliveries 77 (−72), messages 77 (−72)")


def test_what_is_gone_has_a_row_of_noughts():
    april = document(month="2026-04")
    gone = [row for row in april.table("institute").rows if row.value == "kr-kisti"]
    assert gone
    assert all(count.value == 0 for row in gone for count in row.counts)
    assert all(sum(april.change(april.table("institute"), row)) < 0 for row in gone)
    assert "2026-03" not in {row.value for row in april.table("month").rows}


def test_nothing_is_compared_without_a_period_or_over_all_dates():
    assert document().before is None
    assert changes(document()) == {}
    april = document(month="2026-04")
    for name in ("reading", "campaign"):
        table = april.table(name)
        assert all(april.change(table, row) is None for row in (*table.rows, *table.totals))
