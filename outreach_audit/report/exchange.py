"""What a tally carries for others: how it was made fit to leave, what it was merged of, and a digest over all of it."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from outreach_audit import codes
from outreach_audit.report.safe import json_text
from outreach_audit.report.vocabulary import MEANINGS, SECTION_MEANINGS
from outreach_audit.tally import Column

SCHEME = "hmac-sha256"
"""How recipients are made pseudonyms under a project key: HMAC-SHA256 (RFC 2104) of the address in lower case."""

_DIGITS = 32
_KEY_NOTE = b"outreach-audit project key 1"
_CODES = (codes.Label, codes.Kind, codes.SenderType, codes.Trap, codes.Folder, codes.Reading, codes.Via, codes.Unit)


class LeftOut(StrEnum):
    """What a publication leaves out of a result."""

    BEFORE = "figures of the period before"
    SKIPPED = "reasons for which files were left aside"
    DOMAINS = "domains and signatures of senders"
    SUBJECTS = "subjects"
    SUPPRESSED = "entries of suppressions"
    CAMPAIGNS = "campaigns of which figures are withheld"
    NOTES = "notes with figures"


@dataclass(frozen=True, slots=True)
class Publication:
    """How a result was made fit to leave (docs/publishing.md).

    ``threshold``: smaller figures are withheld; ``withheld``: how many figures are; ``fingerprints``: of campaigns, by
    id (docs/watchlists.md); ``key``: the digest of the agreed project key, ``''`` without one; ``recipients``: those of
    foreign approaches as pseudonyms under that key.
    """

    threshold: int
    withheld: int = 0
    definitions: str = ""
    left_out: tuple[LeftOut, ...] = ()
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """A tally of a merge: ``aside`` says why its figures stand beside those of the others, ``''`` where they are in.

    ``not_scanned`` are the folders that were not among its files, ``not_read`` the messages not fully read of those
    ``found``; ``withheld`` is how many figures it withholds.
    """

    digest: str
    institutes: tuple[str, ...]
    generator: str
    packs: tuple[str, ...] = ()
    withheld: int = 0
    not_scanned: tuple[str, ...] = ()
    found: int = 0
    not_read: int = 0
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """What a result was merged of.

    ``expected`` are the institutes of which a tally was expected, ``missing`` those of them without one; ``refused``
    and ``repeated`` are file names with what happened to them.
    """

    received: tuple[Received, ...]
    expected: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    repeated: tuple[tuple[str, str], ...] = ()


def canonical(value: object) -> bytes:
    """JSON of which there is one form only (RFC 8785, for texts and whole numbers): what a digest is made over."""
    # texts as a file holds them: a lone surrogate becomes visible characters there
    return json.dumps(_sorted(json.loads(json_text(value))), ensure_ascii=False, separators=(",", ":")).encode()


def digest_of(data: Mapping[str, Any]) -> str:
    """The digest of a tally as data, its own ``digest`` left aside: ``sha256:`` and 64 hexadecimal digits."""
    told = {key: value for key, value in data.items() if key != "digest"}
    return f"sha256:{hashlib.sha256(canonical(told)).hexdigest()}"


def definitions_digest() -> str:
    """The digest of what this program counts: all codes, columns and their meanings (docs/definitions.md)."""
    told = {
        "codes": {kind.__name__: [one.value for one in kind] for kind in _CODES},
        "columns": {column.value: [column.unit.value, MEANINGS.get(column, "")] for column in Column},
        "sections": {section.value: meaning for section, meaning in SECTION_MEANINGS.items()},
    }
    return f"sha256:{hashlib.sha256(canonical(told)).hexdigest()}"


def key_id(key: bytes) -> str:
    """What tells project keys apart and says nothing of them."""
    return hmac.digest(key, _KEY_NOTE, "sha256").hex()[:16]


def project_pseudonym(key: bytes, address: str) -> str:
    """The pseudonym of a recipient that is the same at every institute that holds the key."""
    return hmac.digest(key, address.strip().lower().encode("utf-8", "surrogatepass"), "sha256").hex()[:_DIGITS]


def publication_data(one: Publication | None) -> dict[str, Any] | None:
    """A publication as plain data."""
    if one is None:
        return None
    return {
        "threshold": one.threshold,
        "withheld": one.withheld,
        "definitions": one.definitions,
        "left_out": [each.name.lower() for each in one.left_out],
        "fingerprints": dict(one.fingerprints),
        "pseudonyms": {"scheme": SCHEME, "key": one.key, "recipients": list(one.recipients)} if one.key else None,
    }


def publication_of(data: Mapping[str, Any] | None) -> Publication | None:
    """The publication of such data.

    Raises:
        LookupError, TypeError, ValueError, AttributeError: the data does not hold what the schema demands.
    """
    if data is None:
        return None
    pseudonyms = data["pseudonyms"]
    if pseudonyms and pseudonyms["scheme"] != SCHEME:
        raise ValueError(f"unknown scheme of pseudonyms {pseudonyms['scheme']!r}")
    return Publication(
        threshold=_whole(data["threshold"]),
        withheld=_whole(data["withheld"]),
        definitions=str(data["definitions"]),
        left_out=tuple(LeftOut[str(name).upper()] for name in data["left_out"]),
        fingerprints=MappingProxyType({str(key): str(value) for key, value in data["fingerprints"].items()}),
        key=str(pseudonyms["key"]) if pseudonyms else "",
        recipients=tuple(map(str, pseudonyms["recipients"])) if pseudonyms else (),
    )


def merge_data(one: Merge | None) -> dict[str, Any] | None:
    """A merge as plain data."""
    if one is None:
        return None
    return {
        "received": [
            {name: _plain(getattr(each, name)) for name in Received.__dataclass_fields__} for each in one.received
        ],
        "expected": list(one.expected),
        "missing": list(one.missing),
        "refused": [{"file": file, "reason": reason} for file, reason in one.refused],
        "repeated": [{"file": file, "reason": reason} for file, reason in one.repeated],
    }


def merge_of(data: Mapping[str, Any] | None) -> Merge | None:
    """The merge of such data.

    Raises:
        LookupError, TypeError, ValueError, AttributeError: the data does not hold what the schema demands.
    """
    if data is None:
        return None

    def received(each: Mapping[str, Any]) -> Received:
        return Received(
            digest=str(each["digest"]),
            generator=str(each["generator"]),
            aside=str(each["aside"]),
            institutes=tuple(map(str, each["institutes"])),
            packs=tuple(map(str, each["packs"])),
            not_scanned=tuple(map(str, each["not_scanned"])),
            withheld=_whole(each["withheld"]),
            found=_whole(each["found"]),
            not_read=_whole(each["not_read"]),
        )

    return Merge(
        received=tuple(map(received, data["received"])),
        expected=tuple(map(str, data["expected"])),
        missing=tuple(map(str, data["missing"])),
        refused=tuple((str(one["file"]), str(one["reason"])) for one in data["refused"]),
        repeated=tuple((str(one["file"]), str(one["reason"])) for one in data["repeated"]),
    )


def _sorted(value: object) -> object:
    """The value with the names of each object in the order of their UTF-16 code units."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} is no whole number")
    return value
