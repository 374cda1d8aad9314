"""The pattern language of lexicons: phrases with word endings, alternatives and gaps, linear in time.

``invit*`` any ending; ``(a|b)`` alternatives; ``(a|b)?`` may be missing; ``..`` a short gap and ``...`` a longer one
within the sentence. A row that begins with ``re:`` is an RE2 expression over the folded sentence, tried where there
is a digit.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Protocol

import re2

from outreach_audit.packs.fold import fold

_TOKEN = re.compile(r"\.\.\.|\.\.|\*|\(|\)\??|\||[^.*()|]+|\.")
CJK_LANGUAGES = frozenset({"ko", "zh", "ja"})
# How many characters ".." and "..." may span; a CJK character says more than a letter does.
_GAPS = {True: (8, 22), False: (26, 60)}
# Letters as folding leaves them (no case, no accents); small classes keep RE2's automata small.
_WORD = r"[0-9a-zæøœłđı\x{370}-\x{52f}]"
_NOT_WORD = r"[^0-9a-zæøœłđı\x{370}-\x{52f}]"
_STARTS_WORD = re.compile(r"[0-9a-z\u00c0-\u024f\u0370-\u052f]")
_BLANKS = re.compile(" +")
_MOST_LITERALS = 96
_MOST_FORMS = 40
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


@dataclass(frozen=True, slots=True)
class Compiled:
    """One compiled pattern, or one of its literal variants.

    Every match contains one of ``anchors`` (folded literals; none for ``re:`` rows). ``expression`` confirms a match
    and gives its span as group 1; None where the anchor itself is the match, with ``left`` and ``right`` telling
    where a word must end.
    """

    anchors: tuple[str, ...]
    expression: str | None = None
    left: bool = False
    right: bool = False

    def search(self, sentence: str) -> tuple[int, int] | None:
        """The span of the first match of ``expression`` in a folded sentence; it is compiled when first asked for."""
        match = _re2(self.expression).search(sentence) if self.expression else None
        return match.span(1) if match else None


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    choices: list[list["str | _Group"]]
    optional: bool


_Sequence = list["str | _Group"]
_OPERATORS = frozenset({"*", "..", "..."})


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


def _anchors(sequence: _Sequence) -> list[str]:
    """The literals of which every match contains one: those of the most telling item that must be there."""
    best: list[str] = []
    for item in sequence:
        if isinstance(item, _Group):
            if item.optional:
                continue
            inner = [_anchors(choice) for choice in item.choices]
            found = [a for choice in inner for a in choice] if all(inner) else []
        elif item in _OPERATORS:
            continue
        else:
            found = [item.strip()] if item.strip() else []
        if found and (not best or min(map(len, found)) > min(map(len, best))):
            best = found
    return best


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
    return Compiled((folded,), left=bool(_STARTS_WORD.match(folded[0])), right=bool(_STARTS_WORD.match(folded[-1])))


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


@cache  # packs are checked when they are loaded and compiled when they are used
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
    if pattern.startswith("re:"):
        try:
            _re2(expression := f"({pattern[3:]})")
        except re2.error as error:
            raise PatternError(f"not an RE2 expression: {error}") from error
        return (Compiled((), expression),)
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
    anchors = _anchors(sequence)
    if not anchors:
        raise PatternError("nothing in it must be there: every part may be missing")
    left, right = _first_and_last(sequence)
    expression = f"({_expression(sequence, cjk=language in CJK_LANGUAGES)})"
    expression = (f"(?:^|{_NOT_WORD})" if left else "") + expression + (f"(?:$|{_NOT_WORD})" if right else "")
    return (Compiled(tuple(dict.fromkeys(anchors)), expression, left=left, right=right),)
