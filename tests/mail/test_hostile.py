"""Messages made to be slow or to raise: each is read in seconds, and what was left unread is said."""

import time
from collections.abc import Callable

import pytest

from outreach_audit.codes import Reading
from outreach_audit.mail import Limits, Mail, parse

SECONDS = 5
HEAD = b"From: a@example.org\nTo: b@example.net\nSubject: hello\nMIME-Version: 1.0\n"


def nested(depth: int) -> bytes:
    opening = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))
    return HEAD + opening + b"Content-Type: text/plain\n\ninnermost\n"


def nested_messages(depth: int) -> bytes:
    return HEAD + b"Content-Type: message/rfc822\n\n" * depth + b"Subject: innermost\n\ntext\n"


def many_parts(count: int) -> bytes:
    part = b"--b\nContent-Type: text/plain\n\nhello\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + part * count + b"--b--\n"


def field(name: bytes, value: bytes) -> bytes:
    return HEAD + name + b": " + value + b"\n\nthe body\n"


def long_line_fields(count: int) -> bytes:
    return HEAD + b"".join(b"X-%d: %s\n" % (n, b"x" * 80) for n in range(count)) + b"\nthe body\n"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "5,000 multiparts in one another": lambda: nested(5_000),
    "900 multiparts in one another before many lines": lambda: nested(900) + b"line\n" * 200_000,
    "5,000 messages in one another": lambda: nested_messages(5_000),
    "100,000 parts": lambda: many_parts(100_000),
    "20,000 recipients": lambda: field(b"Cc", b",\n ".join(b"P%d <p%d@example.org>" % (n, n) for n in range(20_000))),
    "20,000 recipients without commas": lambda: field(b"Cc", b" ".join(b"p%d@example.org" % n for n in range(20_000))),
    "1 MB in one field": lambda: field(b"Subject", b"x" * 1_000_000),
    "1 MB in one field of many lines": lambda: field(b"Subject", b"x\n " * 330_000),
    "100,000 fields": lambda: long_line_fields(100_000),
    "beginnings of encoded words": lambda: field(b"Subject", b"=?" * 100_000),
    "encoded words that never end": lambda: field(b"Subject", b"=?utf-8?q?" * 50_000),
    "encoded words that end late": lambda: field(b"Subject", b"=?utf-8?q?" * 50_000 + b"?="),
    "many encoded words": lambda: field(b"Subject", b"=?gb2312?b?xOO6ww==?= " * 30_000),
    "encoded names": lambda: field(b"To", b"=?gb2312?b?xOO6ww==?= <a@example.org>, " * 20_000),
    "semicolons in a type": lambda: field(b"Content-Type", b"multipart/mixed" + b";" * 500_000),
    "quotes in a type": lambda: field(b"Content-Type", b"text/plain; a=" + b'";' * 250_000),
    "folded semicolons in a type": lambda: field(b"Content-Type", b"multipart/mixed" + b";\n " * 200_000),
    "continuations in a type": lambda: field(
        b"Content-Type", b"text/plain" + b"".join(b";\n a*%d=x" % n for n in range(50_000))
    ),
    "a continuation number beyond all bounds": lambda: field(b"Content-Type", b"text/plain; a*" + b"9" * 6_000 + b"=x"),
    "open brackets": lambda: field(b"From", b"(" * 300_000),
    "open and closed brackets": lambda: field(b"From", b"(" * 100_000 + b")" * 99_999),
    "open angles": lambda: field(b"From", b"<" * 300_000),
    "quotes": lambda: field(b"From", b'"' * 300_001),
    "escaped quotes": lambda: field(b"From", b'"\\' * 200_000),
    "colons and semicolons": lambda: field(b"To", b":;" * 200_000),
    "colons behind an address": lambda: field(b"To", b"a@example.org" + b":x" * 300_000 + b";"),
    "words behind an address": lambda: field(b"To", b"a@example.org" + b" =x" * 300_000),
    "many angles": lambda: field(b"To", b"<a@b.c>" * 100_000),
    "many comments": lambda: field(b"To", b"(c)" * 300_000),
    "commas": lambda: field(b"To", b"a," * 300_000),
    "at signs": lambda: field(b"To", b"@" * 300_000),
    "blanks before a date": lambda: field(b"Date", b" " * 300_000 + b"x"),
    "a long date": lambda: field(b"Date", b"1 " * 300_000),
    "nested comments in a date": lambda: field(b"Date", b"(" * 90 + b")" * 90),
    "authentication results": lambda: field(b"Authentication-Results", b"a; dkim=" * 100_000),
    "a message id without end": lambda: field(b"Message-ID", b"<" * 500_000),
    "spaces at line ends": lambda: HEAD + b"\n" + (b" " * 1000 + b"\n") * 3_000,
    "base64 of padding": lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"=" * 3_000_000,
    "links": lambda: HEAD + b"\n" + b"http://a.example/x " * 100_000,
    "one endless link": lambda: HEAD + b"\nhttp://" + b"a" * 2_000_000,
    "escape sequences": lambda: HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + b"\x1b$B" * 300_000,
    "bytes of no charset": lambda: (
        HEAD + b"Content-Type: text/plain; charset=gb2312\n\n" + bytes(range(128, 256)) * 8_000
    ),
    "zero bytes": lambda: b"\0" * 3_000_000,
    "line ends": lambda: b"\n" * 3_000_000,
    "carriage returns": lambda: b"\r" * 3_000_000,
    "boundary-like lines": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--y\nContent-Type:\n" * 100_000
    ),
    "uuencode": lambda: HEAD + b"Content-Transfer-Encoding: x-uuencode\n\n" + b"begin 644 a\n" + b"M\n" * 200_000,
    "calendar": lambda: HEAD + b"Content-Type: text/calendar\n\n" + b"SUMMARY;" * 200_000,
    "flowed text": lambda: HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"> a \n" * 300_000,
    "quotes of flowed text": lambda: HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b">" * 2_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_is_read_in_seconds(name: str) -> None:
    content = HOSTILE[name]()
    start = time.process_time()
    mail = parse(content)
    assert time.process_time() - start < SECONDS
    assert isinstance(mail, Mail)
    assert not any("failed (" in defect for defect in mail.defects)


