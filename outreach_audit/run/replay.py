"""A newer pack over the stored evidence, without the mail (docs/ledger.md, what a replay can tell).

Three ways, the first that applies: of an approach or unclear message the text is kept, and judged as a scan judges it;
of any message it is kept which signals fired, so that new weights and thresholds give the verdict exactly as long as no
signal means something else; and where signals do, the verdict is told if it is the same whether they fire or not.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from math import fsum

from outreach_audit import __version__
from outreach_audit.attribution.domains import parents
from outreach_audit.attribution.model import Attribution
from outreach_audit.codes import Label, Via
from outreach_audit.ledger import Ledger, Record, judged
from outreach_audit.mail.model import Scope, Text
from outreach_audit.packs.definition import DOMAIN_FACTS, Definition, definition_of, used_by
from outreach_audit.packs.model import Pack, Status
from outreach_audit.run.assess import BETWEEN_TEXTS
from outreach_audit.run.scan import assign_campaigns
from outreach_audit.signals.evidence import Detector, Evidence
from outreach_audit.signals.facts import FACTS
from outreach_audit.signals.model import Hit
from outreach_audit.verdict.judge import ADVERT_CONCEPTS, ADVERT_SIGNALS, CONCEPT, decide, fired, is_advert, judge
from outreach_audit.verdict.model import Verdict

_OFFERS = frozenset({Label.APPROACH, Label.UNCLEAR})


@dataclass(frozen=True, slots=True)
class Change:
    """One verdict that is another one by the newer pack.

    Attributes:
        finding: the id of the finding; ``''`` for mail judged ``other``, which is told in groups.
        date: of the message.
        via: direct or report.
        subject: of the message, as the sender wrote it.
        deliveries: how many it is.
        before: label and score as they stand.
        after: label and score by the newer pack.
        because: the signals and thresholds that make the difference, the weightiest first.
    """

    finding: str
    date: datetime | None
    via: Via
    subject: str
    deliveries: int
    before: tuple[Label, float]
    after: tuple[Label, float]
    because: tuple[str, ...]


@dataclass(slots=True)
class Replay:
    """What a replay tells.

    Attributes:
        label: names and versions of the newer packs.
        judged: deliveries and reports of which the verdict is known, by the label they had.
        rescan: those of which it is not, by the label they had.
        changes: every changed verdict.
        lifted: deliveries that would become approach, unclear or advert and of which no text was kept: the verdict is
            known, but not the kind, country or campaign, so that it is not stored.
    """

    label: str
    judged: Counter[Label] = field(default_factory=Counter)
    rescan: Counter[Label] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    lifted: int = 0


@dataclass(frozen=True, slots=True)
class _Told:
    """A verdict by the newer pack; ``exact`` is False where only the label is known, which is the one it had."""

    verdict: Verdict
    exact: bool
    fired: tuple[str, ...]


class _Judge:
    """The newer pack, ready to judge what is kept."""

    def __init__(self, pack: Pack, known: dict[str, Definition]) -> None:
        self.pack, self.definition = pack, definition_of(pack)
        self._known = known
        self._detector = Detector(pack)
        self._signals = [signal for signal in pack.signals if signal.status is Status.ACTIVE]
        self._of_domains = {signal.id for signal in self._signals if DOMAIN_FACTS & used_by(signal)}
        self._changed: frozenset[str] = frozenset().union(*map(self.definition.changed_domains, known.values()))
        self.of_fired = lru_cache(100_000)(self._of_fired)

    def touches(self, address: str) -> bool:
        """Whether packs know otherwise now of the domain of an address, or of one above it."""
        return bool(self._changed) and not self._changed.isdisjoint(parents(address.rpartition("@")[2]))

    def tell(self, record: Record) -> _Told | None:
        """The verdict on a record, None where it takes the mail."""
        before = self._known.get(record.definition)
        if before is None:
            return None
        texts = _texts(record)
        touched = self.touches(record.attribution.sender_domain) or self.touches(record.recipient)
        same_facts = all(before.concepts.get(fact) == self.definition.concepts[fact] for fact in FACTS)
        if texts is None or touched or not same_facts:
            told = self.of_fired(record.definition, record.fired, record.verdict.label, touched=touched)
            return told and replace(told, verdict=_kept(told.verdict, record.verdict))
        facts = {one: "" for one in record.fired if one in FACTS}
        evidence = self._detector.of_texts(texts, facts)
        verdict = judge(self.pack, evidence)
        offered = verdict.label in _OFFERS
        verdict = replace(
            verdict,
            personalisation=record.verdict.personalisation if offered else None,
            hits=_quoted(verdict.hits, record.verdict.hits),
        )
        return _Told(verdict, exact=True, fired=fired(evidence, facts=offered))

    def _of_fired(self, definition: str, ids: tuple[str, ...], label: Label, *, touched: bool) -> _Told | None:
        """The verdict on what fired, None where it depends on signals that mean something else now."""
        before = self._known.get(definition)
        if before is None:
            return None
        held = frozenset(ids)
        now = self.definition.signals
        unsure = {s.id for s in self._signals if not _same(s.id, before, self.definition)}
        unsure |= self._of_domains if touched else set()
        sure = [s for s in self._signals if s.id in held and s.id not in unsure]
        maybe = [s for s in self._signals if s.id in unsure]
        concepts = {concept for concept in ADVERT_CONCEPTS if CONCEPT + concept in held}
        open_concepts = {c for c in ADVERT_CONCEPTS if before.concepts.get(c) != self.definition.concepts.get(c)}
        if not maybe and not open_concepts:
            hits = tuple(Hit(s.id, Scope.HEADERS, "", s.weight, s.counter) for s in sure)
            facts = {one: "" for one in ids if one in FACTS}
            evidence = Evidence((), facts, dict.fromkeys((*concepts, *facts), frozenset[int]()), hits)
            verdict = judge(self.pack, evidence)
            return _Told(verdict, exact=True, fired=fired(evidence, facts=verdict.label in _OFFERS))
        certain = fsum(now[s.id][1] for s in sure)
        lowest = certain + fsum(min(0.0, s.weight) for s in maybe)
        highest = certain + fsum(max(0.0, s.weight) for s in maybe)
        cores = {any(s.core for s in sure), any(s.core for s in (*sure, *maybe))}
        most = held | {CONCEPT + concept for concept in open_concepts} | {s.id for s in maybe if s.id in ADVERT_SIGNALS}
        gone = {one for one in ADVERT_SIGNALS if one in unsure or not _same(one, before, self.definition)}
        least = {one for one in held if one.removeprefix(CONCEPT) not in open_concepts} - gone
        labels = {
            decide(self.pack.thresholds, score, core=core, advert=is_advert(shown, core=core))
            for score in (lowest, highest)
            for core in cores
            for shown in (least, most)
        }
        return _Told(Verdict(label), exact=False, fired=ids) if labels == {label} else None

    def because(self, record: Record, told: _Told) -> tuple[str, ...]:
        """What makes the difference between two verdicts on a record, the weightiest first."""
        return self.because_fired(record.definition, record.fired, told)

    def because_fired(self, definition: str, record_fired: tuple[str, ...], told: _Told) -> tuple[str, ...]:
        """What makes the difference between two verdicts on what fired, the weightiest first."""
        before, now = self._known[definition], self.definition
        points: dict[str, tuple[float, float]] = {}
        for one in {*record_fired, *told.fired}:
            old = before.signals[one][1] if one in record_fired and one in before.signals else 0.0
            new = now.signals[one][1] if one in told.fired and one in now.signals else 0.0
            if old != new:
                points[one] = (old, new)
        ranked = sorted(points, key=lambda one: (-abs(points[one][1] - points[one][0]), one))
        limits = [
            f"threshold of {name} {old:g} to {new:g}"
            for name, old, new in (
                ("approach", before.approach, now.approach),
                ("unclear", before.unclear, now.unclear),
            )
            if old != new
        ]
        told_signals = [f"{one} {points[one][0]:+.2f} to {points[one][1]:+.2f}" for one in ranked]
        return (*told_signals, *limits) or ("what counts as core, advertisement or look-alike",)


def _same(signal: str, before: Definition, now: Definition) -> bool:
    """Whether a signal means the same in both; in one alone it does not."""
    old, new = before.signals.get(signal), now.signals.get(signal)
    return old is not None and new is not None and old[0] == new[0]


def _texts(record: Record) -> tuple[Text, ...] | None:
    """The texts that were judged, None where they were not kept, were forgotten or cut."""
    whole = sum(length for _, length in record.layout) + len(BETWEEN_TEXTS) * max(0, len(record.layout) - 1)
    if record.verdict.label not in _OFFERS or not record.layout or whole != len(record.offer_text):
        return None
    texts, at = [Text(Scope.SUBJECT, record.subject)] if record.subject else [], 0
    for scope, length in record.layout:
        texts.append(Text(scope, record.offer_text[at : at + length]))
        at += length + len(BETWEEN_TEXTS)
    return tuple(texts)


def _quoted(hits: tuple[Hit, ...], before: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The hits with the words that were quoted for them before: those of header fields are kept nowhere else."""
    quoted = {hit.signal: hit for hit in before}
    return tuple(
        replace(hit, text=quoted[hit.signal].text, scope=quoted[hit.signal].scope) if hit.signal in quoted else hit
        for hit in hits
    )


