"""An Outlook item (MAPI properties, MS-OXPROPS) as a message of RFC 5322: what .msg and .pst have in common.

Transport headers are kept as they came; what they lack is made from the properties. Every part is base64, so that
nothing in it can be taken for a boundary.
"""

import base64
import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime
from typing import Final, Protocol

from outreach_audit.sources.headers import FIELD
from outreach_audit.sources.rich_text import decompressed, wraps_html

SUBJECT, HEADERS, MESSAGE_CLASS, BODY, HTML, RTF = 0x0037, 0x007D, 0x001A, 0x1000, 0x1013, 0x1009
SUBMITTED, DELIVERED, MESSAGE_ID, IN_REPLY_TO, REFERENCES = 0x0039, 0x0E06, 0x1035, 0x1042, 0x1039
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP, AUTHOR_SMTP = 0x0C1A, 0x0C1F, 0x5D01, 0x5D02
RECIPIENT_KIND, NAME, ADDRESS, SMTP = 0x0C15, 0x3001, 0x3003, 0x39FE
ATTACHED, ATTACH_METHOD, FILE_NAME, LONG_FILE_NAME, MIME_TYPE, CONTENT_ID = (
    0x3701,
    0x3705,
    0x3704,
    0x3707,
    0x370E,
    0x3712,
)
BODY_CODEPAGE, TEXT_CODEPAGE = 0x3FDE, 0x3FFD
WANTED: Final = frozenset(
    {SUBJECT, HEADERS, MESSAGE_CLASS, BODY, HTML, RTF, SUBMITTED, DELIVERED, MESSAGE_ID, IN_REPLY_TO, REFERENCES}
    | {SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP, AUTHOR_SMTP, RECIPIENT_KIND, NAME, ADDRESS, SMTP}
    | {ATTACHED, ATTACH_METHOD, FILE_NAME, LONG_FILE_NAME, MIME_TYPE, CONTENT_ID, BODY_CODEPAGE, TEXT_CODEPAGE}
)
PST_FAULTS: Final = (OSError, ValueError, RuntimeError, MemoryError, SystemError, TypeError, AttributeError, IndexError)
"""libpff raises these for whatever is broken in a store."""
EMBEDDED: Final = 5
"""The ATTACH_METHOD of a message within a message."""

_INTEGER, _TIME, _STRING8, _UNICODE = 0x0003, 0x0040, 0x001E, 0x001F
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_CHARSETS: Final = {
    932: "shift_jis", 936: "gb18030", 949: "cp949", 950: "big5", 1361: "johab", 10001: "shift_jis", 20127: "us-ascii",
    20866: "koi8-r", 20932: "euc-jp", 20936: "gb18030", 20949: "cp949", 21866: "koi8-u", 50220: "iso-2022-jp",
    50221: "iso-2022-jp", 50222: "iso-2022-jp", 50225: "iso-2022-kr", 51932: "euc-jp", 51936: "gb18030",
    51949: "euc-kr", 52936: "hz-gb-2312", 54936: "gb18030", 65001: "utf-8",
    **{page: f"windows-{page}" for page in range(1250, 1259)},
    **{28590 + part: f"iso-8859-{part}" for part in (*range(1, 12), 13, 14, 15, 16)},
}  # fmt: skip
_OWN_FIELDS = (b"content-", b"mime-version")
_TYPE = re.compile(r"[A-Za-z0-9.+\-]{1,60}/[A-Za-z0-9.+\-]{1,60}")
_LINE_END = re.compile(r"\r\n|\n|\r")
_MOST_RICH_TEXT = 8_000_000

