"""Text with marks in it: how an HTML tree tells, within its text, where links, quotes and hidden text begin and end.

The marks are noncharacters of Unicode (U+FDD0 and on), which are taken out of the input first: no text holds them.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from outreach_audit.mail import markers
from outreach_audit.mail.markers import Divider

GONE, GONE_END, TINY, SIZED, SIZE_END, SAME_COLOUR, OTHER_COLOUR, COLOUR_END = (chr(0xFDD0 + i) for i in range(8))
QUOTE, INDENT, QUOTE_END, TIGHT, LINK, LINK_END, _NUMBER_END = (chr(0xFDD8 + i) for i in range(7))

_FOREIGN = re.compile(
    "[\x00\ud800-\udfff\ufdd0-\ufdef]"
    # the same as references: FDD0 to FDEF, 64976 to 65007
    r"|&#(?:[xX]0{0,99}[fF][dD][dDeE][0-9a-fA-F]|0{0,99}6(?:49[789][0-9]|500[0-9]))(?![0-9a-fA-F]);?"
)
_PIECES = re.compile(f"([{GONE}-{TIGHT}{LINK_END}]|{LINK}[0-9]{{1,6}}{_NUMBER_END})")
_TIGHT_GAP = re.compile(f"\n+{TIGHT}")
_LONGEST_LABEL = 500
_DEEPEST_PREFIX = 8
_MOST_OPEN_LINKS = 8
_TAIL = 800
_AHEAD = 200
_ATTRIBUTION_LINES = 3


def without_foreign(markup: str) -> str:
    """Markup in which no character is one of the marks, nor a reference to one."""
    if markup.isascii() and "&#" not in markup and "\x00" not in markup:
        return markup
    return _FOREIGN.sub("\ufffd", markup)


def link_mark(number: int) -> str:
    """The mark that opens the link of that number."""
    return f"{LINK}{number}{_NUMBER_END}"


@dataclass(slots=True)
class Reading:
    """What was read from marked text: pieces seen and hidden, and the visible text of links by their number."""

    seen: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    labels: dict[int, str] = field(default_factory=dict)
    unbalanced: bool = False
    """Marks of hidden text were lost on the way: all text was taken as seen."""


def read_marked(text: str) -> Reading:
    """Part the marked text into what is seen and what is hidden, quoted lines prefixed with ``> ``."""
    pieces = _PIECES.split(_TIGHT_GAP.sub("\n", text))
    state = _State()
    counts = Counter(piece[0] for piece in pieces[1::2])
    state.reading.unbalanced = (
        counts[GONE] != counts[GONE_END]
        or counts[TINY] + counts[SIZED] != counts[SIZE_END]
        or counts[SAME_COLOUR] + counts[OTHER_COLOUR] != counts[COLOUR_END]
    )
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            state.say(piece)
        elif piece[0] == LINK:
            state.links.append(int(piece[1:-1]))
        elif piece == LINK_END:
            del state.links[-1:]
        elif piece in {QUOTE, INDENT}:
            state.open_quote(piece, "".join(pieces[at + 1 : at + 10 : 2])[:_AHEAD])
        elif piece == QUOTE_END:
            state.close_quote()
        elif not state.reading.unbalanced:
            state.hide(piece)
    return state.reading


@dataclass(slots=True)
class _State:
    reading: Reading = field(default_factory=Reading)
    links: list[int] = field(default_factory=list)
    _gone: int = 0
    _sizes: list[str] = field(default_factory=list)
    _colours: list[str] = field(default_factory=list)
    _quotes: list[bool] = field(default_factory=list)
    _tail: str = ""
    _line_begins: bool = True
    _break_due: bool = False

    def hide(self, mark: str) -> None:
        """Open or close hidden text; a readable size or colour inside an unreadable one shows again."""
        if mark in {GONE, GONE_END}:
            self._gone += 1 if mark == GONE else -1
        elif mark in {TINY, SIZED}:
            self._sizes.append(mark)
        elif mark in {SAME_COLOUR, OTHER_COLOUR}:
            self._colours.append(mark)
        elif mark == SIZE_END:
            del self._sizes[-1:]
        elif mark == COLOUR_END:
            del self._colours[-1:]

    def say(self, text: str) -> None:
        """Take text in, as seen or hidden."""
        if not text:
            return
        if self._gone > 0 or self._sizes[-1:] == [TINY] or self._colours[-1:] == [SAME_COLOUR]:
            self.reading.hidden.append(f"{text}\n")
            return
        for number in self.links[-_MOST_OPEN_LINKS:]:
            label = self.reading.labels.get(number, "")
            if len(label) < _LONGEST_LABEL:
                self.reading.labels[number] = label + text[: _LONGEST_LABEL - len(label)]
        if self._break_due and not self._line_begins and not text.startswith("\n"):
            text = f"\n{text}"
        self._break_due = False
        lines = text.split("\n")
        if prefix := "> " * min(sum(self._quotes), _DEEPEST_PREFIX):
            lines = [
                prefix + line if line.strip() and (at or self._line_begins) else line for at, line in enumerate(lines)
            ]
        self._line_begins = not lines[-1].strip() and (len(lines) > 1 or self._line_begins)
        self.reading.seen.append("\n".join(lines))
        self._tail = (self._tail + text)[-_TAIL:]

    def open_quote(self, mark: str, ahead: str) -> None:
        """Begin a quotation: lines are prefixed where an earlier message is answered, not where one is handed on."""
        before = [line.strip() for line in self._tail.split("\n") if line.strip()][-_ATTRIBUTION_LINES:]
        first = next((line for line in ahead.split("\n") if line.strip()), "")
        handed_on = Divider.FORWARD in {markers.divider(first), markers.divider(before[-1]) if before else None}
        answered = any(markers.attribution(" ".join(before[at:])) for at in range(len(before)))
        self._quotes.append(answered or (mark == QUOTE and not handed_on))
        self._break_due = True

    def close_quote(self) -> None:
        """End the innermost quotation; what follows stands on a line of its own."""
        del self._quotes[-1:]
        self._break_due = True
