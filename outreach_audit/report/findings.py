"""Findings: one for each assessed delivery, with all that led to its verdict (docs/cli.md)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from outreach_audit.ledger import Record
from outreach_audit.report.atomic import write_atomically
from outreach_audit.report.csv_files import Cell, csv_bytes
from outreach_audit.report.pseudonyms import Pseudonyms
from outreach_audit.report.safe import json_text

_LONGEST_CELL = 32_000  # Excel and LibreOffice hold 32,767 characters
_COLUMNS = (
    *("finding", "date", "institute", "recipient", "folder", "via", "verdict", "kind", "more_kinds", "foreign"),
    *("dest_country", "dest_country_grade", "claimed_sponsor", "sender_org", "sender_type", "sender_domain"),
    *("campaign", "language", "personalisation", "cues", "trap", "score", "margin", "evidence"),
    *("watchlist", "suppressed"),
    *("message_id", "carrier_message_id", "source", "member", "offset", "length", "header_only", "reading", "pack"),
)


def finding(record: Record, campaign: str | None, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """One finding as plain data.

    Args:
        record: the assessed delivery.
        campaign: the id of its campaign, where one was assigned.
        pseudonyms: what stands for the recipient's address.
    """
    verdict, attribution, ref = record.verdict, record.attribution, record.ref
    return {
        "finding": record.finding,
        "message_id": record.message_id,
        "source": ref.source,
        "member": ref.member,
        "offset": ref.offset,
        "length": ref.length,
        "date": _moment(record.date),
        "folder": record.folder.value,
        "recipient": pseudonyms.of(record.recipient, record.institute),
        "institute": record.institute,
        "carrier_message_id": record.carrier_message_id,
        "language": record.language,
        "personalisation": verdict.personalisation,
        "header_only": record.header_only,
        "verdict": verdict.label.value,
        "kind": verdict.kind.value if verdict.kind else None,
        "more_kinds": [kind.value for kind in verdict.more_kinds],
        "via": record.via.value,
        "score": round(verdict.score, 3),
        "margin": round(verdict.margin, 3),
        "foreign": record.foreign,
        "dest_country": attribution.dest_country.value or "ZZ",
        "dest_country_grade": attribution.dest_country.grade.value,
        "claimed_sponsor": attribution.claimed_sponsor.value,
        "sender_org": attribution.sender_org.value,
        "sender_type": attribution.sender_type.value,
        "sender_domain": attribution.sender_domain,
        "cues": [cue.value for cue in record.cues],
        "campaign": campaign,
        "trap": verdict.trap.value if verdict.trap else None,
        "evidence": [
            {
                "signal": hit.signal,
                "scope": hit.scope.value,
                "text": hit.text,
                "weight": round(hit.weight, 3),
                "counter": hit.counter,
            }
            for hit in verdict.hits
        ],
        "watchlist": list(record.watched),
        "suppressed": record.suppressed or None,
        "pack": record.pack,
        "reading": record.reading.value,
    }


def write_json_lines(findings: Iterable[Mapping[str, Any]], file: TextIO) -> None:
    """Writes each finding as one line of JSON, harmless on a terminal and free of lone surrogates."""
    file.writelines(json_text(one) + "\n" for one in findings)


def write_findings_csv(findings: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Writes the findings as a table, one row each; lists are joined by ``; ``.

    Raises:
        OSError: the file cannot be written.
    """
    write_atomically(path, csv_bytes(_COLUMNS, ([_flat(one[name]) for name in _COLUMNS] for one in findings)))


def _flat(value: object) -> Cell:
    """A value as one cell; a text that no spreadsheet would hold is cut, and says so."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = "; ".join(_evidence(item) if isinstance(item, Mapping) else str(item) for item in value)
    if isinstance(value, str) and len(value) > _LONGEST_CELL:
        return f"{value[:_LONGEST_CELL]} … ({len(value) - _LONGEST_CELL} characters more)"
    return value if isinstance(value, str | int | float) else ""


def _evidence(hit: Mapping[str, Any]) -> str:
    return f"{hit['signal']} ({hit['weight']:+g}, {hit['scope']}): {hit['text']}"


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
