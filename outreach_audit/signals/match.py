"""Finding concepts: one automaton over all phrases of a pack, each hit confirmed in its sentence."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import ahocorasick_rs

from outreach_audit.packs.model import Phrase
from outreach_audit.packs.pattern import WORD_CHARACTERS, Compiled, any_of, compile_pattern

_NUMBER = re.compile("[0-9一二三四五六七八九十百千]")
# Letters and digits of scripts that separate words by blanks: all before Hangul and CJK.
_OF_WORDS = frozenset(c for c in map(chr, range(0x1100)) if c.isalnum())
# Where a word goes on before (1) or behind (2) what was found: for literals, and (4, 8) for what expressions confirm.
_CONFIRMED = 2
_BEFORE = {c: 1 * (c in _OF_WORDS) | 4 * (c in WORD_CHARACTERS) for c in _OF_WORDS | WORD_CHARACTERS}
_BEHIND = {c: 2 * marks for c, marks in _BEFORE.items()}


@dataclass(frozen=True, slots=True)
class Found:
    """A concept found: in which sentence, and at which offsets of the folded sentence."""

    concept: str
    sentence: int
    begin: int
    end: int


class Matcher:
    """All phrases of a pack, compiled; immutable and cheap to use for every message."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        """Compile ``phrases``.

        Raises:
            PatternError: a phrase cannot be read (the pack's check says where).
        """
        by_anchor: dict[str, list[tuple[str, int, Compiled | None]]] = defaultdict(list)
        self._numeric: list[tuple[str, Compiled]] = []
        for phrase in phrases:
            for compiled in compile_pattern(phrase.pattern, phrase.language):
                for anchor, edges in zip(compiled.anchors, compiled.edges, strict=True):
                    if compiled.expression is None:
                        by_anchor[anchor].append((phrase.concept, edges, None))
                    else:
                        by_anchor[anchor].append((phrase.concept, edges << _CONFIRMED, compiled))
                if not compiled.anchors:
                    self._numeric.append((phrase.concept, compiled))
        self._uses = list(by_anchor.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(by_anchor)) if by_anchor else None
        self._any_numeric = any_of([compiled for _, compiled in self._numeric])

    def find(self, folded: Sequence[str]) -> list[Found]:
        """Find all concepts.

        Args:
            folded: the folded sentences of one message, in order.

        Returns:
            The hits; of one concept and pattern at most one a sentence.
        """
        text = "\n".join(folded)
        starts = list(accumulate((len(sentence) + 1 for sentence in folded), initial=0))
        found: list[Found] = []
        tried: set[tuple[int, int]] = set()
        # a sentence end on either side, so that the first and the last letter have neighbours too
        around = f"\n{text}\n"
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True) if self._automaton else []
        uses = self._uses
        for which, begin, end in matches:
            goes_on = _BEFORE.get(around[begin], 0) | _BEHIND.get(around[end + 1], 0)
            number = -1
            for concept, edges, compiled in uses[which]:
                if edges & goes_on:
                    continue
                if number < 0:
                    number = bisect_right(starts, begin) - 1
                if compiled is None:
                    found.append(Found(concept, number, begin - starts[number], end - starts[number]))
                elif (key := (id(compiled), number)) not in tried:
                    tried.add(key)
                    if span := compiled.search(folded[number]):
                        found.append(Found(concept, number, *span))
        found += self._sums(folded)
        return found

    def _sums(self, folded: Sequence[str]) -> Iterator[Found]:
        """What the expressions without an anchor find: sums and periods, tried only where there is a number."""
        for number, sentence in enumerate(folded):
            if _NUMBER.search(sentence) and self._any_numeric(sentence):
                for concept, compiled in self._numeric:
                    if span := compiled.search(sentence):
                        yield Found(concept, number, *span)
