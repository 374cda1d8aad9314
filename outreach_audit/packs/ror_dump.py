"""Reading a dump of the Research Organization Registry: one JSON array in a zip file, one record at a time.

Schema 2 of the registry: https://ror.readme.io/docs/ror-data-structure. The download is not trusted more than mail is:
the zip is read within a budget, a record has a largest size, and what is no record is told with its line.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from outreach_audit.attribution.records import OrganisationKind
from outreach_audit.errors import InvalidPackError
from outreach_audit.sources.limits import MIB, Budget, Limits
from outreach_audit.sources.model import Skipped
from outreach_audit.sources.place import Place
from outreach_audit.sources.window import StreamFaultError, Window, WindowStream
from outreach_audit.sources.zipped import open_zip

_LIMITS = Limits(members=1000, expanded_bytes=8192 * MIB)
_MOST_RECORD = 4 * MIB  # characters; the longest record of the registry has less than a tenth of that
_MOST_FAULTS = 50
_CHUNK = 1 << 16
_GAP = re.compile(r"[\s,]*")
_ID = re.compile(r"https://ror\.org/(0[0-9a-z]{8})")
_COUNTRY = re.compile(r"[A-Z]{2}")
_BLANK = re.compile(r"\s+")

# The first type that a record has decides; ``funder`` is said of everybody who ever paid for research.
_KINDS = {
    "company": OrganisationKind.COMPANY,
    "education": OrganisationKind.UNIVERSITY,
    "facility": OrganisationKind.INSTITUTE,
    "healthcare": OrganisationKind.INSTITUTE,
    "archive": OrganisationKind.INSTITUTE,
    "government": OrganisationKind.GOVERNMENT,
    "funder": OrganisationKind.FUNDER,
    "nonprofit": OrganisationKind.ASSOCIATION,
    "other": OrganisationKind.ASSOCIATION,
}


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an organisation: its language (``''`` where none is said), and what sort of name it is."""

    text: str
    language: str
    sorts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is used of one record.

    ``countries`` (code → name) are those of all its places, ``parents`` the ids of what it is part of.
    """

    id: str
    active: bool
    names: tuple[Name, ...]
    countries: dict[str, str]
    kind: OrganisationKind
    domains: tuple[str, ...]
    sites: tuple[str, ...]
    parents: tuple[str, ...]
    modified: str


def read_dump(path: Path) -> Iterator[Entry]:
    """Read the records of a dump.

    Args:
        path: the zip file as the registry offers it.

    Yields:
        One entry a record, in the order of the file.

    Raises:
        InvalidPackError: the file is no such dump (at once), or holds records of another form (behind the last one,
            all told with their line).
        OSError: the file cannot be opened.
    """
    faults: list[str] = []
    more = 0
    with path.open("rb") as file:
        member = _json_member(path, file)
        where = f"{path}!{member}"
        for line, value in _values(path, file, member):
            try:
                yield _entry(value)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                more += len(faults) >= _MOST_FAULTS
                if len(faults) < _MOST_FAULTS:
                    faults.append(f"{where}:{line}: no record of the registry's schema 2: {_said(error)}")
    if faults:
        raise InvalidPackError("\n".join([*faults, f"{where}: {more} more"] if more else faults))


def _said(error: Exception) -> str:
    return f"{error} missing" if isinstance(error, KeyError) else str(error)


def _members(path: Path, file: BinaryIO) -> Iterator[tuple[str, Window]]:
    place = Place(str(path), Budget(_LIMITS, path.stat().st_size))
    file.seek(0)
    for found in open_zip(Window(file, file), place):
        if isinstance(found, Skipped):
            raise InvalidPackError(f"{path}:1: {found.reason}")
        yield found[1].member or "", found[0]


def _json_member(path: Path, file: BinaryIO) -> str:
    """The member with the records; a release of 2024 or 2025 also holds those of schema 1."""
    names = [name for name, _ in _members(path, file) if name.endswith(".json")]
    chosen = [name for name in names if name.endswith("schema_v2.json")] or names
    if len(chosen) != 1:
        raise InvalidPackError(f"{path}:1: one .json file is expected in the zip, not {len(chosen)}")
    return chosen[0]


def _values(path: Path, file: BinaryIO, member: str) -> Iterator[tuple[int, Any]]:
    for name, window in _members(path, file):
        if name == member:
            yield from _array(window.stream(), f"{path}!{member}")


def _array(stream: WindowStream, where: str) -> Iterator[tuple[int, Any]]:
    """The items of a JSON array with the line on which each begins; only one chunk of it is held."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    parse = json.JSONDecoder().raw_decode
    text, line, opened = "", 1, False
    while True:
        try:
            chunk = stream.read(max(_CHUNK, len(text)))
            text += decoder.decode(chunk, final=not chunk)
        except (StreamFaultError, UnicodeDecodeError) as error:
            raise InvalidPackError(f"{where}:{line}: {error}") from error
        at = 0
        while (begin := _behind_gap(text, at)) < len(text):
            line += text.count("\n", at, begin)
            at = begin
            if not opened and text[begin] != "[":
                raise InvalidPackError(f"{where}:{line}: a JSON array is expected")
            if not opened:
                opened, at = True, begin + 1
                continue
            if text[begin] == "]":
                return
            try:
                value, end = parse(text, begin)
            except (ValueError, RecursionError) as error:
                if chunk and len(text) - begin <= _MOST_RECORD:
                    break
                raise InvalidPackError(f"{where}:{line}: this is no JSON, or too large: {error}") from error
            yield line, value
            line += text.count("\n", begin, end)
            at = end
        text = text[at:]
        if not chunk:
            raise InvalidPackError(f"{where}:{line}: the file ends within the array")


def _behind_gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    assert gap is not None  # it may be empty
    return gap.end()


def _entry(data: dict[str, Any]) -> Entry:
    """The entry of one record.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: it is of another form.
    """
    found = _ID.fullmatch(data["id"])
    if found is None:
        raise ValueError(f"{data['id']!r:.80} is no id of the registry")
    names = tuple(
        Name(_BLANK.sub(" ", name["value"]).strip(), name["lang"] or "", frozenset(name["types"]))
        for name in data["names"]
    )
    if not names:
        raise ValueError("it has no name")
    details = [location["geonames_details"] for location in data["locations"]]
    countries = {place["country_code"]: str(place["country_name"]) for place in details}
    if wrong := [code for code in countries if not _COUNTRY.fullmatch(code)]:
        raise ValueError(f"{wrong[0]!r:.80} is no country code")
    types = set(data["types"])
    return Entry(
        id=found.group(1),
        active=data["status"] == "active",
        names=names,
        countries=countries,
        kind=next((kind for name, kind in _KINDS.items() if name in types), OrganisationKind.ASSOCIATION),
        domains=tuple(str(domain) for domain in data["domains"]),
        sites=tuple(str(link["value"]) for link in data["links"] if link["type"] == "website"),
        parents=tuple(r["id"].rpartition("/")[2] for r in data["relationships"] if r["type"] == "parent"),
        modified=str(data["admin"]["last_modified"]["date"])[:10],
    )
