"""Dates in UTC, with a remark wherever they were not read by the rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.mail.dates import log_date, parse_date, received_date

READ = datetime(2024, 5, 17, 1, 15, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "when", "remark"),
    [
        ("Fri, 17 May 2024 10:15:15 +0900", READ, ""),
        ("Fri, 17 May 2024 10:15:15 +0900 (KST)", READ, ""),
        ("17 May 24 01:15:15 GMT", READ, ""),
        ("Thu, 16 May 2024 20:15:15 EST", READ, ""),
        ("Thu, 16 May 2024 20:15:15 EST5EDT", READ, ""),
        ("Fri, 17 May 2024 01:15:15", READ, "no known time zone"),
        ("Fri, 17 May 2024 01:15:15 +9900", READ, "absurd"),
        ("Fri, 17 May 2024 01:15:60 +0000", READ.replace(second=59), ""),
        ("2024-05-17T10:15:15+09:00", READ, "guessed"),
        ("2024/05/17 01:15:15", READ, "guessed"),
        ("Fri, 17 May 2024 25:15:15 +0900", None, "cannot be read"),
        ("M5H 3L5", None, "cannot be read"),
        ("yesterday", None, "cannot be read"),
        ("1 " * 200, None, "too long"),
        ("", None, ""),
    ],
)
def test_dates(text: str, when: datetime | None, remark: str) -> None:
    read, note = parse_date(text)
    assert read == when
    assert remark in note
    assert bool(note) == bool(remark)


def test_a_received_date_stands_behind_the_last_semicolon() -> None:
    assert received_date("from a; b by c; Fri, 17 May 2024 10:15:15 +0900")[0] == READ
    assert received_date("from a by b")[0] is None


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60) | st.text(alphabet="0123456789 +-:,/JanMonGT()", max_size=60))
def test_any_text_gives_a_date_in_utc_or_none(text: str) -> None:
    read, _ = parse_date(text)
    assert read is None or read.tzinfo is UTC


@settings(deadline=None, max_examples=50)
@given(st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2099, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001 - local times
def test_written_dates_are_read(local: datetime, hours: int) -> None:
    local = local.replace(microsecond=0)
    month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][local.month - 1]
    read, note = parse_date(f"{local:%d} {month} {local:%Y %H:%M:%S} {hours:+03d}00")
    assert note == ""
    assert read == (local - timedelta(hours=hours)).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("2024-03-04T01:00:00Z", ""),
        ("2024-03-04T10:00:00.0000000+09:00", ""),
        ("1709514000", ""),
        ("1709514000000", ""),
        ("1709514000000000", ""),
        ("2024-03-04 01:00:00", "no known time zone"),
        ("2024/03/04 01:00:00 UTC", "guessed"),
        ("Mon, 4 Mar 2024 10:00:00 +0900", ""),
    ],
)
def test_dates_of_logs(text: str, note: str) -> None:
    when, said = log_date(text)
    assert when == datetime(2024, 3, 4, 1, tzinfo=UTC)
    assert note in said
    assert bool(note) is bool(said)


@pytest.mark.parametrize("text", ["", "9" * 17, "yesterday"])
def test_what_is_no_date_of_a_log(text: str) -> None:
    assert log_date(text)[0] is None
