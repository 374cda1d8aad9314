"""What limits cut off is said, and the rest is had; what it costs is tested in tests/hostile."""

import pytest

from outreach_audit.codes import Reading
from outreach_audit.mail import Limits, parse
from tests.hostile.messages import HEAD, PLAIN, long_line_fields, many_parts, nested


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
    mail = parse(PLAIN["20,000 recipients"]())
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
        (Limits(text_lines=5), "text beyond 5 lines"),
        (Limits(links=3), "links beyond 3"),
    ],
)
def test_every_limit_hit_is_said(limits: Limits, sentence: str) -> None:
    content = HEAD + b"\n" + b"".join(b"http://host%d.example/ and words\n" % n for n in range(20))
    mail = parse(content, limits=limits)
    assert mail.reading is Reading.PARTLY_READ
    assert any(sentence in defect for defect in mail.defects)
