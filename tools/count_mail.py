"""Count the messages under a folder, apart from the program: ``python tools/count_mail.py FOLDER [LEDGER]``.

A second opinion on what the program accounts for. It shares no code with it: the standard library's mailbox, zipfile,
tarfile and email, pypff for Outlook stores, and the simplest rules that tell mail from other files. With a ledger, the
files whose number differs from the program's account are listed; docs/conformance.md explains each of them.
"""

import bz2
import csv
import gzip
import io
import json
import lzma
import mailbox
import re
import sqlite3
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from pathlib import Path

import pypff

PACKED = {b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress, b"\xfd7zXZ": lzma.decompress}
OLE = b"\xd0\xcf\x11\xe0"
OUTLOOK_ITEM = "__properties_version1.0".encode("utf-16-le")
MAIL_FIELDS = {"from", "to", "cc", "subject", "date", "message-id", "received", "return-path", "mime-version", "sender"}
MAIL_FIELDS |= {"content-type", "delivered-to", "reply-to", "x-mailer", "content-transfer-encoding"}
SEPARATOR = re.compile(rb"(?m)^From .*\d:\d\d.*\r?\n")
DOCUMENT_PARTS = {"[Content_Types].xml", "mimetype"}
MARKUP = (b"<", b"{", b"[", b"%PDF", b"\x89PNG")


def count_file(path: Path) -> int:
    """How many messages a file holds, whatever it is called."""
    return count(path.read_bytes())


def count(content: bytes) -> int:
    """How many messages the bytes hold."""
    unpack = next((unpack for magic, unpack in PACKED.items() if content.startswith(magic)), None)
    if unpack:
        return count(unpack(content))
    if content.startswith(b"PK\3\4"):
        return sum(map(count, zip_members(content)))
    if content[257:262] == b"ustar":
        return sum(map(count, tar_members(content)))
    if content.startswith(b"!BDN"):
        return count_store(content)
    if content.startswith(OLE):
        return int(OUTLOOK_ITEM in content)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16", "replace").encode("utf-8", "replace")
    return count_text(content.removeprefix(b"\xef\xbb\xbf").lstrip())


def zip_members(content: bytes) -> Iterator[bytes]:
    """The members of an archive of mail; none of a document that happens to be a zip file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if not DOCUMENT_PARTS.intersection(archive.namelist()):
            yield from (archive.read(name) for name in archive.namelist() if not name.endswith("/"))


def tar_members(content: bytes) -> Iterator[bytes]:
    """The files of a tar archive."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        yield from (archive.extractfile(entry).read() for entry in archive if entry.isfile())


def count_store(content: bytes) -> int:
    """The items of an Outlook store, in all of its folders."""
    store = pypff.file()
    store.open_file_object(io.BytesIO(content))
    folders, found = [store.root_folder], 0
    while folders:
        folder = folders.pop()
        found += folder.number_of_sub_messages
        folders += list(folder.sub_folders)
    return found


def count_text(content: bytes) -> int:
    """An mbox, a log, or one message."""
    if content.startswith(b"From ") or (SEPARATOR.search(content[:65536]) and not is_message(content)):
        return count_mbox(content)
    if is_message(content) or is_message(content.partition(b"\n")[2] if content[:1].isdigit() else b""):
        return 1
    return count_log(content)


def count_mbox(content: bytes) -> int:
    """As the standard library splits it: at every line that begins with "From "."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return len(mailbox.mbox(file.name, create=False))


def is_message(content: bytes) -> bool:
    """Whether it begins with header fields: two of mail, or one where an empty line ends them as it should."""
    if not content or content.startswith(MARKUP):
        return False
    fields = BytesHeaderParser().parsebytes(content[:100_000])
    known = MAIL_FIELDS.intersection(name.lower() for name in fields)
    return len(known) > 1 or (bool(known) and not fields.defects and b"\n" in content)


def count_log(content: bytes) -> int:
    """The rows of a table, or lines of JSON, with a sender, recipients and a time."""
    text = content.decode("utf-8", "replace")
    first = text.partition("\n")[0]
    if first.startswith("{"):
        try:
            names = ",".join(json.loads(first)).lower()
        except ValueError:
            return 0
    else:
        names = first.lower()
    if not ("sender" in names and "recipient" in names and ("date" in names or "time" in names or "received" in names)):
        return 0
    return (
        sum(bool(line.strip()) for line in text.split("\n"))
        if first.startswith("{")
        else len(list(csv.reader(io.StringIO(text)))) - 1
    )


def count_folder(root: Path) -> dict[str, int]:
    """The number of messages in each file below a folder, by its path."""
    return {str(path): count_file(path) for path in sorted(root.rglob("*")) if path.is_file()}


def accounts(ledger: str) -> Counter[str]:
    """What the program found in each file, from the ledger of its scan."""
    found: Counter[str] = Counter()
    with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as database:
        for path, number in database.execute("SELECT path, found FROM file"):
            found[path] += number
    return found


def main(root: str, ledger: str = "") -> None:
    """Print the total, and with a ledger every file that differs."""
    counted = count_folder(Path(root))
    print(f"{sum(counted.values()):,} messages in {sum(map(bool, counted.values())):,} of {len(counted):,} files")
    if not ledger:
        return
    told = accounts(ledger)
    print(f"{sum(told.values()):,} messages in the ledger, of {len(told):,} files")
    for path in sorted(counted.keys() | told.keys()):
        if counted.get(path, -1) != told.get(path, -1):
            print(f"{path}: counted {counted.get(path, 'nothing')}, in the ledger {told.get(path, 'nothing')}")


if __name__ == "__main__":
    main(*sys.argv[1:])
