"""From a message to evidence: which texts count, which concepts stand where, and which signals fire."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from outreach_audit.mail.model import Mail, Scope, Text
from outreach_audit.packs.fold import fold, quote
from outreach_audit.packs.model import Pack, Signal, Status
from outreach_audit.signals.facts import FACTS, Reader, facts
from outreach_audit.signals.match import Found, Matcher
from outreach_audit.signals.model import Hit
from outreach_audit.signals.sentences import sentences

_ASSESSED = frozenset({Scope.SUBJECT, Scope.BODY, Scope.FORWARDED, Scope.ATTACHMENT})
_QUOTE_HEAD = 400  # characters in which a quotation names whom it quotes
_MOST_SENTENCES = 1500
_MOST_TRIED = 12  # hits of one concept in one window
_MOST_QUOTED = 4  # sentences that are quoted for a signal of the whole message
_APART = 100  # distance between texts, so that no window reaches from one into the next


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as written and folded; ``position`` orders sentences, neighbours differ by one."""

    scope: Scope
    text: str
    folded: str
    position: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the verdict rests on.

    ``concepts`` maps a concept (or fact) to the numbers of the sentences that show it (none for facts).
    """

    sentences: tuple[Sentence, ...]
    facts: dict[str, str]
    concepts: dict[str, frozenset[int]]
    hits: tuple[Hit, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """A message read, before any signal is asked."""

    sentences: list[Sentence]
    places: list[int]
    hits: dict[str, list[Found]]
    facts: dict[str, str]


def assessed_texts(mail: Mail) -> tuple[Text, ...]:
    """The texts that are judged: what the writer says, attachments included, and quotations only of the same writer."""
    chosen = []
    for text in mail.texts:
        own_quote = (
            text.scope is Scope.QUOTED
            and mail.sender.address
            and mail.sender.address in text.text[:_QUOTE_HEAD].lower()
        )
        if text.scope in _ASSESSED or own_quote:
            chosen.append(text)
    return tuple(chosen)


def _cut(texts: Iterable[Text]) -> tuple[list[Sentence], bool]:
    found: list[Sentence] = []
    position = 0
    for text in texts:
        content = (
            "\n".join(line.lstrip("> ") for line in text.text.splitlines()) if text.scope is Scope.QUOTED else text.text
        )
        for sentence in sentences(content):
            if len(found) >= _MOST_SENTENCES:
                return found, True
            folded = fold(sentence)
            if folded:
                found.append(Sentence(text.scope, sentence, folded, position))
                position += 1
        position += _APART
    return found, False


def _apart(groups: list[list[Found]], taken: tuple[Found, ...] = ()) -> tuple[Found, ...] | None:
    """One hit of each group, no two on the same words: what two concepts see in one word is one piece of evidence."""
    if not groups:
        return taken
    for hit in groups[0][:_MOST_TRIED]:
        if all(hit.sentence != t.sentence or hit.end <= t.begin or t.end <= hit.begin for t in taken):
            chosen = _apart(groups[1:], (*taken, hit))
            if chosen is not None:
                return chosen
    return None


def _window(signal: Signal, read: _Read) -> list[int] | None:
    """The sentences that make a signal's ``near`` part true, the first that do, or None."""
    groups = [
        [
            hit
            for concept in sorted(alternatives)
            for hit in read.hits.get(concept, ())
            if not signal.scopes or read.sentences[hit.sentence].scope in signal.scopes
        ]
        for alternatives in signal.near
    ]
    if not all(groups):
        return None
    place = read.places
    placed = [sorted({place[hit.sentence] for hit in group}) for group in groups]
    forbidden = {place[hit.sentence] for concept in signal.without_near for hit in read.hits.get(concept, ())}
    for first in sorted({position for positions in placed for position in positions}):
        inside = range(first, first + signal.window)
        if not all(_reaches(positions, inside) for positions in placed) or not forbidden.isdisjoint(inside):
            continue
        if chosen := _apart([[hit for hit in group if place[hit.sentence] in inside] for group in groups]):
            return sorted({hit.sentence for hit in chosen})
    return None


def _reaches(positions: list[int], inside: range) -> bool:
    """Whether one of the positions, which are in order, lies inside."""
    at = bisect_left(positions, inside.start)
    return at < len(positions) and positions[at] < inside.stop


