"""tar: members in a row, read as a stream.

The standard library's reader is not used: in Python 3.11 it loops for ever on negative sizes (CVE-2025-8194), takes
quadratic time on extended headers (CVE-2024-6232) and reads those of any size into memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from outreach_audit.sources.limits import MIB, BudgetExceededError
from outreach_audit.sources.model import Skipped
from outreach_audit.sources.names import unique_name
from outreach_audit.sources.place import Place
from outreach_audit.sources.window import Window

BLOCK = 512
_EXTENSION_SIZE = MIB
_SIZE_DIGITS = 20
_REGULAR = (b"0", b"\0", b"7")
_LONG_NAME, _PAX, _PAX_GLOBAL, _LONG_LINK = b"L", b"x", b"g", b"K"
_SPARSE = b"S"


@dataclass(frozen=True, slots=True)
class _Header:
    name: str
    size: int
    kind: bytes


def is_tar(head: bytes) -> bool:
    """Whether the first block is a tar header: its checksum is right (POSIX.1-2017, pax, ustar format)."""
    return _header(head[:BLOCK]) is not None


def open_tar(window: Window, place: Place) -> Iterator[tuple[Window, Place] | Skipped]:
    """The regular files of a tar archive, each as a window."""
    offset = 0
    extended: dict[str, str] = {}
    seen: dict[str, int] = {}
    while any(block := window.get(offset, offset + BLOCK)):
        header = _header(block)
        if header is None:
            yield place.skipped(f"a damaged tar: no member begins at byte {offset:,}; not read further", 1)
            return
        start = offset + BLOCK
        if header.kind in (_LONG_NAME, _PAX, _PAX_GLOBAL, _LONG_LINK):
            if header.size > _EXTENSION_SIZE:
                yield place.skipped(f"a damaged tar: a name of {header.size:,} bytes; not read further", 1)
                return
            extended |= _extension(header.kind, window.get(start, start + header.size))
            offset = start + _padded(header.size)
            continue
        size = int(extended.get("size", header.size))
        inside = place.inside(unique_name(extended.get("path", header.name), seen))
        extended = {}
        try:
            place.budget.member()
        except BudgetExceededError as error:
            yield place.skipped(str(error), 1)
            return
        if header.kind in _REGULAR:
            yield Window(_Member(window, start, start + size)), inside
        elif header.kind == _SPARSE:
            yield inside.skipped("a sparse file: unpack it first", 1)
        offset = start + _padded(size)
        window.skip(offset)
    if window.get(offset, offset + MIB).strip(b"\0"):
        yield place.skipped(f"bytes behind the end of the tar at {offset:,} were not read", 1, offset)
    if window.fault:
        yield place.skipped(f"the tar is incomplete: {window.fault}", 1)


class _Member:
    """The bytes of one member, read through the window of the archive."""

    def __init__(self, window: Window, start: int, stop: int) -> None:
        self._window = window
        self._offset = start
        self._stop = stop

    def read(self, size: int, /) -> bytes:
        content = self._window.get(self._offset, min(self._offset + size, self._stop))
        self._offset += len(content)
        self._window.release(self._offset)
        if not content and self._offset < self._stop:
            raise EOFError
        return content


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _header(block: bytes) -> _Header | None:
    if len(block) < BLOCK:
        return None
    checksum, size = _number(block[148:156]), _number(block[124:136])
    unsigned = sum(block[:148]) + sum(block[156:]) + 8 * ord(" ")
    if checksum is None or size is None or checksum != unsigned:
        return None
    name = _text(block[:100])
    if block[257:263] == b"ustar\0" and block[345:500].strip(b"\0"):
        name = f"{_text(block[345:500])}/{name}"
    return _Header(name, size, block[156:157])


def _number(field: bytes) -> int | None:
    """A size: octal digits, or base 256 where the first bit is set (GNU). Negative ones are no sizes."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    if not digits or digits.strip(b"01234567"):
        return None
    return int(digits, 8)


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")


def _extension(kind: bytes, content: bytes) -> dict[str, str]:
    """The name or size that an extended header gives to the member after it."""
    if kind == _LONG_NAME:
        return {"path": _text(content)}
    found: dict[str, str] = {}
    at = 0
    while kind == _PAX and at < len(content):
        length = content[at : at + 20].split(b" ", 1)[0]
        if not length.isdigit() or not len(length) < int(length) <= len(content) - at:
            break
        key, _, value = content[at + len(length) + 1 : at + int(length) - 1].partition(b"=")
        if key == b"path" or (key == b"size" and value.isdigit() and len(value) <= _SIZE_DIGITS):
            found[key.decode()] = value.decode("utf-8", "surrogateescape")
        at += int(length)
    return found
