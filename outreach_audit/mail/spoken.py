"""Dates as mail programs write them for readers, above what is answered or handed on: in words, by language."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from outreach_audit.mail.dates import parse_date

_LONGEST: Final = 200
_MONTHS: Final = {
    prefix: month
    for month, prefixes in enumerate(
        (
            "jan jän янв ene",
            "feb fév fev фев",
            "mar mär maa мар",
            "apr avr апр abr",
            "mai may мая май",
            "jun juin июн",
            "jul juil июл",
            "aug aoû aou авг ago",
            "sep сен",
            "okt oct окт",
            "nov ноя",
            "dez dec déc дек dic",
        ),
        start=1,
    )
    for prefix in prefixes.split()
}
# 2026년 3월 2일, 2026年3月2日, 2026. 3. 2., 2026-03-02, 2026/3/2
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-년年./]\s?(\d{1,2})\s?[-월月./]\s?(\d{1,2})(?!\d)")
# 2. März 2026, lundi 2 mars 2026, 2 марта 2026 г., 2 de marzo de 2026
_MONTH_NAMED = re.compile(r"(?<!\d)(\d{1,2})(?:\.|er)?\s(?:de\s)?([^\W\d_]{3,12})\.?\s(?:de\s)?(\d{4})(?!\d)")
# Mar 2, 2026
_MONTH_FIRST = re.compile(r"(?<![^\W\d_])([^\W\d_]{3,9})\.?\s(\d{1,2}),\s?(\d{4})(?!\d)")
# 02.03.2026, 02.03.26: points stand where the day comes first
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?!\d)")
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?!\d)")
_ORDERS: Final = (
    (_YEAR_FIRST, (3, 2, 1)),
    (_MONTH_NAMED, (1, 2, 3)),
    (_MONTH_FIRST, (2, 1, 3)),
    (_DAY_FIRST, (1, 2, 3)),
)
"""Each pattern, and its groups of day, month and year."""
_TIME = re.compile(r"(?<!\d)(\d{1,2})\s?[:시時时点点h]\s?(\d{2})(?:\s?[:분分]\s?(\d{2}))?(?!\d)")
_NOON = re.compile(r"오후|下午|午後|\bPM\b", re.IGNORECASE)
_MORNING = re.compile(r"오전|上午|午前|\bAM\b", re.IGNORECASE)
_ZONE = re.compile(r"([+-])(\d{1,2}):?(\d{2})?(?!\d)")
_NAMED_ZONE = re.compile(r"(?:GMT|UTC)([+-])(\d{1,2}):?(\d{2})?(?!\d)")
_GUESSED: Final = "a date in words was read without its time zone, as UTC"


def spoken_date(text: str) -> tuple[datetime | None, str]:
    """Read such a date; a date by the rules of mail is read by these.

    Args:
        text: the date as it stands.

    Returns:
        The time in UTC, or None, and a remark, as :func:`~outreach_audit.mail.dates.parse_date` gives them. Where day
        and month cannot be told apart (``02/03/2026``) there is no date.
    """
    if len(text) > _LONGEST:
        return None, "the date is too long to be one"
    day = _day(text)
    if day is None:
        return (None, "the date cannot be read") if _SLASHED.search(text) else parse_date(text)
    time = _TIME.search(text)
    hour, minute, second = (int(part or 0) for part in time.groups()) if time else (0, 0, 0)
    if _NOON.search(text) and hour < 12:  # noqa: PLR2004 (noon)
        hour += 12
    elif _MORNING.search(text) and hour == 12:  # noqa: PLR2004
        hour = 0
    zone = _NAMED_ZONE.search(text) or (_ZONE.search(text, time.end()) if time else None)
    offset = timedelta()
    if zone:
        offset = timedelta(hours=int(zone[2]), minutes=int(zone[3] or 0)) * (-1 if zone[1] == "-" else 1)
    try:
        when = datetime(*day, hour, minute, second, tzinfo=timezone(offset)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, "the date cannot be read"
    return when, "" if zone else _GUESSED


def _day(text: str) -> tuple[int, int, int] | None:
    """Year, month and day."""
    for pattern, order in _ORDERS:
        if found := pattern.search(text):
            day, month, year = (found[group] for group in order)
            number = int(month) if month.isdecimal() else _month(month)
            if number:
                return _year(year), number, int(day)
    found = _SLASHED.search(text)
    if found is None:
        return None
    first, second = int(found[1]), int(found[2])
    if first > 12 or first == second:  # noqa: PLR2004 (months)
        return _year(found[3]), second, first
    return (_year(found[3]), first, second) if second > 12 else None  # noqa: PLR2004


def _month(name: str) -> int | None:
    folded = name.casefold()
    return _MONTHS.get(folded[:4]) or _MONTHS.get(folded[:3])


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)  # noqa: PLR2004 (digits of a short year)