def _kept(verdict: Verdict, before: Verdict) -> Verdict:
    """A verdict on what fired with all that was told of the text before and does not depend on points."""
    if verdict.label is Label.OTHER:
        return verdict
    return replace(
        verdict,
        kind=before.kind if verdict.label in _OFFERS else None,
        more_kinds=before.more_kinds if verdict.label in _OFFERS else (),
        cues=before.cues,
        personalisation=before.personalisation if verdict.label in _OFFERS else None,
        hits=_quoted(verdict.hits, before.hits),
    )


def replay(ledger: Ledger, pack: Pack, *, apply: bool = False) -> Replay:
    """Judge anew, by other packs, what a ledger keeps.

    Args:
        ledger: open for writing where ``apply`` is set.
        pack: the newer packs.
        apply: store the verdicts that are known, and assign campaigns anew.

    Returns:
        What changes, and what takes the mail. Who is behind a message and to which country it leads is not asked anew.

    Raises:
        OutreachAuditError: the ledger cannot be read or written.
    """
    judge_anew = _Judge(pack, judged.definitions(ledger))
    told = Replay(pack.label)
    if not apply:
        for _ in _found(ledger, judge_anew, told):
            pass
        _other(ledger, judge_anew, told)
        return _sorted(told)
    with ledger.transaction():
        number = ledger.begin_run({"version": __version__, "replay": pack.label})
        judged.define(ledger, judge_anew.definition)
        for record in _found(ledger, judge_anew, told):
            ledger.add([record])
        judged.judge_other(ledger, _other(ledger, judge_anew, told), pack.label, judge_anew.touches)
        judged.drop_offers(ledger)
        assign_campaigns(ledger, pack)
        ledger.finish_run(number)
    return _sorted(told)


