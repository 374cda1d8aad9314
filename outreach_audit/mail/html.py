"""HTML to text: what the reader sees, what was hidden from them, and the links.

The parser is resiliparse, which is linear but for the shapes of markup that
:func:`~outreach_audit.mail.markup.costly` finds first. Marks (:mod:`~outreach_audit.mail.marked`) are put into the
tree before it is turned into text in one go, and are then read from the text: nothing is visited in Python but the few
elements that matter.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import DocumentNode, ElementNode, HTMLTree

from outreach_audit.mail import marked, styles
from outreach_audit.mail import markup as source
from outreach_audit.mail.links import host_of
from outreach_audit.mail.model import Link

_MOST_LINKS = 5_000
_MOST_MARKED = 20_000
_MOST_RULES = 60
_LONGEST_URL = 4_000
_ANCESTORS = 60
_PIXEL = 1.5

_BLANKS = re.compile("[ \t\xa0]+")
_ZERO_MARGIN = re.compile(r"margin *: *(?:0[a-z%]{0,4} *){1,4}(?:;|$|!)", re.IGNORECASE)
_VOID = frozenset(("img", "br", "hr", "input", "area", "col", "wbr", "meta", "link", "embed"))
_ROWS = frozenset(("table", "tbody", "thead", "tfoot", "tr"))
_SEE_THROUGH = frozenset((None, "", "transparent", "none", "inherit", "initial"))
# names, of classes and ids, of what mail programs put around the message that is answered
_ANSWERED = (
    "cite",
    "gmail_quote",
    "yahoo_quoted",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "isreplycontent",
    "ntes-mailmaster-quote",
)
_HANDED_ON = "isforwardcontent"


@dataclass(frozen=True, slots=True)
class HtmlText:
    """The text of an HTML part.

    ``visible`` is what the reader sees, replies' quotes prefixed with ``> ``; ``hidden`` what they do not see
    (preheaders and the like); ``tracking_pixels`` counts pictures of one pixel or none.
    """

    visible: str
    hidden: str = ""
    links: tuple[Link, ...] = ()
    tracking_pixels: int = 0
    defects: tuple[str, ...] = ()


def html_to_text(markup: str, *, max_chars: int = 2_000_000) -> HtmlText:
    """Turn HTML into text, in time linear in its length, whatever it is.

    Blocks and ``<br>`` become line ends, table cells are parted by a blank, list items begin with ``- ``; inline
    elements never part a word. Markup beyond ``max_chars`` is not read, and a defect says so.
    """
    defects = [f"HTML text was cut at {max_chars} characters"] if len(markup) > max_chars else []
    markup = marked.without_foreign(markup[:max_chars])
    if reason := source.costly(markup):
        defects.append(f"HTML was read without its layout: {reason}")
        return _plainly(markup, defects)
    tree = HTMLTree.parse(markup)
    document = tree.document
    if document is None:
        return _plainly(markup, defects)
    marks = _Marks(document)
    targets = _mark_links(document, marks)
    _mark_hidden(document, marks, markup)
    _mark_layout(document, marks)
    text = extract_plain_text(tree, preserve_formatting=True, form_fields=True, noscript=True)
    read = marked.read_marked(text)
    if len(targets) == _MOST_LINKS:
        defects.append(f"HTML has more links than the {_MOST_LINKS} that were read")
    if marks.left <= 0:
        defects.append(f"HTML has more than {_MOST_MARKED} links, quotes and styles: the rest was taken as plain")
    if read.unbalanced:
        defects.append("HTML hides text in a way that could not be followed: all was taken as seen")
    labels = (" ".join(read.labels.get(number, "").split()) for number in range(len(targets)))
    links = tuple(Link(url, host_of(url), label) for url, label in zip(targets, labels, strict=True))
    return HtmlText(_tidy(read.seen), _tidy(read.hidden), links, _tracking_pixels(document), tuple(defects))


def _plainly(markup: str, defects: list[str]) -> HtmlText:
    links = tuple(Link(url, host_of(url)) for url in source.raw_links(markup, _MOST_LINKS))
    return HtmlText(_tidy([source.strip_tags(markup)]), links=links, defects=tuple(defects))


def _tidy(pieces: Iterable[str]) -> str:
    """Blanks at line ends and runs of blanks gone, bullets as ``- ``, one blank line at most."""
    lines: list[str] = []
    for line in "".join(pieces).split("\n"):
        text = _BLANKS.sub(" ", line).strip()
        if text.startswith("• "):
            text = f"- {text[2:]}"
        if text or (lines and lines[-1]):
            lines.append(text)
    return "\n".join(lines).strip("\n")


class _Marks:
    """Puts marks around the contents of elements; at most ``_MOST_MARKED`` in all."""

    def __init__(self, document: DocumentNode) -> None:
        self._document = document
        self.left = _MOST_MARKED

    def around(self, element: ElementNode, opening: str, closing: str) -> None:
        """Mark the begin and end of an element's contents; a table's or row's lie in its first and last cell."""
        if element.tag in _VOID or self.left <= 0:
            return
        self.left -= 1
        first, last = _outer_cell(element, "first"), _outer_cell(element, "last")
        if first is not None and last is not None:
            first.prepend(self._document.create_text_node(opening))
            last.append(self._document.create_text_node(closing))

    def before(self, element: ElementNode, mark: str) -> None:
        """Put one mark at the begin of an element."""
        if self.left > 0:
            self.left -= 1
            element.prepend(self._document.create_text_node(mark))


