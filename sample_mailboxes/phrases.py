# ruff: noqa: INP001  (a script beside its data, not a package)
"""Texts from templates: ``[a|b]`` is a choice, ``{slot}`` a value that stays the same within one message.

A choice ``[!a|b]`` goes with the subject: the first subject of a template takes ``a``, the second ``b``.
Slots: ``{n:3-40}`` and ``{n:100-900:50}`` numbers, ``{id:1000-9999}`` the same without commas, ``{day:3-10}`` a date
so many days on, ``{time}``, ``{year}``, ``{month:1}``; ``{to.name}`` the recipient, ``{col.name}`` a colleague,
``{cn.name}`` an outsider of that pool of names; any other name is drawn from the lists of ``material/lists.toml``.
``#2`` at the end asks for another draw. In Korean texts ``~은 ~이 ~을 ~과 ~으로`` take the form that fits the word
before.
"""

import random
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

MATERIAL = Path(__file__).parent / "material"
SEED = "outreach-audit sample 2024"
CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
SLOT = re.compile(r"\{([a-z_]+)(?:\.([a-z_]+))?(?::([0-9:.-]+))?(#\d)?\}")
PARTICLE = re.compile(r"([가-힣A-Za-z0-9])([^가-힣A-Za-z0-9~\s]{0,2})~(은|이|을|과|으로)")
PARTICLES = {"은": "는", "이": "가", "을": "를", "과": "와", "으로": "로"}
READ_WITH_FINAL = frozenset("013678LMNRlmnr")
SIMPLIFIED = str.maketrans("鄭趙張韓吳權黃孫許盧閔羅陳嚴裵劉", "郑赵张韩吴权黄孙许卢闵罗陈严裴刘")
SHINJITAI = str.maketrans("吳權黃盧嚴", "呉権黄盧厳")
NATIVE = {"ko": "kr", "zh-Hans": "cn", "zh-Hant": "tw", "ja": "jp", "ru": "ru"}
WEEKDAYS = {"ko": "월화수목금토일", "ja": "月火水木金土日", "zh-Hans": "一二三四五六日", "zh-Hant": "一二三四五六日"}
MONTHS = {
    lang: names.split()
    for lang, names in {
        "en": "January February March April May June July August September October November December",
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    }.items()
}


def chance(*key: object) -> random.Random:
    """The random numbers of one place in the plan, independent of all others."""
    return random.Random(":".join((SEED, *map(str, key))))  # noqa: S311  (sample texts, no secrets)