Value = str | bytes | int | datetime
Properties = Mapping[int, Value]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file attached to an item, or another item attached to it (``content`` is then its RFC 5322 form)."""

    name: str
    content_type: str
    content_id: str
    content: bytes
    is_message: bool = False


@dataclass(frozen=True, slots=True)
class OutlookItem:
    """One item as its file gives it; ``defects`` are what could not be had."""

    properties: Properties
    recipients: Sequence[Properties] = ()
    attachments: Sequence[Attachment] = ()
    defects: list[str] = field(default_factory=list)

    @property
    def is_mail(self) -> bool:
        """Whether it is a message or a delivery report, and not a contact, appointment or task."""
        kind = text(self.properties, MESSAGE_CLASS).lower()
        return not kind or kind.startswith(("ipm.note", "report.", "ipm.schedule.meeting", "ipm.post", "ipm.document"))


def text(properties: Properties, tag: int) -> str:
    """The string property, or ``''``."""
    value = properties.get(tag, "")
    return value if isinstance(value, str) else ""


def charset(codepage: Value | None) -> str:
    """The charset of a Windows code page, ``''`` where it is unknown."""
    return _CHARSETS.get(codepage, "") if isinstance(codepage, int) else ""


def value_of(kind: int, data: bytes, encoding: str) -> Value | None:
    """One property value from its bytes (MS-OXCDATA, section 2.11); None where the type is not needed."""
    if kind == _UNICODE:
        return data.decode("utf-16-le", "replace").rstrip("\0")
    if kind == _STRING8:
        return data.decode(encoding or "windows-1252", "replace").rstrip("\0")
    if kind == _INTEGER and len(data) >= 4:  # noqa: PLR2004 (bytes of the type)
        return int(struct.unpack_from("<i", data)[0])
    if kind == _TIME and len(data) >= 8:  # noqa: PLR2004
        try:
            return _EPOCH + timedelta(microseconds=struct.unpack_from("<Q", data)[0] // 10)
        except OverflowError:
            return None
    return data if kind not in (_INTEGER, _TIME) else None


class Entry(Protocol):
    """One property of a store, as libpff names it; ``data`` may raise whatever libpff raises."""

    @property
    def entry_type(self) -> int:
        """The tag of the property."""

    @property
    def value_type(self) -> int:
        """The type of its value."""

    @property
    def data(self) -> bytes | None:
        """Its bytes."""


def decoded(entries: Iterable[Entry]) -> Properties:
    """The values of a store's entries; strings that are no Unicode are of the code page that stands among them."""
    found: dict[int, Value] = {}
    encoding = ""
    for entry in sorted(entries, key=lambda entry: entry.entry_type not in (BODY_CODEPAGE, TEXT_CODEPAGE)):
        try:
            value = value_of(entry.value_type, entry.data or b"", encoding)
        except PST_FAULTS:
            continue
        if entry.entry_type in (BODY_CODEPAGE, TEXT_CODEPAGE):
            encoding = encoding or charset(value)
        if value is not None:
            found.setdefault(entry.entry_type, value)
    return found


def to_rfc822(item: OutlookItem, level: int = 0) -> bytes:
    """The item as one message; ``level`` tells how deep it lies within others, for boundaries that differ."""
    fields = list(_fields(item))
    parts = list(_bodies(item))
    files = [_file(attachment) for attachment in item.attachments]
    head = b"".join(line + b"\r\n" for line in fields) + b"MIME-Version: 1.0\r\n"
    body = parts[0] if len(parts) == 1 else _multipart("alternative", parts, level)
    return head + (_multipart("mixed", [body, *files], level) if files else body)


def _fields(item: OutlookItem) -> Iterator[bytes]:
    present = set()
    for line in _transport(text(item.properties, HEADERS)):
        present.add(line.split(b":", 1)[0].strip().lower())
        yield line
    properties = item.properties
    author = text(properties, AUTHOR_SMTP) or text(properties, SENDER_SMTP) or text(properties, SENDER_ADDRESS)
    sent = properties.get(SUBMITTED) or properties.get(DELIVERED)
    made = {
        b"From": _mailbox(text(properties, SENDER_NAME), author),
        b"To": _recipients(item, 1),
        b"Cc": _recipients(item, 2),
        b"Bcc": _recipients(item, 3),
        b"Subject": _encoded(re.sub("^\x01.", "", text(properties, SUBJECT), flags=re.DOTALL)),
        b"Date": format_datetime(sent).encode() if isinstance(sent, datetime) else b"",
        b"Message-ID": _plain(text(properties, MESSAGE_ID)),
        b"In-Reply-To": _plain(text(properties, IN_REPLY_TO)),
        b"References": _plain(text(properties, REFERENCES)),
    }
    for name, value in made.items():
        if value and name.lower() not in present:
            yield name + b": " + value


