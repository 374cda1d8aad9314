"""Records as rows of the ledger, and back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from outreach_audit.attribution.model import Attribution, Claim, Grade
from outreach_audit.codes import Cue, Folder, Kind, Label, Reading, SenderType, Trap, Via
from outreach_audit.ledger.record import Record
from outreach_audit.mail.model import Scope
from outreach_audit.signals.model import Hit
from outreach_audit.sources.model import Ref
from outreach_audit.verdict.model import Verdict

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Value = str | bytes | int | float | None

COLUMNS = (
    *("finding", "message_key", "delivery_key", "via", "source", "member", "offset", "length", "message_id"),
    *("carrier_message_id", "date", "date_header", "date_received", "folder", "recipient", "institute", "home"),
    *("language", "header_only", "reading", "label", "score", "margin", "kind", "trap", "is_foreign", "dest_country"),
    *("sender_domain", "pack", "detail", "fired"),
)
"""The columns of ``delivery`` in the order of the rows made and read here (without ``id``)."""

_CLAIMS = ("claimed_sponsor", "sender_org", "technical_origin", "dest_country")


def key(text: str) -> str | bytes:
    """A key as stored: a hexadecimal digest takes half the room as bytes."""
    try:
        packed = bytes.fromhex(text)
    except ValueError:
        return clean(text)
    return packed if packed.hex() == text else text


def key_text(stored: str | bytes) -> str:
    """A key as given."""
    return stored.hex() if isinstance(stored, bytes) else stored


def clean(text: str) -> str:
    r"""The text as SQLite can hold it: lone surrogates (file names that are no UTF-8) as ``\udcff``."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return text


def seconds(moment: datetime | None) -> int | None:
    """A moment as stored."""
    return None if moment is None else (moment - _EPOCH) // timedelta(seconds=1)


def moment(stored: int | None) -> datetime | None:
    """A moment in UTC, to the second."""
    return None if stored is None else _EPOCH + timedelta(seconds=stored)


def to_row(record: Record, word: Callable[[str], int]) -> tuple[Value, ...]:
    """The row of a record; ``word`` gives the number of a text that many rows share."""
    verdict, ref = record.verdict, record.ref
    return (
        key(record.finding),
        key(record.message_key),
        key(record.delivery_key),
        record.via,
        word(ref.source),
        None if ref.member is None else word(ref.member),
        ref.offset,
        ref.length,
        None if record.message_id is None else clean(record.message_id),
        # most are the message itself: the same id is not stored twice
        None if record.carrier_message_id is None or record.carrier_message_id == record.message_id
        else clean(record.carrier_message_id),
        seconds(record.date),
        seconds(record.date_header),
        seconds(record.date_received),
        record.folder,
        word(record.recipient),
        word(record.institute),
        clean(record.home),
        clean(record.language),
        record.header_only,
        record.reading,
        verdict.label,
        verdict.score,
        verdict.margin,
        verdict.kind,
        verdict.trap,
        record.foreign,
        clean(record.attribution.dest_country.value or "ZZ"),
        word(record.attribution.sender_domain),
        word(record.pack),
        _detail(record),
        word(" ".join((record.definition, *record.fired))) if record.definition else None,
    )  # fmt: skip


def _detail(record: Record) -> str | None:
    """What is kept beyond the columns: of ``other`` mail only its defects, so that a million of them stay small."""
    detail: dict[str, Any] = {}
    if record.verdict.label is not Label.OTHER:
        verdict = asdict(record.verdict)
        for column in ("label", "score", "margin", "kind", "trap"):
            del verdict[column]
        attribution = asdict(record.attribution)
        del attribution["sender_domain"]
        detail = {"subject": record.subject, "sender": record.sender, "verdict": verdict, "attribution": attribution}
        if record.layout:
            detail["layout"] = record.layout
    if record.defects:
        detail["defects"] = record.defects
    if record.carrier_message_id is None and record.message_id is not None:
        detail["no_carrier_id"] = True
    return clean(json.dumps(detail, ensure_ascii=False, separators=(",", ":"))) if detail else None


def to_record(row: Mapping[str, Any], text: Callable[[int], str], offer: tuple[str, tuple[str, ...]]) -> Record:
    """The record of a row; ``text`` gives the text of a number, ``offer`` are its offer text and hosts."""
    detail = json.loads(row["detail"]) if row["detail"] else {}
    definition, *fired = text(row["fired"]).split(" ") if row["fired"] is not None else ("",)
    carrier = row["carrier_message_id"] or (None if "no_carrier_id" in detail else row["message_id"])
    return Record(
        finding=key_text(row["finding"]),
        message_key=key_text(row["message_key"]),
        delivery_key=key_text(row["delivery_key"]),
        message_id=row["message_id"],
        carrier_message_id=carrier,
        ref=Ref(
            text(row["source"]), None if row["member"] is None else text(row["member"]), row["offset"], row["length"]
        ),
        date=moment(row["date"]),
        date_header=moment(row["date_header"]),
        date_received=moment(row["date_received"]),
        folder=Folder(row["folder"]),
        recipient=text(row["recipient"]),
        institute=text(row["institute"]),
        home=row["home"],
        via=Via(row["via"]),
        subject=detail.get("subject", ""),
        sender=detail.get("sender", ""),
        language=row["language"],
        header_only=bool(row["header_only"]),
        reading=Reading(row["reading"]),
        defects=tuple(detail.get("defects", ())),
        verdict=_verdict(row, detail.get("verdict", {})),
        attribution=_attribution(row, text, detail.get("attribution")),
        foreign=None if row["is_foreign"] is None else bool(row["is_foreign"]),
        offer_text=offer[0],
        hosts=offer[1],
        pack=text(row["pack"]),
        layout=tuple((Scope(scope), length) for scope, length in detail.get("layout", ())),
        fired=tuple(fired),
        definition=definition,
    )


def _verdict(row: Mapping[str, Any], kept: Mapping[str, Any]) -> Verdict:
    return Verdict(
        label=Label(row["label"]),
        score=row["score"],
        margin=row["margin"],
        core=kept.get("core", False),
        kind=Kind(row["kind"]) if row["kind"] else None,
        more_kinds=tuple(map(Kind, kept.get("more_kinds", ()))),
        cues=tuple(map(Cue, kept.get("cues", ()))),
        trap=Trap(row["trap"]) if row["trap"] else None,
        personalisation=kept.get("personalisation"),
        hits=tuple(Hit(**{**hit, "scope": Scope(hit["scope"])}) for hit in kept.get("hits", ())),
        reasons=tuple(kept.get("reasons", ())),
    )


def _attribution(row: Mapping[str, Any], text: Callable[[int], str], kept: Mapping[str, Any] | None) -> Attribution:
    domain = text(row["sender_domain"])
    if kept is None:
        return Attribution(dest_country=Claim(row["dest_country"]), sender_domain=domain)
    claims = {name: Claim(kept[name]["value"], Grade(kept[name]["grade"]), kept[name]["reason"]) for name in _CLAIMS}
    return Attribution(**claims, sender_type=SenderType(kept["sender_type"]), sender_domain=domain)
