"""No file, however made, costs more than its limits or leaves anything but clean text."""

import functools
import json
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.mail.attachments import ChildReader, Extracted, InProcessReader, Limits, State

from . import samples

SMALL = Limits(text_chars=2_000, expanded_bytes=1_000_000, members=5)
FLATE = b"/Filter/FlateDecode"


def fat_table_loop() -> bytes:
    return samples.OLE + bytes(16) + b"\x3e\0\3\0\xfe\xff\x09\0\6\0" + bytes(20) + b"\0\x10\0\0" + bytes(2_000_000)


def nested_zip(depth: int) -> bytes:
    return functools.reduce(lambda inner, _: samples.zipped({"n.zip": inner}), range(depth), b"PK\5\6" + bytes(18))


BOMBS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "pdf of 200 MB": (lambda: samples.raw_pdf(samples.deflated(bytes(1_000_000), 200), FLATE), {"refused"}),
    "pdf in two layers": (
        lambda: samples.raw_pdf(
            zlib.compress(samples.deflated(bytes(1_000_000), 200), 9), b"/Filter[/FlateDecode/FlateDecode]"
        ),
        {"refused"},
    ),
    "pdf of operations": (
        lambda: samples.raw_pdf(samples.deflated(b"BT /F1 9 Tf (hello) Tj ET\n" * 1_000, 2_000), FLATE),
        {"refused"},
    ),
    "pdf of brackets": (
        lambda: samples.raw_pdf(samples.deflated(b"[" * 1_000, 5_000), FLATE),
        {"image_only", "failed"},
    ),
    "pdf of zeros": (lambda: b"%PDF-1.4\n" + bytes(5_000_000), {"failed"}),
    "zip of 100 MB": (lambda: samples.zipped({"a.txt": bytes(100_000_000)}), {"refused"}),
    "zip of entries": (lambda: samples.zipped(dict.fromkeys(map(str, range(21_000)), b"")), {"refused"}),
    "zip of zips": (lambda: nested_zip(50), {"refused"}),
    "docx of 70 MB": (lambda: samples.docx("x" * 70_000_000), {"refused"}),
    "docx of elements": (lambda: samples.docx("\n" * 400_000), {"refused", "text"}),
    "docx of entities": (
        lambda: samples.docx("&b;", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'),
        {"refused", "failed", "text"},
    ),
    "odt of tags": (lambda: samples.odt("<a/>" * 4_000_000), {"text"}),
    "odt of open tags": (lambda: samples.odt("<" * 20_000_000), {"text"}),
    "odt of long tags": (lambda: samples.odt(("<" + "b" * 4_000_000) * 3), {"text"}),
    "rtf of groups": (lambda: b"{\\rtf1" + b"{" * 2_000_000, {"text"}),
    "rtf of binary": (lambda: b"{\\rtf1 \\bin9999999999 x}", {"text"}),
    "html of tags": (lambda: b"<html>" + b"<div>" * 1_000_000, {"text"}),
    "references": (lambda: b'<?xml version="1.0"?>' + b"&#" * 5_000_000, {"text"}),
    "fat table loop": (fat_table_loop, {"failed", "unsupported"}),
    "too large": (lambda: b"%PDF-" + bytes(25_000_000), {"refused"}),
}


@pytest.fixture(scope="module")
def child() -> Iterator[ChildReader]:
    with ChildReader() as reader:
        yield reader


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_within_the_limits(name: str, child: ChildReader) -> None:
    make, states = BOMBS[name]
    before = time.perf_counter()
    data = make()
    made = time.perf_counter()
    child.begin()
    extracted = child.read("bomb", "", data)
    assert extracted.state in states, extracted
    assert "a" * 41 not in extracted.text
    assert len(extracted.text) <= child.limits.text_chars
    assert extracted.note or extracted.state == "text"
    assert time.perf_counter() - made < child.limits.wall_seconds + 2, made - before


def test_text_is_cut_with_a_note() -> None:
    extracted = InProcessReader(SMALL).read("a.txt", "", b"word " * 1_000)
    assert (len(extracted.text), extracted.note) == (2_000, "cut after 2000 characters")


