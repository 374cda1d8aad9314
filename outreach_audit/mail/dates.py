"""Dates of messages (RFC 5322, section 3.3), in UTC, with a remark wherever they were not read by the rules."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from dateutil import parser as dateutil_parser

_MAX_DATE = 200
_YEARS = range(1980, 2101)
_MAX_OFFSET = 16 * 3600
"""Beyond +14:00 and -12:00 no zone exists; the hours between are left to careless programs."""
_ZONE = re.compile(r"[+-]\d{4}\b|\b(?:UTC?|GMT|Z)\b", re.IGNORECASE)
_DEFAULTS = (datetime(2000, 1, 1), datetime(2001, 2, 2))  # noqa: DTZ001 - a zone here would hide that the text has none
_SINCE_1970 = {10: 1, 13: 1_000, 16: 1_000_000}
"""Digits of a time in this century, and how many of its units are a second."""
_COMMENT = re.compile(r"\([^()]*\)")
_NAMED_ZONE = re.compile(r"\b([ECMP])ST[5678][ECMP]DT\b")


def parse_date(text: str) -> tuple[datetime | None, str]:
    """Read a Date field.

    Args:
        text: The unfolded value.

    Returns:
        The time in UTC, or None, and a remark, ``''`` where the date was read by the rules.
    """
    if not text.strip():
        return None, ""
    if len(text) > _MAX_DATE:
        return None, "the date is too long to be one"
    bare = _without_comments(text)
    if bare is None:
        return None, "the date cannot be read"
    bare = _NAMED_ZONE.sub(r"\1ST", bare)
    when, note = _by_rules(bare)
    if when is None:
        when, note = _by_guess(bare)
    return when, note


def received_date(text: str) -> tuple[datetime | None, str]:
    """The time a Received field gives behind its last semicolon (RFC 5321, section 4.4)."""
    return parse_date(text.rpartition(";")[2][:_MAX_DATE])


def log_date(text: str) -> tuple[datetime | None, str]:
    """The time that a log gives: ISO 8601, or seconds, milli- or microseconds since 1970, or as mail does."""
    text = text.strip()
    try:
        if scale := _SINCE_1970.get(len(text)) if text.isascii() and text.isdigit() else None:
            return datetime.fromtimestamp(int(text) // scale, UTC), ""
        when = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return parse_date(text)
    if when.tzinfo is None:
        return when.replace(tzinfo=UTC), "the date has no known time zone, read as UTC"
    return when.astimezone(UTC), ""


def _without_comments(text: str) -> str | None:
    """The date without comments, however deep; None where they do not close."""
    for _ in range(10):
        shorter = _COMMENT.sub(" ", text)
        if shorter == text:
            break
        text = shorter
    return None if "(" in text or ")" in text else text


def _by_rules(text: str) -> tuple[datetime | None, str]:
    """The standard library's reading of RFC 5322 and its obsolete forms."""
    try:
        fields = parsedate_tz(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, ""
    if fields is None:
        return None, ""
    offset = fields[9] or 0
    note = ""
    if abs(offset) > _MAX_OFFSET:
        offset, note = 0, "the time zone of the date is absurd, read as UTC"
    elif offset == 0 and not _ZONE.search(text):
        note = "the date has no known time zone, read as UTC"
    try:
        local = datetime(*fields[:5], min(fields[5], 59), tzinfo=timezone(timedelta(seconds=offset)))
        return local.astimezone(UTC), note
    except (ValueError, OverflowError):
        return None, ""


def _by_guess(text: str) -> tuple[datetime | None, str]:
    """Any other form, marked.

    dateutil reads too much as a date ("M5H 3L5") and fills what is missing from the date of today. Two
    different dates to fill from show whether year, month and day are all there.
    """
    try:
        when, other = (
            dateutil_parser.parse(text, default=default, tzinfos=lambda _name, offset: offset) for default in _DEFAULTS
        )
        if when != other:
            return None, "the date cannot be read"
        if when.tzinfo is not None and abs((when.utcoffset() or timedelta()).total_seconds()) > _MAX_OFFSET:
            when = when.replace(tzinfo=UTC)
        when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, AttributeError, ArithmeticError, RecursionError):
        return None, "the date cannot be read"
    if when.year not in _YEARS:
        return None, "the date cannot be read"
    return when, "the date is not in the form of RFC 5322 and was guessed"
