from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.mail.spoken import spoken_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 2 Mar 2026 09:14:00 +0900", "2026-03-02 00:14"),
        ("2 March 2026 at 09:14:00 GMT+9", "2026-03-02 00:14"),
        ("2026년 3월 2일 월요일, 09시 14분 00초 +0900", "2026-03-02 00:14"),
        ("2026-03-02 (월) 09:14:00 (UTC+09:00)", "2026-03-02 00:14"),
        ("2026年3月2日 GMT+8 09:14:00", "2026-03-02 01:14"),
        ("2026. 3. 2. 오후 9:14", "2026-03-02 21:14"),
        ("2026年3月2日(星期一) 下午9:14", "2026-03-02 21:14"),
        ("Mon, Mar 2, 2026 at 12:14 AM", "2026-03-02 00:14"),
        ("02.03.2026, 09:14", "2026-03-02 09:14"),
        ("02.03.26 um 09:14", "2026-03-02 09:14"),
        ("lundi 2 mars 2026 09:14", "2026-03-02 09:14"),
        ("1er juin 2026 09:14", "2026-06-01 09:14"),
        ("lunes, 2 de marzo de 2026 9:14", "2026-03-02 09:14"),
        ("понедельник, 2 мая 2026 г. 9:14", "2026-05-02 09:14"),
        ("13/3/2026 9:14", "2026-03-13 09:14"),
        ("3/13/2026 9:14 PM", "2026-03-13 21:14"),
        ("02/03/2026 09:14", ""),
        ("Monday", ""),
        ("2026年13月2日", ""),
        ("x" * 300, ""),
    ],
)
def test_a_date_in_words(text: str, expected: str) -> None:
    when, note = spoken_date(text)
    assert (when.strftime("%Y-%m-%d %H:%M") if when else "") == expected
    assert when or note


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=220) | st.lists(st.sampled_from("0123456789./:-年月일 мар AM+"), max_size=60).map("".join))
def test_any_text_is_a_date_or_none(text: str) -> None:
    when, _ = spoken_date(text)
    assert when is None or when.tzinfo is UTC
    assert isinstance(when, datetime | None)
