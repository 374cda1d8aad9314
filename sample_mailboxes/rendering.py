# ruff: noqa: INP001  (a script beside its data, not a package)
"""The bytes of a message, a mailbox and a gzip file.

Written out by hand: no version of the standard library or of zlib can change a byte.
"""

import base64
import re
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

SYNTHETIC = ("X-Synthetic", "outreach-audit sample")
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:)。]")
FOLDED_BYTES = 42  # of one encoded word before base64
STORED_BLOCK = 65_535  # RFC 1951, section 3.2.4


@dataclass(frozen=True, slots=True)
class Attachment:
    """A further part; ``message/rfc822`` goes in as it is, everything else as base64."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, whoever gets it: what is the same in all its deliveries.

    ``form`` is ``plain``, ``html`` or ``alternative``. ``damage`` is empty or the fault to put in:
    ``truncated_base64``, ``wrong_charset``, ``raw_subject``, ``no_message_id``, ``no_date`` or ``no_mime_headers``.
    """

    message_id: str
    sender_name: str
    sender: str
    to: str
    subject: str
    date: datetime
    text: str
    form: str = "plain"
    charset: str = "utf-8"
    style: str = "plain"
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    damage: str = ""


STYLES = {
    "plain": "<html><body>\n{}\n</body></html>\n",
    "gmail": '<div dir="ltr">\n{}\n</div>\n',
    "office": """<html lang="EN-US"><head><meta name="Generator" content="Microsoft Word 15 (filtered medium)"></head>
<body lang="EN-US" style="font-family:Calibri;font-size:11pt">
{}
</body></html>
""",
    "newsletter": """<!DOCTYPE html><html><body style="margin:0;background:#f4f4f4">
<table role="presentation" width="600" align="center" style="background:#fff;font-family:Arial,sans-serif">
<tr><td style="padding:24px">
{}
</td></tr></table></body></html>
""",
}


def encodable(charset: str, *texts: str) -> str:
    """The charset, or UTF-8 where it cannot hold the texts."""
    try:
        for text in texts:
            text.encode(charset)
    except UnicodeEncodeError:
        return "utf-8"
    return charset


def header_text(text: str, charset: str) -> str:
    """A header value, in encoded words (RFC 2047) where it is not ASCII."""
    if text.isascii():
        return text
    charset = encodable(charset, text)
    words, chunk = [], ""
    for char in text:
        if len((chunk + char).encode(charset)) > FOLDED_BYTES:
            words.append(chunk)
            chunk = ""
        chunk += char
    words.append(chunk)
    return "\n ".join(f"=?{charset}?B?{base64.b64encode(word.encode(charset)).decode()}?=" for word in words)


def mailbox_text(name: str, address: str, charset: str) -> str:
    """A mailbox for From or To: display name and address."""
    if not name:
        return address
    if not name.isascii():
        return f"{header_text(name, charset)} <{address}>"
    return f'"{name}" <{address}>' if re.search(r"[^\w \-]", name) else f"{name} <{address}>"


def quoted_printable(raw: bytes) -> bytes:
    """Quoted-printable by RFC 2045, section 6.7."""
    lines = []
    for line in raw.split(b"\n"):
        out = ""
        for place, byte in enumerate(line):
            plain = (33 <= byte <= 126 and byte != ord("=")) or (byte in b"\t " and place < len(line) - 1)  # noqa: PLR2004  (ASCII)
            token = chr(byte) if plain else f"={byte:02X}"
            if len(out) + len(token) > 75:  # noqa: PLR2004  (76 characters with the soft break)
                lines.append(out + "=")
                out = ""
            out += token
        lines.append(out)
    return "\n".join(lines).encode("ascii")