class _Ready:
    """A signal made ready to be asked: its sets of concepts and facts as bits, which are compared at once."""

    __slots__ = ("_count", "_groups", "_of", "_without", "signal")

    def __init__(self, signal: Signal, bit_of: Callable[[str], int]) -> None:
        def bits(concepts: Iterable[str]) -> int:
            return reduce(or_, map(bit_of, concepts), 0)

        self.signal = signal
        self._without, self._of, self._count = bits(signal.without), bits(signal.of), signal.count
        self._groups = [bits(group) for group in (*signal.message, *signal.near)]

    def may_fire(self, shown: int) -> bool:
        """Whether it fires on what a message shows, but for what must stand near each other."""
        if self._without & shown or (self._of & shown).bit_count() < self._count:
            return False
        for group in self._groups:  # noqa: SIM110 - asked a hundred times for each message
            if not group & shown:
                return False
        return True


class Detector:
    """A pack made ready to read messages; immutable."""

    def __init__(self, pack: Pack) -> None:
        """Compile the phrases of ``pack``."""
        self.pack = pack
        self._matcher = Matcher(pack.phrases)
        active = [signal for signal in pack.signals if signal.status is Status.ACTIVE]
        self._bits = {concept: 1 << number for number, concept in enumerate(dict.fromkeys((*pack.concepts, *FACTS)))}
        self._signals = [_Ready(signal, lambda concept: self._bits.get(concept, 0)) for signal in active]

    def evidence(self, mail: Mail, reader: Reader) -> Evidence:
        """Collect the evidence of one message.

        Args:
            mail: the message that is assessed (of a report the inner one).
            reader: for whom.

        Returns:
            Evidence with one hit for each signal that fired.
        """
        return self.of_texts(assessed_texts(mail), facts(mail, reader, self.pack.knowledge))

    def of_texts(self, texts: Iterable[Text], holding: dict[str, str]) -> Evidence:
        """Collect the evidence of texts, of which the facts are known (`signals.facts`)."""
        found_sentences, cut = _cut(texts)
        hits: dict[str, list[Found]] = defaultdict(list)
        for item in self._matcher.find([s.folded for s in found_sentences]):
            hits[item.concept].append(item)
        places = [sentence.position for sentence in found_sentences]
        read = _Read(found_sentences, places, dict(hits), holding)
        concepts = {concept: frozenset(hit.sentence for hit in found) for concept, found in hits.items()}
        return Evidence(
            sentences=tuple(found_sentences),
            facts=read.facts,
            concepts=concepts | {fact: frozenset[int]() for fact in read.facts},
            hits=tuple(self._fired(read)),
            cut=cut,
        )

    def _fired(self, read: _Read) -> Iterator[Hit]:
        """The hits of all signals that fire, in the order of the pack."""
        shown = reduce(or_, (self._bits.get(concept, 0) for concept in (*read.hits, *read.facts)), 0)
        for ready in self._signals:
            if ready.may_fire(shown):
                fired = _window(ready.signal, read) if ready.signal.near else []
                if fired is not None:
                    yield _hit(ready.signal, fired, read)


def _hit(signal: Signal, fired: list[int], read: _Read) -> Hit:
    """Quote what fired, as written."""
    wanted = sorted({c for alternatives in (*signal.near, *signal.message) for c in alternatives} | signal.of)
    if not fired:
        fired = sorted({read.hits[c][0].sentence for c in wanted if c in read.hits})[:_MOST_QUOTED]
    words: list[str] = []
    for number in fired:
        spans = {(hit.begin, hit.end) for c in wanted for hit in read.hits.get(c, ()) if hit.sentence == number}
        words += quote(read.sentences[number].text, _outermost(spans))
    words += [read.facts[c] for c in wanted if read.facts.get(c)]
    scope = read.sentences[fired[0]].scope if fired else Scope.HEADERS
    text = " … ".join(dict.fromkeys(w.strip() for w in words if w.strip()))
    return Hit(signal.id, scope, text, signal.weight, signal.counter)


def _outermost(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop spans that lie within others."""
    kept: list[tuple[int, int]] = []
    for begin, end in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or end > kept[-1][1]:
            kept.append((begin, end))
    return kept