def _transport(headers: str) -> Iterator[bytes]:
    """The header fields as they came, but those that describe the body as it was before Outlook took it apart."""
    keep = False
    for raw in _LINE_END.split(headers):
        line = raw.encode("utf-8", "replace")
        if line[:1] not in (b" ", b"\t"):
            keep = FIELD.match(line) is not None and not line.lower().startswith(_OWN_FIELDS)
        if keep and line.strip():
            yield line


def _bodies(item: OutlookItem) -> Iterator[bytes]:
    plain, html = text(item.properties, BODY), item.properties.get(HTML)
    rich = b"" if html else _rich_text(item, plain)
    if plain or not (html or rich):
        yield _part("text/plain; charset=utf-8", plain.encode("utf-8", "replace"))
    if isinstance(html, str):
        yield _part("text/html; charset=utf-8", html.encode("utf-8", "replace"))
    elif isinstance(html, bytes) and html:
        label = charset(item.properties.get(BODY_CODEPAGE))
        yield _part("text/html" + (f"; charset={label}" if label else ""), html.rstrip(b"\0"))
    if rich:
        yield _part("text/rtf", rich)


def _rich_text(item: OutlookItem, plain: str) -> bytes:
    """The body as RTF, where no other says what it says: alone, or as the wrapping of HTML."""
    packed = item.properties.get(RTF)
    if not isinstance(packed, bytes) or not packed:
        return b""
    try:
        rich, whole = decompressed(packed, _MOST_RICH_TEXT)
    except ValueError as error:
        if not plain:
            item.defects.append(f"its body, which is rich text (RTF), could not be read: {error}")
        return b""
    if plain and not wraps_html(rich):
        return b""
    if not whole:
        item.defects.append(f"its body, which is rich text (RTF), was not read in full: {len(rich):,} bytes")
    return rich


def _file(attachment: Attachment) -> bytes:
    name = _encoded(attachment.name.replace('"', "'") or "attachment")
    disposition = b'Content-Disposition: attachment; filename="' + name.replace(b"\r\n", b"") + b'"\r\n'
    if attachment.is_message:
        return b"Content-Type: message/rfc822\r\n" + disposition + b"\r\n" + attachment.content
    kind = attachment.content_type if _TYPE.fullmatch(attachment.content_type) else "application/octet-stream"
    if kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    content_id = _plain(attachment.content_id)
    return _part(
        kind, attachment.content, disposition + (b"Content-ID: <" + content_id + b">\r\n" if content_id else b"")
    )


def _part(content_type: str, content: bytes, more: bytes = b"") -> bytes:
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n".encode()
    return head + more + b"\r\n" + base64.encodebytes(content)


def _multipart(kind: str, parts: Sequence[bytes], level: int) -> bytes:
    boundary = f"=_{kind}_{level}_="
    mark = b"--" + boundary.encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def _recipients(item: OutlookItem, kind: int) -> bytes:
    mailboxes = (
        _mailbox(text(recipient, NAME), text(recipient, SMTP) or text(recipient, ADDRESS))
        for recipient in item.recipients
        if recipient.get(RECIPIENT_KIND, 1) == kind
    )
    return b",\r\n ".join(mailbox for mailbox in mailboxes if mailbox)


def _mailbox(name: str, address: str) -> bytes:
    """``name <address>``; an Exchange name (``/o=…``) is no address and is left out."""
    address = "".join(address.split()).strip("<>") if "@" in address else ""
    name = re.sub(r'[\\"\x00-\x1f]', " ", name).strip()
    if not name or name == address:
        return address.encode("utf-8", "replace")
    shown = f'"{name}"'.encode() if name.isascii() else _encoded(name)
    return shown + b" <" + address.encode("utf-8", "replace") + b">"


def _encoded(value: str) -> bytes:
    value = re.sub(r"[\x00-\x1f]+", " ", value).strip()
    if value.isascii():
        return value.encode()
    return Header(value.encode("utf-8", "replace").decode(), "utf-8", 200).encode(linesep="\r\n").encode()


def _plain(value: str) -> bytes:
    return re.sub(r"\s+", " ", value).strip().encode("ascii", "replace")
