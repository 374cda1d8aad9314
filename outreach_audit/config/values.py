"""What a value of the configuration may be: each reader gives the value, or says in a `ValueError` what it must be."""

import os
import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from outreach_audit.config.model import ALL, LAST_MONTH

Reader = Callable[[object], Any]
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_HOST = re.compile(r"(?=.{1,253}$)[^\s@.]+(\.[^\s@.]+)+")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


def text(value: object) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError('must be text, as "…"')
    return value.strip()


def each(reader: Reader) -> Reader:
    """A list of what ``reader`` reads, as a tuple."""

    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError('must be a list, as ["…", "…"]')  # noqa: TRY004 - every reader says faults in this one way
        return tuple(reader(entry) for entry in value)

    return read


def path_from(folder: Path) -> Reader:
    """A path, made absolute from ``folder``; links are left as they are."""

    def read(value: object) -> Path:
        named = text(value)
        if "\0" in named:
            raise ValueError("must be a path; it holds a zero byte")
        try:
            return Path(os.path.abspath(folder / Path(named).expanduser()))  # noqa: PTH100 - resolve() follows links
        except RuntimeError as error:
            raise ValueError(f"must be a path: {error}") from error

    return read


def one_of(choices: type[StrEnum]) -> Reader:
    """A member of an enumeration."""

    def read(value: object) -> StrEnum:
        try:
            return choices(str(value))
        except ValueError as error:
            raise ValueError(f"must be {', '.join(list(choices)[:-1])} or {list(choices)[-1]}") from error

    return read


def number(least: float, most: float) -> Reader:
    """A number from ``least`` to ``most``; a whole one where both limits are."""
    whole = isinstance(least, int) and isinstance(most, int)

    def read(value: object) -> int | float:
        given = value if isinstance(value, int if whole else int | float) and not isinstance(value, bool) else None
        if given is None or not least <= given <= most:
            raise ValueError(f"must be a {'whole ' if whole else ''}number from {least:,} to {most:,}")
        return given

    return read


def country(value: object) -> str:
    """A country as ISO 3166-1 alpha-2."""
    if not isinstance(value, str) or not _COUNTRY.fullmatch(value):
        raise ValueError('must be a country of two letters, as "KR" or "DE"')
    return value.upper()


def host(value: object) -> str:
    """A domain or host name in lower case."""
    name = value.strip().lower().lstrip("@").rstrip(".") if isinstance(value, str) else ""
    if not _HOST.fullmatch(name):
        raise ValueError('must be names of domains or hosts, as "example.ac.kr"')
    return name


def address(value: object) -> str:
    """A mail address in lower case."""
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value.strip()):
        raise ValueError('must be a mail address, as "kim@example.ac.kr"')
    return value.strip().lower()


def zone(value: object) -> str:
    """The name of a time zone that this system knows."""
    try:
        return ZoneInfo(text(value)).key
    except (ValueError, OSError, LookupError) as error:
        raise ValueError('must be a time zone, as "Asia/Seoul" or "UTC"') from error


def language(value: object) -> str:
    """A language that reports can be written in."""
    from outreach_audit.report.language import languages  # noqa: PLC0415 - the renderers are not needed for the rest

    if value not in languages():
        raise ValueError(f"must be a language that there are reports in: {', '.join(languages())}")
    return str(value)


def period(value: object) -> str:
    """``last-month``, ``all``, or a month."""
    if value in {LAST_MONTH, ALL}:
        return str(value)
    try:
        date.fromisoformat(f"{value}-01")
    except ValueError as error:
        raise ValueError(f'must be "{LAST_MONTH}", "{ALL}" or a month, as "2026-03"') from error
    return str(value)
