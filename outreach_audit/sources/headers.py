"""What header fields look like from outside: enough to tell mail from anything else, no more."""

import csv
import re
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header

HEADER_SPAN = 256 * 1024
"""A header block longer than this is not searched further."""
PROBE_LINES = 200

FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9_.\-]{0,99})[ \t]{0,20}:(?!//)")
_MIME = re.compile(rb"content-type[ \t]{0,20}:[ \t]{0,20}(?:multipart|message|text)/", re.IGNORECASE)
_LINE_END = re.compile(rb"\r\n|\n|\r")
_GMAIL_LABELS = b"x-gmail-labels"
_LABELS_SPAN = 8192
_RETURN = 0x0D

# Fields that only mail has; one of them is enough.
CERTAIN = frozenset(
    b"received return-path message-id mime-version delivered-to x-original-to dkim-signature content-transfer-encoding "
    b"x-mozilla-status x-gm-thrid x-gmail-labels in-reply-to references reply-to envelope-to arc-seal "
    b"authentication-results x-mailer list-id errors-to x-received x-apparently-to received-spf".split()
)
# Fields that other texts have too; two of them are enough.
USUAL = frozenset(
    b"from to cc bcc subject date sender content-type content-disposition organization status x-status".split()
)


def is_field(line: bytes) -> bool:
    """Whether the line begins like a header field (RFC 5322, section 2.2), URLs aside."""
    return FIELD.match(line) is not None


def is_known_field(line: bytes) -> bool:
    """Whether the line begins like a header field that mail programs write."""
    name = FIELD.match(line)
    return name is not None and (name[1].lower() in CERTAIN | USUAL or name[1][:2].lower() == b"x-")


def looks_like_message(head: bytes) -> bool:
    """Whether the bytes begin with the header block of a message: fields only, and among them those of mail.

    One field that only mail has is enough, or two that others have too; a block of nothing but fields, with an empty
    line behind it, needs only a subject, an author or a MIME type.
    """
    names: set[bytes] = set()
    strange, closed, mime = 0, False, False
    for number, line in enumerate(_LINE_END.split(head, PROBE_LINES)[:PROBE_LINES]):
        field = FIELD.match(line)
        if field:
            names.add(field[1].lower())
            mime = mime or _MIME.match(line) is not None
        elif not line.strip():
            closed = True
            break
        elif line[:1] not in (b" ", b"\t") and not line.startswith(b">From "):
            strange += 1
            if number == 0 or strange > len(names):
                break
    if names & CERTAIN or len(names & USUAL) > 1:
        return True
    return closed and not strange and (mime or not names.isdisjoint((b"subject", b"from")))


def header_end(content: bytes) -> int:
    """Where the body begins: behind the first empty line, or at the end where there is none."""
    span = content[:HEADER_SPAN]
    line_end = span.find(b"\n")
    marks: tuple[bytes, ...] = (
        (b"\n\r\n", b"\n\n") if line_end > 0 and span[line_end - 1] == _RETURN else (b"\n\n", b"\n\r\n")
    )
    if line_end < 0:
        marks = (b"\r\r",)
    end, body = len(span), len(content)
    for mark in marks:
        at = span.find(mark, 0, end)
        if at >= 0:
            end, body = at, at + len(mark)
    return body


def raw_field(header: bytes, name: bytes) -> bytes | None:
    """The value of the first field of that name (lower case) in a header block, folding kept."""
    header = header[:HEADER_SPAN]
    lowered = header.lower()
    at = 0 if lowered.startswith(name + b":") else lowered.find(b"\n" + name + b":") + 1
    if at == 0 and not lowered.startswith(name + b":"):
        return None
    start = at + len(name) + 1
    end = start
    while (end := header.find(b"\n", end)) >= 0 and header[end + 1 : end + 2] in (b" ", b"\t"):
        end += 1
    return header[start : end if end >= 0 else len(header)].strip()


def gmail_labels(header: bytes) -> tuple[str, ...]:
    """The labels of Google Takeout (X-Gmail-Labels), decoded; none where the field is absent."""
    value = raw_field(header, _GMAIL_LABELS)
    if not value:
        return ()
    text = value[:_LABELS_SPAN].decode("utf-8", "replace").replace("\r", "").replace("\n", "")
    with suppress(HeaderParseError, LookupError, ValueError):  # shown as written where it is wrongly encoded
        text = str(make_header(decode_header(text)))
    row = next(csv.reader([text.replace("\r", " ").replace("\n", " ")], skipinitialspace=True), [])
    return tuple(label.strip() for label in row if label.strip())
