"""The structure of a message (RFC 5322, 2045, 2046): header fields and a tree of parts, as bytes.

A reader of its own, since the standard library's is quadratic in some things and recursive in others, and gives up
where header and text could still be had. It is linear, bounded in depth, and splits by boundary lines only.
"""

import re
from dataclasses import dataclass, field, replace

from outreach_audit.mail.charset import codecs_of
from outreach_audit.mail.limits import Faults, Limits
from outreach_audit.mail.parts import Part

_MAX_LOOKALIKES = 200_000
_MAX_FORMER = 4
_MAX_STRAYS = 200
_AHEAD = 4_000
_BLANKS = 100

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_PLAIN_FIELD = re.compile(rb"([!-9;-~]{1,200})([ \t]*:)([^\n]*\n(?:[ \t][^\n]*\n)*)")
_KNOWN = (
    rb"(?:x-[\w-]{1,60}|mime-version|content-(?:type|transfer-encoding|disposition|language|id|description)|from|to|cc"
    rb"|subject|date|message-id|reply-to|received|sender|return-path|delivered-to|in-reply-to|references|list-[\w-]{1,30}"
    rb"|precedence|status|lines|importance|user-agent|authentication-results|dkim-signature|arc-[\w-]{1,40}):"
)
_KNOWN_FIELD = re.compile(_KNOWN, re.IGNORECASE)
_KNOWN_LINE = re.compile(rb"\n" + _KNOWN, re.IGNORECASE)
_TRACE_FIELDS = frozenset(
    {"received", "received-spf", "authentication-results", "dkim-signature", "arc-seal", "arc-message-signature"}
)
_NO_FIELD = (b"From ", b">From ", b" ", b"\t")
_VISIBLE = re.compile(rb"\S")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_BOUNDARY_LINE = re.compile(rb"(?im)^--([^\r\n]{1,200}?)[ \t]*\r?\n(?=content-)")
_REST_OF_LINE = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_FORMER_REST = re.compile(rb"(--)?[ \t]*(?:\r?\n(?=content-)|\s{0,100}\Z)", re.IGNORECASE)
_MARKUP = re.compile(rb"(?i)\s{0,200}<(?:!doctype|html|head|body|div|table|p)\b")
_ENCODINGS = frozenset({"base64", "quoted-printable"})


def read(content: bytes, limits: Limits, faults: Faults) -> Part:
    """Read the structure of a message; never raises.

    Args:
        content: The message.
        limits: How much to read.
        faults: Gets a sentence for every fault and every limit.
    """
    if len(content) > limits.message_bytes:
        faults.lose(f"the message is longer than {limits.message_bytes} bytes, the rest was not read")
        content = content[: limits.message_bytes]
    return _Reader(_as_bytes_of_mail(content), limits, faults, _Left(limits.parts, limits.attachment_bytes)).entity(
        0, 0
    )


