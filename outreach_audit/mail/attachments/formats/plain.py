"""Plain text in any charset, HTML, and the words between the tags of any XML."""

import re

from outreach_audit.mail.attachments.model import Extracted, File, Limits, State
from outreach_audit.mail.charset import decode

# No tag holds another: each character is looked at once, whatever is left open. The last may be cut.
_TAG = re.compile(r"<(/?+)([^<>\s/]{0,60}+)[^<>]*+(?:>|\Z)")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_BYTES_PER_CHAR = 8  # four in the longest encodings, and as much again for markup
_UNICODE_END = 0x110000

# Local names at whose end (or in whose place) a line or a cell ends, in OpenDocument, WordprocessingML 2003 and HWPML.
_BREAKS = {
    **dict.fromkeys(("p", "h", "line-break", "table-row", "br", "tr", "row", "list-item"), "\n"),
    **dict.fromkeys(("table-cell", "tab", "tc", "cell"), "\t"),
    "s": " ",
}


def read_text(file: File, limits: Limits) -> Extracted:
    """Text, CSV, calendars, cards: the characters as they stand."""
    text, note = _decoded(file, limits)
    return Extracted(State.TEXT, text, note)


def read_html(file: File, limits: Limits) -> Extracted:
    """The visible text of a page, and the targets of its links."""
    markup, note = _decoded(file, limits)
    text, defects = html_text(markup)
    return Extracted(State.TEXT, text, "; ".join(filter(None, (note, *defects))))


def read_xml(file: File, limits: Limits) -> Extracted:
    """The character data of any XML. Nothing is parsed: no entity is expanded, no reference followed."""
    markup, note = _decoded(file, limits)
    return Extracted(State.TEXT, strip_tags(markup), note)


def html_text(markup: str) -> tuple[str, tuple[str, ...]]:
    """The visible text of HTML, then the targets of its links; and what was not read as it should be."""
    from outreach_audit.mail.html import html_to_text  # noqa: PLC0415 - its parser is loaded where HTML occurs

    page = html_to_text(markup)
    targets = dict.fromkeys(link.url for link in page.links)
    return "\n".join((page.visible, *targets)), page.defects


def strip_tags(markup: str) -> str:
    """XML without its tags, in linear time; paragraphs and cells end with a line and a tab."""
    return _REFERENCE.sub(_character, _TAG.sub(_break, markup))


def _break(tag: re.Match[str]) -> str:
    closing, name = tag[1], tag[2].rpartition(":")[2].lower()
    return _BREAKS.get(name, "") if closing or tag[0].endswith("/>") else ""


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code < _UNICODE_END else "\ufffd"


def _decoded(file: File, limits: Limits) -> tuple[str, str]:
    """As much as can matter (no charset needs more than four bytes for a character), and a note if there is more."""
    most = _BYTES_PER_CHAR * limits.text_chars
    note = f"cut after {most} bytes" if len(file.data) > most else ""
    return decode(file.data[:most], file.charset).text, note
