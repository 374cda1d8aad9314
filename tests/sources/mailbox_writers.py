"""Writers of mailboxes, independent of the reader: each dialect as its definition says."""

import re

FROM_LINE = b"From someone@example.org Thu Jan  1 00:00:00 2026\n"
DATELESS = b"From 1844347792267117879@xxx\n"


def mboxrd(messages: list[bytes]) -> bytes:
    return b"".join(FROM_LINE + re.sub(rb"(?m)^(>*From )", rb">\1", message) + b"\n" for message in messages)


def mboxo(messages: list[bytes]) -> bytes:
    return b"".join(FROM_LINE + re.sub(rb"(?m)^From ", rb">From ", message) + b"\n" for message in messages)


def with_content_length(message: bytes) -> bytes:
    header, empty, body = message.partition(b"\n\n")
    return header + b"\nContent-Length: %d" % len(body) + empty + body


def mboxcl2(messages: list[bytes]) -> bytes:
    return b"".join(FROM_LINE + with_content_length(message) + b"\n" for message in messages)


def mboxcl(messages: list[bytes]) -> bytes:
    quoted = (re.sub(rb"(?m)^From ", rb">From ", message) for message in messages)
    return b"".join(FROM_LINE + with_content_length(message) + b"\n" for message in quoted)


def eml(number: int, body: bytes = b"Hello.\n") -> bytes:
    return b"Message-ID: <%d@example.org>\nFrom: a@example.org\nSubject: number %d\n\n" % (number, number) + body
