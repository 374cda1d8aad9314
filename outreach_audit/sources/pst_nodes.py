"""Nodes and blocks of an Outlook store (MS-PST, section 2.2): what libpff does not give of attached messages.

A node is data in blocks, and nodes below it. Stores of Outlook 97 (ANSI) and 2003 (Unicode) are read; those with
4 KiB pages (Outlook 2013 .ost) are not.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

_PAGE: Final = 512
_MOST_LEVELS: Final = 8
_INTERNAL, _UNENCRYPTED, _PERMUTED = 2, 0, 1
_DATA_TREE, _NODE_TREE = 1, 2
# The permutation of encoded bytes (MS-PST, section 5.1, the third part of the table).
_PERMUTATION: Final = bytes.fromhex(
    "47f1b4e60b6a7248854e9eebe2f89453e0bba002e85a09abdbe3bac67cc310dd39059630f53760828cc9134a6b1df3fb"
    "8f2697ca911701c4322d6e3195ffd923d1005e79dc443b1a28c5615720903d83b943be67d2464276c06d5b7eb20f1629"
    "3ca903540dda5ddff6b7c762cd8d06d3695c86d614f7a56675acb1e94521700c879f74a4224c6fbf1f56aa2eb3783350"
    "b0a392bccf191ca763cb1e4d3e4b1b9b4fe7f0eead3ab55904ea40552551e57a893868527bfc27aed7bdfa07f4cc8e5f"
    "ef359c842b15d5773449b6120a7f7188fd9d18417d93d8582ccefe24afdeb836c8a180a69998a82f0e816573e4c2a28a"
    "d4e111d0088b2af2ed9a643fc16cf9ec"
)


def _unpacked(form: str, content: bytes, at: int = 0) -> tuple[int, ...]:
    try:
        return struct.unpack_from(form, content, at)
    except struct.error as error:
        raise ValueError("a damaged node") from error


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand, by the width of an identifier (8 bytes in Unicode stores, 4 in ANSI ones)."""

    width: int
    node_root: int
    block_root: int
    encoding: int
    page_footer: int
    children_start: int

    def numbers(self, content: bytes, at: int, count: int) -> tuple[int, ...]:
        return _unpacked(f"<{count}{'Q' if self.width == 8 else 'I'}", content, at)  # noqa: PLR2004 (a width)


_LAYOUTS: Final = {
    **dict.fromkeys((14, 15), _Layout(4, 188, 196, 461, 496, 4)),
    **dict.fromkeys((21, 23), _Layout(8, 224, 240, 513, 488, 8)),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its data, block by block, and where the nodes below it lie, by their identifiers."""

    blocks: tuple[bytes, ...] = ()
    children: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """All of its data."""
        return b"".join(self.blocks)


class Nodes:
    """The nodes of a store, read when asked for."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        """Open.

        Args:
            file: the store; its position is kept, since another reader uses it too.
            most: how many bytes of blocks are read at most.

        Raises:
            ValueError: a store of a version, or encoded in a way, that is not read.
        """
        self._file = file
        self._left = most
        head = self._at(0, _PAGE + 2)
        version = int.from_bytes(head[10:12], "little")
        if version not in _LAYOUTS or len(head) < _PAGE + 2:
            raise ValueError(f"a store of version {version}")
        self._layout = _LAYOUTS[version]
        encoding = head[self._layout.encoding]
        if encoding not in (_UNENCRYPTED, _PERMUTED):
            raise ValueError("a store that is encrypted")
        self._permuted = encoding == _PERMUTED
        (self._node_root,) = self._layout.numbers(head, self._layout.node_root, 1)
        (self._block_root,) = self._layout.numbers(head, self._layout.block_root, 1)

    def node(self, identifier: int) -> Node:
        """A node at the top of the store.

        Raises:
            ValueError: there is none, or it is damaged.
        """
        entry = self._search(self._node_root, identifier, 0)
        _, data, children = self._layout.numbers(entry, 0, 3)
        return self._read(data, children)

    def child(self, node: Node, identifier: int) -> Node:
        """A node below another one.

        Raises:
            ValueError: there is none, or it is damaged.
        """
        if identifier not in node.children:
            raise ValueError("a node that is not there")
        return self._read(*node.children[identifier])

    def _read(self, data: int, children: int) -> Node:
        return Node(
            tuple(self._blocks(data, _MOST_LEVELS)) if data else (),
            dict(self._children(children, _MOST_LEVELS)) if children else {},
        )

    def _blocks(self, identifier: int, levels: int) -> Iterator[bytes]:
        """The blocks of data below this one (XBLOCK, XXBLOCK), or it alone."""
        content = self._block(identifier)
        if not identifier & _INTERNAL:
            yield content.translate(_PERMUTATION) if self._permuted else content
            return
        kind, _, count = _unpacked("<BBH", content)
        if kind != _DATA_TREE or levels == 0:
            raise ValueError("a damaged tree of blocks")
        for below in self._layout.numbers(content, 8, count):
            yield from self._blocks(below, levels - 1)

    def _children(self, identifier: int, levels: int) -> Iterator[tuple[int, tuple[int, int]]]:
        """The entries of an SLBLOCK, or of all below an SIBLOCK."""
        content = self._block(identifier)
        kind, level, count = _unpacked("<BBH", content)
        if kind != _NODE_TREE or levels == 0:
            raise ValueError("a damaged tree of nodes")
        values = 2 if level else 3
        for number in range(count):
            at = self._layout.children_start + number * values * self._layout.width
            key, first, *second = self._layout.numbers(content, at, values)
            if level:
                yield from self._children(first, levels - 1)
            else:
                yield key & 0xFFFFFFFF, (first, second[0])

    def _block(self, identifier: int) -> bytes:
        entry = self._search(self._block_root, identifier, 1)
        _, offset = self._layout.numbers(entry, 0, 2)
        size = int.from_bytes(entry[2 * self._layout.width :][:2], "little")
        self._left -= size
        if self._left < 0:
            raise ValueError("more than the limit of bytes")
        return self._at(offset, size)

    def _search(self, page: int, wanted: int, ignored: int) -> bytes:
        """The entry of this key in a tree of pages; ``ignored`` are the bits of a key that do not count."""
        wanted &= ~ignored
        for _ in range(_MOST_LEVELS):
            content = self._at(page, _PAGE)
            count, _, size, level = _unpacked("<4B", content, self._layout.page_footer)
            entries = [content[at : at + size] for at in range(0, count * size, size or 1)]
            keys = [self._layout.numbers(entry, 0, 1)[0] & ~ignored for entry in entries]
            at = sum(key <= wanted for key in keys) - 1
            if at < 0:
                break
            if level == 0:
                if keys[at] == wanted:
                    return entries[at]
                break
            (page,) = self._layout.numbers(entries[at], 2 * self._layout.width, 1)
        raise ValueError("a node or block that is not there")

    def _at(self, offset: int, size: int) -> bytes:
        position = self._file.tell()
        try:
            self._file.seek(offset)
            return self._file.read(size)
        except OverflowError as error:
            raise ValueError("an offset beyond all files") from error
        finally:
            self._file.seek(position)