def material(name: str) -> dict[str, Any]:
    """A data file of ``material/``."""
    return tomllib.loads((MATERIAL / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Institute:
    """One of the five institutes, as ``material/plan.toml`` has it."""

    id: str
    domain: str
    en: str
    ko: str
    en_long: str
    ko_long: str
    ror: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person: a member of staff, or an outsider (then without institute and field)."""

    native: str
    en: str
    family: str
    given: str
    local: str
    pool: str
    hanja: str = ""
    address: str = ""
    group: str = ""
    age: str = ""
    dept: str = ""
    dept_en: str = ""
    tel: str = ""
    field: Mapping[str, Any] = field(default_factory=dict)
    paper: str = ""
    journal: str = ""
    year: str = ""

    def attribute(self, name: str, lang: str) -> str:
        """A property as a text in that language writes it."""
        if name == "name":
            return self.native if NATIVE.get(lang) == self.pool else self.en
        if name == "hanja":
            return (self.hanja or self.family).translate({"zh-Hans": SIMPLIFIED, "ja": SHINJITAI}.get(lang, {}))
        if name == "field":
            return str(self.field.get(lang, self.field["en"]))
        if name == "fieldcode":
            return str(self.field["id"])
        return str(getattr(self, name))


def person(pools: Mapping[str, Any], pool: str, rng: random.Random) -> Person:
    """Somebody of a pool of names."""
    names = pools[pool]
    family, given = rng.choice(names["family"]), rng.choice(names["given"])
    if pool in ("kr", "cn", "tw", "jp"):
        space = " " if pool == "jp" else ""
        native, en = family[0] + space + given[0], f"{given[1]} {family[1]}"
        local = rng.choice([f"{given[1]}.{family[1]}", f"{given[1][0]}{family[1]}", f"{family[1]}{given[1]}"])
        hanja = family[2] if pool == "kr" else family[0]
        return Person(native, en, family[1], given[1], _local(local), pool, hanja)
    native = f"{given[-1]} {family[-1]}"
    local = rng.choice([f"{given[0]}.{family[0]}", f"{given[0][0]}.{family[0]}", f"{family[0]}"])
    return Person(native, f"{given[0]} {family[0]}", family[0], given[0], _local(local), pool)


def _local(text: str) -> str:
    plain = text.lower().translate(str.maketrans("äöüéèêçôíáøåñß", "aoueeecoiaoans"))
    return re.sub(r"[^a-z0-9.]", "", plain)


def particles(text: str) -> str:
    """Korean particles in the form that the sound before them asks for."""

    def form(match: re.Match[str]) -> str:
        char, between, particle = match.groups()
        final = (ord(char) - 0xAC00) % 28 if "가" <= char <= "힣" else int(char in READ_WITH_FINAL)
        liquid = final == 8 or char in "178Ll"  # noqa: PLR2004  (the final consonant ㄹ)
        short = final == 0 or (particle == "으로" and liquid)
        return char + between + (PARTICLES[particle] if short else particle)

    return PARTICLE.sub(form, text)


def full_width(text: str) -> str:
    """Chinese and Japanese punctuation: brackets of full width, no space after a full-width mark."""
    text = re.sub(r"(?<=[。，！？：；、]) +", "", text)
    text = re.sub(r"\((?=[\u3040-\u9fff])|(?<=[\u3040-\u9fff）])\(", "（", text)
    return re.sub(r"(?<=[\u3040-\u9fff])\)", "）", text)


class Writer:
    """Fills the templates of one message."""

    def __init__(
        self, rng: random.Random, lang: str, when: datetime, lists: Mapping[str, Any], pools: Mapping[str, Any]
    ) -> None:
        self.rng, self.lang, self.when, self.lists, self.pools = rng, lang, when, lists, pools
        self.values: dict[str, Any] = {}
        self.colleagues: Sequence[Person] = ()
        self.number = 0

    def fill(self, template: str) -> str:
        """The text of a template."""
        text, before = template, ""
        while text != before:
            before = text
            while CHOICE.search(text):
                text = CHOICE.sub(self._choice, text)
            text = SLOT.sub(self._value, text)
        text = re.sub(r"[ \t]+\n", "\n", text)
        text = re.sub(r"\n{3,}", "\n\n", text)
        text = re.sub(r"(?m)(?<=\S) {2,}(?=\S)|^ (?=\S)", lambda m: m[0] and " " * (len(m[0]) > 1), text)
        if self.lang in ("zh-Hans", "zh-Hant", "ja"):
            text = full_width(text)
        return particles(text) if self.lang == "ko" else text

    def subject(self, subjects: Sequence[str]) -> str:
        """One of the subjects of a template; choices that begin with ``!`` follow it."""
        self.number = self.rng.randrange(len(subjects))
        return self.fill(subjects[self.number])

    def _choice(self, match: re.Match[str]) -> str:
        options = match[1].split("|")
        if options[0].startswith("!"):
            return [options[0][1:], *options[1:]][self.number % len(options)]
        return self.rng.choice(options)

    def _value(self, match: re.Match[str]) -> str:
        name, attribute, argument, draw = match.groups()
        key = name + (f":{argument}" if argument else "") + (draw or "")
        if key not in self.values:
            self.values[key] = self._draw(name, argument or "")
        value = self.values[key]
        if isinstance(value, Person):
            return value.attribute(attribute or "name", self.lang)
        if isinstance(value, Mapping):
            chosen = value.get(attribute or "name", value.get("en"))
            return str(value.get(self.lang, value["en"]) if attribute is None and "name" not in value else chosen)
        return str(value)

    def _draw(self, name: str, argument: str) -> Any:  # noqa: ANN401  (a list may hold texts or tables)
        makers: dict[str, Callable[[str], Any]] = {
            "n": lambda a: self._number(a, commas=True),
            "id": lambda a: self._number(a, commas=False),
            "day": self._day,
            "month": self._month,
            "time": lambda _: f"{self.rng.randint(9, 17):02}:{self.rng.choice(('00', '30'))}",
            "year": lambda a: self.when.year + int(a or 0),
            "col": lambda _: self.rng.choice(self.colleagues),
            "token": lambda _: "".join(self.rng.choices("abcdefghijkmnpqrstuvwxyz23456789", k=18)),
            "any": lambda _: person(self.pools, self.rng.choice(sorted(self.pools)), self.rng),
        }
        if name in makers:
            return makers[name](argument)
        if name in self.pools:
            return person(self.pools, name, self.rng)
        for lang in (self.lang, "any", "en"):
            if name in self.lists.get(lang, {}):
                return self.rng.choice(self.lists[lang][name])
        raise KeyError(f"no list {name!r} for {self.lang}")

    def _number(self, argument: str, *, commas: bool) -> str:
        bounds, _, step = argument.partition(":")
        low, high = bounds.split("-")
        value = self.rng.randrange(int(low), int(high) + 1, int(step or 1))
        return f"{value:,}" if commas and self.lang not in ("de", "fr") else str(value)

    def _day(self, argument: str) -> str:
        low, high = re.fullmatch(r"(-?\d+)-(-?\d+)", argument).groups()  # type: ignore[union-attr]  # a template has both
        day = self.when + timedelta(days=self.rng.randint(int(low), int(high)))
        if day.weekday() > 4:  # noqa: PLR2004  (Saturday and Sunday)
            day += timedelta(days=2)
        return date_text(day, self.lang)

    def _month(self, argument: str) -> str:
        month = (self.when.month - 1 + int(argument or 0)) % 12
        return (
            MONTHS[self.lang][month] if self.lang in MONTHS else f"{month + 1}" + ("월" if self.lang == "ko" else "月")
        )


def date_text(day: datetime, lang: str) -> str:
    """A date as people write it in a mail."""
    if lang == "ko":
        return f"{day.month}월 {day.day}일({WEEKDAYS['ko'][day.weekday()]})"
    if lang in WEEKDAYS:
        weekday = f"（{WEEKDAYS['ja'][day.weekday()]}）" if lang == "ja" else ""
        return f"{day.month}月{day.day}日{weekday}"
    dot = "." if lang == "de" else ""
    return f"{day.day}{dot} {MONTHS.get(lang, MONTHS['en'])[day.month - 1]}"