def test_deep_nesting_is_said_and_the_header_is_had() -> None:
    mail = parse(nested(5_000))
    assert mail.subject == "hello"
    assert mail.reading is Reading.PARTLY_READ
    assert any("nested deeper" in defect for defect in mail.defects)


def test_parts_beyond_the_limit_are_said() -> None:
    mail = parse(many_parts(50), limits=Limits(parts=10))
    assert mail.reading is Reading.PARTLY_READ
    assert any("parts beyond 10" in defect for defect in mail.defects)
    assert 0 < mail.text_of("body").count("hello") <= 10


def test_twenty_thousand_recipients_are_read_up_to_the_limit() -> None:
    mail = parse(HOSTILE["20,000 recipients"]())
    assert len(mail.cc) == Limits().recipients
    assert mail.cc[0].address == "p0@example.org"
    assert any("addresses beyond" in defect for defect in mail.defects)


def test_a_long_header_keeps_its_body() -> None:
    mail = parse(long_line_fields(100_000))
    assert mail.subject == "hello"
    assert "the body" in mail.text_of("body")
    assert mail.reading is Reading.PARTLY_READ


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (Limits(message_bytes=200), "longer than 200 bytes"),
        (Limits(text_chars=100), "text beyond 100 characters"),
        (Limits(links=3), "links beyond 3"),
    ],
)
def test_every_limit_hit_is_said(limits: Limits, sentence: str) -> None:
    content = HEAD + b"\n" + b"".join(b"http://host%d.example/ and words\n" % n for n in range(20))
    mail = parse(content, limits=limits)
    assert mail.reading is Reading.PARTLY_READ
    assert any(sentence in defect for defect in mail.defects)
