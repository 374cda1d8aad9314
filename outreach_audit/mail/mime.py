"""The structure of a message (RFC 5322, 2045, 2046): header fields and a tree of parts, as bytes.

The standard library's parser reads ordinary mail. What would make it slow or raise (nesting, part
floods, long parameters; it is quadratic in some and recursive in others) is found beforehand and
read by a second, simpler reader, as is what it gives up on: then header and text are still had.
"""

import binascii
import email
import re
from dataclasses import dataclass, field
from email import errors
from email.message import Message
from email.policy import compat32
from functools import cached_property

from outreach_audit.mail.charset import codecs_of
from outreach_audit.mail.headers import Parametrised, decode_base64, decode_words, parametrised, raw_text
from outreach_audit.mail.limits import Faults, Limits

_MAX_STDLIB_NESTING = 60
_MAX_VALUE = 8_000
"""Bytes of a Content- field that are read: the standard library is quadratic in its parameters."""
_SAMPLE = 2_000

_MULTIPART = re.compile(rb"(?i)multipart/")
_TYPE_FIELD = re.compile(rb"(?im)^content-(?:type|disposition)[ \t]*:")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN_FIELD = re.compile(
    rb"(?i)(?:x-[\w-]{1,60}|mime-version|content-(?:type|transfer-encoding|disposition|language|id|description)|from|to|cc"
    rb"|subject|date|message-id|reply-to|received|sender|return-path|delivered-to|in-reply-to|references|list-[\w-]{1,30}"
    rb"|precedence|status|lines|importance|user-agent|authentication-results|dkim-signature|arc-[\w-]{1,40}):"
)
_FIELD_END = re.compile(rb"\n(?![ \t])")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_BOUNDARY_LINE = re.compile(rb"(?im)^--([^\r\n]{1,200}?)[ \t]*\r?\n(?=content-)")
_TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,120}$")
_MARKUP = re.compile(rb"(?i)\s{0,200}<(?:!doctype|html|head|body|div|table|p)\b")
_UU_BEGIN = re.compile(rb"(?m)^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n")
_NOT_BASE64 = re.compile(rb"[\x80-\xff]{2}|[A-Za-z][a-z]+,? [a-z]+ [a-z]+ ")
"""What base64 never has: 8-bit text, or words with blanks between them."""

_MESSAGE_TYPES = frozenset({"message/rfc822", "message/global"})
_ENCODINGS = frozenset({"base64", "quoted-printable"})

_DEFECTS: dict[type[object], str] = {
    errors.CloseBoundaryNotFoundDefect: "a multipart is not closed",
    errors.FirstHeaderLineIsContinuationDefect: "the header begins with a continuation line",
    errors.MisplacedEnvelopeHeaderDefect: "an envelope line stands within the header",
}


@dataclass(frozen=True)
class Part:
    """One part: header fields (name in lower case, value as it stands), the parts within, or else its body."""

    fields: tuple[tuple[str, bytes], ...]
    body: bytes = b""
    parts: tuple["Part", ...] = ()
    default_type: str = "text/plain"

    def value(self, name: str) -> bytes:
        """The first field of that name (lower case), bounded, or nothing."""
        return next((value for key, value in self.fields if key == name), b"")[:_MAX_VALUE]

    @cached_property
    def type(self) -> Parametrised:
        """Content-Type; text/plain where it is missing or no type at all (RFC 2045, section 5.2)."""
        read = parametrised(raw_text(self.value("content-type")))
        value = "".join(read.value.split())
        if value == "text":
            value = "text/plain"
        return Parametrised(value if _TYPE.match(value) else self.default_type, read.parameters)

    @cached_property
    def disposition(self) -> Parametrised:
        """Content-Disposition (RFC 2183)."""
        return parametrised(raw_text(self.value("content-disposition")))

    @property
    def is_multipart(self) -> bool:
        """Whether its type says that it has parts."""
        return self.type.value.startswith("multipart/")

    @property
    def is_message(self) -> bool:
        """Whether it is a whole message (RFC 2046, section 5.2.1; RFC 6532, section 3.7)."""
        return self.type.value in _MESSAGE_TYPES

    @property
    def filename(self) -> str:
        """The file name of an attachment, decoded, or ``''``."""
        name = self.disposition.parameters.get("filename") or self.type.parameters.get("name", "")
        return decode_words(name).strip()

    @property
    def charset(self) -> str:
        """The declared charset label, or ``''``."""
        return self.type.parameters.get("charset", "")

    @property
    def encoding(self) -> str:
        """Content-Transfer-Encoding in lower case."""
        return raw_text(self.value("content-transfer-encoding")).strip(" \t\"'.;").lower()

    def content(self) -> bytes:
        """The body with its transfer encoding undone (RFC 2045, section 6)."""
        return _decoded(self.body, self.encoding)


