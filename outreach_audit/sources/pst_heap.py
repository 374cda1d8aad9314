"""The properties of a message that is attached within an Outlook store, from its bytes.

libpff gives such a message only as the raw node of its properties (MS-PST, sections 2.3.1 to 2.3.3): values of up to
3,580 bytes lie in it, longer ones elsewhere, out of reach.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from outreach_audit.sources.outlook import WANTED

_BLOCK_BYTES: Final = 8176
_SIGNATURE, _PROPERTIES, _TREE = 0xEC, 0xBC, 0xB5
_RECORD = struct.Struct("<HHI")
_BRANCH = struct.Struct("<HI")
_INLINE = frozenset((0x0002, 0x0003, 0x0004, 0x000A, 0x000B))
_LEVELS = 4


@dataclass(frozen=True, slots=True)
class HeapEntry:
    """One property: its bytes, or None where they lie outside of the node. Named as the entries of libpff."""

    entry_type: int
    value_type: int
    data: bytes | None


def heap_entries(node: bytes) -> list[HeapEntry]:
    """The wanted properties of the node; none where it is no property node.

    Raises:
        ValueError: the node is damaged.
    """
    if len(node) < 12 or node[2] != _SIGNATURE or node[3] != _PROPERTIES:  # noqa: PLR2004 (length of the header)
        return []
    try:
        (root,) = struct.unpack_from("<I", node, 4)
        kind, _, _, levels, records = struct.unpack("<BBBBI", _allocated(node, root)[:8])
        if kind != _TREE or levels > _LEVELS:
            return []
        return list(_entries(node, records, levels, set()))
    except (struct.error, IndexError) as error:
        raise ValueError("damaged properties") from error


def _entries(node: bytes, heap_id: int, levels: int, seen: set[int]) -> Iterator[HeapEntry]:
    if heap_id in seen:
        return
    seen.add(heap_id)
    content = _allocated(node, heap_id)
    if levels:
        for at in range(0, len(content) - _BRANCH.size + 1, _BRANCH.size):
            yield from _entries(node, _BRANCH.unpack_from(content, at)[1], levels - 1, seen)
        return
    for at in range(0, len(content) - _RECORD.size + 1, _RECORD.size):
        tag, kind, value = _RECORD.unpack_from(content, at)
        if tag not in WANTED:
            continue
        if kind in _INLINE:
            yield HeapEntry(tag, kind, struct.pack("<I", value))
        else:
            yield HeapEntry(tag, kind, None if value & 0x1F else _allocated(node, value))


def _allocated(node: bytes, heap_id: int) -> bytes:
    """The allocation of this id: five bits of type, eleven of index, sixteen of block."""
    if heap_id == 0:
        return b""
    index, block = (heap_id >> 5) & 0x7FF, heap_id >> 16
    start = block * _BLOCK_BYTES
    (page_map,) = struct.unpack_from("<H", node, start)
    first, last = struct.unpack_from("<HH", node, start + page_map + 4 + 2 * (index - 1))
    return node[start + first : start + last]
