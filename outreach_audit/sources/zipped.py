"""zip: an archive with its table at the end, read in place, never unpacked to disk."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from outreach_audit.sources.compressed import Metered
from outreach_audit.sources.limits import BudgetExceededError
from outreach_audit.sources.model import Skipped
from outreach_audit.sources.names import unique_name
from outreach_audit.sources.place import Place
from outreach_audit.sources.window import Window

_ENCRYPTED = 1
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_END_SPAN = 65_536 + 256
_ENTRY_SIZE = 46
_UNKNOWN = 0xFFFFFFFF
# The first member of documents that happen to be zip files.
_DOCUMENTS = frozenset({"[Content_Types].xml", "mimetype", "_rels/.rels", "META-INF/MANIFEST.MF"})


def open_zip(window: Window, place: Place) -> Iterator[tuple[Window, Place] | Skipped]:
    """The members of a zip file, each as a window."""
    file = window.held(place.limits.held_bytes)
    if file is None:
        yield place.skipped(
            f"a zip within another container, larger than {place.limits.held_bytes:,} bytes: unpack the outer one", 1
        )
        return
    if window.fault:
        yield place.skipped(f"the zip is incomplete: {window.fault}", 1)
        return
    try:
        if _entries(file) > place.limits.members:
            yield place.skipped(f"holds more than {place.limits.members:,} members; not read", 1)
            return
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        yield place.skipped(f"a damaged zip: {error}", 1)
        return
    with archive:
        yield from _members(archive, place)


def _entries(file: BinaryIO) -> int:
    """How many members the table can hold at most: the module would read all of it into memory.

    The end record and its 64-bit form: APPNOTE.TXT, sections 4.3.14 and 4.3.16.
    """
    size = file.seek(0, 2)
    file.seek(max(size - _END_SPAN, 0))
    tail = file.read(_END_SPAN)
    file.seek(0)
    at, at_64 = tail.rfind(_END), tail.rfind(_END_64)
    if at < 0 or len(tail) < at + 22:
        return 0
    (table,) = struct.unpack_from("<L", tail, at + 12)
    if table == _UNKNOWN and at_64 >= 0 and len(tail) >= at_64 + 56:
        (table,) = struct.unpack_from("<Q", tail, at_64 + 40)
    return int(min(table, size)) // _ENTRY_SIZE


def _members(archive: zipfile.ZipFile, place: Place) -> Iterator[tuple[Window, Place] | Skipped]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if entries and entries[0].filename in _DOCUMENTS:
        yield place.skipped("a document or program in a zip file, no mail", 0)
        return
    seen: dict[str, int] = {}
    for entry in entries:
        inside = place.inside(unique_name(entry.filename, seen))
        try:
            place.budget.member()
        except BudgetExceededError as error:
            yield place.skipped(str(error), 1)
            return
        if entry.flag_bits & _ENCRYPTED:
            yield inside.skipped("encrypted: unpack it with its password first", 1)
            continue
        try:
            stream = archive.open(entry)
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, zlib.error) as error:
            yield inside.skipped(f"cannot be read: {error}", 1)
            continue
        with stream:
            yield Window(Metered(stream, place.budget)), inside
