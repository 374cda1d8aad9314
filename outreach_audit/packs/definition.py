"""What the ids of a pack meant when they fired, so that a later pack can tell which of them it means otherwise.

Only the packs are compared. How the program read the mail (its parser, the facts of its headers) is taken as it was.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from outreach_audit.attribution.knowledge import Knowledge
from outreach_audit.packs.model import Pack, Signal, Status
from outreach_audit.signals.facts import FACTS

# these look up domains: of the sender, or of the reader's own organisation
DOMAIN_FACTS = frozenset(
    {
        *("fact.freemail", "fact.institution", "fact.coined", "fact.platform", "fact.known_recruiter"),
        *("fact.internal", "fact.outgoing"),
    }
)


@dataclass(frozen=True, slots=True)
class Definition:
    """What made the signals of a pack fire, and what they were worth.

    Attributes:
        label: names and versions of the packs.
        approach: from which score on a message was an approach.
        unclear: from which score on it was unclear.
        signals: active signal → digest of what makes it fire, and its points.
        concepts: concept or fact → digest of what shows it.
        domains: mail domain → digest of what is known of it, from which the facts of `DOMAIN_FACTS` are looked up.
        rest: digest of what else decides: core signals, traps, kinds of offer.
    """

    label: str
    approach: float
    unclear: float
    signals: dict[str, tuple[str, float]]
    concepts: dict[str, str]
    domains: dict[str, str]
    rest: str

    def to_text(self) -> str:
        """As it is stored: JSON."""
        return json.dumps(
            [self.label, self.approach, self.unclear, self.signals, self.concepts, self.domains, self.rest],
            ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        )  # fmt: skip

    @classmethod
    def of_text(cls, text: str) -> "Definition":
        """As it was stored."""
        label, approach, unclear, signals, concepts, domains, rest = json.loads(text)
        meant = {name: (told, worth) for name, (told, worth) in signals.items()}
        return cls(label, approach, unclear, meant, concepts, domains, rest)

    def changed_domains(self, other: "Definition") -> frozenset[str]:
        """The domains of which the two do not know the same."""
        return frozenset(name for name, _ in self.domains.items() ^ other.domains.items())

    @property
    def digest(self) -> str:
        """What tells it from others: 64 bits in hexadecimal digits."""
        return _digest(self.to_text())


def _digest(*told: object) -> str:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=sorted)
    return hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()


def definition_of(pack: Pack) -> Definition:
    """The definition of a pack."""
    return _definition_of(_Same(pack))


class _Same:
    """A pack as a key: packs cannot be hashed, and the same one is asked again and again."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.pack is other.pack


@lru_cache(8)
def _definition_of(same: _Same) -> Definition:
    pack = same.pack
    phrases = defaultdict(list)
    for phrase in pack.phrases:
        phrases[phrase.concept].append((phrase.pattern, phrase.language))
    concepts = {concept: _digest(sorted(shown)) for concept, shown in phrases.items()}
    tlds = _digest([(country.code, country.tlds) for country in pack.knowledge.countries])
    concepts |= {fact: tlds if fact in DOMAIN_FACTS else "" for fact in FACTS}
    active = [signal for signal in pack.signals if signal.status is Status.ACTIVE]
    return Definition(
        label=pack.label,
        approach=pack.thresholds.approach,
        unclear=pack.thresholds.unclear,
        signals={signal.id: (_meaning(signal, concepts), signal.weight) for signal in active},
        concepts=concepts,
        domains=_domains(pack.knowledge),
        rest=_digest(
            sorted((signal.id, signal.core, signal.counter, signal.trap) for signal in active), pack.kinds
        ),
    )  # fmt: skip


def used_by(signal: Signal) -> frozenset[str]:
    """The concepts and facts that a signal asks for."""
    groups = (*signal.near, *signal.message, signal.of, signal.without, signal.without_near)
    return frozenset().union(*groups)


def _meaning(signal: Signal, concepts: dict[str, str]) -> str:
    """A digest of what makes a signal fire: its form, and what shows each concept in it."""
    used = sorted(used_by(signal))
    return _digest(
        [sorted(group) for group in signal.near],
        [sorted(group) for group in signal.message],
        sorted(signal.of),
        signal.count,
        sorted(signal.without),
        sorted(signal.without_near),
        signal.window,
        sorted(signal.scopes),
        [(concept, concepts.get(concept, "")) for concept in used],
    )


def _domains(knowledge: Knowledge) -> dict[str, str]:
    """A short digest for each domain of all that its kind, and whose it is, is looked up from."""
    known: defaultdict[str, list[object]] = defaultdict(list)
    for organisation in knowledge.organisations:
        for domain in organisation.domains:
            known[domain].append((organisation.id, organisation.domains, organisation.kind, organisation.country))
    for one in knowledge.domains:
        known[one.domain].append(one.kind)
    for domain in knowledge.freemail:
        known[domain].append("freemail")
    return {domain: _digest(told)[:8] for domain, told in known.items()}
