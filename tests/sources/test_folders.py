"""Directories, Maildir, MH, Apple Mail, and files that are no mail."""

import os
from pathlib import Path

import pytest

from outreach_audit.sources import Item, RawMessage, Skipped, read, read_at
from tests.sources.mailbox_writers import eml, mboxrd


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def labels(items: list[Item]) -> dict[str, tuple[str, ...]]:
    return {Path(item.ref.source).name: item.labels for item in items if isinstance(item, RawMessage)}


def test_maildir_folders_and_flags(tmp_path) -> None:
    root = tmp_path / "Maildir"
    for folder in (root, root / ".Sent", root / ".&vPSwuA-.2026"):
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True)
    write(root / "cur" / "1.host:2,RS", eml(1))
    write(root / "new" / "2.host", eml(2))
    write(root / "tmp" / "3.host", eml(3))
    write(root / ".Sent" / "cur" / "4.host:2,", eml(4))
    write(root / ".&vPSwuA-.2026" / "cur" / "5.host:2,F", eml(5))
    write(root / "dovecot-uidlist", b"3 V1 N2\n")
    items = list(read([root]))
    assert labels(items) == {
        "1.host:2,RS": ("INBOX", "replied", "seen"),
        "2.host": ("INBOX",),
        "4.host:2,": ("Sent",),
        "5.host:2,F": ("보낸/2026", "flagged"),
    }
    skipped = {Path(item.ref.source).name: item for item in items if isinstance(item, Skipped)}
    assert "delivery had not ended" in skipped["3.host"].reason
    assert skipped["dovecot-uidlist"].messages == 0


def test_mh_folders_are_labels(tmp_path) -> None:
    write(tmp_path / "inbox" / "1", eml(1))
    write(tmp_path / "inbox" / "10", eml(10))
    write(tmp_path / "inbox" / ".mh_sequences", b"unseen: 10\n")
    items = list(read([tmp_path]))
    assert labels(items) == {"1": ("inbox",), "10": ("inbox",)}
    assert [item.messages for item in items if isinstance(item, Skipped)] == [0]


def test_emlx(tmp_path) -> None:
    content = b"%-10d\n" % len(eml(1)) + eml(1) + b'<?xml version="1.0"?>\n<plist/>\n'
    path = write(tmp_path / "Junk.mbox" / "Messages" / "1.emlx", content)
    (item,) = read([tmp_path])
    assert isinstance(item, RawMessage)
    assert (item.content, item.labels) == (eml(1), ("Junk",))
    assert read_at(item.ref) == eml(1)
    path.write_bytes(content[:60])
    (item,) = read([path])
    assert isinstance(item, RawMessage)
    assert "ends after" in item.defects[0]


def test_an_empty_folder_is_told(tmp_path) -> None:
    assert [item.reason for item in read([tmp_path]) if isinstance(item, Skipped)] == ["an empty folder"]


def test_order_is_that_of_the_names(tmp_path) -> None:
    for name in ("b.eml", "a/z.eml", "a.eml", "c/a/1.eml"):
        write(tmp_path / name, eml(0))
    sources = [item.ref.source for item in read([tmp_path])]
    assert sources == [str(tmp_path / name) for name in ("a.eml", "b.eml", "a/z.eml", "c/a/1.eml")]
    assert sources == [item.ref.source for item in read([str(tmp_path)])]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
        (b"%PDF-1.7\n", "PDF"),
        (bytes(300_000), "no mail"),
        (b"Dear all,\n\nFrom now on we meet at ten.\n\nRegards\n", "no mail"),
        (b"From the desk of the director\nTo whom it may concern\n", "no mail"),
        (b"Note: buy milk\nTime: 10:00\n\nand bread\n", "no mail"),
        (b"name,amount\nx,1\n", "no mail"),
        (b"From,Until,Room\n1,2,3\n", "no mail"),
        (b'{"name": "x", "to": "y"}\n', "no mail"),
        (b"<!DOCTYPE html><title>From: x</title>", "no mail"),
        (b"#!/usr/bin/env python3\nimport x\n", "no mail"),
        (b"BEGIN:VCARD\nVERSION:4.0\nEND:VCARD\n", "contacts"),
        (bytes(range(256)) * 40, "no mail"),
    ],
)
def test_what_is_no_mail_is_skipped_with_a_reason(tmp_path, content: bytes, words: str) -> None:
    path = write(tmp_path / "inbox.mbox", content)
    (item,) = read([path])
    assert isinstance(item, Skipped)
    assert item.messages == 0
    assert words in item.reason


def test_paths_that_cannot_be_read(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "up").symlink_to(tmp_path)
    reasons = [item.reason for item in read([tmp_path, tmp_path / "none", "a\0b"]) if isinstance(item, Skipped)]
    assert len(reasons) == 5
    assert any("link to a directory" in reason for reason in reasons)
    assert any("pipe" in reason for reason in reasons)
    assert "does not exist" in reasons


def test_names_that_are_no_utf8(tmp_path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\xfe.eml"
    try:
        with open(path, "wb") as file:  # noqa: PTH123 (bytes)
            file.write(eml(0))
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    (item,) = read([tmp_path])
    assert item.ref.source.encode().endswith(b"\\xff\\xfe.eml")
    assert read_at(item.ref) == eml(0)


def test_a_mailbox_is_read_in_little_memory(tmp_path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "large"
    block = mboxrd([eml(number, b"x" * 70 + b"\n" * 2000) for number in range(1000)])
    with path.open("wb") as file:
        for _ in range(40):
            file.write(block)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(isinstance(item, RawMessage) for item in read([path])) == 40_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000
