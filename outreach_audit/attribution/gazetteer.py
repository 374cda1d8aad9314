"""Where known names stand in a text: organisations, programmes, places, countries, currencies and context phrases."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

import ahocorasick_rs

from outreach_audit.attribution.chinese import simplify
from outreach_audit.attribution.knowledge import Context, Knowledge, Role, SenderWord
from outreach_audit.codes import SenderType

MAX_TEXT = 60_000
"""Characters of a text that are looked at: offers are short, the rest of a long attachment adds nothing."""

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{0,64}@[A-Za-z0-9.-]{1,255}|(?:https?://|www\.)[!-~]{1,2000}")
_SPACES = re.compile(r"[^\S\n]+")
_PUNCTUATION = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "\r": "\n", "İ": "I"})
_STEM_REST = 6
_SHORT_HANGUL = 2
# what may follow a Korean name of two syllables: particles, and words that make a place of it
_HANGUL_AFTER = frozenset("에의로은는이가을를와과도시성구현군서부까및내측대지만")
# behind a country's name these make its people or its language of it
_PEOPLE = frozenset("人語语籍製制인어계")
_HANGUL_SHORT_WORDS = (
    "소재",
    "소속",
    "본사",
    "현지",
    "출신",
    "정부",
    "기업",
    "국적",
    "공업",
    "과학",
    "교통",
    "이공",
    "사범",
)


class Kind(IntEnum):
    """What a name is; where two names cover the same characters, the higher one is taken."""

    ADJECTIVE = 1
    PLACE = 2
    COUNTRY = 3
    CURRENCY = 4
    ORGANISATION = 5
    PROGRAMME = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A name as it is looked for, and what it stands for (``stem``: further letters may follow)."""

    kind: Kind
    form: str
    country: str
    name: str
    key: str = ""
    weak: bool = False
    alone: bool = True
    stem: bool = False
    visa: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found: where, and what it stands for."""

    start: int
    end: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Spot:
    """A context phrase found: where, and what it says."""

    start: int
    end: int
    role: Role


def prepare(text: str) -> str:
    """Bring a text into the form in which names are looked for: NFKC, plain dashes, single spaces, no addresses."""
    text = unicodedata.normalize("NFKC", text[:MAX_TEXT]).translate(_PUNCTUATION)
    return _ADDRESS.sub(" ", _SPACES.sub(" ", text))


class Gazetteer:
    """Finds all names of a Knowledge in one pass over a text."""

    def __init__(self, knowledge: Knowledge) -> None:
        forms: dict[str, list[Entry]] = {}
        for entry in _entries(knowledge):
            forms.setdefault(simplify(entry.form), []).append(entry)
        self._forms = list(forms.values())
        self._names = ahocorasick_rs.AhoCorasick(list(forms))
        phrases = {simplify(context.phrase): context for context in knowledge.contexts}
        self._contexts: list[Context] = list(phrases.values())
        self._phrases = ahocorasick_rs.AhoCorasick(list(phrases))
        words: dict[str, list[SenderWord]] = {}
        for word in knowledge.sender_words:
            words.setdefault(simplify(word.phrase.lower().removesuffix("*")), []).append(word)
        self._words = list(words.values())
        self._word_forms = ahocorasick_rs.AhoCorasick(list(words))

    def mentions(self, text: str) -> list[Mention]:
        """Names in a prepared text, without overlaps: the longest wins, then the one that starts first."""
        flat = simplify(text.replace("\n", " "))
        found = [
            Mention(start, end, entry)
            for index, start, end in self._names.find_matches_as_indexes(flat, overlapping=True)
            if (entry := _meant(self._forms[index], text[start:end])) and _stands_alone(flat, start, end, entry)
        ]
        found.sort(key=lambda mention: (mention.start - mention.end, mention.start))
        taken = bytearray(len(flat))
        kept: list[Mention] = []
        for mention in found:
            if not any(taken[mention.start : mention.end]):
                taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
                kept.append(mention)
        return sorted(kept, key=lambda mention: mention.start)

    def spots(self, text: str) -> list[Spot]:
        """Context phrases in a prepared text, in order of where they begin."""
        flat = simplify(text.replace("\n", " ").lower())
        found = [
            Spot(start, end, self._contexts[index].role)
            for index, start, end in self._phrases.find_matches_as_indexes(flat, overlapping=True)
            if not (_wordish(flat[start]) and _wordish(flat[start - 1 : start]))
            and not (
                self._contexts[index].role is Role.BESIDE and _wordish(flat[end - 1]) and _wordish(flat[end : end + 1])
            )
        ]
        return sorted(found, key=lambda spot: spot.start)

    def sender_types(self, text: str, *where: str) -> frozenset[SenderType]:
        """The sender types of which a word stands in a prepared text; a longer word hides those within it."""
        flat = simplify(text.replace("\n", " ").lower())
        found: list[tuple[int, int, list[SenderWord]]] = []
        for index, start, end in self._word_forms.find_matches_as_indexes(flat, overlapping=True):
            if _wordish(flat[start]) and _wordish(flat[start - 1 : start]):
                continue
            whole = end == len(flat) or not (_wordish(flat[end - 1]) and _wordish(flat[end]))
            words = [
                word for word in self._words[index] if word.where in where and (whole or word.phrase.endswith("*"))
            ]
            if words:
                found.append((start, end, words))
        longest = [
            words
            for start, end, words in found
            if not any(s <= start and end <= e and (s, e) != (start, end) for s, e, _ in found[:_MOST_WORDS])
        ]
        return frozenset(word.type for words in longest for word in words)


_MOST_WORDS = 200


@lru_cache(maxsize=4)
def gazetteer(knowledge: Knowledge) -> Gazetteer:
    """The gazetteer of a Knowledge, built once."""
    return Gazetteer(knowledge)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Bounds of the sentences of a prepared text; a line that was wrapped at its width does not end one."""
    start = 0
    for end in _ENDS.finditer(text):
        if end.group() == "\n" and end.start() - text.rfind("\n", 0, end.start()) > _WRAPPED:
            continue
        if end.end() > start:
            yield start, end.end()
        start = end.end()
    if start < len(text):
        yield start, len(text)


