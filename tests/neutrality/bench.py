"""Labelled mail made into bytes and judged: what all tests of this folder compare verdicts with."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from functools import cache
from pathlib import Path
from typing import Any

from outreach_audit.codes import Kind, Label, Via
from outreach_audit.mail.attachments import InProcessReader
from outreach_audit.packs.load import load_packs
from outreach_audit.run.assess import Assessor
from outreach_audit.run.settings import Settings
from outreach_audit.sources.model import RawMessage, Ref
from tests.conftest import SHARED

Spec = dict[str, Any]

OWN = Path(__file__).parents[1] / "labelled"
ALL = os.environ.get("OUTREACH_AUDIT_NEUTRALITY") == "all"
"""Whether every message is tried with everything (some minutes), or every second one with some of it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What must not change: the label and the points; the kinds and signals beside them, to tell why they did."""

    label: Label
    score: float
    kinds: tuple[Kind, ...]
    signals: frozenset[str]


@cache
def labelled() -> tuple[Spec, ...]:
    """The labelled messages that are tried, in the form of tests/labelled."""
    paths = [path for path in (*sorted(OWN.glob("*.jsonl")), SHARED / "labelled" / "dev.jsonl") if path.is_file()]
    chosen = slice(None, None, 1 if ALL else 2)
    return tuple(json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()[chosen])


def approaches() -> list[Spec]:
    """The messages that are labelled ``approach``, as their senders wrote them: what reporters hand on is left out."""
    return [
        spec for spec in labelled() if spec["label"]["verdict"] == Label.APPROACH and spec["label"]["via"] == Via.DIRECT
    ]


def render(spec: Spec) -> bytes:
    """The message as it travels; all of it UTF-8, so that any name can stand in it."""
    return _message(spec).as_bytes()


def _message(spec: Spec) -> Message:
    message = _with_attachments(_body(spec), spec)
    message["From"] = formataddr((spec.get("from_name") or "", spec["from_addr"]))
    message["To"] = _addresses(spec.get("to") or [])
    if spec.get("cc"):
        message["Cc"] = _addresses(spec["cc"])
    if spec.get("reply_to"):
        message["Reply-To"] = spec["reply_to"] if isinstance(spec["reply_to"], str) else formataddr(spec["reply_to"])
    message["Subject"] = _encoded(spec["subject"])
    if spec.get("date"):
        message["Date"] = format_datetime(datetime.fromisoformat(spec["date"]))
    for name, values in (spec.get("headers") or {}).items():
        for value in values if isinstance(values, list) else [values]:
            if value is not None:
                message[name] = _encoded(" ".join(str(value).split()))
    return message


def _encoded(value: str) -> str | Header:
    return value if value.isascii() else Header(value, "utf-8")


def _addresses(pairs: list[list[str]]) -> str:
    return ", ".join(formataddr((name or "", address)) for name, address in pairs)


def _body(spec: Spec) -> Message:
    parts = [
        MIMEText(spec[key], subtype, "utf-8") for key, subtype in (("text", "plain"), ("html", "html")) if spec.get(key)
    ]
    if len(parts) > 1:
        return MIMEMultipart("alternative", _subparts=parts)
    return parts[0] if parts else MIMEText("", "plain", "utf-8")


def _with_attachments(body: Message, spec: Spec) -> Message:
    attached = [_attachment(item) for item in spec.get("attachments") or []]
    if original := spec.get("forwarded"):
        attached.append(MIMEMessage(_message({"to": spec.get("to"), "date": spec.get("date"), **original})))
    return MIMEMultipart("mixed", _subparts=[body, *attached]) if attached else body


def _attachment(item: dict[str, str]) -> Message:
    """One attachment under its own name, in the plainest form that has the text."""
    if item["kind"] == "eml":
        part: Message = MIMEText(item["text"], "rfc822", "utf-8")
    else:
        part = MIMEApplication(item["text"].encode(), "octet-stream")
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", item["name"]))
    return part


def rewritten(spec: Spec, change: Callable[[str], str]) -> Spec:
    """The message with all its words changed: subject, text, what HTML shows, attachments, the forwarded original."""
    new = dict(spec)
    new["subject"] = change(spec["subject"])
    if spec.get("text"):
        new["text"] = change(spec["text"])
    if spec.get("html"):
        new["html"] = _shown(spec["html"], change)
    if spec.get("attachments"):
        new["attachments"] = [
            item if item["kind"] == "eml" else {**item, "text": change(item["text"])} for item in spec["attachments"]
        ]
    if spec.get("forwarded"):
        new["forwarded"] = rewritten(spec["forwarded"], change)
    return new


_NOT_SHOWN = re.compile(r"(?is)(<style.*?</style>|<script.*?</script>|<title.*?</title>|<!--.*?-->|<[^>]*>|&#?\w+;)")


def _shown(html: str, change: Callable[[str], str]) -> str:
    return "".join(
        piece if index % 2 or not piece.strip() else change(piece) for index, piece in enumerate(_NOT_SHOWN.split(html))
    )


def replaced(value: Any, exchanged: dict[str, str]) -> Any:
    """Exchange strings wherever they stand in a message."""
    if isinstance(value, str):
        for old, new in exchanged.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, list):
        return [replaced(item, exchanged) for item in value]
    if isinstance(value, dict):
        return {key: replaced(item, exchanged) for key, item in value.items()}
    return value


@cache
def assessor() -> Assessor:
    """The core pack, compiled once."""
    return Assessor(load_packs(), Settings(), InProcessReader())


@cache
def judged_as_written() -> dict[str, tuple[Judged, ...]]:
    """The verdicts of the labelled messages as they stand, by id."""
    return {spec["id"]: judge(spec) for spec in labelled()}


def judge(spec: Spec) -> tuple[Judged, ...]:
    """The verdicts of one message: one, or one for each original that a report hands on."""
    home, folder = spec.get("home") or "", spec.get("folder") or "inbox"
    content = render(spec)
    found = (
        assessor()
        .with_settings(Settings(home=home))
        .assess(RawMessage(Ref(f"{folder}.mbox", length=len(content)), content))
    )
    return tuple(
        Judged(
            verdict.label,
            verdict.score,
            tuple(kind for kind in (verdict.kind, *verdict.more_kinds) if kind),
            frozenset(f"{hit.signal} {hit.weight:+.1f}" for hit in verdict.hits),
        )
        for verdict in (record.verdict for record in found.records)
    )