def _as_bytes_of_mail(content: bytes) -> bytes:
    """The message without what some exports put before it (a byte order mark, blank lines), and not in UTF-16."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16", "replace").encode("utf-8", "replace")
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    return content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")


@dataclass(slots=True)
class _Left:
    """How many parts a message may still have, how many bytes of encoded messages, how many lookalike boundaries."""

    parts: int
    decoded: int
    lookalikes: int = _MAX_LOOKALIKES


@dataclass(frozen=True, slots=True)
class _Delimiter:
    """A boundary line: from the line end before it to the begin of the line behind it (RFC 2046, section 5.1.1)."""

    start: int
    end: int
    closing: bool


@dataclass(slots=True)
class _Open:
    """A multipart whose end has not come yet.

    ``known`` is its next delimiter, or None where it has none before ``sought``. ``former`` are the boundaries of
    multiparts within it that its own delimiters cut off.
    """

    mark: bytes
    known: _Delimiter | None = None
    sought: int = 0
    former: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """One pass over a message, in which every part ends where a delimiter of a multipart around it stands.

    A line that is a delimiter of several multiparts is the innermost one's; the delimiter of an outer multipart ends
    those within it (RFC 2046, section 5.1.2). ``position`` is where the part read last ended.
    """

    content: bytes
    limits: Limits
    faults: Faults
    left: _Left
    open: list[_Open] = field(default_factory=list)
    position: int = 0

    def entity(self, start: int, depth: int, default: str = "text/plain") -> Part:
        """The part, or the whole message, that begins here."""
        self.left.parts -= 1
        end = self.end_of_part(start - 1)
        fields, body = self.header(start, max(start, end))
        part = Part(fields, default_type=default)
        if (part.is_multipart or part.is_message) and depth >= self.limits.depth:
            self.faults.lose(f"parts nested deeper than {self.limits.depth} were not read")
            self.position = end
            return part
        if part.is_multipart:
            return self.multipart(part, body, depth)
        if part.is_message and part.encoding not in _ENCODINGS:
            return Part(fields, parts=(self.entity(body, depth + 1),), default_type=default)
        self.position = end
        part = Part(fields, self.text(body, end), default_type=default)
        if part.is_message:
            # forbidden by RFC 2046, section 5.2.1, and done all the same
            return Part(fields, parts=(self.encoded(part, depth + 1),), default_type=default)
        return part

    def encoded(self, part: Part, depth: int) -> Part:
        """The message in a part that must be decoded for it."""
        content, whole = part.beginning(self.left.decoded)
        if not whole:
            self.faults.lose(f"encoded messages beyond {self.limits.attachment_bytes} bytes were not read")
        self.left.decoded -= len(content)
        return _Reader(content, self.limits, self.faults, self.left).entity(0, depth)

    def text(self, start: int, end: int) -> memoryview:
        """The body from one line to another."""
        end -= self.content[end - 1 : end] == b"\r"
        return memoryview(self.content)[start : max(start, end)]

    def multipart(self, part: Part, start: int, depth: int, boundary: bytes = b"") -> Part:
        """The parts of a multipart whose body begins here; by another boundary than the declared one if told."""
        mark = boundary or part.type.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
        parts = self.parts(part, b"\n--" + mark, start, depth) if mark else []
        end = self.position = self.end_of_part(start - 1 if not mark else self.position)
        if parts or not _VISIBLE.search(self.content, start, max(start, end)):
            return Part(part.fields, parts=tuple(parts), default_type=part.default_type)
        found = None if boundary else _BOUNDARY_LINE.search(self.content, start, end)
        if found and self.left.parts > 0:
            self.faults.note("a multipart uses another boundary than it declares")
            return self.multipart(part, start, depth, found[1])
        self.faults.note("a multipart has no parts and was read as text")
        return _as_text(part, self.text(start, end))

    def parts(self, part: Part, mark: bytes, start: int, depth: int) -> list[Part]:
        """The parts between the delimiters of one multipart; leaves ``position`` behind the last of them."""
        default = "message/rfc822" if part.type.value == "multipart/digest" else "text/plain"
        level = len(self.open)
        self.open.append(_Open(mark, sought=start - 1))
        parts: list[Part] = []
        self.position = start - 1
        closed = False
        while (found := self.delimiter(self.position)) and found[0] == level:
            delimiter = found[1]
            if not parts and delimiter.start > start:
                parts += self.preamble(part, start, delimiter.start)
            self.position = delimiter.end - 1
            if closed := delimiter.closing:
                break
            if self.left.parts <= 0:
                self.faults.lose(f"parts beyond {self.limits.parts} were not read")
                break
            parts.append(self.entity(delimiter.end, depth + 1, default))
        ended = self.open.pop()
        if self.open and not closed:
            outer = self.open[-1]
            outer.former = [*outer.former, *ended.former, mark][-_MAX_FORMER:]
            outer.known, outer.sought = None, self.position
        if parts and not closed:
            self.faults.note("a multipart is not closed")
            parts[-1] = _without_end(parts[-1], mark[1:] + b"--")
        return parts

    def preamble(self, part: Part, start: int, end: int) -> list[Part]:
        """What stands before the first part: nothing to be read, unless the header of a part was lost in another's."""
        types = [value for name, value in part.fields if name == "content-type"]
        if len(types) < 2 or not _VISIBLE.search(self.content, start, end):  # noqa: PLR2004 - one type is as it should be
            return []
        self.faults.note("a part declares two types")
        self.left.parts -= 1
        others = tuple(pair for pair in part.fields if pair[0] == "content-transfer-encoding")
        return [Part((("content-type", types[1]), *others), self.text(start, end))]

    def end_of_part(self, position: int) -> int:
        """Where the next delimiter stands, of whichever multipart, or the end."""
        found = self.delimiter(position)
        return found[1].start if found else len(self.content)

    def delimiter(self, position: int) -> tuple[int, _Delimiter] | None:
        """The next delimiter at or behind a position, and the number of the multipart that it belongs to."""
        best: tuple[int, _Delimiter] | None = None
        end = len(self.content)
        for level, opened in enumerate(self.open):
            if opened.known is None or opened.known.start < position:
                begin = max(position, opened.sought)
                opened.known = self.find(opened, begin, end) if begin < end else None
                opened.sought = opened.known.start + 1 if opened.known else max(begin, end - 1)
            if opened.known is not None:
                best = (level, opened.known)
                end = opened.known.end
        return best

    def find(self, opened: _Open, begin: int, end: int) -> _Delimiter | None:
        """The first delimiter of a multipart within a stretch."""
        found = self.line(opened.mark, _REST_OF_LINE, begin, end)
        for mark in opened.former:
            # the line may as well be text, unless a part's header or nothing follows
            former = self.line(mark, _FORMER_REST, begin, found.start if found else end)
            found = _Delimiter(former.start, former.end, closing=False) if former else found
        return found

    def line(self, mark: bytes, rest: re.Pattern[bytes], begin: int, end: int) -> _Delimiter | None:
        while (start := self.content.find(mark, begin, end)) >= 0:
            if match := rest.match(self.content, start + len(mark), end):
                return _Delimiter(start, match.end(), closing=match[1] is not None)
            begin = start + len(mark)
            self.left.lookalikes -= 1
            if self.left.lookalikes < 0:
                self.faults.lose(f"lines that look like boundaries, beyond {_MAX_LOOKALIKES}, were not looked at")
                return None
        return None

    def header(self, start: int, end: int) -> tuple[tuple[tuple[str, bytes], ...], int]:
        """The header fields, and where the body behind them begins."""
        return self.plain_header(start, end) or self.any_header(start, end)

    def plain_header(self, start: int, end: int) -> tuple[tuple[tuple[str, bytes], ...], int] | None:
        """The header as nearly all are, read at once: fields, their continuations and a blank line, nothing else."""
        blank = _BLANK_LINE.search(self.content, start, end)
        if blank is None or blank.end() - start > self.limits.header_bytes or self.content.startswith(_NO_FIELD, start):
            return None
        found = _PLAIN_FIELD.findall(self.content, start, blank.start() + 1)
        length = sum(len(name) + len(colon) + len(value) for name, colon, value in found)
        if length != blank.start() + 1 - start or len(found) >= self.limits.header_fields:
            return None
        return tuple((name.decode("ascii").lower(), value.strip()) for name, _, value in found), blank.end()

    def any_header(self, start: int, end: int) -> tuple[tuple[tuple[str, bytes], ...], int]:
        """The header line by line, whatever it holds."""
        content = self.content
        fields: list[tuple[str, list[bytes]]] = []
        position = start
        if content.startswith((b"From ", b">From "), start):
            # an envelope line that an export left
            position = content.find(b"\n", start, end) + 1 or end
        strays = 0
        while position < end:
            newline = content.find(b"\n", position, end)
            after = newline + 1 if newline >= 0 else end
            line = content[position : min(after, position + self.limits.header_bytes)]
            if not line.strip(b"\r\n"):
                position = after
                break
            if after - start > self.limits.header_bytes or len(fields) >= self.limits.header_fields:
                most = f"{self.limits.header_bytes} bytes or {self.limits.header_fields} fields"
                self.faults.lose(f"the header beyond {most} was not read")
                blank = _BLANK_LINE.search(content, position, end)
                position = blank.end() if blank else end
                break
            if line[:1] in b" \t" and fields:
                fields[-1][1].append(line)
            elif match := _FIELD.match(line):
                fields.append((match[1].decode("ascii").lower(), [line[match.end() :]]))
            elif line.startswith(_NO_FIELD) and _KNOWN_FIELD.match(content, after, end):
                # an envelope line, or a continuation of nothing
                self.faults.note("a line of the header is no field and was left out")
            elif (
                fields
                and strays < _MAX_STRAYS
                and _goes_on(fields[-1][0], line, content[after - 1 : min(end, after + _AHEAD)])
            ):
                strays += 1
                fields[-1][1].append(line)
                self.faults.note("a line of the header is no field and was read as part of the one before")
            else:
                if fields:
                    self.faults.note("no blank line stands between header and body")
                break
            position = after
        return tuple((name, b"".join(lines).strip()) for name, lines in fields), min(position, end)


