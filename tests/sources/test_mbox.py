"""The mbox splitter: dialects, separators, odd files, and that nothing is lost."""

import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.sources import Item, Limits, Note, RawMessage, Skipped, read, read_at
from tests.sources.mailbox_writers import DATELESS, FROM_LINE, eml, mboxcl, mboxcl2, mboxo, mboxrd

DEFAULT = Limits()


def items(content: bytes, limits: Limits = DEFAULT) -> list[Item]:
    return list(read(["-"], stdin=io.BytesIO(content), limits=limits))


def contents(content: bytes) -> list[bytes]:
    return [item.content for item in items(content) if isinstance(item, RawMessage)]


def notes(content: bytes) -> list[str]:
    return [item.text for item in items(content) if isinstance(item, Note)]


LINES = st.sampled_from(
    [
        b"Dear colleague,",
        b"",
        b"From now on we meet at ten.",
        b">From the minutes",
        b">>From older mail",
        b"> From afar",
    ]
) | st.sampled_from(
    [b"Subject: no header", b"From:", b"From", b"-- ", b"caf\xe9 \xff", b"> so", b"http://example.org/"]
)
FIELDS = st.sampled_from([b"Subject: hello", b"From: a@example.org", b"X-Any: 1", b"Received: by x\n\tfor y"])


@st.composite
def message(draw: st.DrawFn, lines: st.SearchStrategy[bytes] = LINES) -> bytes:
    header = b"\n".join(draw(st.lists(FIELDS, min_size=1, max_size=4)))
    body = b"".join(line + b"\n" for line in draw(st.lists(lines, min_size=1, max_size=8)))
    return b"Message-ID: <1@example.org>\n" + header + b"\n\n" + body


def unlike(*starts: bytes) -> st.SearchStrategy[bytes]:
    return LINES.filter(lambda line: not line.startswith(starts))


@settings(max_examples=80, deadline=None)
@given(st.lists(message(), min_size=1, max_size=6))
def test_mboxrd_is_read_back_exactly(messages: list[bytes]) -> None:
    assert contents(mboxrd(messages)) == messages


@settings(max_examples=80, deadline=None)
@given(st.lists(message(unlike(b">From ", b">>From ")), min_size=1, max_size=6))
def test_mboxo_and_mboxcl_are_read_back_exactly_where_they_are_not_ambiguous(messages: list[bytes]) -> None:
    assert contents(mboxo(messages)) == messages
    read_back = [content.split(b"\n\n", 1)[1] for content in contents(mboxcl(messages))]
    assert read_back == [message.split(b"\n\n", 1)[1] for message in messages]


@settings(max_examples=80, deadline=None)
@given(st.lists(message(unlike(b">From ")), min_size=1, max_size=6))
def test_mboxcl2_is_read_back_exactly(messages: list[bytes]) -> None:
    inner = [message + FROM_LINE + eml(9) for message in messages]
    read_back = contents(mboxcl2(inner))
    assert [content.split(b"\n\n", 1)[1] for content in read_back] == [m.split(b"\n\n", 1)[1] for m in inner]


def accounted(content: bytes) -> int:
    """Bytes in messages and skipped stretches, with the separator line and empty line of each message."""
    return sum(item.ref.length for item in items(content) if isinstance(item, RawMessage | Skipped))


@settings(max_examples=60, deadline=None)
@given(st.lists(message(), min_size=1, max_size=6))
def test_every_byte_is_in_a_message_or_in_what_the_container_adds(messages: list[bytes]) -> None:
    content = mboxrd(messages)
    assert accounted(content) == len(content) - len(messages) * (len(FROM_LINE) + 1)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.one_of(st.just(FROM_LINE), st.just(b"\nSubject: x\n\n"), st.binary(max_size=40), LINES), max_size=12)
)
def test_any_bytes_are_accounted_for_without_an_exception(pieces: list[bytes]) -> None:
    content = b"".join(pieces)
    found = items(content)
    assert found
    for item in found:
        assert item.ref.offset + item.ref.length <= max(len(content), 1) or "UTF" in str(item)
    ends = [(item.ref.offset, item.ref.offset + item.ref.length) for item in found if isinstance(item, RawMessage)]
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))


@pytest.mark.parametrize(
    "line",
    [
        b"From - \n",
        b"From -\n",
        b"From - Thu Jan  1 00:00:00 2026\n",
        b"From 1@xxx Thu Jan  1 00:00:00 +0000 2026\n",
        DATELESS,
        b"From user at example.org  Thu Jan  1 00:00:00 2026\n",
        b"From user at example.org\n",
        b"From ???@??? Thu Jan 01 00:00:00 2026\n",
        b"From a@example.org Thu, 1 Jan 2026 00:00:00 +0900\n",
        b"From a@example.org 2026-01-01 00:00:00\n",
        b"From MAILER-DAEMON\n",
        b"From \n",
    ],
)
def test_every_form_of_separator_is_known(line: bytes) -> None:
    content = b"\n".join(line + eml(number) for number in range(3))
    assert contents(content) == [eml(0), eml(1), eml(2)]
    assert notes(content) == []


def test_a_separator_without_an_empty_line_before_it_counts_when_it_has_a_date() -> None:
    assert len(contents(FROM_LINE + eml(0) + FROM_LINE + eml(1))) == 2


