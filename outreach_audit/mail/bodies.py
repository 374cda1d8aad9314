"""The texts of a message: parts decoded, alternatives that say the same told once, calendar entries as words."""

import re
from dataclasses import dataclass, field

from outreach_audit.mail.attachments.formats.rtf import rich_text
from outreach_audit.mail.charset import clean, decode
from outreach_audit.mail.html import HtmlText, html_to_text
from outreach_audit.mail.limits import Budget, Faults
from outreach_audit.mail.parts import Part

_NOTABLY = 40
"""Letters that the HTML must say beyond the plain text to be told too: less is a button or a footer."""
_COMPARED = 200_000
_BYTES_PER_CHAR = 4
"""In the longest encodings."""
_LOOKS_HTML = re.compile(r"\s{0,200}<(?:!doctype\s|html|head\b|body\b|div\b|table\b|font\b|p>|meta\b)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?。！？；])\s*|\n")
_NOT_LETTER = re.compile(r"[\W_]+")
_CALENDAR_FIELD = re.compile(r"^(SUMMARY|DESCRIPTION|LOCATION)(?:;[^:\n]{0,500})?:(.*)$", re.MULTILINE | re.IGNORECASE)
_PGP_BEGIN = "-----BEGIN PGP MESSAGE-----"
_PGP = re.compile(f"^{_PGP_BEGIN}", re.MULTILINE)
RICH_TYPES = frozenset({"text/rtf", "application/rtf", "application/x-rtf"})
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/enriched", "text/richtext"})


@dataclass(slots=True)
class Body:
    """What the text parts of one message, or of one of its alternatives, say."""

    plain: list[str] = field(default_factory=list)
    html: list[HtmlText] = field(default_factory=list)

    @property
    def said(self) -> str:
        """The text a reader sees: the plain one, or that of the HTML."""
        plain = "\n\n".join(text for text in self.plain if text.strip())
        return plain or "\n\n".join(html.visible for html in self.html)

    @property
    def more(self) -> str:
        """What only the HTML says, ``''`` where that is next to nothing."""
        plain = "\n\n".join(self.plain)
        return unsaid(plain, "\n".join(html.visible for html in self.html)) if plain.strip() and self.html else ""


def text_of_part(part: Part, hints: tuple[str, ...], budget: Budget, faults: Faults) -> str:
    """The decoded text of a part, line ends as newlines.

    Args:
        part: A part with text.
        hints: Charset labels declared elsewhere in the message.
        budget: Of characters: bytes that must go beyond it are not decoded. It is not yet charged.
        faults: Gets a sentence where characters were lost.
    """
    content, whole = part.beginning(_BYTES_PER_CHAR * budget.chars + 1)
    if not whole:
        budget.cut(faults)
    read = decode(content, part.charset, hints)
    if read.lost:
        faults.lose(f"{read.lost} characters could not be decoded as {read.charset}")
    text = read.text.replace("\r\n", "\n").replace("\r", "\n")
    if part.type.parameters.get("format", "").lower() == "flowed":
        text = unflowed(text, delete_space=part.type.parameters.get("delsp", "").lower() == "yes")
    if _PGP_BEGIN in text and _PGP.search(text):
        faults.lose("a text is encrypted")
    return text


def add_text(body: Body, part: Part, text: str) -> None:
    """Put a text part's text to the plain or the HTML texts, by what it is rather than by what it says it is."""
    if part.type.value in HTML_TYPES or _LOOKS_HTML.match(text):
        body.html.append(html_to_text(text))
    else:
        body.plain.append(text)


def add_rich_text(body: Body, part: Part, budget: Budget, faults: Faults) -> None:
    """Put the text of an RTF to the plain texts, or to the HTML ones where it wraps HTML (Outlook)."""
    content, whole = part.beginning(_BYTES_PER_CHAR * budget.chars + 1)
    read = rich_text(content, budget.chars + 1, budget.rich_tokens)
    budget.rich_tokens -= read.tokens
    if not (whole and read.whole):
        faults.lose("a text in RTF was not read in full")
    text = budget.text(clean(read.text), faults)
    if read.is_html:
        body.html.append(html_to_text(text))
    else:
        body.plain.append(text)


def unflowed(text: str, *, delete_space: bool) -> str:
    """Text of format=flowed with its soft line breaks undone (RFC 3676, section 4)."""
    lines: list[str] = []
    joining = -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if flows and delete_space:
            content = content[:-1]
        if joining == depth and content != "-- ":
            lines[-1] += content
        else:
            lines.append(f"{'>' * depth} {content}" if depth else content)
        joining = depth if flows else -1
    return "\n".join(lines)


def unsaid(plain: str, html: str) -> str:
    """The sentences of the HTML's text that the plain text does not have, ``''`` where they hardly say anything."""
    said = _NOT_LETTER.sub("", plain[:_COMPARED]).casefold()
    sentences = _SENTENCE_END.split(html[:_COMPARED])
    if len(said) * len(sentences) > _COMPARED * 1000:
        # too much to compare one by one
        return html if len(html) > 2 * len(plain) else ""
    letters = ((sentence, _NOT_LETTER.sub("", sentence).casefold()) for sentence in sentences)
    more = [(sentence, word) for sentence, word in letters if word and word not in said]
    return "\n".join(sentence for sentence, _ in more) if sum(len(word) for _, word in more) >= _NOTABLY else ""


def calendar_text(text: str) -> str:
    """Summary, place and description of a calendar entry (RFC 5545, sections 3.1 and 3.3.11)."""
    unfolded = re.sub(r"\n[ \t]", "", text)
    said = dict.fromkeys(match[2].strip() for match in _CALENDAR_FIELD.finditer(unfolded))
    lines = (re.sub(r"\\([nN,;\\])", lambda match: "\n" if match[1] in "nN" else match[1], value) for value in said)
    return "\n".join(line for line in lines if line)
