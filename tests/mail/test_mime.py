"""The structure of messages; the standard library's reader is the oracle for what is well formed."""

import email
import gzip
from email.message import Message
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.mail.limits import Faults, Limits
from outreach_audit.mail.mime import read
from outreach_audit.mail.parts import Part


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
def test_parts_are_found_by_any_line_ends(ends: bytes) -> None:
    assert structure(MIXED.replace(b"\n", ends)) == (MIXED_SHAPE, Faults())


def leaves(part: Part) -> list[tuple[str, bytes]]:
    if part.parts:
        return [leaf for child in part.parts for leaf in leaves(child)]
    kind = part.type.value
    return [(kind, b"" if kind == "message/delivery-status" else part.content().strip())]


def oracle(content: bytes) -> tuple[list[tuple[str, bytes]], bool]:
    """What the standard library finds, and whether it met no defect."""
    message = email.message_from_bytes(content)
    return oracle_leaves(message), not any(part.defects for part in message.walk())


def oracle_leaves(message: Message) -> list[tuple[str, bytes]]:
    if message.get_content_type() == "message/delivery-status":
        return [("message/delivery-status", b"")]
    if message.is_multipart():
        return [leaf for child in message.get_payload() for leaf in oracle_leaves(child)]
    return [(message.get_content_type(), message.get_payload(decode=True).strip())]


LEAVES = st.builds(
    lambda kind, text: b"Content-Type: %s\n\n%s" % (kind, text),
    st.sampled_from([b"text/plain", b"text/html", b"image/png"]),
    st.sampled_from([b"some text", b"two\nlines\n", b"-- \nsigned", b"--\n", b"--b", b"From here\n\non", b""]),
)


def multipart(children: list[bytes], number: int) -> bytes:
    boundary = b"b%d" % number
    lines = b"".join(b"--" + boundary + b"\n" + child + b"\n" for child in children)
    return b"Content-Type: multipart/mixed; boundary=%s\n\npreamble\n%s--%s--\nepilogue\n" % (boundary, lines, boundary)


TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(
            lambda children: multipart(children, len(b"".join(children))),
            st.lists(inner, min_size=1, max_size=3),
        )
        | inner.map(lambda content: b"Content-Type: message/rfc822\n\nSubject: x\n" + content)
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=100)
@given(TREES)
def test_well_formed_messages_have_the_parts_that_the_standard_library_finds(content: bytes) -> None:
    faults = Faults()
    assert leaves(read(b"Subject: s\n" + content, Limits(), faults)) == oracle(b"Subject: s\n" + content)[0]
    assert faults == Faults()


@pytest.mark.parametrize("name", ["chinese_2005", "english_2002", "job_adverts_r"])
def test_real_mail_has_the_parts_that_the_standard_library_finds(shared: Path, name: str) -> None:
    content = gzip.decompress((shared / "mail" / f"{name}.mbox.gz").read_bytes())
    messages = [message.partition(b"\n")[2] for message in content.split(b"\n\nFrom ")[1::25]]
    found = [(leaves(read(message, Limits(), Faults())), *oracle(message)) for message in messages]
    flawless = [(ours, theirs) for ours, theirs, is_flawless in found if is_flawless]
    assert len(flawless) > len(messages) / 2
    assert all(ours == theirs for ours, theirs in flawless)


def texts(content: bytes) -> list[bytes]:
    return [text for _, text in leaves(read(content, Limits(), Faults())) if text]


def test_a_line_that_delimits_several_multiparts_is_the_innermost_ones() -> None:
    outer, inner = (b"Content-Type: multipart/mixed; boundary=%s\n\n" % mark for mark in (b"a--", b"a----"))
    body = b"--a--\n" + inner + b"--a----\n\ntext\n--a------\n--a----\n"
    assert texts(outer + body) == [b"text"]
    same = b"Content-Type: multipart/mixed; boundary=b\n\n"
    assert texts(same + b"--b\n" + same + b"--b\n\none\n--b\n\ntwo\n--b--\n--b\n\nthree\n--b--\n") == [
        b"one",
        b"two",
        b"three",
    ]


def test_an_outer_delimiter_ends_what_is_within_and_its_boundary_is_no_text() -> None:
    outer, inner = (b"Content-Type: multipart/mixed; boundary=%s\n\n" % mark for mark in (b"o", b"i"))
    cut = outer + b"--o\n" + inner + b"--i\n\none\n--o\n\ntwo\n--i\nContent-Type: text/plain\n\nthree\n--i--\n"
    assert texts(cut) == [b"one", b"two", b"three"]


def test_a_closing_delimiter_at_the_end_of_a_line_is_no_text() -> None:
    assert texts(b"Content-Type: multipart/mixed; boundary=long\n\n--long\n\ntext--long--\n") == [b"text"]


def test_text_of_a_part_that_declares_two_types_is_read() -> None:
    head = b"Content-Type: multipart/alternative; boundary=b\nContent-Type: text/plain\n\n"
    assert texts(head + b"plain\n--b\nContent-Type: text/html\n\nhtml\n--b--\n") == [b"plain", b"html"]


def test_blanks_lost_at_folds_do_not_end_the_header() -> None:
    head = (
        b"Received: from a\nby b with SMTP;\nThu, 12 Feb 2026\nX-Spam-Result: A (1),\nB (2),\nC (3)\nSubject: s\n\nbody"
    )
    part = read(head, Limits(), Faults())
    assert part.value("subject") == b"s"
    assert part.body == b"body"
    assert read(b"X-Note: a\nThe body begins.\n\nIt goes on.", Limits(), Faults()).body.startswith(b"The body")


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
        ("base64", b"?garbage", b"?garbage"),
        ("base64", b"aGVsbG8=\n__________________\nList footer", b"hello__________________\nList footer"),
        ("base64", b"aGVsbG8K aGV", b"hello\nhe"),
        ("base64", b"aGVsbG8= aGV", b"hello"),
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
    faults = Faults()
    found = texts(content)
    read(content, Limits(), faults)
    assert not faults.partial
    assert sum(map(len, found)) <= len(content)
