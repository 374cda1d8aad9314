"""Public mail and the test data of other mail programs."""

import io
import json
from pathlib import Path

import pytest

from outreach_audit.sources import RawMessage, Ref, Skipped, read

# Bodies without any header field: other parsers are told that they are messages, we are not.
NO_HEADER = {
    "malformedHeader-nocrlfcrlf.msg",
    "malformedHeader-noheader.msg",
    "malformedHeaderStartsBody-nocrlfcrlf.msg",
    "malformedHeaderStartsBody-noheader.msg",
}


@pytest.mark.parametrize(("name", "messages"), [("english_2002", 3250), ("chinese_2005", 7615), ("job_adverts_r", 442)])
def test_public_mailboxes_are_counted_exactly(shared: Path, name: str, messages: int) -> None:
    items = list(read([shared / "mail" / f"{name}.mbox.gz"]))
    assert len(items) == messages
    assert all(isinstance(item, RawMessage) and not item.defects for item in items)


def refs(content: bytes) -> list[Ref]:
    return [item.ref for item in read(["-"], stdin=io.BytesIO(content)) if isinstance(item, RawMessage)]


@pytest.mark.parametrize("line_end", ["unix", "dos"])
@pytest.mark.parametrize("name", ["content-length", "issue1189", "jwz"])
def test_offsets_are_those_of_mimekit(shared: Path, name: str, line_end: str) -> None:
    """Beginnings are equal; so are ends, but where no empty line stands before a separator.

    There MimeKit takes the line end of the last line for a part of the separator, and we leave it to the message.
    """
    folder = shared / "conformance" / "mimekit_mbox"
    mailbox = folder / f"{name}.mbox.txt"
    if not mailbox.exists():
        pytest.skip("of jwz the suite has offsets, summary and bodies, and not the mailbox that they are of")
    content = mailbox.read_bytes()
    ending = b"\n" if line_end == "unix" else b"\r\n"
    content = content.replace(b"\n", ending)
    expected = json.loads((folder / f"{name}.{line_end}-offsets.json").read_text("utf-8-sig"))
    found = refs(content)
    assert len(found) == len(expected)
    for wanted, ref in zip(expected, found, strict=True):
        assert ref.offset == wanted["beginOffset"]
        assert content[wanted["mboxMarkerOffset"] : ref.offset].startswith(b"From ")
        end = wanted["endOffset"]
        if not content.startswith(ending + b"From ", end) or content[end - len(ending) : end] == ending:
            assert ref.offset + ref.length == end
        else:
            assert ref.offset + ref.length == end + len(ending)


@pytest.mark.parametrize(("name", "messages", "lenient"), [("simple", 3, ""), ("unmunged", 2, "would be 3")])
def test_mimekit_mailboxes_without_dates(shared: Path, name: str, messages: int, lenient: str) -> None:
    path = shared / "conformance" / "mimekit_mbox" / f"{name}.mbox.txt"
    *found, last = read([path])
    assert sum(isinstance(item, RawMessage) for item in (*found, last)) == messages
    assert lenient in getattr(last, "text", "")


def test_mime4j_mailbox_is_split_into_its_five_files(shared: Path) -> None:
    folder = shared / "conformance" / "mime4j" / "mbox" / "src" / "test" / "resources" / "test-1"
    found = [item.content for item in read([folder / "mbox.rlug"]) if isinstance(item, RawMessage)]
    parts = [(folder / f"mbox.rlug-{number}").read_bytes() for number in range(5)]
    assert [content.rstrip(b"\n") for content in found] == [part.rstrip(b"\n") for part in parts]


@pytest.mark.parametrize(
    ("folder", "pattern", "files"),
    [("ruby_mail", "*.eml", 104), ("stalwart", "*.eml", 107), ("zbateson", "*.txt", 75), ("mime4j", "*.msg", 82)],
)
def test_single_messages_are_whole_or_accounted_for(shared: Path, folder: str, pattern: str, files: int) -> None:
    paths = sorted((shared / "conformance" / folder).rglob(pattern))
    paths = [path for path in paths if "files" not in path.parts and "_decoded" not in path.name]
    assert len(paths) == files
    for path in paths:
        (item,) = read([path])
        if path.name in NO_HEADER:
            assert isinstance(item, Skipped), path
        else:
            assert isinstance(item, RawMessage), path
            content = path.read_bytes()
            assert content.lstrip(b"\xef\xbb\xbf\r\n \t\0").startswith(item.content[:40]) or b"From " in content[:5], (
                path
            )
            assert len(content) - item.ref.length < 200, path
