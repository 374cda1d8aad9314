"""HTML to text: what the reader sees, what was hidden from them, and the links.

The parser is resiliparse, which is linear but for the shapes of markup that :func:`~outreach_audit.mail.markup.costly`
finds first. Marks (:mod:`~outreach_audit.mail.marked`) are put into the tree before it is turned into text in one go, and are
then read from the text: nothing is visited in Python but the few elements that matter.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from outreach_audit.mail import markup as source
from outreach_audit.mail import marked, styles
from outreach_audit.mail.links import host_of
from outreach_audit.mail.model import Link

_MOST_LINKS = 5_000
_MOST_MARKED = 20_000
_LONGEST_URL = 4_000
_ANCESTORS = 60
_PIXEL = 1.5

_BLANKS = re.compile("[ \t\xa0]+")
_ZERO_MARGIN = re.compile(r"margin *: *(?:0[a-z%]{0,4} *){1,4}(?:;|$|!)", re.IGNORECASE)
_VOID = frozenset("img br hr input area col wbr meta link embed".split())
_ROWS = frozenset("table tbody thead tfoot tr".split())
# names, of classes and ids, of what mail programs put around the message that is answered
_ANSWERED = ("cite", "gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra", "isreplycontent", "ntes-mailmaster-quote")
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

    Blocks and ``<br>`` become line ends, table cells are parted by a blank, list items begin with ``- ``; inline elements
    never part a word. Markup beyond ``max_chars`` is not read, and a defect says so.
    """
    defects = [f"HTML text was cut at {max_chars} characters"] if len(markup) > max_chars else []
    markup = marked.FOREIGN.sub("\ufffd", markup[:max_chars])
    if reason := source.costly(markup):
        defects.append(f"HTML was read without its layout: {reason}")
        return _plainly(markup, defects)
    try:
        tree: Any = HTMLTree.parse(markup)
    except (ValueError, RuntimeError) as error:
        defects.append(f"HTML was read without its layout: {type(error).__name__}")
        return _plainly(markup, defects)
    document = tree.document
    marks = _Marks(tree)
    targets = _mark_links(document, marks)
    _mark_hidden(document, marks, markup)
    _mark_layout(document, marks)
    text = extract_plain_text(tree, preserve_formatting=True, form_fields=True, noscript=True)
    read = marked.read_marked(text)
    if len(targets) == _MOST_LINKS:
        defects.append(f"HTML has more links than the {_MOST_LINKS} that were read")
    if marks.left <= 0:
        defects.append(f"HTML has more than {_MOST_MARKED} elements with styles that may hide text: the rest was taken as seen")
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

    def __init__(self, tree: Any) -> None:
        self._tree = tree
        self.left = _MOST_MARKED

    def around(self, element: Any, opening: str, closing: str) -> None:
        """Mark the begin and end of an element's contents; those of tables and rows lie in their first and last cell."""
        if element.tag in _VOID or self.left <= 0:
            return
        self.left -= 1
        first = last = element
        while first is not None and first.tag in _ROWS:
            first = first.first_element_child
        while last is not None and last.tag in _ROWS:
            last = last.last_element_child
        if first is not None and last is not None:
            first.prepend(self._tree.create_text_node(opening))
            last.append(self._tree.create_text_node(closing))

    def before(self, element: Any, mark: str) -> None:
        """Put one mark at the begin of an element."""
        element.prepend(self._tree.create_text_node(mark))


def _select(document: Any, selectors: str) -> list[Any]:
    """All elements, at once: to go through a node list one by one is quadratic (each step asks it anew)."""
    found: list[Any] = document.query_selector_all(selectors).values()
    return found


def _mark_links(document: Any, marks: _Marks) -> list[str]:
    targets: list[str] = []
    for element in _select(document, "a[href], area[href]"):
        if len(targets) == _MOST_LINKS:
            break
        url = (element.getattr("href") or "").strip()[:_LONGEST_URL]
        if url and not url.startswith("#"):
            marks.around(element, marked.link_mark(len(targets)), marked.LINK_END)
            targets.append(url)
    return targets


def _mark_layout(document: Any, marks: _Marks) -> None:
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


def _mark_hidden(document: Any, marks: _Marks, markup: str) -> None:
    """Mark what styles hide, and what shows again inside it."""
    for element in _select(document, "[hidden]"):
        marks.around(element, marked.GONE, marked.GONE_END)
    styled = list(_styled(document, markup))
    tiny = any(styles.effect(style) is styles.Effect.TINY for _, style in styled)
    same_colour = False
    for element, style in styled:
        effect = styles.effect(style)
        if effect is styles.Effect.GONE:
            marks.around(element, marked.GONE, marked.GONE_END)
            continue
        if effect is not None and tiny:
            marks.around(element, marked.TINY if effect is styles.Effect.TINY else marked.SIZED, marked.SIZE_END)
        if "color" in style:
            matches = _invisible(element, style)
            same_colour = same_colour or matches
            if same_colour:
                marks.around(element, marked.SAME_COLOUR if matches else marked.OTHER_COLOUR, marked.COLOUR_END)
        elif same_colour and styles.background(style) is not None:
            marks.around(element, marked.OTHER_COLOUR, marked.COLOUR_END)


def _styled(document: Any, markup: str) -> Iterator[tuple[Any, dict[str, str]]]:
    """Elements with a style that may hide, in document order but for those that a style sheet names, which come first."""
    if "<style" in markup.lower():
        for sheet in _select(document, "style"):
            for selector, style in styles.rules(sheet.text or ""):
                for element in _select(document, selector):
                    yield element, style
    for element in _select(document, "[style], font[color], font[size]"):
        style = styles.declarations(element.getattr("style") or "")
        if (value := element.getattr("color")) is not None:
            style.setdefault("color", value)
        yield element, style


def _invisible(element: Any, style: dict[str, str]) -> bool:
    """Whether the text's colour is that of the nearest background."""
    text = styles.colour(style["color"])
    if text is None:
        return False
    ground = styles.background(style)
    node = element
    for _ in range(_ANCESTORS):
        ground = ground or node.getattr("bgcolor")
        if ground not in {None, "", "transparent", "none", "inherit", "initial"}:
            known = styles.colour(ground)
            return known is not None and styles.near(text, known)
        node = node.parent_element
        if node is None:
            return styles.near(text, styles.WHITE)
        found = styles.declarations(node.getattr("style") or "")
        ground = styles.background(found)
        if "background-image" in found or node.hasattr("background"):
            return False
    return False


def _tracking_pixels(document: Any) -> int:
    count = 0
    for image in _select(document, "img"):
        style = styles.declarations(image.getattr("style") or "")
        sides = [styles.pixels(image.getattr(side) or style.get(side, "")) for side in ("width", "height")]
        count += styles.effect(style) is styles.Effect.GONE or all(side is not None and side < _PIXEL for side in sides)
    return count
