"""What a file is, by its content alone: names and endings say nothing."""

from enum import StrEnum

from outreach_audit.sources.eml import EMLX_LENGTH
from outreach_audit.sources.headers import looks_like_message
from outreach_audit.sources.limits import MIB
from outreach_audit.sources.log import looks_like_log
from outreach_audit.sources.mbox import starts_mbox
from outreach_audit.sources.place import Place
from outreach_audit.sources.tar import is_tar
from outreach_audit.sources.window import Window

HEAD = 64 * 1024
_OLE_SPAN = 16 * MIB
_NOTHING = b" \t\r\n\0\xef\xbb\xbf"


class Kind(StrEnum):
    """The containers that can be read, and what cannot."""

    MBOX = "mbox"
    EML = "eml"
    EMLX = "emlx"
    MSG = "msg"
    PST = "pst"
    LOG = "log"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"
    ZIP = "zip"
    TAR = "tar"
    UTF16 = "utf16"
    UTF32 = "utf32"
    EMPTY = "empty"
    NONE = "none"


_MAGIC = (
    (b"\x1f\x8b\x08", Kind.GZIP),
    (b"BZh", Kind.BZIP2),
    (b"\xfd7zXZ\0", Kind.XZ),
    (b"\x28\xb5\x2f\xfd", Kind.ZSTD),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"!BDN", Kind.PST),
    (b"\xff\xfe\0\0", Kind.UTF32),
    (b"\0\0\xfe\xff", Kind.UTF32),
    (b"\xff\xfe", Kind.UTF16),
    (b"\xfe\xff", Kind.UTF16),
)
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MSG_MARKS = ("__properties_version1.0".encode("utf-16-le"), "__nameid_version1.0".encode("utf-16-le"))
"""Names of storages that the compound file of an Outlook message has (MS-OXMSG, sections 2.2 and 2.4)."""

# What is often found beside mail, by its first bytes, in words for the coverage.
_NO_MAIL = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (_OLE, "an Office document"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive: unpack it first"),
    (b"<?xml", "an XML file"),
    (b"BEGIN:VCARD", "contacts (vCard)"),
    (b"BEGIN:VCALENDAR", "a calendar (iCalendar)"),
    (b"// <!-- <mdb:mork", "a Mozilla folder index (.msf)"),
)


def kind_of(window: Window, place: Place) -> Kind:
    """The kind of the content; binary signatures first, then text kinds from the strictest to the loosest."""
    head = window.get(0, HEAD)
    return _binary_kind(window, head) or _text_kind(window, head, place)


def no_mail_reason(window: Window) -> str:
    """Why a file of no known kind is no mail, in words."""
    head = window.get(0, HEAD)
    if window.fault:
        return window.fault
    for magic, name in _NO_MAIL:
        if head.startswith(magic):
            return f"{name}, no mail"
    return "no mail: neither a separator line nor header fields at its beginning"


def _binary_kind(window: Window, head: bytes) -> Kind | None:
    for magic, kind in _MAGIC:
        if head.startswith(magic) and (kind != Kind.BZIP2 or head[4:10] in _BZIP2_BLOCKS):
            return kind
    if head.startswith(_OLE):
        start = window.get(0, _OLE_SPAN)
        return Kind.MSG if all(mark in start for mark in MSG_MARKS) else Kind.NONE
    if _is_bare_utf16(head):
        return Kind.UTF16
    return Kind.TAR if is_tar(head) else None


def _is_bare_utf16(head: bytes) -> bool:
    """UTF-16 without a byte order mark: every other byte of the first words is zero, and the others are text."""
    start = head[:64]
    odd, even = start[1::2], start[::2]
    return len(start) == 64 and (  # noqa: PLR2004 (the span just cut)
        (not any(odd) and 0 not in even) or (not any(even) and 0 not in odd)
    )


def _text_kind(window: Window, head: bytes, place: Place) -> Kind:
    if not head.strip(_NOTHING):
        return Kind.EMPTY if window.end < HEAD else Kind.NONE
    if any(head.startswith(magic) for magic, _ in _NO_MAIL):
        return Kind.NONE
    length = EMLX_LENGTH.match(head)
    if length and looks_like_message(head[length.end() :]):
        return Kind.EMLX
    if looks_like_message(head.lstrip(_NOTHING)):
        return Kind.EML
    if starts_mbox(window, HEAD):
        return Kind.MBOX
    return Kind.LOG if looks_like_log(head, place.mapping) else Kind.NONE