_ENDS = re.compile(r"[。!?;]|[.](?=\s{1,3}[^a-z\s])(?<!Dr[.])(?<!Prof[.])(?<!Mr[.])(?<!Ms[.])(?<!St[.])|\n")
_WRAPPED = 58


def _entries(knowledge: Knowledge) -> Iterator[Entry]:
    for organisation in knowledge.organisations:
        for form in dict.fromkeys((organisation.name_native, organisation.name_en, *organisation.aliases)):
            # a name that says too little alone is shown with its country, as no mail has it (packs/ror.py)
            if not form.endswith(f" ({organisation.country})"):
                yield from _variants(
                    Kind.ORGANISATION, form, organisation.country, organisation.name_en, organisation.id
                )
    for programme in knowledge.programmes:
        for form in programme.names:
            for entry in _variants(Kind.PROGRAMME, form, programme.country, programme.name, weak=programme.weak):
                yield replace(entry, visa=programme.visa)
    yield from _geographic_entries(knowledge)
    for currency in knowledge.currencies:
        yield Entry(Kind.CURRENCY, currency.form, currency.country, currency.form, alone=currency.alone)


def _geographic_entries(knowledge: Knowledge) -> Iterator[Entry]:
    for place in knowledge.places:
        for form in place.names:
            yield from _variants(Kind.PLACE, form, place.country, place.name, weak=place.weak)
    for country in knowledge.countries:
        for kind, forms in ((Kind.COUNTRY, country.names), (Kind.ADJECTIVE, country.adjectives)):
            for form in forms:
                yield from _variants(kind, form, country.code, country.name)


_MIN_CAPITALS = 5


def _variants(kind: Kind, form: str, country: str, name: str, key: str = "", *, weak: bool = False) -> Iterator[Entry]:
    """The spellings of one name: as written, and in capitals where it is long enough to be no abbreviation."""
    stem = form.endswith("*")
    form = unicodedata.normalize("NFKC", form.removesuffix("*")).translate(_PUNCTUATION)
    spellings = [form]
    if len(form) >= _MIN_CAPITALS and form.upper() != form and len(form.upper()) == len(form):
        spellings.append(form.upper())
    if kind is Kind.PROGRAMME and " " in form and form.isascii():
        spellings.append(form.lower())
    for spelling in dict.fromkeys(spellings):
        yield Entry(kind, spelling, country, name, key, weak=weak, stem=stem)


