"""HTML that would cost a parser more than linear time, and the plain way to read it all the same.

Two shapes do: a tag with thousands of attributes (each is compared with all before it), and thousands of
elements that are open at once (end tags search them; unclosed inline elements are opened again in every paragraph:
118 kB of ``<p><font color=1></p>…`` took 16 s). Browsers cap both (512 open elements in Blink and Gecko).
"""

import re
from html import unescape

_UNNOTABLE_TAGS = 2_000
_MOST_INLINE_WORK = 500_000
_MOST_NESTING_WORK = 10_000_000
_MOST_CROSSED = 16

# Comments of both sorts, and tags with their attributes: an end tag inside either ends nothing.
_TAG = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*+"
    r"|<(/?)([a-zA-Z][^ \t\n\r\f/>]*+)(?:[^>\"'=]++|=[ \t\n\r\f]*+(?:\"[^\"]*+\"|'[^']*+')?+|[\"'])*+",
    re.DOTALL,
)
_RAW = frozenset(("style", "script", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
# Possessive quantifiers: at each tag the attributes are read once, whatever follows.
_CROWDED = re.compile(
    r"<[a-zA-Z][^ \t\n\r\f/>]*+"
    r"(?:[ \t\n\r\f/]*+=?+[^ \t\n\r\f/>=]++"
    r"(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n\r\f\"'>][^ \t\n\r\f>]*+)?+)?+){100}"
)
_INLINE = frozenset(("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"))
# elements without an end tag, or whose end tag is usually left out
_UNCOUNTED = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "option",
        "dt",
        "dd",
        "tbody",
        "thead",
        "tfoot",
    )
)
_DROPPED = re.compile(r"<!--.*?(?:-->|\Z)|<(style|script|title)\b.*?(?:</\1|\Z)", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"<(?:/?(?:p|div|tr|li|h[1-6]|table|blockquote|ul|ol)|br)\b[^<>]*>?", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^<>]*>?", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>?")
_HREF = re.compile(r"""\bhref *= *["']?([^"'\s<>]{1,4000})""", re.IGNORECASE)


def costly(markup: str) -> str:
    """Why the markup must not be given to a parser, as a short phrase, or ``''``."""
    if _CROWDED.search(markup):
        return "a tag has a hundred attributes or more"
    if markup.count("<") > _UNNOTABLE_TAGS and _nests_hopelessly(markup):
        return "elements are nested or left open by the thousand"
    return ""


def _nests_hopelessly(markup: str) -> bool:
    """Whether a parser's work over the open elements exceeds what mail needs.

    Open elements are over-counted (an end tag counts only for the innermost block), stray end tags close none.
    """
    open_elements: list[str] = []
    inline = inline_work = nesting_work = 0
    raw = ""
    for tag in _TAG.finditer(markup):
        name = (tag[2] or "").lower()
        if raw and tag[1] and name != raw:
            continue
        raw = "" if tag[1] else raw
        if tag[1]:
            closed = _closed(open_elements, name)
            inline -= closed > 0 and name in _INLINE
            del open_elements[len(open_elements) - closed :]
        elif name in _RAW:
            raw = name
        elif name and name not in _UNCOUNTED:
            open_elements.append(name)
            inline += name in _INLINE
        inline_work += inline
        nesting_work += len(open_elements)
        if inline_work > _MOST_INLINE_WORK or nesting_work > _MOST_NESTING_WORK:
            return True
    return False


def _closed(open_elements: list[str], name: str) -> int:
    """How many elements an end tag closes: the innermost of its name, if only inline elements lie within."""
    for count, element in enumerate(reversed(open_elements[-_MOST_CROSSED:]), 1):
        if element == name:
            return count
        if element not in _INLINE:
            break
    return 0


def strip_tags(markup: str) -> str:
    """The text between the tags, with a line end for each block: what is left where no parser may look."""
    text = _DROPPED.sub(" ", markup)
    text = _CELL.sub(" ", _BREAK.sub("\n", text))
    return unescape(_ANY_TAG.sub("", text))


def raw_links(markup: str, most: int) -> list[str]:
    """The first ``most`` link targets, as written."""
    found: list[str] = []
    for match in _HREF.finditer(markup):
        if len(found) == most:
            break
        found.append(unescape(match[1]))
    return found
