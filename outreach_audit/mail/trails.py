"""Where other messages stand inside a text: quoted in a reply, or handed on.

One pass over the lines. A trail begins at a dividing line, at "… wrote:", at a block of header lines
or at lines quoted with ``>``, and runs to the end of the text unless it is quoted line by line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from outreach_audit.mail import markers
from outreach_audit.mail.markers import Divider

_BLOCK_LINES = 40
_GAP = 3
_MINOR = frozenset(("other", "cc"))
_ATTRIBUTION_LINES = 3
_FIELDS_ALONE = 3
_FIELDS_BELOW_DIVIDER = 2
_RULE_LENGTH = 10
_HALVES = frozenset(("AM", "PM", "a.m.", "p.m."))
_ADDRESS = re.compile(r"[^\s<>\"'(),;:@\[\]]{1,64}@[a-z0-9][a-z0-9.-]{1,250}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Block:
    """Header lines inside a text: the fields found and the line behind them."""

    fields: dict[str, str]
    end: int


@dataclass(frozen=True, slots=True)
class Trail:
    """Another message in the lines ``start`` to ``end``: its marker, its header fields and its text's lines."""

    start: int
    end: int
    forwarded: bool
    marker: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    body: tuple[str, ...] = ()


def quoted(line: str) -> bool:
    """Whether the line is quoted with ``>`` (or its full-width form), at most behind one blank."""
    return line.startswith((">", " >", "＞"))


def unquote(line: str) -> str:
    """The line without one level of quoting."""
    text = line[1:] if line.startswith(" >") else line
    if not text.startswith((">", "＞")):
        return line
    return text[2:] if text[1:2] == " " else text[1:]


def header_block(lines: Sequence[str], start: int, least: int = _FIELDS_ALONE) -> Block | None:
    """Header lines from ``start`` on: a sender and at least ``least`` fields in all, values may be wrapped."""
    opening = markers.header_label(lines[start])
    if opening is None or opening[0] in _MINOR:
        return None
    fields: dict[str, str] = {}
    last = ""
    at = start
    stop = min(len(lines), start + _BLOCK_LINES)
    while at < stop:
        line = lines[at]
        label = markers.header_label(line)
        if label is not None and (label[0] in _MINOR or label[0] not in fields):
            last = label[0]
            fields[last] = label[1]
        elif not line.strip():
            if not _label_follows(lines, at, fields):
                break
        elif label is None and last and _continues(lines, at, last, fields):
            fields[last] = f"{fields[last]} {line.strip().strip('*_')}".strip()
        else:
            break
        at += 1
    known = fields.keys() - _MINOR
    return Block(fields, at) if "from" in fields and len(known) >= least else None


def _label_follows(lines: Sequence[str], blank: int, fields: dict[str, str]) -> bool:
    """Whether the one blank line stands between two header lines (paragraphs of a word processor)."""
    if blank + 1 >= len(lines) or not fields:
        return False
    label = markers.header_label(lines[blank + 1])
    return label is not None and label[0] not in fields


def _continues(lines: Sequence[str], at: int, last: str, fields: dict[str, str]) -> bool:
    line = lines[at]
    if line[0] in " \t" or not fields[last]:
        return True
    if last in {"to", "cc"} and ("@" in line or line.rstrip().endswith((";", ","))):
        return True
    label = markers.header_label(lines[at + 1]) if at + 1 < len(lines) else None
    return label is not None and label[0] not in fields


def _next_text(lines: Sequence[str], at: int, gap: int = _GAP) -> int:
    """The first line with text at or within ``gap`` blank lines behind ``at``; ``len(lines)`` for none."""
    for position in range(at, min(len(lines), at + gap + 1)):
        if lines[position].strip():
            return position
    return len(lines)


def _quoted_end(lines: Sequence[str], start: int) -> int:
    """The end of the quoted lines from ``start``; single blank lines between them belong to them."""
    at = end = start
    while at < len(lines):
        if quoted(lines[at]):
            end = at + 1
        elif lines[at].strip() or at > end:
            break
        at += 1
    return end


def _attributions(lines: Sequence[str]) -> dict[int, int]:
    """Where "… wrote:" lines begin (up to three lines before they end), and the line behind each."""
    found: dict[int, int] = {}
    taken = 0
    for at, line in enumerate(lines):
        if not markers.attribution_end(line) or quoted(line):
            continue
        start = at
        text = line.strip()
        for before in range(at - 1, max(taken - 1, at - _ATTRIBUTION_LINES), -1):
            if not lines[before].strip() or quoted(lines[before]):
                break
            if markers.attribution_start(lines[before]) and not markers.attribution_start(lines[start]):
                start = before
                text = " ".join(part.strip() for part in lines[before : at + 1])
                break
        if markers.attribution(text) and (markers.dated(text) or _quoted_below(lines, at + 1)):
            found[start] = taken = at + 1
    return found


def _quoted_below(lines: Sequence[str], at: int) -> bool:
    below = _next_text(lines, at)
    return below < len(lines) and quoted(lines[below])


def _attribution_fields(text: str) -> dict[str, str]:
    """Sender and date of a "… wrote:" line, as far as they can be told apart."""
    before, bracket, rest = text.partition("<")
    address, _, behind = rest.partition(">")
    head, _, tail = before.rpartition(",") if "," in before else before.rpartition("，")
    name: list[str] = []
    for word in reversed(tail.split()):
        if any(character.isdigit() for character in word) or word in _HALVES:
            break
        name.insert(0, word)
    sender = " ".join(name).strip(" \"'")
    if not bracket:
        return {"date": head}
    shown = tail.split()[: len(tail.split()) - len(name)]
    dated = behind if any(character.isdigit() for character in behind) else ""
    parts = (head.strip(), " ".join(shown), dated.strip(" :："))
    return {"from": f"{sender} <{address}>".strip(), "date": ", ".join(part for part in parts if part)}


