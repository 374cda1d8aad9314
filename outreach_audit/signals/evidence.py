"""From a message to evidence: which texts count, which concepts stand where, and which signals fire."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from outreach_audit.mail.model import Mail, Scope, Text
from outreach_audit.packs.fold import fold, quote
from outreach_audit.packs.model import Pack, Signal, Status
from outreach_audit.signals.facts import Reader, facts
from outreach_audit.signals.match import Found, Matcher
from outreach_audit.signals.model import Hit
from outreach_audit.signals.sentences import sentences

_ASSESSED = frozenset({Scope.SUBJECT, Scope.BODY, Scope.FORWARDED, Scope.ATTACHMENT})
_QUOTE_HEAD = 400  # characters in which a quotation names whom it quotes
_MOST_SENTENCES = 1500
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
    found: tuple[Found, ...]
    facts: dict[str, str]
    concepts: dict[str, frozenset[int]]
    hits: tuple[Hit, ...]
    cut: bool = field(default=False)


def assessed_texts(mail: Mail) -> tuple[Text, ...]:
    """The texts that are judged: what the writer says, attachments included, and earlier mail only of the same writer."""
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


def _windows(
    signal: Signal, concepts: dict[str, frozenset[int]], positions: list[int], scopes: list[Scope]
) -> list[int] | None:
    """The sentences that make a signal's ``near`` part true, or None."""
    groups: list[list[int]] = []
    for alternatives in signal.near:
        where = sorted(
            {s for c in alternatives for s in concepts.get(c, ()) if not signal.scopes or scopes[s] in signal.scopes}
        )
        if not where:
            return None
        groups.append(where)
    forbidden = {positions[s] for c in signal.without_near for s in concepts.get(c, ())}
    for first in sorted({s for group in groups for s in group}):
        begin = positions[first]
        chosen = []
        for group in groups:
            near = next((s for s in group if begin <= positions[s] < begin + signal.window), None)
            if near is None:
                break
            chosen.append(near)
        else:
            if not any(begin <= p < begin + signal.window for p in forbidden):
                return sorted(set(chosen))
    return None


class Detector:
    """A pack made ready to read messages; immutable."""

    def __init__(self, pack: Pack) -> None:
        """Compile the phrases of ``pack``."""
        self.pack = pack
        self._matcher = Matcher(pack.phrases)
        self._signals = [s for s in pack.signals if s.status is Status.ACTIVE]

    def evidence(self, mail: Mail, reader: Reader) -> Evidence:
        """Collect the evidence of one message.

        Args:
            mail: the message that is assessed (of a report the inner one).
            reader: for whom.

        Returns:
            Evidence with one hit for each signal that fired.
        """
        found_sentences, cut = _cut(assessed_texts(mail))
        found = self._matcher.find([s.folded for s in found_sentences])
        where: dict[str, set[int]] = defaultdict(set)
        for item in found:
            where[item.concept].add(item.sentence)
        shown = facts(mail, reader, self.pack.knowledge)
        concepts = {c: frozenset(s) for c, s in where.items()} | {f: frozenset[int]() for f in shown}
        positions = [s.position for s in found_sentences]
        scopes = [s.scope for s in found_sentences]
        hits = []
        for signal in self._signals:
            if signal.without & concepts.keys():
                continue
            if any(not alternatives & concepts.keys() for alternatives in signal.message):
                continue
            if len(signal.of & concepts.keys()) < signal.count:
                continue
            fired = _windows(signal, concepts, positions, scopes) if signal.near else []
            if fired is not None:
                hits.append(_hit(signal, fired, found_sentences, found, concepts, shown))
        return Evidence(tuple(found_sentences), tuple(found), shown, concepts, tuple(hits), cut)


def _hit(
    signal: Signal,
    fired: list[int],
    all_sentences: list[Sentence],
    found: list[Found],
    concepts: dict[str, frozenset[int]],
    shown: dict[str, str],
) -> Hit:
    """Quote what fired, as written."""
    wanted = {c for alternatives in (*signal.near, *signal.message) for c in alternatives} | signal.of
    if not fired:
        fired = sorted({min(concepts[c]) for c in wanted if concepts.get(c)})[:4]
    words: list[str] = []
    for number in fired:
        sentence = all_sentences[number]
        spans = sorted({(f.begin, f.end) for f in found if f.sentence == number and f.concept in wanted})
        words += quote(sentence.text, _outermost(spans))
    words += [shown[c] for c in sorted(wanted & shown.keys()) if shown[c]]
    scope = all_sentences[fired[0]].scope if fired else Scope.HEADERS
    text = " … ".join(dict.fromkeys(w.strip() for w in words if w.strip()))
    return Hit(signal.id, scope, text, signal.weight, signal.counter)


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop spans that lie within others."""
    kept: list[tuple[int, int]] = []
    for begin, end in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or end > kept[-1][1]:
            kept.append((begin, end))
    return kept
