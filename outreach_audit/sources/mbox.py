"""mbox: messages joined by separator lines (RFC 4155), in all the forms that programs write.

The core is a search for ``From `` at a line start, and a look at the line itself, the line after it and the line
before it. What counts as a separator is told in docs/formats.md; ``strict`` is what messages are split at, ``loose``
what might be one as well, and is only counted.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from outreach_audit.sources.headers import (
    HEADER_SPAN,
    gmail_labels,
    header_end,
    is_field,
    is_known_field,
    looks_like_message,
    raw_field,
)
from outreach_audit.sources.limits import MIB
from outreach_audit.sources.model import Item, Note, RawMessage, Ref
from outreach_audit.sources.place import Place
from outreach_audit.sources.window import Window

FROM = b"From "
LINE_SPAN = 1024
"""A separator line and the line after it must lie within so many bytes."""
LOOK_BACK = 4
STEP = 8 * MIB

_TIME = re.compile(rb"[0-9]:[0-9][0-9]")
_DAY = re.compile(
    rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}[ ,\-]{1,3}[0-9]"
    rb"|[0-9][ \-](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    rb"|[0-9]{4}-[0-9]{2}-[0-9]{2}"
)
_LINE_END = re.compile(rb"\r\n|\n|\r")
_BLANK_BEFORE = (b"\n", b"\r", b"\0")
_QUOTED = b">From "
_QUOTED_FROM = re.compile(rb"(?<=[\r\n])>(>*From )")
_BARE_FROM = re.compile(rb"(?<=[\r\n])From ")
_NOTHING = b" \t\r\n\0\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Separator:
    """A separator line: where it begins, where the message behind it begins, its certainty (``strict``)."""

    offset: int
    after: int
    dated: bool
    strict: bool


def separator_at(window: Window, offset: int) -> Separator | None:
    """The separator line at this offset, or None.

    Strict is a line with a date, or with one of the dateless forms, followed by a header field; loose is any other
    ``From `` line after an empty line that has either a date or a header field behind it.
    """
    probe = window.get(max(offset - LOOK_BACK, 0), offset + LINE_SPAN)
    before, probe = probe[: min(offset, LOOK_BACK)], probe[min(offset, LOOK_BACK) :]
    if not probe.startswith(FROM) or (before and before[-1:] not in _BLANK_BEFORE and before[-3:] != b"\xef\xbb\xbf"):
        return None
    end = _LINE_END.search(probe)
    line, rest = (probe[: end.start()], probe[end.end() :]) if end else (probe, b"")
    after = offset + (end.end() if end else len(probe))
    blank_before = _is_blank_before(before)
    dated = _TIME.search(line) is not None and _DAY.search(line) is not None
    headed = is_field(rest) or rest.startswith((b">From ", FROM))
    strict = headed and (dated or _is_dateless_form(line, rest, blank_before=blank_before))
    if strict or (blank_before and (dated or headed)):
        return Separator(offset, after, dated, strict)
    return None


def _is_blank_before(before: bytes) -> bool:
    return not before.strip(_NOTHING) or before.endswith((b"\n\n", b"\r\r", b"\n\r\n", b"\0"))


def _is_dateless_form(line: bytes, rest: bytes, *, blank_before: bool) -> bool:
    """``From -`` (Mozilla), bare ``From ``, ``From 1844@xxx`` (Takeout), ``From user at host``, ``From user``."""
    words = line.split()[1:]
    if words == [b"-"]:
        return True
    if not blank_before:
        return False
    if len(words) > 1:
        return len(words) == 3 and words[1] == b"at" and is_known_field(rest)  # noqa: PLR2004 (user, at, host)
    return not words or b"@" in words[0] or is_known_field(rest)


def find_separator(window: Window, start: int, stop: int | None, *, drop: bool = False) -> Separator | None:
    """The first separator, strict or loose, that begins between ``start`` and ``stop`` (None: the end).

    With ``drop`` the bytes searched are released on the way.
    """
    while stop is None or start < stop:
        step = start + STEP if stop is None else min(start + STEP, stop)
        found = window.find_line(FROM, start, step + len(FROM) - 1)
        if found >= 0:
            separator = separator_at(window, found)
            if separator:
                return separator
            start = found + 1
        elif window.ended and window.end <= step:
            return None
        else:
            start = step
        if drop:
            window.release(start - LOOK_BACK)
    return None


def starts_mbox(window: Window, span: int) -> bool:
    """Whether a strict separator begins within the first ``span`` bytes.

    One that is not the first thing in the file must have a date: a program or a letter may quote a dateless line.
    """
    head = window.get(0, span)
    lead = len(head) - len(head.lstrip(_NOTHING))
    first = separator_at(window, lead)
    if first and (first.strict or is_known_field(window.get(first.after, first.after + LINE_SPAN))):
        return True
    offset = 0
    while (offset := head.find(FROM, offset)) >= 0:
        found = separator_at(window, offset)
        if found and found.strict and found.dated:
            return True
        offset += 1
    return False


@dataclass(slots=True)
class Part:
    """A part of an mbox, and what its reading tells beside its messages; counts of all parts sum to those of the whole.

    Attributes:
        start: where it begins; None for the beginning of the file, and of what stands before its first separator.
        stop: where it ends; None for the end of the file.
        most: so many messages are read at most.
        strict: the messages read.
        lenient: the separators met behind the first, the uncertain ones too.
        first: where the separator line of the first message begins; None where the part has none.
        following: where that of the first message behind the part begins; None where the file ended.
    """

    start: int | None = None
    stop: int | None = None
    most: int | None = None
    strict: int = 0
    lenient: int = 0
    first: int | None = None
    following: int | None = None


def read_mbox(window: Window, place: Place) -> Iterator[Item]:
    """All messages of an mbox in order, and a note where strict and lenient reading differ."""
    part = Part()
    yield from read_part(window, place, part)
    yield from differing(place, part.strict, part.lenient)


def read_part(window: Window, place: Place, part: Part) -> Iterator[Item]:
    """The messages of a part of an mbox: those whose separator lines begin from its start on and before its stop.

    They are those of a whole reading if the part starts where the part before says that the next message begins
    (``following``), or if nothing does so before ``part.first``: an unquoted separator within a message of which only
    Content-Length tells is taken for one where the reading begins behind the head of that message.

    Args:
        window: the file; what lies before the part need not be read.
        place: where it lies.
        part: is filled in, and complete with the last message.
    """
    if part.start is None:
        after = yield from _first_message(window, place, part)
    else:
        window.skip(max(part.start - 2 * LOOK_BACK, 0))
        first = _next_strict(window, part.start, part.stop, Part(), drop=True)
        part.first, after = (first.offset, first.after) if first else (None, None)
    yield from _messages(window, place, part, after)


def differing(place: Place, strict: int, lenient: int) -> Iterator[Note]:
    """A note on the whole mbox, where strict and lenient reading differ."""
    if strict != lenient:
        yield place.note(
            f"read as {strict:,} messages; with every line that might be a separator there would be {lenient:,}"
        )


def _messages(window: Window, place: Place, part: Part, start: int | None) -> Iterator[Item]:
    """The messages from ``start`` on, where one begins, and at the end of the file why it ended too early."""
    while start is not None:
        part.strict += 1
        message, following = _message(window, place, start, part)
        yield message
        beyond = following and part.stop is not None and following.offset >= part.stop
        if following and (beyond or part.strict == part.most):
            part.following = following.offset
            return
        start = following.after if following else None
    if window.fault:
        yield place.skipped(f"what follows was not read: {window.fault}", 1, window.end)


def _first_message(window: Window, place: Place, count: Part) -> Generator[Item, None, int | None]:
    """Where the first message begins; what stands before it is given as a message or as skipped."""
    head = window.get(0, HEADER_SPAN)
    lead = len(head) - len(head.lstrip(_NOTHING))
    first = separator_at(window, lead)
    if first and (first.strict or is_known_field(head[first.after :])):
        count.lenient += 1
        return first.after
    if looks_like_message(head[lead:]):
        count.lenient += 1
        return lead
    first = _next_strict(window, lead, None, count, drop=True)
    end = first.offset if first else window.end
    if end > lead:
        yield place.skipped(f"{end - lead:,} bytes before the first separator line are no message", 0, lead, end - lead)
    return first.after if first else None


def _next_strict(window: Window, start: int, stop: int | None, count: Part, *, drop: bool = False) -> Separator | None:
    while separator := find_separator(window, start, stop, drop=drop):
        count.lenient += 1
        if separator.strict:
            return separator
        start = separator.offset + 1
    return None


def _message(window: Window, place: Place, start: int, count: Part) -> tuple[RawMessage, Separator | None]:
    """The message that begins at ``start``, and the separator of the next one."""
    window.release(start - LOOK_BACK)
    most, mid_line = place.limits.message_bytes, window.mid_line
    following = _next_strict(window, start + 1, start + most, count)
    cut = following is None and not _is_end(window, start + most)
    if cut:
        raw = window.get(start, start + most)
        following = _next_strict(window, start + most, None, count, drop=True)
    elif following and (declared := _declared_end(window, start, following.offset, most)):
        following = _count_up_to(window, following, declared, count)
    end = following.offset if following else window.end
    end -= _blank_line(window.get(max(end - LOOK_BACK, start), end))
    if not cut:
        raw = window.get(start, end)
    fault = window.fault if following is None else None
    quoted = window.mid_line > mid_line
    message = message_from(place, raw[: end - start], place.ref(start, end - start), fault, quoted=quoted)
    return message, following


def _count_up_to(window: Window, inner: Separator, end: int, count: Part) -> Separator | None:
    """The separator at ``end`` (None: the end of the file); those before it lie within a message."""
    found: Separator | None = inner
    while found and found.offset < end:
        found = _next_strict(window, found.offset + 1, end + 1, count)
    return found


def message_from(place: Place, raw: bytes, ref: Ref, fault: str | None = None, *, quoted: bool = True) -> RawMessage:
    """The message whose bytes in the mbox are ``raw``: unquoted, with its labels and defects.

    ``quoted`` is False where it is known that no quoted line is in it.
    """
    body = header_end(raw)
    defects = place.defects
    cut = len(raw) < ref.length
    if cut:
        defects = (*defects, f"cut at {len(raw):,} of {ref.length:,} bytes")
    if fault:
        defects = (*defects, f"the message may be incomplete: {fault}")
    content = unquoted(raw, body) if quoted else raw
    labels = place.labels + gmail_labels(raw[:body])
    return RawMessage(ref, content, labels, defects=defects, partial=cut or fault is not None)


def unquoted(raw: bytes, body: int) -> bytes:
    """The message with one ``>`` taken from each ``>From `` line of its body, at every level (mboxrd).

    A body that still has a bare ``From `` line was written by a program that does not quote (mboxcl2): it stays as it
    is. In mboxo a line that was ``>From `` from the beginning cannot be told apart; there the mboxrd reading errs by
    the depth of one quotation mark.
    """
    if raw.find(_QUOTED, body) < 0 or _BARE_FROM.search(raw, body):
        return raw
    return raw[: body - 1] + _QUOTED_FROM.sub(rb"\1", raw[body - 1 :]) if body else raw


def _is_end(window: Window, offset: int) -> bool:
    window.fill(offset + 1)
    return window.ended and window.end <= offset


def _blank_line(tail: bytes) -> int:
    """The length of the empty line that the container puts behind each message."""
    if tail.endswith((b"\r\n\r\n", b"\n\r\n")):
        return 2
    return int(tail.endswith((b"\n\n", b"\r\r")))


def _declared_end(window: Window, start: int, found: int, most: int) -> int | None:
    """Where Content-Length says that the message ends: beyond ``found``, at a separator or the end of the file."""
    head = window.get(start, min(found, start + HEADER_SPAN))
    body = header_end(head)
    value = raw_field(head[:body], b"content-length")
    if value is None or not value.isdigit() or len(value) > len(str(most)):
        return None
    end = start + body + int(value)
    if not found < end <= start + most:
        return None
    for _ in range(3):  # what is declared leaves out the line end and the empty line of the container
        separator = separator_at(window, end)
        if (separator and separator.strict) or (_is_end(window, end) and window.end == end):
            return end
        line_end = _LINE_END.match(window.get(end, end + 2))
        if line_end is None:
            return None
        end += line_end.end()
    return None
