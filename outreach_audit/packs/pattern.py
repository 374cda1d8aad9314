"""The pattern language of lexicons: phrases with word endings, alternatives and gaps, linear in time.

``invit*`` any ending; ``(a|b)`` alternatives; ``(a|b)?`` may be missing; ``..`` a short gap and ``...`` a longer one
within the sentence. A row that begins with ``re:`` is an RE2 expression over the folded sentence, tried where there
is a digit.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, reduce
from itertools import product
from operator import and_
from typing import NamedTuple, Protocol

import re2

from outreach_audit.packs.fold import fold

_TOKEN = re.compile(r"\.\.\.|\.\.|\*|\(|\)\??|\||[^.*()|]+|\.")
CJK_LANGUAGES = frozenset({"ko", "zh", "ja"})
# How many characters ".." and "..." may span; a CJK character says more than a letter does.
_GAPS = {True: (8, 22), False: (26, 60)}
# Letters as folding leaves them (no case, no accents); small classes keep RE2's automata small.
_WORD = r"[0-9a-zæøœłđı\x{370}-\x{52f}]"
WORD_CHARACTERS = frozenset("0123456789abcdefghijklmnopqrstuvwxyzæøœłđı" + "".join(map(chr, range(0x370, 0x530))))
"""Those of ``_WORD``."""
_NOT_WORD = r"[^0-9a-zæøœłđı\x{370}-\x{52f}]"
_STARTS_WORD = re.compile(r"[0-9a-z\u00c0-\u024f\u0370-\u052f]")
_BLANKS = re.compile(" +")
_MOST_LITERALS = 96
_MOST_FORMS = 40
_MOST_IN_RUN = 32
_OPEN, _CLOSE, _OR = "(", ")", "|"


@cache
def _re2(expression: str) -> "Expression":
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    compiled: Expression = re2.compile(expression, options)
    return compiled


class Expression(Protocol):
    """What is needed of a compiled RE2 expression."""

    def search(self, text: str, pos: int = ...) -> "re.Match[str] | None":
        """Find the first match at or behind ``pos``."""


class PatternError(ValueError):
    """A pattern that cannot be read; the message says why."""


class Compiled(NamedTuple):
    """One compiled pattern, or one of its literal variants.

    Every match contains one of ``anchors`` (folded literals; none for ``re:`` rows) and one of each of ``parts``.
    ``expression`` confirms a match and gives its span as group 1; None where the anchor itself is the match.
    ``edges`` tells of each anchor where a word must end: 1 before it, 2 behind it, 3 on both sides.
    """

    anchors: tuple[str, ...]
    edges: tuple[int, ...] = ()
    expression: str | None = None
    parts: tuple[tuple[str, ...], ...] = ()

    def search(self, sentence: str) -> tuple[int, int] | None:
        """The span of the first match of ``expression`` in a folded sentence; it is compiled when first asked for."""
        for part in self.parts:
            for literal in part:
                if literal in sentence:
                    break
            else:
                return None
        match = _re2(self.expression).search(sentence) if self.expression else None
        return match.span(1) if match else None


def any_of(patterns: Iterable[Compiled]) -> Callable[[str], bool]:
    """A test whether any of the expressions matches somewhere in a text, for the cost of one."""
    expressions = [pattern.expression for pattern in patterns if pattern.expression]
    if not expressions:
        return lambda _text: False
    return lambda text: _re2("|".join(expressions)).search(text) is not None


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    choices: list[list["str | _Group"]]
    optional: bool


_Sequence = list["str | _Group"]
_OPERATORS = frozenset({"*", "..", "..."})
_GAPS_WRITTEN = ("..", "...")


def _parse(tokens: list[str], *, inside: bool) -> list[_Sequence]:
    choices: list[_Sequence] = [[]]
    while tokens:
        token = tokens[0]
        if token.startswith(_CLOSE):
            if not inside:
                raise PatternError("a bracket is closed that was not opened")
            return choices
        tokens.pop(0)
        if token == _OPEN:
            inner = _parse(tokens, inside=True)
            if not tokens:
                raise PatternError("a bracket is not closed")
            choices[-1].append(_Group(inner, optional=tokens.pop(0) == _CLOSE + "?"))
        elif token == _OR:
            if not inside:
                raise PatternError("'|' stands outside brackets")
            choices.append([])
        elif choices[-1] and isinstance(last := choices[-1][-1], str) and not {last, token} & _OPERATORS:
            choices[-1][-1] = last + token
        else:
            choices[-1].append(token)
    return choices


def _literals(sequence: _Sequence) -> list[str] | None:
    """All literal variants of a sequence without gaps, or None where there are gaps or too many."""
    parts: list[list[str]] = []
    for item in sequence:
        if isinstance(item, _Group):
            inner: list[str] = [""] if item.optional else []
            for choice in item.choices:
                variants = _literals(choice)
                if variants is None:
                    return None
                inner += variants
            parts.append(inner)
        elif item in _OPERATORS:
            return None
        else:
            parts.append([item])
        count = 1
        for part in parts:
            count *= len(part)
        if count > _MOST_LITERALS:
            return None
    return ["".join(choice) for choice in product(*parts)]


def _ends_with_blank(item: "str | _Group") -> bool:
    """Whether a match of a bracket may end with the blank that a gap would begin with."""
    return isinstance(item, _Group) and any(c and isinstance(c[-1], str) and c[-1].endswith(" ") for c in item.choices)


def _expression(sequence: _Sequence, *, cjk: bool) -> str:
    short, long = _GAPS[cjk]
    out: list[str] = []
    for position, item in enumerate(sequence):
        if isinstance(item, _Group):
            inner = "|".join(_expression(choice, cjk=cjk) for choice in item.choices)
            out.append(f"(?:{inner})" + ("?" if item.optional else ""))
        elif item == "*":
            out.append(f"{_WORD}{{0,14}}")
        elif item in _OPERATORS:
            width = short if item == ".." else long
            blank = "?" if position and _ends_with_blank(sequence[position - 1]) else ""
            out.append(f".{{0,{width}}}?" if cjk else f"{_NOT_WORD}{blank}(?:.{{0,{width}}}?{_NOT_WORD})?")
        else:
            literal = _BLANKS.sub(" ", item)
            if position and sequence[position - 1] in {"..", "..."}:
                literal = literal.lstrip()
            if position + 1 < len(sequence) and sequence[position + 1] in {"..", "..."}:
                literal = literal.rstrip()
            out.append(re2.escape(literal).replace("\\ ", " ?" if cjk else " "))
    return "".join(out)


_LEFT, _RIGHT = 1, 2


class _Anchor(NamedTuple):
    text: str
    edges: int


def _anchors(sequence: _Sequence, edges: int, *, cjk: bool) -> list[list[_Anchor]]:
    """For each item that must be there the literals of which every match contains one, with the ends of words.

    Args:
        sequence: of items, of which brackets that may be missing, endings and gaps give nothing.
        edges: whether a word must end before and behind the whole sequence.
        cjk: whether gaps lie between characters rather than between words.
    """
    found: list[list[_Anchor]] = []
    for position, item in enumerate(sequence):
        here = _edges(sequence, position, edges, cjk=cjk)
        if isinstance(item, _Group):
            inner = [] if item.optional else [_anchors(choice, here, cjk=cjk) for choice in item.choices]
            if inner and all(inner):
                found.append([anchor for choice in inner for anchor in _most_telling(choice)])
        elif item not in _OPERATORS and item.strip():
            found.append([_Anchor(item.strip(), here)])
    return found


def _edges(sequence: _Sequence, position: int, edges: int, *, cjk: bool) -> int:
    """Where a word must end around an item: at a blank of its own, at a gap, and at the ends of its sequence."""
    item = sequence[position]
    literal = item if isinstance(item, str) and not cjk else ""
    left = right = 0
    if position == 0:
        left = edges & _LEFT
    elif sequence[position - 1] in _GAPS_WRITTEN:
        # behind a bracket that ends with a blank the gap need not have one
        left = _LEFT if not cjk and (position == 1 or not _ends_with_blank(sequence[position - 2])) else 0
        literal = literal.lstrip()
    if position + 1 == len(sequence):
        right = edges & _RIGHT
    elif sequence[position + 1] in _GAPS_WRITTEN:
        right = _RIGHT if not cjk and not _ends_with_blank(item) else 0
        literal = literal.rstrip()
    return left | right | (_LEFT if literal.startswith(" ") else 0) | (_RIGHT if literal.endswith(" ") else 0)


def _runs(sequence: _Sequence, edges: int, *, cjk: bool) -> list[list[_Anchor]]:
    """Items that follow each other without a gap, as literals: these stand in far fewer texts than each item alone."""
    found: list[list[_Anchor]] = []
    for start in range(len(sequence) - 1):
        variants, behind = [""], start
        while behind < len(sequence) and (more := _literals([sequence[behind]])) is not None:
            if len(variants) * len(more) > _MOST_IN_RUN:
                break
            variants = [one + other for one in variants for other in more]
            behind += 1
        if start and sequence[start - 1] in _GAPS_WRITTEN:
            variants = [variant.lstrip() for variant in variants]
        if behind < len(sequence) and sequence[behind] in _GAPS_WRITTEN:
            variants = [variant.rstrip() for variant in variants]
        if behind - start > 1 and all(variant.strip() for variant in variants):
            left = _edges(sequence, start, edges, cjk=cjk) & _LEFT
            right = _edges(sequence, behind - 1, edges, cjk=cjk) & _RIGHT
            blanks = [v.startswith(" ") * _LEFT | v.endswith(" ") * _RIGHT for v in variants]
            found.append([_Anchor(v.strip(), left | right | own) for v, own in zip(variants, blanks, strict=True)])
    return found


def _most_telling(items: list[list[_Anchor]]) -> list[_Anchor]:
    """The item whose shortest literal is the longest."""
    return max(items, key=lambda item: min(len(anchor.text) for anchor in item))


def _first_and_last(sequence: _Sequence) -> tuple[bool, bool]:
    """Whether a match begins and ends with a letter of a script that separates words by blanks."""
    first, last = sequence[0], sequence[-1]
    left = (
        any(_first_and_last(c)[0] for c in first.choices if c)
        if isinstance(first, _Group)
        else bool(_STARTS_WORD.match(first.strip()[:1]))
    )
    right = (
        any(_first_and_last(c)[1] for c in last.choices if c)
        if isinstance(last, _Group)
        else last != "*" and bool(_STARTS_WORD.match(last.strip()[-1:]))
    )
    return left, right


def _literal(text: str) -> Compiled:
    folded = _BLANKS.sub(" ", text).strip()
    if len(folded) < (1 if ord(folded[:1] or " ") >= 0x1100 else 2):  # noqa: PLR2004 - where Hangul and CJK begin
        raise PatternError(f"{text!r} is too short: at least two letters, or one CJK character")
    left, right = bool(_STARTS_WORD.match(folded[0])), bool(_STARTS_WORD.match(folded[-1]))
    return Compiled((folded,), (left * _LEFT | right * _RIGHT,))


def plain_forms(pattern: str) -> list[str]:
    """Texts that a pattern should match: each with other alternatives, nothing for ``*``, a blank for a gap."""
    sequence = _parse(_TOKEN.findall(pattern.strip()), inside=False)[0]
    tried = (
        _plain(sequence, choice, optional=optional).strip()
        for choice in range(_MOST_FORMS)
        for optional in (True, False)
    )
    return list(dict.fromkeys(form for form in tried if form))


def _plain(sequence: _Sequence, choice: int, *, optional: bool) -> str:
    said = {"*": "", "..": " ", "...": " "}
    parts = []
    for item in sequence:
        if not isinstance(item, _Group):
            parts.append(said.get(item, item))
        elif optional or not item.optional:
            parts.append(_plain(item.choices[choice % len(item.choices)], choice, optional=optional))
    return "".join(parts)


compiled: dict[tuple[str, str], tuple[Compiled, ...]] = {}
"""Patterns that were compiled before, by pattern and language: packs are checked when loaded, and used afterwards."""


def compile_pattern(pattern: str, language: str) -> tuple[Compiled, ...]:
    """Compile one pattern.

    Args:
        pattern: as in the module's description.
        language: ISO 639-1 code of the lexicon; decides how far gaps reach.

    Returns:
        Any of the entries shows the concept.

    Raises:
        PatternError: the pattern cannot be read, or would match almost anything.
    """
    known = compiled.get((pattern, language))
    if known is None:
        compiled[pattern, language] = known = _compile(pattern, language)
    return known


def _compile(pattern: str, language: str) -> tuple[Compiled, ...]:
    if pattern.startswith("re:"):
        try:
            _re2(expression := f"({pattern[3:]})")
        except re2.error as error:
            raise PatternError(f"not an RE2 expression: {error}") from error
        return (Compiled((), expression=expression),)
    # folded as a whole: brackets, bars, stars and dots stay as they are
    sequence = _parse(_TOKEN.findall(fold(pattern)), inside=False)[0]
    while sequence and sequence[0] in {"..", "..."}:
        sequence.pop(0)
    while sequence and sequence[-1] in {"..", "..."}:
        sequence.pop()
    if not sequence:
        raise PatternError("empty pattern")
    variants = _literals(sequence)
    if variants is not None:
        return tuple(_literal(v) for v in dict.fromkeys(variants))
    cjk = language in CJK_LANGUAGES
    left, right = _first_and_last(sequence)
    items = _anchors(sequence, left * _LEFT | right * _RIGHT, cjk=cjk)
    if not items:
        raise PatternError("nothing in it must be there: every part may be missing")
    anchors = _most_telling(items)
    runs = _runs(sequence, left * _LEFT | right * _RIGHT, cjk=cjk)
    # between CJK characters a blank may be missing, so that a literal with one tells nothing of what it is part of
    if not (cjk and any(" " in anchor.text for found in (anchors, *runs) for anchor in found)):
        anchors = _most_telling([*items, *runs])
    # between CJK characters a blank may be missing, so that a literal with one need not be there as it stands
    others = [item for item in items if item is not anchors and not (cjk and any(" " in a.text for a in item))]
    expression = f"({_expression(sequence, cjk=cjk)})"
    expression = (f"(?:^|{_NOT_WORD})" if left else "") + expression + (f"(?:$|{_NOT_WORD})" if right else "")
    edges = {text: [a.edges for a in anchors if a.text == text] for text, _ in anchors}
    return (
        Compiled(
            tuple(edges),
            # a literal that stands in several choices must end a word only where it must in each
            tuple(reduce(and_, found) for found in edges.values()),
            expression,
            tuple(tuple(dict.fromkeys(a.text for a in item)) for item in others),
        ),
    )
