"""From a record, and what was found in the message where it can be read, to everything that is told of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from outreach_audit.attribution import language_of
from outreach_audit.codes import Label, Via
from outreach_audit.explanation.changes import Change, changes
from outreach_audit.explanation.context import context, said_in, words_of
from outreach_audit.explanation.traps import TRAPS
from outreach_audit.ledger import Record
from outreach_audit.packs.model import Pack
from outreach_audit.signals.evidence import Evidence
from outreach_audit.signals.model import Hit
from outreach_audit.verdict.judge import judge

_MOST_LANGUAGE_TEXT = 4_000
_CLAIMS = ("dest_country", "claimed_sponsor", "sender_org", "technical_origin")


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal that fired: what it means, its points, the words that fired, and the sentences around them.

    ``sentences`` are pairs of scope and text.
    """

    signal: str
    title: str
    points: float
    counter: bool
    scope: str
    words: tuple[str, ...]
    sentences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that is told of one message.

    ``titles`` are the meanings of signals that ``changes`` name; ``trap`` is the look-alike it resembles most, what
    that is, and what tells it apart; ``notes`` are sentences that a reader needs to weigh the rest.
    """

    record: Record
    reasons: tuple[Reason, ...]
    changes: tuple[Change, ...]
    titles: dict[str, str]
    trap: tuple[str, str, str] | None
    notes: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        """The same as plain data for JSON."""
        record, verdict = self.record, self.record.verdict
        return {
            "finding": record.finding,
            "message_id": record.message_id,
            "subject": record.subject,
            "sender": record.sender,
            "recipient": record.recipient,
            "date": record.date.isoformat() if record.date else None,
            "folder": record.folder.value,
            "via": record.via.value,
            "verdict": verdict.label.value,
            "score": verdict.score,
            "margin": verdict.margin,
            "because": list(verdict.reasons),
            "evidence": [_reason_data(one) for one in self.reasons],
            "changes": [
                {"without": list(one.removed), "with": one.added or None, "verdict": one.label.value}
                for one in self.changes
            ],
            "trap": dict(zip(("code", "look_alike", "told_apart_by"), self.trap, strict=True)) if self.trap else None,
            "kind": verdict.kind.value if verdict.kind else None,
            "more_kinds": [kind.value for kind in verdict.more_kinds],
            "cues": [cue.value for cue in record.cues],
            "watchlist": list(record.watched),
            "suppressed": record.suppressed or None,
            "behind": _behind_data(record),
            "language": record.language,
            "notes": list(self.notes),
            "reading": record.reading.value,
            "defects": list(record.defects),
            "pack": record.pack,
            "source": record.ref.source,
            "member": record.ref.member,
            "offset": record.ref.offset,
        }


def _reason_data(one: Reason) -> dict[str, Any]:
    return {
        "signal": one.signal,
        "title": one.title,
        "points": round(one.points, 3),
        "counter": one.counter,
        "scope": one.scope,
        "words": list(one.words),
        "sentences": [{"scope": scope, "text": text} for scope, text in one.sentences],
    }


def _behind_data(record: Record) -> dict[str, Any]:
    attribution = record.attribution
    claims = {name: getattr(attribution, name) for name in _CLAIMS}
    told: dict[str, Any] = {
        name: {"value": claim.value, "grade": claim.grade.value, "reason": claim.reason}
        for name, claim in claims.items()
    }
    sender = {"sender_type": attribution.sender_type.value, "sender_domain": attribution.sender_domain}
    return told | sender | {"foreign": record.foreign}


def explain(record: Record, evidence: Evidence | None, pack: Pack, *, remark: str = "") -> Explanation:
    """Explain one record.

    Args:
        record: as assessed, or as the ledger keeps it (of ``other`` mail it keeps no evidence).
        evidence: what was found in the message, None where it could not be read again.
        pack: the packs in use.
        remark: a sentence on where this comes from, told first.
    """
    titles = {signal.id: signal.title for signal in pack.signals}
    said = said_in(record, evidence)
    hits = record.verdict.hits
    known = evidence or Evidence((), {}, {}, hits)
    # the ledger may hold what other packs judged: then nothing can be computed from the weights of these
    can_tell = bool(hits) and judge(pack, known).label is record.verdict.label
    found = changes(pack, known) if can_tell else ()
    trap = record.verdict.trap
    return Explanation(
        record=record,
        reasons=tuple(_reason(hit, titles, context(hit, said)) for hit in hits),
        changes=found,
        titles={name: titles[name] for one in found for name in (*one.removed, one.added) if name in titles},
        trap=(trap.value, *TRAPS[trap]) if trap else None,
        notes=tuple(_notes(record, evidence, pack, "\n".join(text for _, text in said), remark)),
    )


def _reason(hit: Hit, titles: dict[str, str], sentences: tuple[tuple[str, str], ...]) -> Reason:
    return Reason(
        signal=hit.signal,
        title=titles.get(hit.signal, hit.signal),
        points=hit.weight,
        counter=hit.counter,
        scope=hit.scope.value,
        words=words_of(hit),
        sentences=sentences,
    )


def _notes(record: Record, evidence: Evidence | None, pack: Pack, text: str, remark: str) -> Iterator[str]:
    if remark:
        yield remark
    if record.via is Via.REPORT:
        yield "A colleague handed this mail on: it is judged as it was received, and counted as a report."
    language = (record.language or language_of(text[:_MOST_LANGUAGE_TEXT])).partition("-")[0]
    lexicons = sorted({phrase.language for phrase in pack.phrases} - {""})
    if language and language not in lexicons:
        yield (
            f"Its language ({language}) is none of those with a lexicon ({', '.join(lexicons)}): the verdict rests on"
            " structure and numbers alone."
        )
    if record.header_only:
        yield "Only sender, recipient, subject and time are known of this message."
    if record.watched:
        yield f"A watchlist knows it ({', '.join(record.watched)}); that is no part of the verdict."
    if record.suppressed:
        yield f"Suppressed, and counted apart: {record.suppressed}"
    if evidence is None and record.verdict.label is Label.OTHER:
        yield "The ledger keeps no evidence of mail judged other: explain the file itself."
    elif evidence is not None and evidence.cut:
        yield "The message is very long: what comes after its first sentences was not judged."