def _meant(entries: list[Entry], written: str) -> Entry | None:
    """Which of the names that fold to the same characters is meant: the one that is written so, else the first.

    An amount counts only as written: one character sequence in simplified script is another currency than in
    traditional script.
    """
    exact = [entry for entry in entries if entry.form == written]
    rest = [entry for entry in entries if entry.kind is not Kind.CURRENCY]
    return max(exact or rest, key=lambda entry: (entry.kind, not entry.weak), default=None)


def _is_hangul(char: str) -> bool:
    """Whether this is a Korean syllable (no for the empty string)."""
    return "\uac00" <= char <= "\ud7a3"


def _wordish(char: str) -> bool:
    """Whether this is a letter of a script that puts spaces between words (no for Hangul and the empty string)."""
    return char.isalpha() and char < "\u2e80"


def _stands_alone(text: str, start: int, end: int, entry: Entry) -> bool:
    """Whether a match is a word of its own, by the habits of its script."""
    if entry.kind is Kind.CURRENCY and not entry.alone:
        return _beside_number(text, start, end)
    first, before = text[start], text[start - 1 : start]
    if _is_hangul(first):
        begins = not _is_hangul(before)
    elif _wordish(first) or first.isdigit():
        begins = not (_wordish(before) or before.isdigit())
    else:
        begins = not (first == "日" and before.isdigit())  # a date: 17日本次活动
    return begins and _ends(text, start, end, entry)


def _ends(text: str, start: int, end: int, entry: Entry) -> bool:
    """Whether a match ends where a name can end."""
    last, after = text[end - 1], text[end : end + 1]
    if entry.kind is Kind.COUNTRY and after and after in _PEOPLE:
        return False
    if _is_hangul(last):
        short = end - start <= _SHORT_HANGUL and _is_hangul(after)
        return not short or after in _HANGUL_AFTER or text.startswith(_HANGUL_SHORT_WORDS, end)
    if not _wordish(last):
        return True
    if not entry.stem:
        return not _wordish(after)
    rest = _LETTERS.match(text, end)
    ending = rest.group() if rest else ""
    return bool(_CYRILLIC_ENDING.fullmatch(ending)) if "\u0400" <= last <= "\u04ff" else len(ending) <= _STEM_REST


_LETTERS = re.compile(r"[^\W\d_]{0,20}")
# endings of case, and of adjectives made from a name; others make another word of it, often a surname
_CYRILLIC_ENDING = re.compile(
    r"(?:[аеиоуыэюяьй]|ом|ем|ью|ой|ей|ию|ии|ия|ие|ах|ам|ами|иной|ный|ный|ного|ном|ная|ное|ные|ка|ке|ки|ку)?|(?:ий|и|н|ен)?ск[а-я]{2,3}"
)
_NUMBER_BEFORE = re.compile(
    r"[\d一二三四五六七八九十百千万亿两](?: ?(?:k|K|m|M|bn|million|billion|thousand|hundred|mio\.?|Mio\.?|Mrd\.?|Tsd\.?"
    r"|mille|millions? de|millones de|mil|milhões de|milioni di|miljoen|млн\.?|тыс\.?|тысяч[аи]?|миллион[а-я]{0,2}"
    r"|[만억천백万亿億萬千百]{1,3}|lakh|crore))? ?$"
)
_NUMBER_AFTER = re.compile(r"[ .]?\d")


def _beside_number(text: str, start: int, end: int) -> bool:
    """Whether a currency stands directly before or behind an amount."""
    inside_word = _wordish(text[start]) and _wordish(text[start - 1 : start])
    if inside_word or (_wordish(text[end - 1]) and _wordish(text[end : end + 1])):
        return False
    return bool(_NUMBER_AFTER.match(text, end)) or bool(_NUMBER_BEFORE.search(text[max(0, start - 24) : start]))


def overlapping(spots: Iterable[Spot], role: Role, start: int, end: int) -> bool:
    """Whether a phrase of this role touches these bounds."""
    return any(spot.role is role and spot.start < end and spot.end > start for spot in spots)