def _decoded(body: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return body if _NOT_BASE64.search(body[:_SAMPLE]) else decode_base64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _uudecoded(body)
    return body


def _uudecoded(body: bytes) -> bytes:
    begin = _UU_BEGIN.search(body)
    lines: list[bytes] = []
    for line in body[begin.end() if begin else 0 :].splitlines():
        if line.strip() in {b"end", b"`"}:
            break
        try:
            lines.append(binascii.a2b_uu(line))
        except binascii.Error:
            # some programs write trailing blanks or lines too long for their count
            length = ((line[0] - 32) & 63) * 4 // 3 + 2 if line else 0
            try:
                lines.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                continue
    return b"".join(lines)


def read(content: bytes, limits: Limits, faults: Faults) -> Part:
    """Read the structure of a message; never raises.

    Args:
        content: The message.
        limits: How much to read.
        faults: Gets a sentence for every fault and every limit.
    """
    content = _as_bytes_of_mail(content)
    if len(content) > limits.message_bytes:
        faults.lose(f"the message is longer than {limits.message_bytes} bytes, the rest was not read")
        content = content[: limits.message_bytes]
    if not _hostile(content, limits):
        try:
            message = email.message_from_bytes(content, policy=compat32)
            if not any(_header_breaks_off(part) for part in message.walk()):
                return _Reader(limits, faults).converted(message, 0)
        except (RecursionError, ValueError, TypeError, LookupError, AttributeError) as error:
            faults.note(f"the structure had to be read leniently ({type(error).__name__})")
    return _Reader(limits, faults).lenient(content, 0)


def _as_bytes_of_mail(content: bytes) -> bytes:
    """The message without what some exports put before it (a byte order mark, blank lines), and not in UTF-16."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16", "replace").encode("utf-8", "replace")
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    return content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")


def _header_breaks_off(message: Message) -> bool:
    """Whether a line that is no field ended the header, where the second reader may know better."""
    return any(isinstance(defect, errors.MissingHeaderBodySeparatorDefect) for defect in message.defects)


def _hostile(content: bytes, limits: Limits) -> bool:
    """Whether the standard library would be slow on it, or raise."""
    if content.count(b"\n--") > limits.parts and _MULTIPART.search(content):
        return True
    if len(_MULTIPART.findall(content)) > _MAX_STDLIB_NESTING:
        return True
    blank = _BLANK_LINE.search(content)
    head = blank.start() if blank else len(content)
    if head > limits.header_bytes or content.count(b"\n", 0, head) > limits.header_fields:
        return True
    return any(_long_field(content, match.end()) for match in _TYPE_FIELD.finditer(content))


def _long_field(content: bytes, start: int) -> bool:
    """Whether a field goes on, folded or not, beyond what is read of it."""
    window = content[start : start + _MAX_VALUE]
    return len(window) == _MAX_VALUE and _FIELD_END.search(window) is None


def _raw(text: str) -> bytes:
    """The bytes that the standard library's parser keeps as text."""
    return text.encode("utf-8", "surrogateescape")


@dataclass(slots=True)
class _Reader:
    """The reading of one message: its limits, its faults, and how many parts it may still have."""

    limits: Limits
    faults: Faults
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.limits.parts

    def converted(self, message: Message, depth: int) -> Part:
        """The standard library's tree as parts."""
        self.left -= 1
        fields = tuple((str(name).lower(), _raw(str(value))) for name, value in message.raw_items())
        for defect in message.defects:
            if (sentence := _DEFECTS.get(type(defect))) is not None:
                self.faults.note(sentence)
        # get_payload() would decode 8-bit text by the declared charset and lose what does not fit
        payload = message._payload  # type: ignore[attr-defined]  # noqa: SLF001
        default = message.get_default_type()
        if isinstance(payload, list) and "\n--" in (message.epilogue or "") and not any(map(_has_text, payload)):
            # a part's boundary was taken for the closing one
            payload = (message.preamble or "") + (message.epilogue or "")
        if not isinstance(payload, list):
            part = Part(fields, _raw(payload) if isinstance(payload, str) else b"", default_type=default)
            return self.undivided(part, depth) if part.is_multipart and part.body.strip() else part
        if depth >= self.limits.depth:
            return self.too_deep(Part(fields, default_type=default))
        part = Part(fields, parts=self.children(message, payload, depth), default_type=default)
        if part.is_message and part.encoding in _ENCODINGS and not part.parts[0].fields:
            # forbidden by RFC 2046, section 5.2.1, and done all the same
            inner = self.lenient(_decoded(part.parts[0].body, part.encoding), depth + 1)
            part = Part(fields, parts=(inner,), default_type=default)
        return part

    def children(self, message: Message, payload: list[Message], depth: int) -> tuple[Part, ...]:
        """The parts of a multipart of the standard library's tree."""
        parts: list[Part] = []
        types = message.get_all("content-type", [])
        if len(types) > 1 and (message.preamble or "").strip():
            # two parts run together: the text of the second stands where readers see nothing
            self.faults.note("a part declares two types")
            parts.append(Part((("content-type", _raw(str(types[1]))),), _raw(str(message.preamble))))
        for child in payload:
            if self.left <= 0:
                self.too_many()
                break
            parts.append(self.converted(child, depth + 1))
        return tuple(parts)

    def lenient(self, content: bytes, depth: int, default: str = "text/plain") -> Part:
        """The second reader: linear, bounded in depth, splits by boundary lines only."""
        self.left -= 1
        fields, body = self.header(content)
        part = Part(fields, body, default_type=default)
        if not part.is_multipart and not part.is_message:
            return part
        if depth >= self.limits.depth:
            return self.too_deep(Part(fields, default_type=default))
        if part.is_message:
            return Part(fields, parts=(self.lenient(part.content(), depth + 1),), default_type=default)
        boundary = _raw(part.type.parameters.get("boundary", "")).rstrip()
        parts = self.split(part, boundary, depth) if boundary else ()
        if not parts and body.strip():
            return self.undivided(part, depth)
        return Part(fields, parts=parts, default_type=default)

    def undivided(self, part: Part, depth: int) -> Part:
        """A multipart in which the declared boundary never comes: by the boundary that does, or as text."""
        match = _BOUNDARY_LINE.search(part.body)
        if match and depth < self.limits.depth and (parts := self.split(part, match[1], depth)):
            self.faults.note("a multipart uses another boundary than it declares")
            return Part(part.fields, parts=parts, default_type=part.default_type)
        self.faults.note("a multipart has no parts and was read as text")
        kind = b"text/html" if _MARKUP.match(part.body) else b"text/plain"
        label = b'; charset="' + _raw(part.charset) + b'"' if codecs_of(part.charset) else b""
        fields = tuple((name, value) for name, value in part.fields if name != "content-type")
        return Part((*fields, ("content-type", kind + label)), part.body)

    def split(self, part: Part, boundary: bytes, depth: int) -> tuple[Part, ...]:
        """A multipart divided at its boundary lines (RFC 2046, section 5.1.1)."""
        line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
        default = "message/rfc822" if part.type.value == "multipart/digest" else "text/plain"
        parts: list[Part] = []
        start = -1
        for match in line.finditer(part.body):
            if start >= 0:
                piece = part.body[start : match.start()].removesuffix(b"\n").removesuffix(b"\r")
                parts.append(self.lenient(piece, depth + 1, default))
            start = -1 if match[1] else match.end()
            if match[1]:
                break
            if self.left <= 0:
                self.too_many()
                return tuple(parts)
        if start >= 0:
            self.faults.note("a multipart is not closed")
            parts.append(self.lenient(part.body[start:], depth + 1, default))
        return tuple(parts)

    def too_deep(self, part: Part) -> Part:
        self.faults.lose(f"parts nested deeper than {self.limits.depth} were not read")
        return part

    def too_many(self) -> None:
        self.faults.lose(f"parts beyond {self.limits.parts} were not read")

    def header(self, content: bytes) -> tuple[tuple[tuple[str, bytes], ...], bytes]:
        """The header fields, and the body behind them."""
        fields: list[tuple[str, list[bytes]]] = []
        position = 0
        while position < len(content):
            newline = content.find(b"\n", position)
            after = newline + 1 if newline >= 0 else len(content)
            line = content[position : min(after, position + self.limits.header_bytes)]
            if not line.strip(b"\r\n"):
                position = after
                break
            if after > self.limits.header_bytes or len(fields) >= self.limits.header_fields:
                self.faults.lose(
                    f"the header beyond {self.limits.header_bytes} bytes or {self.limits.header_fields} fields was not read"
                )
                blank = _BLANK_LINE.search(content, position)
                position = blank.end() if blank else len(content)
                break
            if line[:1] in b" \t" and fields:
                fields[-1][1].append(line)
            elif match := _FIELD.match(line):
                fields.append((match[1].decode("ascii").lower(), [line[match.end() :]]))
            elif fields and not line.startswith(b"--") and _KNOWN_FIELD.match(content, after):
                # an unfolded line of a long field, with the header going on behind it
                fields[-1][1].append(line)
                self.faults.note("a line of the header is no field and was read as part of the one before")
            elif position > 0 or not line.startswith((b"From ", b">From ")):
                if fields:
                    self.faults.note("no blank line stands between header and body")
                break
            position = after
        return tuple((name, b"".join(lines).strip()) for name, lines in fields), content[position:]


def _has_text(message: Message) -> bool:
    payload = message._payload  # type: ignore[attr-defined]  # noqa: SLF001 - see _Reader.converted
    return bool(payload if isinstance(payload, list) else (payload or "").strip())