@pytest.mark.parametrize(
    ("body", "lenient"),
    [
        (b"\nFrom now on\nwe meet at ten.\n", None),
        (b"\nFrom Russia with love\nYear: 1963\n", 3),
        (b"\nFrom someone@example.org Thu Jan  1 00:00:00 2026\nprose follows\n", 3),
        (b"\nFrom here\nhttp://example.org/ is near\n", None),
    ],
)
def test_prose_is_no_separator_and_doubt_is_told(body: bytes, lenient: int | None) -> None:
    content = b"\n".join([FROM_LINE + eml(0, body), FROM_LINE + eml(1)])
    assert contents(content) == [eml(0, body), eml(1)]
    assert bool(notes(content)) is (lenient is not None)
    if lenient is not None:
        assert f"read as 2 messages; with every line that might be a separator there would be {lenient}" in notes(
            content
        )


def test_a_content_length_that_does_not_end_at_a_separator_is_not_believed() -> None:
    first = b"Subject: x\nContent-Length: 100000\n\nbody\n"
    second = b"Subject: y\nContent-Length: 3\n\nbody\n"
    assert contents(FROM_LINE + first + b"\n" + FROM_LINE + second + b"\n" + FROM_LINE + eml(2)) == [
        first,
        second,
        eml(2),
    ]


def test_content_length_that_covers_separators_is_noted() -> None:
    content = mboxcl2([eml(0, b"see:\n\n" + FROM_LINE + eml(7)), eml(1)])
    assert len(contents(content)) == 2
    assert "there would be 3" in notes(content)[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_unicode_files(encoding: str) -> None:
    text = mboxrd([eml(0), eml(1)]).decode().replace("Hello", "안녕하세요")
    found = [item for item in items(text.encode(encoding)) if isinstance(item, RawMessage)]
    assert [item.content.decode().count("안녕하세요") for item in found] == [1, 1]
    assert all(bool(item.defects) is (encoding != "utf-8-sig") for item in found)


@pytest.mark.parametrize("line_end", [b"\r\n", b"\r"])
def test_other_line_ends(line_end: bytes) -> None:
    messages = [eml(0, b"a\n\nFrom b\n"), eml(1)]
    assert contents(mboxrd(messages).replace(b"\n", line_end)) == [m.replace(b"\n", line_end) for m in messages]


def test_leading_rubbish_is_told_and_blank_lines_are_not() -> None:
    content = mboxrd([eml(0), eml(1)])
    assert contents(b"\r\n\n\0\0" + content) == [eml(0), eml(1)]
    found = items(b"\x80\x81 rubbish\n\n" + content)
    assert isinstance(found[0], Skipped)
    assert (found[0].messages, found[0].ref.length) == (0, 12)
    assert len(found) == 3


def test_a_message_before_the_first_separator_is_one() -> None:
    assert contents(eml(0) + b"\n" + mboxrd([eml(1)])) == [eml(0), eml(1)]


def test_a_bare_message_is_one_even_where_it_quotes_a_mailbox() -> None:
    body = b"--b\nContent-Type: message/rfc822\n\n" + FROM_LINE + eml(1) + b"\n--b--\n"
    content = b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n' + body
    assert contents(content) == [content]


def test_zero_bytes_before_a_separator() -> None:
    assert len(contents(FROM_LINE + eml(0) + bytes(1000) + FROM_LINE + eml(1))) == 2


def test_two_separator_lines_in_a_row_are_one_message() -> None:
    assert contents(FROM_LINE + FROM_LINE + eml(0)) == [FROM_LINE + eml(0)]


def test_a_body_with_bare_from_lines_was_never_quoted() -> None:
    body = b"From the beginning\n>From the middle\n"
    assert contents(FROM_LINE + eml(0, body)) == [eml(0, body)]


def test_a_message_over_the_limit_is_cut_and_the_next_ones_are_whole() -> None:
    limits = Limits(message_bytes=1000)
    content = mboxrd([eml(0), eml(1, b"x" * 70 + b"\n" + b"y\n" * 3_000_000), eml(2)])
    found = [item for item in items(content, limits) if isinstance(item, RawMessage)]
    assert [item.content[:30] for item in found] == [eml(number)[:30] for number in range(3)]
    assert found[1].defects == (f"cut at 1,000 of {found[1].ref.length:,} bytes",)
    assert found[1].ref.length > 6_000_000
    assert found[2].content == eml(2)


def test_takeout_labels_are_decoded() -> None:
    field = b'X-Gmail-Labels: =?UTF-8?Q?=EB=B0=9B=EC=9D=80=ED=8E=B8=EC=A7=80=ED=95=A8,"a,_b",?=\n =?UTF-8?Q?Spam?=\n'
    found = items(DATELESS + field + eml(0))
    assert isinstance(found[0], RawMessage)
    assert found[0].labels == ("받은편지함", "a, b", "Spam")


def test_read_at_gives_the_same_bytes(tmp_path) -> None:
    path = tmp_path / "a"
    path.write_bytes(mboxrd([eml(number, b"From me\n" * 20_000) for number in range(20)]))
    found = [item for item in read([path]) if isinstance(item, RawMessage)]
    assert len(found) == 20
    assert all(read_at(item.ref) == item.content for item in reversed(found))