def _goes_on(name: str, line: bytes, ahead: bytes) -> bool:
    """Whether a line that is no field belongs to the field before it: folded once, its blanks lost on the way."""
    if line.startswith(b"--"):
        return False
    if name in _TRACE_FIELDS or _KNOWN_FIELD.match(ahead, 1):
        return True
    blank = _BLANK_LINE.search(ahead)
    return name.startswith("x-") and _KNOWN_LINE.search(ahead, 0, blank.start() if blank else len(ahead)) is not None


def _as_text(part: Part, body: memoryview) -> Part:
    """What says it is a multipart and is none, as the text that it is."""
    kind = b"text/html" if _MARKUP.match(body) else b"text/plain"
    label = b'; charset="' + part.charset.encode("utf-8", "replace") + b'"' if codecs_of(part.charset) else b""
    fields = tuple((name, value) for name, value in part.fields if name != "content-type")
    return Part((*fields, ("content-type", kind + label)), body)


def _without_end(part: Part, closing: bytes) -> Part:
    """The last part without a closing delimiter that stands, against the rules, at the end of its last line."""
    tail = bytes(part.raw[-len(closing) - _BLANKS :])
    text = tail.rstrip()
    if part.parts or not text.endswith(closing):
        return part
    return replace(part, raw=part.raw[: len(part.raw) - len(tail) + len(text) - len(closing)])