def _outer_cell(element: ElementNode, side: Literal["first", "last"]) -> ElementNode | None:
    """The first or last cell of a table or row, any other element itself; ``None`` where there is no cell."""
    found: ElementNode | None = element
    while found is not None and found.tag in _ROWS:
        found = found.first_element_child if side == "first" else found.last_element_child
    return found


def _select(document: DocumentNode, selectors: str) -> list[ElementNode]:
    """All elements, at once: to go through a node list one by one is quadratic (each step asks it anew)."""
    return document.query_selector_all(selectors).values()


def _mark_links(document: DocumentNode, marks: _Marks) -> list[str]:
    targets: list[str] = []
    for element in _select(document, "a[href], area[href]"):
        if len(targets) == _MOST_LINKS:
            break
        url = (element.getattr("href") or "").strip()[:_LONGEST_URL]
        if url and not url.startswith("#"):
            marks.around(element, marked.link_mark(len(targets)), marked.LINK_END)
            targets.append(url)
    return targets


def _mark_layout(document: DocumentNode, marks: _Marks) -> None:
    for element in _select(document, "blockquote"):
        names = " ".join(element.getattr(name) or "" for name in ("class", "id", "type")).lower()
        if _HANDED_ON not in names:
            style = (element.getattr("style") or "").lower()
            answered = any(name in names for name in _ANSWERED) or "border-left" in style or element.hasattr("cite")
            marks.around(element, marked.QUOTE if answered else marked.INDENT, marked.QUOTE_END)
    for element in _select(document, "p[class^=mso i], p[style*=margin i]"):
        is_word = (element.getattr("class") or "").lower().startswith("mso")
        if is_word or _ZERO_MARGIN.search(element.getattr("style") or ""):
            marks.before(element, marked.TIGHT)


def _mark_hidden(document: DocumentNode, marks: _Marks, markup: str) -> None:
    """Mark what styles hide, and what shows again inside it."""
    for element in _select(document, "[hidden]"):
        marks.around(element, marked.GONE, marked.GONE_END)
    styled = _styled(document, markup)
    effects = [styles.effect(style) for _, style in styled]
    tiny = styles.Effect.TINY in effects
    written = [styles.background(style) or "" for _, style in styled]
    written += [element.getattr("bgcolor") or "" for element in _select(document, "[bgcolor]")]
    grounds = {ground for text in written if (ground := styles.colour(text))} | {styles.WHITE}
    same_colour = False
    for (element, style), effect in zip(styled, effects, strict=True):
        if effect is styles.Effect.GONE:
            marks.around(element, marked.GONE, marked.GONE_END)
            continue
        if effect is not None and tiny:
            marks.around(element, marked.TINY if effect is styles.Effect.TINY else marked.SIZED, marked.SIZE_END)
        matches = "color" in style and _invisible(element, style, grounds)
        same_colour = same_colour or matches
        if matches:
            marks.around(element, marked.SAME_COLOUR, marked.COLOUR_END)
        elif same_colour and ("color" in style or styles.background(style) is not None):
            marks.around(element, marked.OTHER_COLOUR, marked.COLOUR_END)


def _styled(document: DocumentNode, markup: str) -> list[tuple[ElementNode, dict[str, str]]]:
    """Elements and the declarations that count for them: first those that a style sheet names, then in order."""
    found: list[tuple[ElementNode, dict[str, str]]] = []
    if "<style" in markup.lower():
        rules = dict(rule for sheet in _select(document, "style") for rule in styles.rules(sheet.text or ""))
        for selector, style in list(rules.items())[:_MOST_RULES]:
            found += [(element, style) for element in _select(document, selector)]
            if len(found) > _MOST_MARKED:
                break
    for element in _select(document, "[style], font[color]"):
        text = element.getattr("style") or ""
        colour = element.getattr("color")
        if colour is not None or styles.suspect(text):
            style = styles.declarations(text)
            found.append((element, style if colour is None else {"color": colour} | style))
    return found


def _invisible(element: ElementNode, style: dict[str, str], grounds: set[styles.Colour]) -> bool:
    """Whether the text's colour is that of the nearest background; ``grounds`` are all that the document has."""
    text = styles.colour(style["color"])
    if text is None or not any(styles.near(text, ground) for ground in grounds):
        return False
    ground = styles.background(style) or element.getattr("bgcolor")
    node = element.parent_element
    for _ in range(_ANCESTORS):
        if ground not in _SEE_THROUGH:
            known = styles.colour(ground or "")
            return known is not None and styles.near(text, known)
        if node is None:
            return styles.near(text, styles.WHITE)
        if node.hasattr("background"):
            return False
        ground = styles.background(styles.declarations(node.getattr("style") or "")) or node.getattr("bgcolor")
        node = node.parent_element
    return False


def _tracking_pixels(document: DocumentNode) -> int:
    count = 0
    for image in _select(document, "img"):
        width, height, text = (image.getattr(name) or "" for name in ("width", "height", "style"))
        style = styles.declarations(text) if styles.suspect(text) or "px" in text else {}
        sides = [styles.pixels(width or style.get("width", "")), styles.pixels(height or style.get("height", ""))]
        tiny = all(side is not None and side < _PIXEL for side in sides)
        count += tiny or styles.effect(style) is styles.Effect.GONE
    return count
