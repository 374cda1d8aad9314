"""Finding concepts: one automaton over all phrases of a pack, each hit confirmed in its sentence."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from outreach_audit.packs.model import Phrase
from outreach_audit.packs.pattern import Compiled, compile_pattern

_NUMBER = re.compile("[0-9一二三四五六七八九十百千]")


@dataclass(frozen=True, slots=True)
class Found:
    """A concept found: in which sentence, and at which offsets of the folded sentence."""

    concept: str
    sentence: int
    begin: int
    end: int


def _is_word(character: str) -> bool:
    """A letter or digit of a script that separates words by blanks."""
    return character.isalnum() and ord(character) < 0x1100  # noqa: PLR2004 - where Hangul and CJK begin


def _at_word_ends(text: str, begin: int, end: int, compiled: Compiled) -> bool:
    """Whether a literal stands where words of its script begin and end."""
    if compiled.left and begin > 0 and _is_word(text[begin - 1]):
        return False
    return not (compiled.right and end < len(text) and _is_word(text[end]))


class Matcher:
    """All phrases of a pack, compiled; immutable and cheap to use for every message."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        """Compile ``phrases``.

        Raises:
            PatternError: a phrase cannot be read (the pack's check says where).
        """
        by_anchor: dict[str, list[tuple[str, Compiled]]] = defaultdict(list)
        self._numeric: list[tuple[str, Compiled]] = []
        for phrase in phrases:
            for compiled in compile_pattern(phrase.pattern, phrase.language):
                for anchor in compiled.anchors:
                    by_anchor[anchor].append((phrase.concept, compiled))
                if not compiled.anchors:
                    self._numeric.append((phrase.concept, compiled))
        self._uses = list(by_anchor.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(by_anchor)) if by_anchor else None

    def find(self, folded: Sequence[str]) -> list[Found]:
        """Find all concepts.

        Args:
            folded: the folded sentences of one message, in order.

        Returns:
            The hits; of one concept and pattern at most one a sentence.
        """
        text = "\n".join(folded)
        starts = [0]
        for sentence in folded:
            starts.append(starts[-1] + len(sentence) + 1)
        found: list[Found] = []
        tried: set[tuple[int, int]] = set()
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True) if self._automaton else []
        for which, begin, end in matches:
            number = bisect_right(starts, begin) - 1
            for concept, compiled in self._uses[which]:
                if compiled.expression is None:
                    if _at_word_ends(text, begin, end, compiled):
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
            if _NUMBER.search(sentence):
                for concept, compiled in self._numeric:
                    if span := compiled.search(sentence):
                        yield Found(concept, number, *span)
