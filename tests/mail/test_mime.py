"""The structure of messages, by either reader."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.mail.limits import Faults, Limits
from outreach_audit.mail.mime import Part, _Reader, read


def shape(part: Part) -> object:
    return (part.type.value, [shape(child) for child in part.parts]) if part.parts else part.type.value


def structure(content: bytes) -> tuple[object, Faults]:
    faults = Faults()
    return shape(read(content, Limits(), faults)), faults


MIXED = (
    b'Subject: s\nContent-Type: multipart/mixed; boundary="o"\n\npreamble\n'
    b"--o\nContent-Type: multipart/alternative; boundary=i\n\n"
    b"--i\n\nplain\n--i\nContent-Type: text/html\n\n<p>html</p>\n--i--\n"
    b"--o\nContent-Type: message/rfc822\n\nSubject: inner\n\ntext\n--o--\nepilogue\n"
)
MIXED_SHAPE = (
    "multipart/mixed",
    [("multipart/alternative", ["text/plain", "text/html"]), ("message/rfc822", ["text/plain"])],
)


@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
def test_both_readers_agree(ends: bytes) -> None:
    content = MIXED.replace(b"\n", ends)
    assert structure(content) == (MIXED_SHAPE, Faults())
    if ends != b"\r":
        assert shape(_Reader(Limits(), Faults()).lenient(content, 0)) == MIXED_SHAPE


def test_a_multipart_without_its_boundary_is_text() -> None:
    shape, faults = structure(b"Content-Type: multipart/mixed; boundary=o\n\nall the text\n")
    assert shape == "text/plain"
    assert faults.sentences == ["a multipart has no parts and was read as text"]
    assert structure(b"Content-Type: multipart/mixed\n\n<html>all the text\n")[0] == "text/html"


def test_a_multipart_with_another_boundary_is_divided() -> None:
    body = b"--x\nContent-Type: text/html\n\na\n--x\n\nb\n--x--\n"
    shape, faults = structure(b"Content-Type: multipart/mixed; boundary=o\n\n" + body)
    assert shape == ("multipart/mixed", ["text/html", "text/plain"])
    assert "another boundary" in faults.sentences[0]


def test_an_attached_message_in_base64_is_read() -> None:
    content = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogaW5uZXIKCnRleHQK\n"
    part = read(content, Limits(), Faults())
    assert part.parts[0].value("subject") == b"inner"


def test_an_unfolded_line_does_not_end_the_header() -> None:
    faults = Faults()
    part = read(b"Subject: a long\nsubject\nContent-Type: text/html\n\nbody", Limits(), faults)
    assert part.type.value == "text/html"
    assert part.value("subject").split() == [b"a", b"long", b"subject"]
    assert faults.sentences


@pytest.mark.parametrize(
    ("encoding", "body", "content"),
    [
        ("base64", b"aGVsbG8=", b"hello"),
        ("Base64 ", b"aGVs\r\nbG8", b"hello"),
        ("base64", b"This is no base64 at all.", b"This is no base64 at all."),
        ("quoted-printable", b"a=3Db=\nc", b"a=bc"),
        ("x-uuencode", b"begin 644 f\n%:&5L;&\\\n`\nend\n", b"hello"),
        ("8bit", b"hello", b"hello"),
        ("", b"hello", b"hello"),
    ],
)
def test_transfer_encodings(encoding: str, body: bytes, content: bytes) -> None:
    assert Part((("content-transfer-encoding", encoding.encode()),), body).content() == content


@pytest.mark.parametrize(
    "before", [b"\xef\xbb\xbf", b"\n\n", b"From a@example.org Fri May 17 10:15:15 2024\n", b">From a@example.org\n"]
)
def test_what_exports_put_before_a_message_does_not_hide_its_header(before: bytes) -> None:
    assert read(before + b"Subject: s\n\nbody", Limits(), Faults()).value("subject") == b"s"


def test_a_message_in_utf_16_is_read() -> None:
    part = read("Subject: 인재\n\n본문".encode("utf-16"), Limits(), Faults())
    assert part.value("subject").decode() == "인재"


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_have_a_structure(content: bytes) -> None:
    read(content, Limits(), Faults())
    read(MIXED[: len(content)] + content, Limits(depth=2, parts=3), Faults())


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            [
                b"--o\n",
                b"--i\n",
                b"--o--\n",
                b"--i--\n",
                b"text\n",
                b"\n",
                b"Content-Type: text/html\n",
                b"Content-Type: multipart/mixed; boundary=i\n",
                b"Content-Type: message/rfc822\n",
            ]
        ),
        max_size=25,
    )
)
def test_boundaries_in_any_order_are_read(lines: list[bytes]) -> None:
    content = b"Content-Type: multipart/mixed; boundary=o\n\n" + b"".join(lines)
    read(content, Limits(), Faults())
    _Reader(Limits(), Faults()).lenient(content, 0)
