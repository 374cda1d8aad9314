# ruff: noqa: INP001  (a script beside its data, not a package)
"""The manifest: the truth of every delivery, and the figures that follow from it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from deliveries import Delivery

STAMP = "%Y-%m-%dT%H:%M:%S%z"


def truth_row(name: str, one: Delivery) -> dict[str, Any]:
    """What the manifest says of one delivery; a key is absent where a thing cannot be seen or does not apply."""
    hidden = one.inline or one.letter.damage == "no_message_id"
    row = {
        "file": name,
        "message_id": None if hidden else one.letter.message_id,
        "carrier_message_id": one.carrier and one.carrier.message_id,
        "recipient": one.recipient,
        "institute": one.institute.id,
        "folder": one.folder,
        "via": "report" if one.carrier else "direct",
        "label": one.truth.label,
        "kind": one.truth.kind,
        "trap": one.truth.trap,
        "campaign": one.truth.campaign,
        "template": one.truth.template,
        "dest_country": one.truth.dest_country,
        "foreign": one.truth.foreign,
        "language": one.truth.language,
        "date": one.letter.date.strftime(STAMP),
        "damage": one.letter.damage or None,
        "original_delivered": one.known,
        "copy": one.copy or None,
    }
    return {key: value for key, value in row.items() if value is not None}


def figures(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The figures of one set of approaches, each under its unit."""
    direct: list[Mapping[str, Any]] = []
    told: list[Mapping[str, Any]] = []
    for row in rows:
        (told if row["via"] == "report" else direct).append(row)
    copies = {(row["message_id"], row["recipient"]) for row in direct}  # a personal export may hold a delivery again
    approached = {(row["campaign"], row["recipient"]) for row in direct}
    return {
        "deliveries": len(copies),
        "messages": len({message for message, _ in copies}),
        "recipients": len({recipient for _, recipient in copies}),
        "approaches": len(approached),
        "campaigns": len({row["campaign"] for row in direct}),
        # approaches known only from a report: the recipient has no delivery of the campaign
        "reports": len({(row["campaign"], row["recipient"]) for row in told} - approached),
        "reports_received": len({(row["carrier_message_id"], row["recipient"]) for row in told}),
    }


def expected(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures that a scan should come to: by institute and overall, and the messages found in every file."""
    kinds = {"foreign": True, "domestic": False, "undetermined": None}
    approaches = [row for row in rows if row["label"] == "approach"]
    tables = {}
    for institute in (*dict.fromkeys(row["institute"] for row in rows), "overall"):
        own = [row for row in approaches if institute in (row["institute"], "overall")]
        tables[institute] = {
            kind: figures(row for row in own if row.get("foreign") is foreign) for kind, foreign in kinds.items()
        }
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[row["file"]] += 1
    return {"institutes": tables, "messages_found": {"total": len(rows), "files": found}}


def manifest_text(about: Mapping[str, Any], rows: list[dict[str, Any]]) -> str:
    """The manifest as JSON, one delivery a line."""
    head = json.dumps({**about, "expected": expected(rows)}, ensure_ascii=False, indent=1).removesuffix("\n}")
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f'{head},\n "deliveries": [\n{lines}\n]}}\n'
