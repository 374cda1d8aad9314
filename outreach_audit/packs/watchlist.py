"""Watchlists: indicators that an authority sends to all institutes, so that their answers can be compared.

A watchlist never judges: what it hits is counted beside the verdicts (docs/watchlists.md).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from outreach_audit.attribution.domains import DOMAIN, registrable
from outreach_audit.campaigns.fingerprint import checksums
from outreach_audit.mail.addresses import ascii_host
from outreach_audit.packs.files import Faults, day_of, read_rows, read_toml, tables
from outreach_audit.packs.fold import fold
from outreach_audit.signals.sentences import sentences

_COLUMNS = ("id", "type", "value", "since", "until", "reference")
_ASKED = ("id", "type", "value", "reference")
_HEAD = ("id", "version", "title")
_LEAST_WIDTH = 8  # what is shorter stands in ordinary mail
_CJK = 0x1100  # a character from here on says about as much as two letters
_LONGEST_ID = 80


class Type(StrEnum):
    """What an indicator is compared with."""

    DOMAIN = "domain"
    """The domain of the sender's address, or one below it."""
    HOST = "host"
    """A host of a link or of a Reply-To address, or one below it."""
    SUBJECT = "subject"
    """Words of the subject."""
    PHRASE = "phrase"
    """Words of one sentence of the subject, the writer's own text or an attachment."""
    TEMPLATE = "template"
    """The fingerprint of the offer text."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    ``value`` is compared: folded text, a host name in ASCII, or a fingerprint. ``since`` and ``until`` are the first
    and last day (UTC) of the mail that it is meant for, None where that is open; ``watchlist`` names the list.
    """

    id: str
    type: Type
    value: str
    since: date | None
    until: date | None
    reference: str
    watchlist: str
    place: str


def load_watchlists(paths: Sequence[Path]) -> tuple[Indicator, ...]:
    """The indicators of all watchlists, by id.

    Args:
        paths: TOML files (``[[indicator]]``), or CSV files whose name tells the list.

    Raises:
        InvalidPackError: with file:line of every fault in any of them.
    """
    faults = Faults()
    found: dict[str, Indicator] = {}
    meant: dict[tuple[object, ...], Indicator] = {}
    for path in paths:
        for one in _watchlist(path, faults):
            file, _, line = one.place.rpartition(":")
            if one.id in found:
                faults.add(Path(file), int(line), f"the id {one.id} stands twice; the other at {found[one.id].place}")
            same = meant.setdefault((one.type, one.value, one.since, one.until), one)
            if same is not one:
                faults.add(Path(file), int(line), f"{one.id} says the same as {same.id} at {same.place}")
            found[one.id] = one
    faults.check()
    return tuple(found[name] for name in sorted(found))


def _watchlist(path: Path, faults: Faults) -> Iterable[Indicator]:
    if not path.is_file():
        faults.add(path, 1, "there is no such file; a watchlist is a TOML or CSV file")
        return
    if path.suffix.lower() == ".csv":
        label = path.stem
        if not path.stat().st_size:
            faults.add(path, 1, f"holds nothing; the first line must be {','.join(_COLUMNS)}")
        rows: list[tuple[int, Mapping[str, Any]]] = list(read_rows(path, _COLUMNS, faults))
    else:
        label, rows = _toml(path, faults)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    for line, row in rows:
        one = _indicator(row, f"{label} ({digest})", f"{path}:{line}", partial(faults.add, path, line))
        if one is not None:
            yield one


def _toml(path: Path, faults: Faults) -> tuple[str, list[tuple[int, Mapping[str, Any]]]]:
    """The label and the indicators of a TOML file."""
    before = len(faults.lines)
    data, text = read_toml(path, faults)
    if len(faults.lines) > before:
        return "", []
    for key in sorted(data.keys() - {*_HEAD, "indicator"}):
        faults.add(path, 1, f"unknown field {key!r}; a watchlist has id, version, title and [[indicator]]s")
    for key in _HEAD:
        if not isinstance(data.get(key), str) or not data[key].strip():
            faults.add(path, 1, f"{key} missing: the watchlist needs one, as a text")
    return f"{data.get('id', '')} {data.get('version', '')}", list(tables(path, "indicator", data, text, faults))


def _indicator(row: Mapping[str, Any], watchlist: str, place: str, add: Callable[[str], None]) -> Indicator | None:
    """The indicator of one row; None where it has a fault, which ``add`` is told."""
    name = str(row.get("id", "")).strip()
    told = f"indicator {name[:_LONGEST_ID]}" if name else "indicator"
    found = [f"unknown field {key!r}" for key in sorted(row.keys() - set(_COLUMNS))]
    found += [f"{key} must be a text that is not empty" for key in _ASKED if not str(row.get(key, "")).strip()]
    found += [f"{key} must be a text" for key in _ASKED if not isinstance(row.get(key, ""), str)]
    if name == "total":
        found.append("the id total is that of a table's last row")
    if len(name) > _LONGEST_ID:
        found.append(f"an id has at most {_LONGEST_ID} characters")
    since, until = (_day(row, key, found) for key in ("since", "until"))
    if since and until and until < since:
        found.append(f"until {until} lies before since {since}")
    kind, value = str(row.get("type", "")).strip(), str(row.get("value", "")).strip()
    if kind and kind not in set(Type):
        found.append(f"unknown type {kind!r}; the types are {', '.join(Type)}")
    elif kind and value:
        value = _COMPARED[Type(kind)](value)
        found += filter(None, [_FAULT_OF[Type(kind)](value)])
    for text in found:
        add(f"{told}: {text}")
    if found:
        return None
    return Indicator(name, Type(kind), value, since, until, row["reference"].strip(), watchlist, place)


def _day(row: Mapping[str, Any], key: str, found: list[str]) -> date | None:
    try:
        return day_of(row.get(key))
    except ValueError:
        found.append(f"{key} must be a day, as 2026-03-01, not {row[key]!r}")
        return None


def _host_fault(value: str) -> str:
    if not DOMAIN.fullmatch(value):
        return f"{value!r} is no domain; write the name alone, as agency.example (what lies below it is meant too)"
    if registrable(f"name.{value}") == f"name.{value}":
        return f"{value!r} is open to everyone (a public suffix): it would hit all mail from there"
    return ""


def _text_fault(value: str) -> str:
    width = sum(2 if ord(character) >= _CJK else 1 for character in value if character.isalnum())
    return f"{value!r} is too short: it stands in ordinary mail" if width < _LEAST_WIDTH else ""


def _phrase_fault(value: str) -> str:
    if len(sentences(value)) > 1:
        return "a phrase lies within one sentence; make an indicator of each sentence, or a template of the text"
    return _text_fault(value)


def _template_fault(value: str) -> str:
    try:
        checksums(value)
    except ValueError as error:
        return str(error)
    return ""


_COMPARED: Mapping[Type, Callable[[str], str]] = {
    Type.DOMAIN: ascii_host,
    Type.HOST: ascii_host,
    Type.SUBJECT: fold,
    Type.PHRASE: fold,
    Type.TEMPLATE: str.lower,
}
_FAULT_OF: Mapping[Type, Callable[[str], str]] = {
    Type.DOMAIN: _host_fault,
    Type.HOST: _host_fault,
    Type.SUBJECT: _text_fault,
    Type.PHRASE: _phrase_fault,
    Type.TEMPLATE: _template_fault,
}