def test_markup_is_cut_with_a_note_even_where_little_text_is_left() -> None:
    page = b"<?xml version='1.0'?><a>words" + b"<b/>" * 10_000 + b"lost</a>"
    extracted = InProcessReader(SMALL).read("a.xml", "", page)
    assert (extracted.text, extracted.note) == ("words", "cut after 16000 bytes")


def test_members_beyond_the_budget_are_told() -> None:
    extracted = InProcessReader(SMALL).read("a.zip", "", samples.zipped({f"{n}.txt": b"words" for n in range(9)}))
    assert extracted.state == State.TEXT
    assert extracted.note == "5.txt: too many members"


def test_members_share_one_budget_of_bytes() -> None:
    members = {f"{n}.bin": bytes(400_000) for n in range(3)} | {"a.txt": b"words"}
    extracted = InProcessReader(SMALL).read("a.zip", "", samples.zipped(members))
    assert (extracted.text.splitlines()[-1], extracted.note) == ("words", "2.bin: unfolds beyond measure")


def test_a_size_that_lies_is_caught_while_unfolding() -> None:
    data = bytearray(samples.zipped({"a.txt": bytes(5_000_000)}, zipfile.ZIP_DEFLATED))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = data[22:26] = (100).to_bytes(4, "little")
    assert InProcessReader(SMALL).read("a.zip", "", bytes(data)).state in {"refused", "failed"}


def test_surrogates_and_nul_do_not_leave() -> None:
    pair = rb"{\rtf1 \u55357?\u56832? \u55357? \u0? end}"
    assert InProcessReader().read("a.rtf", "", pair).text == "\U0001f600 \ufffd  end"


SEEDS = [
    samples.pdf("Dear Professor", link="https://a.example/"),
    samples.docx("Dear Professor"),
    samples.odt("<text:p>Dear Professor</text:p>"),
    samples.zipped({"a.txt": b"Dear Professor", "b.zip": samples.zipped({"c.txt": b"x"})}),
    rb"{\rtf1\ansi{\fonttbl{\f0\fcharset134 S;}}\f0 \'ba\'a3{\*\fldinst HYPERLINK}\u300?\uc2\par}",
    samples.tnef(b"Dear Professor", [(b"a.txt", b"words")]),
    b"<html><body><p>Dear Professor</p><a href='https://a.example'>x</a></body></html>",
    samples.OLE + bytes(1_000),
]


def assert_clean(extracted: Extracted, limits: Limits) -> None:
    assert extracted.state in set(State)
    assert len(extracted.text) <= limits.text_chars
    assert "\0" not in extracted.text
    assert not extracted.text or extracted.state == State.TEXT
    json.dumps([extracted.text, extracted.note], ensure_ascii=False).encode("utf-8")


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(SEEDS), st.data())
def test_damaged_files_are_answered(seed: bytes, data: st.DataObject) -> None:
    damaged = bytearray(seed)
    for at in data.draw(st.lists(st.integers(0, len(seed) - 1), max_size=20)):
        damaged[at] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(seed)))
    assert_clean(InProcessReader(SMALL).read("a", "", bytes(damaged[:end])), SMALL)


@settings(deadline=None, max_examples=60)
@given(
    st.text(max_size=20),
    st.sampled_from(["", "text/plain; charset=utf-7", "text/html", "application/pkcs7-mime", "message/rfc822", "x"]),
    st.sampled_from([seed[:12] for seed in SEEDS] + [b"", b"\xff\xfe", b"<?xml "]),
    st.binary(max_size=300),
)
def test_anything_is_answered(name: str, content_type: str, head: bytes, rest: bytes) -> None:
    assert_clean(InProcessReader(SMALL).read(name, content_type, head + rest), SMALL)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([b"{", b"}", b"\\u-1 ", b"\\'b", b"\\*", b"\\f1", b"\\bin2", b"\\uc3", b"ab", b"\n"])))
def test_any_rtf_is_answered(tokens: list[bytes]) -> None:
    assert_clean(InProcessReader(SMALL).read("a.rtf", "", b"{\\rtf1" + b"".join(tokens)), SMALL)