def _inside(lines: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Header fields and text of another message, from the line below its divider on."""
    first = _next_text(lines, 0)
    if first == len(lines):
        return {}, tuple(lines)
    if block := header_block(lines, first, _FIELDS_BELOW_DIVIDER):
        return block.fields, tuple(lines[block.end :])
    if end := _attributions(lines[: first + _ATTRIBUTION_LINES]).get(first):
        body = lines[end:]
        return _attribution_fields(" ".join(line.strip() for line in lines[first:end])), tuple(_unquoted_block(body))
    return {}, tuple(lines)


def _unquoted_block(lines: Sequence[str]) -> Sequence[str]:
    first = _next_text(lines, 0)
    return [unquote(line) for line in lines] if first < len(lines) and quoted(lines[first]) else lines


def _below(lines: Sequence[str], start: int) -> tuple[int, Sequence[str]]:
    """The end of the message that begins below a divider or "… wrote:", and its lines, unquoted."""
    first = _next_text(lines, start)
    if first < len(lines) and quoted(lines[first]):
        end = _quoted_end(lines, first)
        return end, [unquote(line) for line in lines[first:end]]
    return len(lines), lines[start:]


@dataclass(frozen=True, slots=True)
class _Context:
    """What is known of the message around: whether it forwards, to whom it goes, and where its own words begin."""

    forward: bool | None
    recipients: frozenset[str]
    own: int

    def handed_on(self, at: int) -> bool:
        """Whether what begins at the line is handed on, by its place alone."""
        return self.forward is True or (self.forward is None and at == self.own)

    def to_another(self, fields: dict[str, str]) -> bool:
        """Whether a message goes on to others than its writer, under a subject that says nothing."""
        if self.forward is not None or not self.recipients:
            return False
        writer = _ADDRESS.search(fields.get("from", "").lower())
        return writer is not None and writer[0] not in self.recipients


def _quoted_trail(lines: Sequence[str], at: int, context: _Context) -> Trail:
    end = _quoted_end(lines, at)
    inner = [unquote(line) for line in lines[at:end]]
    first = _next_text(inner, 0)
    marker = inner[first].strip() if first < len(inner) and markers.divider(inner[first]) else ""
    explicit = bool(marker) and markers.divider(marker) is Divider.FORWARD
    fields, body = _inside(inner[first + 1 :] if marker else inner)
    told = bool(fields) and "from" in fields
    forwarded = (
        (explicit and context.forward is not False)
        or (context.handed_on(at) and (told or context.forward is True))
        or context.to_another(fields)
    )
    return Trail(at, end, forwarded, marker, fields, body)


def _is_rule(line: str) -> bool:
    """Whether the line is a drawn one, as Outlook puts it above a header block."""
    text = line.strip()
    return len(text) >= _RULE_LENGTH and not text.strip("_-")


def _trail_at(lines: Sequence[str], at: int, behind: int | None, context: _Context) -> Trail | None:
    """The trail that begins at the line, if one does; ``behind`` is the line behind a "… wrote:" there."""
    line = lines[at]
    if quoted(line):
        return _quoted_trail(lines, at, context)
    handed_on = context.handed_on(at)
    if kind := markers.divider(line):
        end, inner = _below(lines, at + 1)
        fields, body = _inside(inner)
        forwarded = kind is Divider.FORWARD or handed_on or context.to_another(fields)
        return Trail(at, end, forwarded, line.strip(), fields, body)
    if behind is not None:
        text = " ".join(part.strip() for part in lines[at:behind])
        end, inner = _below(lines, behind)
        # what is quoted above the writer's own words is answered below, whatever the subject does not say
        answered_below = context.forward is None and _next_text(lines, end, len(lines)) < len(lines)
        fields = _attribution_fields(text)
        forwarded = (handed_on or context.to_another(fields)) and not answered_below
        return Trail(at, end, forwarded, text, fields, tuple(inner))
    if block := header_block(lines, at):
        forwarded = handed_on or context.to_another(block.fields)
        start = at - 1 if at and _is_rule(lines[at - 1]) else at
        return Trail(start, len(lines), forwarded, line.strip(), block.fields, tuple(lines[block.end :]))
    return None


def find_trails(lines: Sequence[str], *, forward: bool | None, recipients: frozenset[str] = frozenset()) -> list[Trail]:
    """All trails of the lines, in order, not overlapping.

    Args:
        lines: the text's lines, without line ends.
        forward: whether the subject says that a message is handed on; ``None`` where it says nothing: then
            what stands under no words of the writer's own is taken as handed on, and what was written by someone to
            whom the message does not go.
        recipients: the addresses to which the message goes, in lower case; none where that is not known.
    """
    trails: list[Trail] = []
    attributions = _attributions(lines)
    own = next((at for at, line in enumerate(lines) if line.strip() and not markers.banner_length(line)), 0)
    context = _Context(forward, recipients, own)
    at = 0
    while at < len(lines):
        behind = attributions.get(at)
        if behind is None and not markers.candidate(lines[at]):
            at += 1
            continue
        trail = _trail_at(lines, at, behind, context)
        if trail is not None:
            trails.append(trail)
        at = at + 1 if trail is None else trail.end
    return trails
