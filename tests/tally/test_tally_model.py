from datetime import date

import pytest

from outreach_audit.codes import Unit
from outreach_audit.errors import UsageError
from outreach_audit.tally import Column, Count, Coverage, Period

COVERAGE = Coverage(institutes=("ror:1",), homes=("KR",), since=date(2026, 3, 1), found=3, read=2, unreadable=1)


def test_deliveries_of_one_coverage_add_up():
    total = Count(2, Unit.DELIVERY, COVERAGE) + Count(3, Unit.DELIVERY, COVERAGE, (1, 5))
    assert total == Count(5, Unit.DELIVERY, COVERAGE, (3, 7))


@pytest.mark.parametrize(
    "other",
    [
        Count(149, Unit.RECIPIENT, COVERAGE),
        Count(1, Unit.DELIVERY, Coverage()),
        1,
    ],
)
def test_unlike_figures_never_add_up(other):
    with pytest.raises(TypeError):
        Count(655, Unit.DELIVERY, COVERAGE) + other


@pytest.mark.parametrize("unit", [Unit.MESSAGE, Unit.RECIPIENT, Unit.APPROACH, Unit.CAMPAIGN])
def test_distinct_counts_never_add_up(unit):
    with pytest.raises(TypeError, match="distinct"):
        Count(1, unit, COVERAGE) + Count(1, unit, COVERAGE)


def test_sum_over_figures_is_no_way_around():
    with pytest.raises(TypeError):
        sum([Count(1, Unit.DELIVERY, COVERAGE)])


def test_every_column_has_a_unit():
    assert {column.unit for column in Column} == set(Unit)


def test_coverage_is_one_sentence():
    line = COVERAGE.line()
    for words in ("ror:1 (KR)", "2026-03-01 to the last (UTC)", "3 messages found: 2 read", "1 unreadable"):
        assert words in line
    assert "\n" not in line


def test_a_month_is_its_days_in_the_time_zone():
    period = Period.of(month="2026-12", since=None, until=None, tz="Asia/Seoul")
    assert (period.since, period.until) == (date(2026, 12, 1), date(2026, 12, 31))
    start, end = period.seconds
    assert end - start == 31 * 86400
    assert period.month_of(start - 1) == "2026-11"
    assert period.month_of(start) == "2026-12"
    assert period.month_of(None) == "undated"


@pytest.mark.parametrize(
    "named",
    [
        {"month": "2026-13"},
        {"month": "March"},
        {"month": "2026-03", "since": date(2026, 1, 1)},
        {"tz": "Mars/Olympus"},
        {"tz": "../etc/passwd"},
        {"tz": ""},
    ],
)
def test_a_senseless_period_is_refused(named):
    with pytest.raises(UsageError):
        Period.of(**{"month": None, "since": None, "until": None, "tz": "UTC"} | named)
