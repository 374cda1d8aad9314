"""What loading does not see in a pack: codes that mean nothing, phrases that never hit, rows that do nothing.

A lint is one function: it yields a line for each place, as ``file:line: what is wrong``.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from outreach_audit.packs.files import Faults, read_rows
from outreach_audit.packs.fold import fold
from outreach_audit.packs.load import CORE
from outreach_audit.packs.model import Pack, Phrase, Status
from outreach_audit.packs.pattern import PatternError, compile_pattern, plain_forms
from outreach_audit.signals.match import Matcher

_WITH_COUNTRY = ("organisations", "programmes", "places", "currencies", "domains")
# What of an RE2 expression is no text: escapes, classes of characters, repetitions, names of groups.
_NO_TEXT = re.compile(
    r"\\[pP](?:\{\^?\w+\}|\w)|\\x\{[0-9a-fA-F]+\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{[0-9,]+\}|\(\?P?<\w+>|\(\?[a-zA-Z]+[:)]"
)

_LANGUAGE = re.compile("[a-z]{2}|common")
_STRAY = re.compile(r"[ *]\?(?=\w)")


def faults_of(pack: Pack, folders: Sequence[Path]) -> list[str]:
    """What must be mended in these folders, all of it, as ``file:line: what is wrong``."""
    return [line for folder in folders for lint in _FAULTS for line in lint(pack, folder)]


def remarks_on(pack: Pack, folders: Sequence[Path]) -> list[str]:
    """What is probably not meant in these folders, all of it, as ``file:line: what is odd``."""
    return [line for folder in folders for lint in _REMARKS for line in lint(pack, folder)]


def unknown_countries(pack: Pack, folder: Path) -> Iterator[str]:
    """Codes that no countries.csv has: ``UK`` for ``GB``, or a country that reports could not name."""
    known = {country.code for country in pack.knowledge.countries} | {""}
    for name in _WITH_COUNTRY:
        path = folder / f"{name}.csv"
        told: set[str] = set()
        for line, row in _rows(path):
            code = row.get("country", "").strip()
            if code not in known | told:
                told.add(code)
                yield f"{path}:{line}: the country {code!r} stands in no countries.csv"


def unknown_languages(_pack: Pack, folder: Path) -> Iterator[str]:
    """Lexicons whose name is no language: their patterns would have the gaps of an unknown one."""
    for path in sorted((folder / "lexicon").glob("*.csv")):
        if not _LANGUAGE.fullmatch(path.stem):
            yield f"{path}:1: a lexicon is named by a language of two letters (en.csv), or common.csv"


def phrases_that_hit_nothing(_pack: Pack, folder: Path) -> Iterator[str]:
    """Patterns that folded text cannot match: none of their plain forms hits, or an expression has other letters."""
    for path, line, phrase in _phrases(folder):
        if phrase.pattern.startswith("re:"):
            text = _NO_TEXT.sub(" ", phrase.pattern[3:])
            if lost := next((c for c in text if c.isalpha() and fold(c) != c), ""):
                yield f"{path}:{line}: {phrase.pattern!r} hits nothing: {lost!r} is folded to {fold(lost)!r} in mail"
        elif not any(_hits(phrase)):
            yield f"{path}:{line}: {phrase.pattern!r} hits nothing, not even {plain_forms(phrase.pattern)[0]!r}"


def forms_that_do_not_hit(_pack: Pack, folder: Path) -> Iterator[str]:
    """Alternatives that spoil a pattern, mostly by a blank where the word must end already."""
    for path, line, phrase in _phrases(folder):
        if not phrase.pattern.startswith("re:") and any(hits := _hits(phrase)) and not all(hits):
            lost = plain_forms(phrase.pattern)[hits.index(False)]
            yield f"{path}:{line}: {phrase.pattern!r} does not hit {lost!r}"


def stray_question_marks(_pack: Pack, folder: Path) -> Iterator[str]:
    """A ``?`` that stands for itself where an optional blank or ending was meant."""
    for path, line, phrase in _phrases(folder):
        if not phrase.pattern.startswith("re:") and _STRAY.search(phrase.pattern):
            yield f"{path}:{line}: {phrase.pattern!r}: '?' means something only behind a bracket"


def _hits(phrase: Phrase) -> list[bool]:
    matcher = Matcher([phrase])
    return [bool(matcher.find([fold(form)])) for form in plain_forms(phrase.pattern)]


def duplicate_phrases(_pack: Pack, folder: Path) -> Iterator[str]:
    """Patterns that fold to one that stands above them, for the same concept and language."""
    seen: dict[tuple[str, str, str], str] = {}
    for path, line, phrase in _phrases(folder):
        key = (phrase.concept, phrase.language, fold(phrase.pattern))
        first = seen.setdefault(key, f"{path.name}:{line}")
        if first != f"{path.name}:{line}":
            yield f"{path}:{line}: {phrase.pattern!r} says the same as {first}"


def signals_without_examples(pack: Pack, folder: Path) -> Iterator[str]:
    """Active signals without must_hit and must_miss: nobody would see that they do nothing, or too much."""
    for signal in pack.signals:
        own = folder != CORE and signal.place.startswith(f"{folder / 'signals.toml'}:")
        if own and signal.status is Status.ACTIVE and not signal.examples:
            yield f"{signal.place}: signal {signal.id}: no example says what it must hit or miss"


def idle_concepts(pack: Pack, folder: Path) -> Iterator[str]:
    """Concepts that no phrase shows, and concepts that no signal and no kind asks for."""
    asked = {concept for kind in pack.kinds.values() for concept in kind}
    for signal in pack.signals:
        asked |= signal.of | signal.without | signal.without_near
        asked |= {concept for group in (*signal.near, *signal.message) for concept in group}
    shown = {phrase.concept for phrase in pack.phrases}
    path = folder / "concepts.csv"
    for line, row in _rows(path, "id", "title"):
        if row["id"] not in shown:
            yield f"{path}:{line}: no phrase shows the concept {row['id']}"
        if row["id"] not in asked:
            yield f"{path}:{line}: no signal and no kind uses the concept {row['id']}"


_FAULTS = (unknown_countries, unknown_languages, phrases_that_hit_nothing)
_REMARKS = (forms_that_do_not_hit, stray_question_marks, duplicate_phrases, signals_without_examples, idle_concepts)


def _rows(path: Path, *columns: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that loading accepted; it has told the faults of the others."""
    return read_rows(path, columns, Faults())


def _phrases(folder: Path) -> Iterator[tuple[Path, int, Phrase]]:
    for path in sorted((folder / "lexicon").glob("*.csv")):
        language = "" if path.stem == "common" else path.stem
        for line, row in _rows(path, "concept", "pattern"):
            try:
                compile_pattern(row["pattern"], language)
            except PatternError:
                continue
            yield path, line, Phrase(row["concept"], row["pattern"], language, f"{path.name}:{line}")
