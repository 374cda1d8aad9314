"""The tables of ``markers.toml``: what mail programs and people write around their text.

Every test here looks at one line with plain string comparisons, so that a hostile line costs its own length at most.
"""

import re
import tomllib
from collections.abc import Iterable
from enum import StrEnum
from importlib.resources import files
from typing import Any

_TABLES: dict[str, Any] = tomllib.loads(files(__package__).joinpath("markers.toml").read_text(encoding="utf-8"))

_LONGEST_MARK = 160
_LONGEST_LABEL = 28
_LONGEST_BARE = 60
_LONGEST_ATTRIBUTION = 500
_LONGEST_BANNER = 500
_LONGEST_CLOSING = 60
_LONGEST_NAME = 30
_RULE = "-_=*~#─—–━ \t\xa0\u3000>|"
_DECORATION = " \t\xa0\u3000*[]【】［］()（）<>!⚠\ufe0f#=-_|❗🛑"
_ATTRIBUTION_ENDS = (":", "：", "---", "작성", "写道", "寫道")
_OPENED = dict(zip("[【［<(", "]】］>)", strict=True))
_END_MARKS = " \t\xa0\u3000,.!~;:，。！、…：*_"


class Divider(StrEnum):
    """What stands below a dividing line."""

    FORWARD = "forward"
    """A message that is handed on."""
    ORIGINAL = "original"
    """An earlier message: answered or handed on, the divider does not say which."""


def _all(table: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.casefold() for words in table.values() for word in words))


def _squeeze(text: str) -> str:
    return "".join(text.split()).casefold()


class _Starts:
    """Words that a text may begin with; most texts are told by their first characters."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)
        self._heads = frozenset(word[:2] for word in self._words)

    def __call__(self, text: str) -> bool:
        head = text[:2]
        return (head in self._heads or head[:1] in self._heads) and text.startswith(self._words)


def _has_digit(text: str) -> bool:
    return _DIGIT.search(text) is not None or (not text.isascii() and any(map(str.isdigit, text)))


def _found(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


_DIVIDERS = dict.fromkeys(_all(_TABLES["original_dividers"]), Divider.ORIGINAL) | dict.fromkeys(
    _all(_TABLES["forward_dividers"]), Divider.FORWARD
)
_divider_start = _Starts(_all(_TABLES["forward_divider_starts"]))
_VERBS = _all(_TABLES["attribution_verbs"])
_attribution_start = _Starts(_all(_TABLES["attribution_starts"]))
_LABELS = {
    _squeeze(label): field
    for field, table in _TABLES["labels"].items()
    for labels in table.values()
    for label in labels
}
_PREFIXES: dict[str, str] = {
    prefix: kind for kind, table in _TABLES["subject_prefixes"].items() for words in table.values() for prefix in words
}
_BANNER: dict[str, tuple[str, ...]] = {key: tuple(words) for key, words in _TABLES["banner"].items()}
_BANNER_TAGS = frozenset(_squeeze(tag) for tag in _BANNER["tags"])
_banner_opener = _Starts(_BANNER["openers"])
_disclaimer_opener = _Starts(_TABLES["disclaimer"]["openers"])
_DISCLAIMER_WORDS = tuple(_TABLES["disclaimer"]["words"])
_CLOSING: dict[str, tuple[str, ...]] = {key: tuple(words) for key, words in _TABLES["closing"].items()}
_CLOSING_WHOLE = frozenset(_CLOSING["whole"])
_closing_start = _Starts(_CLOSING["starts"])
_postscript = _Starts(_CLOSING["postscripts"])
_device = _Starts(_CLOSING["devices"])
_DIGIT = re.compile("[0-9]")
_CANDIDATE = re.compile(r"[ \t]{0,8}(?:[>＞\-_=*|─—━~#]|[^:：\r\n]{1,40}[:：])")


def candidate(line: str) -> bool:
    """Whether the line may be quoted, a divider, or a header line: the quick test before the others."""
    return _CANDIDATE.match(line) is not None or _bare_divider(line)


def _bare_divider(line: str) -> bool:
    return len(line) < _LONGEST_BARE and line.strip().casefold() in _DIVIDERS


def divider(line: str) -> Divider | None:
    """What the line announces, if it is a dividing line above another message."""
    if len(line) > _LONGEST_MARK:
        return None
    core = line.strip(_RULE).rstrip(":： ").casefold()
    core = " ".join(core.split())
    if known := _DIVIDERS.get(core):
        # a bare word such as "原文" or "fwd" is a divider only between rules
        return known if len(core) > 5 or line.lstrip()[:2] in {"--", "__", "=="} else None  # noqa: PLR2004
    return Divider.FORWARD if line.lstrip().startswith("--") and _divider_start(core) else None


def attribution_end(line: str) -> bool:
    """Whether the line ends with what "… wrote:" ends with: the quick test."""
    return line.rstrip("\r\n \t\xa0*_|").endswith(_ATTRIBUTION_ENDS)


def attribution(line: str) -> bool:
    """Whether the text is a "… wrote:", in any known language."""
    text = line.rstrip("\r\n \t\xa0*_|")
    if len(text) > _LONGEST_ATTRIBUTION or not text.endswith(_ATTRIBUTION_ENDS):
        return False
    folded = text.casefold()
    marked = "@" in folded or _has_digit(folded)
    return marked and (_found(folded, _VERBS) or _dated_address(folded))


def _dated_address(folded: str) -> bool:
    """Whether the text is ``12.02.2026, 10:00, "X" <x@y>:``, as Yandex, Mail.ru and the Japanese Gmail write it."""
    before, bracket, address = folded.rstrip(" :：").rpartition("<")
    clock = before.find(":")
    return bool(
        bracket
        and "@" in address
        and address.endswith(">")
        and clock > 0
        and before[clock - 1 : clock + 2 : 2].isdigit()
    )


def dated(line: str) -> bool:
    """Whether the line names an address or a time of day, as a program's "… wrote:" does and prose does not."""
    if "@" in line:
        return True
    colon = line.find(":")
    while colon > 0:
        if line[colon - 1].isdigit() and line[colon + 1 : colon + 3].isdigit():
            return True
        colon = line.find(":", colon + 1)
    return False


