"""Compressed streams, archives, nesting and budgets."""

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.sources import Item, Limits, RawMessage, Ref, Skipped, read, read_at
from tests.sources.mailbox_writers import FROM_LINE, eml, mboxrd

MBOX = mboxrd([eml(0), eml(1)])
WHOLE = [eml(0), eml(1)]
DEFAULT = Limits()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(members: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def found(tmp_path, content: bytes, limits: Limits = DEFAULT) -> list[Item]:
    path = tmp_path / "any.name"
    path.write_bytes(content)
    return list(read([path], limits=limits))


def contents(items: list[Item]) -> list[bytes]:
    return [item.content for item in items if isinstance(item, RawMessage)]


def reasons(items: list[Item]) -> list[str]:
    return [item.reason for item in items if isinstance(item, Skipped)]


COMPRESSORS = [gzip.compress, bz2.compress, lzma.compress]


@pytest.mark.parametrize("compress", COMPRESSORS)
def test_compressed_streams(tmp_path, compress) -> None:
    assert contents(found(tmp_path, compress(MBOX))) == WHOLE
    assert contents(found(tmp_path, compress(MBOX) + compress(MBOX))) == WHOLE * 2
    assert contents(found(tmp_path, compress(compress(MBOX)))) == WHOLE
    assert contents(list(read(["-"], stdin=io.BytesIO(compress(MBOX))))) == WHOLE


@pytest.mark.parametrize("compress", COMPRESSORS)
def test_a_cut_stream_gives_what_it_has_and_says_so(tmp_path, compress) -> None:
    noise = bytes((number * number * 7 + number // 5) % 94 + 33 for number in range(20_000))
    cut = compress(mboxrd([eml(0), eml(1, zlib.compress(noise).hex().encode() * 20)]))[:-60]
    items = found(tmp_path, cut)
    if contents(items):
        last = [item for item in items if isinstance(item, RawMessage)][-1]
        assert last.defects == ("the message may be incomplete: the data end too early",)
    assert "the data end too early" in reasons(items)[-1]


def test_zstd(tmp_path) -> None:
    zstandard = pytest.importorskip("zstandard")
    assert contents(found(tmp_path, zstandard.compress(MBOX) + zstandard.compress(MBOX))) == WHOLE * 2


def test_a_cut_or_damaged_zstd_is_told(tmp_path) -> None:
    zstandard = pytest.importorskip("zstandard")
    content = zstandard.compress(MBOX)
    assert "too early" in reasons(found(tmp_path, content[:-3]))[-1]
    assert reasons(found(tmp_path, content[:8] + b"\xff" * 20 + content[28:]))


def test_what_holds_nothing_is_told(tmp_path) -> None:
    for content in (zipped({}), tarred({"a": b""})[:512] + bytes(2048), b"Date,Sender,To,Subject\n"):
        items = found(tmp_path, content)
        assert [item.messages for item in items if isinstance(item, Skipped)] == [0]


def test_labels_of_members(tmp_path) -> None:
    members = {"Maildir/.Spam/cur/1:2,S": eml(0), "inbox/7": eml(1), "Junk.mbox/mbox": MBOX, "other/a.eml": eml(2)}
    for content in (zipped(members), tarred(members)):
        labels = [item.labels for item in found(tmp_path, content) if isinstance(item, RawMessage)]
        assert labels == [("Spam", "seen"), ("inbox",), ("Junk",), ("Junk",), ()]


def test_a_missing_zstd_reader_is_said_in_one_line(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    items = found(tmp_path, b"\x28\xb5\x2f\xfd" + bytes(20))
    assert [(item.messages, "pip install" in item.reason) for item in items if isinstance(item, Skipped)] == [(1, True)]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tar_formats_and_names(tmp_path, form: int) -> None:
    long = "d" * 90 + "/" + "e" * 90 + ".eml"
    members = {
        "a.mbox": MBOX,
        long: eml(2),
        "../../etc/passwd": eml(3),
        "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(99),
    }
    items = found(tmp_path, tarred(members, form))
    assert contents(items) == [*WHOLE, eml(2), eml(3)]
    assert [item.ref.member for item in items] == ["a.mbox", "a.mbox", long, "../../etc/passwd", "picture.png"]
    assert reasons(items) == ["a PNG picture, no mail"]
    assert list(tmp_path.iterdir()) == [tmp_path / "any.name"]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tar_names_in_korean(tmp_path, form: int) -> None:
    assert [item.ref.member for item in found(tmp_path, tarred({"받은 편지함.eml": eml(0)}, form))] == [
        "받은 편지함.eml"
    ]


def test_zip_and_nested_containers(tmp_path) -> None:
    inner = zipped({"c.mbox": MBOX, "d!e.eml": eml(4)})
    content = zipped({"a.zip": inner, "b.tar.gz": gzip.compress(tarred({"f": MBOX})), "g.eml": eml(5)})
    items = found(tmp_path, content)
    members = ["a.zip!c.mbox", "a.zip!c.mbox", "a.zip!d!e.eml", "b.tar.gz!f", "b.tar.gz!f", "g.eml"]
    assert [item.ref.member for item in items] == members
    assert contents(items) == [*WHOLE, eml(4), *WHOLE, eml(5)]
    assert [read_at(item.ref) for item in items] == contents(items)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_the_same_name_are_told_apart(tmp_path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.eml", eml(0))
        archive.writestr("a.eml", eml(1))
    items = found(tmp_path, file.getvalue())
    assert [item.ref.member for item in items] == ["a.eml", "a.eml#2"]
    assert [read_at(item.ref) for item in items] == [eml(0), eml(1)]


def test_encrypted_members_are_skipped(tmp_path) -> None:
    content = bytearray(zipped({"a.eml": eml(0), "b.eml": eml(1)}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + flags] |= 1
    items = found(tmp_path, bytes(content))
    assert reasons(items) == ["encrypted: unpack it with its password first"]
    assert contents(items) == [eml(1)]


def test_office_documents_are_one_line(tmp_path) -> None:
    items = found(tmp_path, zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))
    assert [(item.messages, item.reason) for item in items if isinstance(item, Skipped)] == [
        (0, "a document or program in a zip file, no mail")
    ]


def bomb(size: int) -> bytes:
    return FROM_LINE + b"Subject: x\n\n" + b"A" * 76 + b"\n" + bytes(size)


def test_a_bomb_stops_at_the_ratio(tmp_path) -> None:
    limits = Limits(message_bytes=1 << 20)
    items = found(tmp_path, gzip.compress(gzip.compress(bomb(200 << 20), 1), 1), limits)
    assert len(contents(items)) == 1
    assert "300 times its size" in reasons(items)[0]


def test_a_bomb_stops_at_the_total(tmp_path) -> None:
    items = found(tmp_path, zipped({f"{n}.eml": eml(n, b"x" * 5000) for n in range(9)}), Limits(expanded_bytes=20_000))
    assert len(contents(items)) == 3
    assert len(reasons(items)) == 2
    assert "more than 20,000 bytes" in " ".join(reasons(items))


def test_depth_and_members_are_bounded(tmp_path) -> None:
    content = MBOX
    for _ in range(12):
        content = gzip.compress(content)
    assert "8 deep" in reasons(found(tmp_path, content))[0]
    many = zipped({f"{number}.eml": eml(number) for number in range(10)})
    assert "more than 5 members" in reasons(found(tmp_path, many, Limits(members=5)))[0]
    many = tarred({f"{number}.eml": eml(number) for number in range(10)})
    assert len(contents(found(tmp_path, many, Limits(members=5)))) == 5


def test_a_large_zip_within_a_container_is_not_held(tmp_path) -> None:
    content = zipped({"a.zip": zipped({"b.eml": eml(0, b"x" * 5000)}, zipfile.ZIP_STORED)}, zipfile.ZIP_STORED)
    assert "unpack the outer one" in reasons(found(tmp_path, content, Limits(held_bytes=1000)))[0]


def test_tar_headers_that_lead_nowhere(tmp_path) -> None:
    content = bytearray(tarred({"a.eml": eml(0), "b.eml": eml(1)}, tarfile.USTAR_FORMAT))
    for size in (b"\xff" * 12, b"-0000000001\0", b"77777777777\0"):
        broken = content.copy()
        broken[1024 + 124 : 1024 + 136] = size
        broken[1024 + 148 : 1024 + 156] = b"        "
        broken[1024 + 148 : 1024 + 156] = b"%06o\0 " % sum(broken[1024:1536])
        items = found(tmp_path, bytes(broken))
        assert contents(items)[0] == eml(0)
    pax = tarred({"p" * 200: eml(0)}).replace(b"path=ppp", b"size=-999")
    assert found(tmp_path, pax)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(
        [
            zipped({"a": MBOX, "b/c.eml": eml(1)}),
            tarred({"a": MBOX, "b" * 120: eml(1)}),
            *(compress(MBOX) for compress in COMPRESSORS),
        ]
    ),
    st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), max_size=6),
    st.integers(0, 6000),
)
def test_damage_never_raises(content: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    broken = bytearray(content)
    for at, value in changes:
        broken[at % len(broken)] = value
    broken = broken[: len(broken) - cut % len(broken)] if cut % 3 == 0 else broken
    assert list(read(["-"], stdin=io.BytesIO(bytes(broken))))


def test_a_ref_that_leads_nowhere_is_an_error_in_words(tmp_path) -> None:
    from outreach_audit.errors import OutreachAuditError

    (tmp_path / "a").write_bytes(zipped({"a": MBOX}))
    for ref in (Ref(str(tmp_path / "none")), Ref(str(tmp_path / "a"), "b"), Ref("-")):
        with pytest.raises(OutreachAuditError):
            read_at(ref)