def _sorted(told: Replay) -> Replay:
    told.changes.sort(key=lambda one: (not one.finding, str(one.date or "~"), one.finding, one.via, one.because))
    return told


def _found(ledger: Ledger, judge_anew: _Judge, told: Replay) -> Iterator[Record]:
    """Notes what becomes of all found records; gives those of which the verdict is known, with that."""
    for is_delivery, record in judged.found(ledger):
        label = record.verdict.label
        anew = judge_anew.tell(record)
        if anew is None:
            told.rescan[label] += is_delivery
            continue
        told.judged[label] += is_delivery
        verdict = anew.verdict
        if verdict.label is not label and is_delivery:
            told.changes.append(
                Change(
                    record.finding, record.date, record.via, record.subject, 1,
                    (label, record.verdict.score), (verdict.label, verdict.score),
                    judge_anew.because(record, anew),
                )
            )  # fmt: skip
        if verdict.label in _OFFERS and label not in _OFFERS:
            told.lifted += is_delivery
        elif anew.exact:
            yield _judged(record, anew, judge_anew)


def _other(ledger: Ledger, judge_anew: _Judge, told: Replay) -> dict[tuple[int, bool], tuple[Verdict, str]]:
    """Notes what becomes of mail judged ``other``; gives the verdicts on what stays so, by what fired."""
    staying: dict[tuple[int, bool], tuple[Verdict, str]] = {}
    for alike in judged.other(ledger, judge_anew.touches):
        anew = judge_anew.of_fired(alike.definition, alike.fired, Label.OTHER, touched=alike.touched)
        if anew is None or alike.word is None:
            told.rescan[Label.OTHER] += alike.deliveries
            continue
        told.judged[Label.OTHER] += alike.deliveries
        verdict = anew.verdict
        if verdict.label is not Label.OTHER:
            told.lifted += alike.deliveries
            told.changes.append(
                Change(
                    "", None, alike.via, "", alike.deliveries, (Label.OTHER, alike.score),
                    (verdict.label, verdict.score), judge_anew.because_fired(alike.definition, alike.fired, anew),
                )
            )  # fmt: skip
        elif anew.exact:
            # the same fired in direct mail and in reports
            staying[alike.word, alike.touched] = (verdict, " ".join((judge_anew.definition.digest, *anew.fired)))
    return staying


def _judged(record: Record, anew: _Told, judge_anew: _Judge) -> Record:
    """The record with its new verdict, as a scan with these packs makes it."""
    verdict = anew.verdict
    changed = replace(
        record, verdict=verdict, pack=judge_anew.pack.label, fired=anew.fired, definition=judge_anew.definition.digest
    )
    if verdict.label not in _OFFERS:
        changed = replace(changed, offer_text="", hosts=(), layout=())
    if verdict.label is Label.OTHER:
        attribution = Attribution(sender_domain=record.attribution.sender_domain)
        changed = replace(changed, attribution=attribution, foreign=None, language="")
    return changed