def attribution_start(line: str) -> bool:
    """Whether a "… wrote:" line that runs over several lines may begin here."""
    text = line.lstrip(" \t\xa0*_").casefold()
    return _attribution_start(text) or text[:1].isdigit() or _weekday_start(text)


def _weekday_start(text: str) -> bool:
    head, comma, rest = text[:24].partition(",")
    return bool(comma) and head.isalpha() and rest.lstrip()[:1].isdigit()


def header_label(line: str) -> tuple[str, str] | None:
    """The field (from, to, cc, date, subject or other) and value, if the line is labelled as a header line."""
    if line.lstrip().startswith("|"):  # 163 Mail writes the header block as a table
        cells = [cell.strip() for cell in line.strip().strip("|").split("|", 2)]
        field = _LABELS.get(_squeeze(cells[0].strip("*:： "))) if len(cells) > 1 else None
        return (field, cells[1]) if field else None
    head = line[: _LONGEST_LABEL + 12]
    ends = [position for mark in ":：" if (position := head.find(mark)) > 0]
    if not ends:
        return None
    field = _LABELS.get(_squeeze(line[: min(ends)].strip(" \t\xa0\u3000*_\"'·•")))
    if field is None:
        return None
    return field, line[min(ends) + 1 :].strip().strip("*_").strip()


def subject_prefix(subject: str) -> str:
    """``forward``, ``reply`` or ``''``, by what the subject begins with; tags in brackets before it do not count."""
    text = subject[:_LONGEST_MARK].strip().casefold()
    for _ in range(4):
        head, colon, _rest = text.lstrip("[【").replace("：", ":").partition(":")
        word = head.partition("[")[0].partition("(")[0].rstrip("0123456789^. ").strip()
        if colon and (kind := _PREFIXES.get(word)):
            return kind
        if not text.startswith(("[", "【", "(")):
            return ""
        ends = [position for mark in "]】)" if (position := text.find(mark)) > 0]
        if not ends:
            return ""
        text = text[min(ends) + 1 :].lstrip()
    return ""


def banner_length(line: str) -> int:
    """How many characters from the begin of the line are a gateway's external-mail banner; 0 for none."""
    text = line.strip()
    if not text or len(text) > _LONGEST_BANNER:
        return 0
    folded = text.casefold()
    if folded[0] in _OPENED and (tag := _bracketed(folded)) and _squeeze(tag) in _BANNER_TAGS:
        end = line.index(text[0]) + len(tag) + 2
        rest = line[end:].casefold()
        return len(line) if not rest.strip() or _found(rest, _BANNER["advice"]) else end
    core = folded.lstrip(_DECORATION)
    return len(line) if _banner_opener(core) and _found(core, _BANNER["words"]) else 0


def _bracketed(folded: str) -> str:
    end = folded.find(_OPENED[folded[0]])
    return folded[1:end] if end > 0 else ""


def banner_advice(line: str) -> bool:
    """Whether the line goes on with a banner's advice (do not click links, …)."""
    return len(line) <= _LONGEST_BANNER and _found(line.casefold(), _BANNER["advice"])


def disclaimer_opener(line: str) -> bool:
    """Whether a confidentiality notice may begin with this line."""
    return _disclaimer_opener(line[:_LONGEST_MARK].lstrip(_DECORATION).casefold())


def disclaimer_words(paragraph: str) -> int:
    """How many different words of confidentiality notices the paragraph holds."""
    folded = paragraph.casefold()
    return sum(word in folded for word in _DISCLAIMER_WORDS)


def closing(line: str) -> bool:
    """Whether the line is a letter's closing ("Best regards,", "此致"), be it with the name behind it."""
    text = line.strip().strip(" \xa0\u3000*_").casefold()
    return 0 < len(text) <= _LONGEST_CLOSING and (text.strip(_END_MARKS) in _CLOSING_WHOLE or _closing_start(text))


def signed_name(line: str) -> bool:
    """Whether the line is the writer's name with its closing word ("… 드림", "… 敬上")."""
    text = line.strip().strip(_END_MARKS).casefold()
    return len(text) <= _LONGEST_NAME and text.endswith(_CLOSING["name_ends"])


def postscript(line: str) -> bool:
    """Whether the letter goes on with a postscript."""
    return _postscript(line[:12].lstrip().casefold())


def contact(line: str) -> bool:
    """Whether the line holds what contact blocks hold: an address, a telephone, an organisation, a title."""
    return _found(line.casefold(), _CLOSING["contact"])


def money(line: str) -> bool:
    """Whether the line names a sum: then it is part of the letter."""
    return _has_digit(line) and _found(line.casefold(), _CLOSING["money"])


def device(line: str) -> bool:
    """Whether the line is a program's own ("Sent from my iPhone")."""
    return len(line) <= _LONGEST_MARK and _device(line.strip().casefold())
