"""The properties of a message that is attached within an Outlook store, from the node that holds them.

MS-PST, sections 2.3.1 to 2.3.3: values of up to 3,580 bytes lie in the heap of the node, longer ones in nodes below it.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from outreach_audit.sources.outlook import WANTED

_SIGNATURE, _PROPERTIES, _TREE = 0xEC, 0xBC, 0xB5
_RECORD = struct.Struct("<HHI")
_BRANCH = struct.Struct("<HI")
_INLINE = frozenset((0x0002, 0x0003, 0x0004, 0x000A, 0x000B))
_LEVELS = 4


@dataclass(frozen=True, slots=True)
class HeapEntry:
    """One property: its bytes, or None where they could not be had. Named as the entries of libpff."""

    entry_type: int
    value_type: int
    data: bytes | None


def heap_entries(blocks: Sequence[bytes], below: Callable[[int], bytes | None]) -> list[HeapEntry]:
    """The wanted properties of a node; none where it is no property node.

    Args:
        blocks: the data of the node.
        below: gives the data of a node below it, by its identifier; None where it cannot be had.

    Raises:
        ValueError: the node is damaged.
    """
    if not blocks or len(blocks[0]) < 12 or blocks[0][2] != _SIGNATURE or blocks[0][3] != _PROPERTIES:  # noqa: PLR2004 (length of the header)
        return []
    heap = _Heap(blocks, below)
    try:
        (root,) = struct.unpack_from("<I", blocks[0], 4)
        kind, _, _, levels, records = struct.unpack("<BBBBI", heap.allocated(root)[:8])
        if kind != _TREE or levels > _LEVELS:
            return []
        return list(heap.entries(records, levels, set()))
    except (struct.error, IndexError) as error:
        raise ValueError("damaged properties") from error


@dataclass(frozen=True, slots=True)
class _Heap:
    blocks: Sequence[bytes]
    below: Callable[[int], bytes | None]

    def entries(self, heap_id: int, levels: int, seen: set[int]) -> Iterator[HeapEntry]:
        if heap_id in seen:
            return
        seen.add(heap_id)
        content = self.allocated(heap_id)
        if levels:
            for at in range(0, len(content) - _BRANCH.size + 1, _BRANCH.size):
                yield from self.entries(_BRANCH.unpack_from(content, at)[1], levels - 1, seen)
            return
        for at in range(0, len(content) - _RECORD.size + 1, _RECORD.size):
            tag, kind, value = _RECORD.unpack_from(content, at)
            if tag not in WANTED:
                continue
            if kind in _INLINE:
                yield HeapEntry(tag, kind, struct.pack("<I", value))
            else:
                yield HeapEntry(tag, kind, self.below(value) if value & 0x1F else self.allocated(value))

    def allocated(self, heap_id: int) -> bytes:
        """The allocation of this id: five bits of type, eleven of index, sixteen of block."""
        if heap_id == 0:
            return b""
        index, block = (heap_id >> 5) & 0x7FF, self.blocks[heap_id >> 16]
        (page_map,) = struct.unpack_from("<H", block)
        first, last = struct.unpack_from("<HH", block, page_map + 4 + 2 * (index - 1))
        return block[first:last]
