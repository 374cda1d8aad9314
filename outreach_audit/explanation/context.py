"""The sentences around the words that fired, as they were written."""

from collections.abc import Iterator, Sequence

from outreach_audit.ledger import Record
from outreach_audit.mail.model import Scope
from outreach_audit.signals.evidence import Evidence
from outreach_audit.signals.model import Hit
from outreach_audit.signals.sentences import sentences

_GAP = " … "  # what `signals.evidence` puts between the words of one hit
_MOST = 3
_AROUND = 140  # characters on either side of the words, where a sentence is longer

Said = Sequence[tuple[Scope, str]]


def said_in(record: Record, evidence: Evidence | None) -> Said:
    """The sentences of a message with their scopes: those that were judged, else what the ledger keeps of them."""
    if evidence is not None:
        return [(sentence.scope, sentence.text) for sentence in evidence.sentences]
    return [
        *((Scope.SUBJECT, one) for one in sentences(record.subject)),
        *((scope, one) for scope, text in _texts(record) for one in sentences(text)),
    ]


def _texts(record: Record) -> Iterator[tuple[Scope, str]]:
    """The texts that the offer text joins by blank lines."""
    if not record.layout:
        yield Scope.BODY, record.offer_text
    at = 0
    for scope, length in record.layout:
        yield scope, record.offer_text[at : at + length]
        at += length + 2


def words_of(hit: Hit) -> tuple[str, ...]:
    """The words that fired, each as written."""
    return tuple(word for word in hit.text.split(_GAP) if word)


def context(hit: Hit, said: Said) -> tuple[tuple[str, str], ...]:
    """The sentences in which the words of a hit stand, with their scopes; long ones are cut around the words.

    Words that stand in several sentences are shown in one, of the scope of the hit where there is one.
    """
    found: dict[tuple[str, str], None] = {}
    for word in words_of(hit):
        within = [(scope is not hit.scope, number) for number, (scope, text) in enumerate(said) if word in text]
        if within:
            scope, text = said[min(within)[1]]
            found[scope.value, _cut(text, word)] = None
    return tuple(found)[:_MOST]


def _cut(sentence: str, word: str) -> str:
    begin = sentence.index(word)
    first, last = max(0, begin - _AROUND), begin + len(word) + _AROUND
    return f"{'… ' if first else ''}{sentence[first:last].strip()}{' …' if last < len(sentence) else ''}"
