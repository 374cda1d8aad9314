"""Which format a file has: by its content first, by name and type only where the content leaves it open."""

import re
from enum import StrEnum

from outreach_audit.mail.attachments.formats import messages
from outreach_audit.mail.attachments.model import Extracted, File, State


class Format(StrEnum):
    """The formats that are told apart before anything is parsed."""

    PDF = "pdf"
    OLE = "ole"  # Word, Excel, PowerPoint before 2007; HWP 5; encrypted office files
    ZIP = "zip"  # archives, and all formats made of one: the child looks inside
    RTF = "rtf"
    TNEF = "tnef"
    XML = "xml"
    HTML = "html"
    TEXT = "text"
    MESSAGE = "message"  # mail kept in a file: eml, emlx, mbox, Outlook msg
    NOTICE = "notice"  # what machines tell each other of mail: delivery status, feedback reports
    WEB_ARCHIVE = "web_archive"
    SIGNATURE = "signature"
    CIPHERTEXT = "ciphertext"
    ARCHIVE = "archive"  # of a kind that is not opened
    HWP3 = "hwp3"
    OTHER = "other"  # pictures, sounds, programs, and what nobody knows


# Read where the mail itself is read: they need no parser that the mail's own body would not need.
IN_PROCESS = frozenset({Format.TEXT, Format.HTML})

# What needs no reading to be answered.
UNREAD = {
    Format.NOTICE: Extracted(State.NONE),
    Format.WEB_ARCHIVE: Extracted(State.UNSUPPORTED, "", "a web archive (MHTML) is not read"),
    Format.SIGNATURE: Extracted(State.NONE),
    Format.OTHER: Extracted(State.NONE),
    Format.CIPHERTEXT: Extracted(State.ENCRYPTED, "", "encrypted for its recipient (PGP or S/MIME)"),
    Format.ARCHIVE: Extracted(State.UNSUPPORTED, "", "an archive of a kind that is not opened (zip is)"),
    Format.HWP3: Extracted(State.UNSUPPORTED, "", "HWP before version 5 is not read"),
}

_HEAD = 4096

_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.OLE),
    (b"PK\x03\x04", Format.ZIP),
    (b"PK\x05\x06", Format.ZIP),
    (b"\x78\x9f\x3e\x22", Format.TNEF),
    (b"HWP Document File V", Format.HWP3),
    (b"Rar!\x1a\x07", Format.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Format.ARCHIVE),
    (b"\x1f\x8b\x08", Format.ARCHIVE),
    (b"BZh91AY&SY", Format.ARCHIVE),
    (b"\xfd7zXZ\x00", Format.ARCHIVE),
    (b"\x28\xb5\x2f\xfd", Format.ARCHIVE),
    (b"MSCF\x00\x00\x00\x00", Format.ARCHIVE),
    (b"EGGA\x00\x01", Format.ARCHIVE),
    (b"ALZ\x01", Format.ARCHIVE),
    (b"-----BEGIN PGP MESSAGE-----", Format.CIPHERTEXT),
    (b"-----BEGIN PGP SIGNATURE-----", Format.SIGNATURE),
)
_TAR = (257, b"ustar")

_BY_TYPE = {
    "application/pgp-encrypted": Format.SIGNATURE,  # the control part of RFC 3156, section 4: "Version: 1"
    "application/pgp-signature": Format.SIGNATURE,
    "application/pgp-keys": Format.SIGNATURE,
    "application/pkcs7-signature": Format.SIGNATURE,
    "application/x-pkcs7-signature": Format.SIGNATURE,
}
_MESSAGE_TYPES = frozenset({"message/rfc822", "message/global"})
_SMIME_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_ENVELOPED = bytes.fromhex("2a864886f70d010703")  # id-envelopedData, RFC 5652 section 6

_HTML_START = re.compile(
    rb"<(?:!doctype\s{1,20}html|(?:html|head|body|meta|table|div|p|span|font|center)[\s/>])", re.IGNORECASE
)
_XML_START = re.compile(rb"<(?:\?xml|hwpml)[\s>]", re.IGNORECASE)
_WEB_ARCHIVE_START = re.compile(
    rb"(?:from: <saved by|mime-version: 1\.0\s{1,2}content-type: multipart/related)", re.IGNORECASE
)
_UTF8_BOM, _UTF16_BOMS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")


def detect(file: File) -> Format:
    """The format of a file, from its first bytes; never parses anything."""
    head = file.data[:_HEAD]
    found = _by_declaration(file, head) or _by_magic(head) or _textual(file, head)
    return Format.MESSAGE if found is Format.OLE and messages.is_outlook_message(file.data) else found


def _by_declaration(file: File, head: bytes) -> Format | None:
    """What only the sender's word tells: messages and signatures are text, or DER, like much else."""
    if file.media_type.startswith("message/"):
        return Format.MESSAGE if file.media_type in _MESSAGE_TYPES else Format.NOTICE
    if file.media_type in _SMIME_TYPES:
        return Format.CIPHERTEXT if _ENVELOPED in head[:64] else Format.SIGNATURE
    return _BY_TYPE.get(file.media_type)


def _by_magic(head: bytes) -> Format | None:
    if b"%PDF-" in head[:1024]:  # readers accept it anywhere there (ISO 32000-1, implementation note 13)
        return Format.PDF
    if head.startswith(_TAR[1], _TAR[0]):
        return Format.ARCHIVE
    return next((found for magic, found in _MAGIC if head.startswith(magic)), None)


def _textual(file: File, head: bytes) -> Format:
    start = head.removeprefix(_UTF8_BOM).lstrip()
    if start.startswith(b"{\\rtf"):
        return Format.RTF
    if not (head.startswith(_UTF16_BOMS) or _looks_like_text(head)):
        return Format.OTHER
    is_mail = file.name.lower().endswith(messages.NAMES)
    if not is_mail and _WEB_ARCHIVE_START.match(start):
        return Format.WEB_ARCHIVE
    if is_mail or messages.is_raw_mail(start):
        return Format.MESSAGE
    if _is_html(file, start):
        return Format.HTML
    return Format.XML if _XML_START.match(start) else Format.TEXT


def _is_html(file: File, start: bytes) -> bool:
    if _HTML_START.match(start) or (_XML_START.match(start) and b"<html" in start.lower()):
        return True
    declared = file.media_type in {"text/html", "application/xhtml+xml"} or file.name.lower().endswith(
        (".htm", ".html")
    )
    return declared and b"<" in start


def _looks_like_text(head: bytes) -> bool:
    """No NUL and hardly a control character: true of every 8-bit charset, and of compressed data by rare chance."""
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return b"\x00" not in head and controls <= len(head) // 100
