"""What a sender's program fills into a template, taken out again: what stays is the template."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile

from outreach_audit.attribution.domains import registrable

MAX_TEXT = 50_000
"""Characters of a text that are looked at: no offer is longer, and a hostile one must not cost more."""

_MAX_NAMES = 20
_MAX_NAME_LENGTH = 100
_LINE_OF_NAMES = 70  # a salutation or a line of a signature is shorter; a sentence of the offer rarely is
_MAX_GREETING_LINES = 2
_SHORT_GREETING = 30  # so short a line at the head is no offer, even where it ends as a sentence
_INITIALS = 12  # so short a line at the foot is a name, even where it ends in a stop
_MAX_SIGNATURE_LINES = 8
_TOKEN_DIGITS = 3

_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_LINK = re.compile(r"(?:https?://|www\.)([^\s/<>\"'?#:]+)[^\s<>\"']*", re.IGNORECASE)
_ADDRESS = re.compile(r"\b[\w.+%-]{1,64}@[\w.-]{1,255}")
# the fields of the common mail-merge programs: {Name}, {{ name }}, ${name}, *|NAME|*, %NAME%, <<Name>>
_FIELD = re.compile(r"\$?\{{1,3}[^{}\n]{0,60}\}{1,3}|\*\|[^|\n]{0,60}\|\*|%[A-Za-z_]{2,40}%|<<[^<>\n:]{1,60}>>")
_TITLE = re.compile(
    r'"[^"]{6,300}"|“[^“”]{8,300}”|„[^„“”]{8,300}[“”]|«[^«»]{8,300}»|《[^《》]{2,200}》|「[^「」]{6,200}」|『[^『』]{6,200}』'
)
_TOKEN = re.compile(r"[A-Za-z0-9_=+/-]{12,}")
_NUMBER = re.compile(r"\d[\d.,'’]*")
_MONTH = (
    r"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|f[ée]vrier|mar(?:ch|s)?|märz|apr(?:il)?|avril|may|mai|june?|juni|juin"
    r"|july?|juli|juillet|aug(?:ust)?|août|sept?(?:ember|embre)?|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?"
    r"|de[cz](?:ember)?|décembre|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b\.?"
)
_DATE = re.compile(
    rf"<n>(?:st|nd|rd|th|er)?[ .]{{0,2}}(?:of |de )?{_MONTH}(?:,? (?:de )?<n>(?![年년]))?"
    rf"|\b{_MONTH} ?<n>(?:st|nd|rd|th)?(?:,? <n>)?"
    r"|<n>[-/]<n>[-/]<n>|(?:<n> ?[年년] ?)?<n> ?[月월](?: ?<n> ?[日일])?"
)
_SENTENCE_END = (".", "?", "!", "。", ";", ":")
_BULLET = ("-", "*", "•", "·", "○", "●", "◦", "▪", "■", "□", "※", "(", "<n>", "①", "√")
_BLANKS = re.compile(r"[^\S\n]+")


def mask(text: str, *, names: Sequence[str] = ()) -> str:
    """The text with everything that differs between two mails of one template replaced by a mark.

    Links keep their registrable host; addresses, merge fields, quoted titles, tracking tokens, dates, numbers and
    the names given become ``<address>``, ``<field>``, ``<title>``, ``<token>``, ``<date>``, ``<n>`` and ``<name>``.
    The salutation and the signature become one mark each: they are known by their place and form (short lines
    at either end that are no sentences), so that no language and no way of writing names is favoured.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_TEXT].translate(_INVISIBLE))
    text = _LINK.sub(_link, text)
    text = _ADDRESS.sub("<address>", text)
    text = _FIELD.sub("<field>", text)
    text = _TITLE.sub("<title>", text)
    text = _TOKEN.sub(_token, text)
    text = _without_names(text.casefold(), names)
    text = _DATE.sub("<date>", _NUMBER.sub("<n>", text))
    lines = [line for raw in text.split("\n") if (line := _BLANKS.sub(" ", raw).strip())]
    return "\n".join(_without_ends(lines))


def _link(match: re.Match[str]) -> str:
    host = match[1].casefold()
    return f"<link:{registrable(host) or host}>"


def _token(match: re.Match[str]) -> str:
    """A run of letters and digits mixed is a key made by a program; a long word is not."""
    run = match[0]
    return "<token>" if sum(c.isdigit() for c in run) >= _TOKEN_DIGITS and any(c.isalpha() for c in run) else run


def _without_names(text: str, names: Sequence[str]) -> str:
    """The names, whole and by their parts, replaced; parts of one or two letters are too common to be replaced."""
    whole = {name.strip().casefold() for name in names[:_MAX_NAMES] if len(name) <= _MAX_NAME_LENGTH}
    parts = {part.strip(".,") for name in whole for part in name.split()}
    wanted = sorted({name for name in whole | parts if len(name) >= (3 if name.isascii() else 2)}, key=_longest_first)
    if not wanted:
        return text
    found = "|".join(rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name) for name in wanted)
    return re.sub(r"<name>(?: <name>)+", "<name>", re.sub(found, "<name>", text))


def _longest_first(name: str) -> tuple[int, str]:
    return -len(name), name


def _without_ends(lines: list[str]) -> list[str]:
    """The lines with salutation and signature as one mark each."""
    greeting = 0
    if len(lines) > 1 and _is_salutation(lines[0]):
        greeting = 2 if len(lines) > _MAX_GREETING_LINES and len(lines[1]) <= _SHORT_GREETING else 1
    body = lines[greeting:]
    closing = sum(1 for _ in takewhile(_is_signature, reversed(body[1:][-_MAX_SIGNATURE_LINES:])))
    kept = body[: len(body) - closing]
    return ["<salutation>"] * bool(greeting) + kept + ["<signature>"] * bool(closing)


def _is_salutation(line: str) -> bool:
    limit = _SHORT_GREETING if line.endswith((".", "?", "。")) else _LINE_OF_NAMES
    return len(line) <= limit and not line.startswith(_BULLET)


def _is_signature(line: str) -> bool:
    limit = _INITIALS if line.endswith(_SENTENCE_END) else _LINE_OF_NAMES
    return len(line) <= limit and not line.startswith(_BULLET)
