"""Finding concepts: one automaton over all phrases of a pack, each hit confirmed in its sentence."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import ahocorasick_rs

from outreach_audit.packs.model import Phrase
from outreach_audit.packs.pattern import Compiled, compile_pattern


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
            offset = starts[number]
            for concept, compiled in self._uses[which]:
                if compiled.expression is None:
                    if compiled.left and begin > 0 and _is_word(text[begin - 1]):
                        continue
                    if compiled.right and end < len(text) and _is_word(text[end]):
                        continue
                    found.append(Found(concept, number, begin - offset, end - offset))
                elif (key := (id(compiled), number)) not in tried:
                    tried.add(key)
                    if match := compiled.expression.search(folded[number]):
                        found.append(Found(concept, number, *match.span(1)))
        for number, sentence in enumerate(folded):
            if any(c.isdigit() or c in "一二三四五六七八九十百千" for c in sentence):
                for concept, compiled in self._numeric:
                    if compiled.expression and (match := compiled.expression.search(sentence)):
                        found.append(Found(concept, number, *match.span(1)))
        return found