def html_text(text: str, style: str) -> str:
    """The plain text as a page of one of the `STYLES`, its links clickable."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        lines = [
            LINK.sub(lambda m: f'<a href="{m[0]}">{m[0]}</a>', escape(line, quote=False)) for line in block.split("\n")
        ]
        if len(lines) > 1 and all(line.startswith("- ") for line in lines):
            blocks.append("<ul>\n" + "\n".join(f"<li>{line[2:]}</li>" for line in lines) + "\n</ul>")
        else:
            blocks.append("<p>" + "<br>\n".join(lines) + "</p>")
    return STYLES[style].replace("{}", "\n".join(blocks))


def _transfer(raw: bytes, charset: str, key: int) -> tuple[str, bytes]:
    if charset == "iso-2022-jp" or raw.isascii():
        return "7bit", raw
    if charset in ("iso-8859-1", "windows-1252", "iso-8859-15") or key % 5 == 0:
        return "quoted-printable", quoted_printable(raw)
    return ("8bit", raw) if key % 5 in (1, 2) else ("base64", base64.encodebytes(raw))


def _text_part(letter: Letter, subtype: str, text: str) -> bytes:
    charset = encodable(letter.charset, text)
    declared = charset
    if letter.damage == "wrong_charset":
        declared = "iso-8859-1" if charset == "utf-8" else "utf-8"
    raw = text.encode(charset)
    encoding, payload = _transfer(raw, charset, zlib.crc32(letter.message_id.encode()))
    if letter.damage == "truncated_base64":
        encoding, payload = "base64", base64.b64encode(raw)[:-3] + b"\n"
    elif letter.damage == "wrong_charset" and encoding == "7bit":
        encoding = "8bit"
    head = f"Content-Type: text/{subtype}; charset={declared}\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode("ascii") + payload


def _multipart(subtype: str, parts: Iterable[bytes], key: str) -> bytes:
    boundary = f"=_{subtype}_{zlib.crc32(key.encode()):08x}"
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\n\n'.encode("ascii")
    mark = b"--" + boundary.encode("ascii")
    return head + b"".join(mark + b"\n" + part.rstrip(b"\n") + b"\n\n" for part in parts) + mark + b"--\n"


def _attachment_part(attachment: Attachment) -> bytes:
    disposition = f'Content-Disposition: attachment; filename="{attachment.name}"\n'
    if attachment.content_type == "message/rfc822":
        return f"Content-Type: message/rfc822\n{disposition}\n".encode() + attachment.content
    head = f"Content-Type: {attachment.content_type}\nContent-Transfer-Encoding: base64\n{disposition}\n"
    return head.encode() + base64.encodebytes(attachment.content)


def _body(letter: Letter) -> bytes:
    parts = []
    if letter.form in ("plain", "alternative"):
        parts.append(_text_part(letter, "plain", letter.text))
    if letter.form in ("html", "alternative"):
        parts.append(_text_part(letter, "html", html_text(letter.text, letter.style)))
    body = parts[0] if len(parts) == 1 else _multipart("alternative", parts, letter.message_id)
    if letter.attachments:
        body = _multipart("mixed", [body, *map(_attachment_part, letter.attachments)], letter.message_id)
    return body


def message_bytes(letter: Letter, trace: Iterable[tuple[str, str]] = ()) -> bytes:
    """The whole message; ``trace`` are the fields that the receiving system puts on top."""
    charset = letter.charset
    fields = [
        *trace,
        ("From", mailbox_text(letter.sender_name, letter.sender, charset)),
        ("To", letter.to),
        ("Subject", header_text(letter.subject, charset)),
        ("Date", format_datetime(letter.date)),
        ("Message-ID", letter.message_id),
        *((name, header_text(value, charset)) for name, value in letter.headers),
        SYNTHETIC,
        ("MIME-Version", "1.0"),
    ]
    missing = {"no_message_id": "Message-ID", "no_date": "Date"}.get(letter.damage)
    head = b""
    for name, value in fields:
        if name == missing:
            continue
        raw = value.encode("ascii")
        if name == "Subject" and letter.damage == "raw_subject":
            raw = letter.subject.encode(encodable(charset, letter.subject))
        head += name.encode("ascii") + b": " + raw + b"\n"
    if letter.damage == "no_mime_headers":
        return head.removesuffix(b"MIME-Version: 1.0\n") + b"\n" + letter.text.encode(encodable(charset, letter.text))
    return head + _body(letter)


def mbox_entry(sender: str, received: datetime, raw: bytes) -> bytes:
    """One message of an mbox file, quoted as mboxrd does."""
    quoted = re.sub(rb"(?m)^(>*From )", rb">\1", raw)
    return f"From {sender} {received.ctime()}\n".encode("ascii") + quoted.rstrip(b"\n") + b"\n\n"


def gzip_bytes(raw: bytes) -> bytes:
    """A gzip file (RFC 1952) of stored blocks: no compressor, so no difference between compressors."""
    blocks = []
    starts = range(0, len(raw), STORED_BLOCK)
    for start in starts:
        block = raw[start : start + STORED_BLOCK]
        final = start == starts[-1]
        blocks.append(struct.pack("<BHH", final, len(block), len(block) ^ 0xFFFF) + block)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    return head + b"".join(blocks) + struct.pack("<II", zlib.crc32(raw), len(raw) & 0xFFFFFFFF)


def pdf_bytes(lines: Iterable[str]) -> bytes:
    """A PDF of one page with these lines of ASCII text."""
    text = ""
    for line in lines:
        escaped = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        text += f"({escaped}) Tj T*\n"
    stream = f"BT /F1 11 Tf 14 TL 60 780 Td\n{text}ET\n".encode("ascii", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%sendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer
