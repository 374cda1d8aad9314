"""One part of a message (RFC 2045, 2046): its header fields, what they say of its body, and the body decoded."""

import binascii
import io
import re
from dataclasses import dataclass
from functools import cached_property

from outreach_audit.mail.headers import Parametrised, decode_base64, decode_words, parametrised, raw_text

_MAX_VALUE = 8_000
"""Bytes of a Content- field that are read."""
_SAMPLE = 2_000
_CHUNK = 1 << 16
_BREAKS = re.compile(rb"[\r\n]+")
_BLANK = re.compile(rb" ")
_WIDTH = {"quoted-printable": 3.0, "base64": 1.5, "": 1.0, "7bit": 1.0, "8bit": 1.0, "binary": 1.0}
"""Bytes that an encoding writes for one, line ends included."""
_TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,120}$")
_UU_BEGIN = re.compile(rb"(?m)^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n")
_NOT_BASE64 = re.compile(rb"[\x80-\xff]{2}|[_-]{10}|[A-Za-z][a-z]{1,20},? [a-z]{1,20} [a-z]{1,20} ")
"""What base64 never has: 8-bit text, a line drawn, or words with blanks between them."""
_OF_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"

_MESSAGE_TYPES = frozenset({"message/rfc822", "message/global"})


@dataclass(frozen=True)
class Part:
    """One part: header fields (name in lower case, value as it stands), the parts within, or else its body.

    ``raw`` is the body as it stands, a view into the message where one will do: bodies are large.
    """

    fields: tuple[tuple[str, bytes], ...]
    raw: bytes | memoryview = b""
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

    @property
    def body(self) -> bytes:
        """The body as it stands."""
        return bytes(self.raw)

    def content(self) -> bytes:
        """The body with its transfer encoding undone (RFC 2045, section 6)."""
        return _decoded(memoryview(self.raw), self.encoding)

    def beginning(self, most: int) -> tuple[bytes, bool]:
        """The first bytes of the content, and whether that is all of it; no more than these is decoded."""
        encoded = memoryview(self.raw)[: int(_WIDTH.get(self.encoding, 1.5) * most) + 1]
        content = _decoded(encoded, self.encoding)
        return content[:most], len(encoded) == len(self.raw) and len(content) <= most


def _decoded(raw: memoryview, encoding: str) -> bytes:
    if encoding == "base64":
        return _base64_decoded(raw)
    body = bytes(raw)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _uudecoded(body)
    return body


def _base64_decoded(raw: memoryview) -> bytes:
    """Base64 undone; what is none is left as it is, and so is the footer that a mailing list put behind it."""
    found = _NOT_BASE64.search(raw, 0, _SAMPLE) or _NOT_BASE64.search(raw, max(0, len(raw) - _SAMPLE))
    if not found:
        sample = bytes(raw[:_SAMPLE])
        others = len(sample.translate(None, _OF_BASE64))
        # decoded where it lies: an attachment may be a large part of all memory
        return bytes(raw) if others * 10 > len(sample) else decode_base64(raw)
    before = max(0, found.start() - _CHUNK)
    footer = before + bytes(raw[before : found.start()]).rfind(b"\n") + 1
    others = len(bytes(raw[: min(footer, _SAMPLE)]).translate(None, _OF_BASE64))
    chunks = [raw[at : min(at + _CHUNK, footer)] for at in range(0, footer, _CHUNK)]
    letters = sum(len(_BREAKS.sub(b"", chunk)) for chunk in chunks)
    is_base64 = not others and letters % 4 == 0 and not any(_BLANK.search(chunk) for chunk in chunks)
    return decode_base64(raw[:footer]) + bytes(raw[footer:]) if is_base64 else bytes(raw)


def _uudecoded(body: bytes) -> bytes:
    begin = _UU_BEGIN.search(body)
    content = bytearray()
    for line in io.BytesIO(body[begin.end() :] if begin else body):
        if line.strip() in {b"end", b"`"}:
            break
        try:
            content += binascii.a2b_uu(line)
        except binascii.Error:
            # some programs write trailing blanks or lines too long for their count
            length = ((line[0] - 32) & 63) * 4 // 3 + 2 if line else 0
            try:
                content += binascii.a2b_uu(line[:length])
            except binascii.Error:
                continue
    return bytes(content)
