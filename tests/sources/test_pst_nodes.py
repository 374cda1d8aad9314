"""Nodes of an Outlook store that is written here, in both widths of identifiers (MS-PST, section 2.2)."""

import io
import struct
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.sources.pst_nodes import _PERMUTATION, Nodes

ENCODED = bytes(_PERMUTATION.index(byte) for byte in range(256))


def store(width: int, *, version: int = 0, encoding: int = 1) -> bytes:
    """Node 0x21 of two blocks, below it node 0x692 of one."""
    code = "Q" if width == 8 else "I"
    out = bytearray(2048)
    blocks: list[tuple[int, int, int]] = []

    def numbers(*values: int) -> bytes:
        return struct.pack(f"<{len(values)}{code}", *values)

    def block(identifier: int, content: bytes) -> None:
        blocks.append((identifier, len(out), len(content)))
        out.extend(content)

    def page(entries: list[bytes], level: int) -> int:
        at = len(out)
        content = b"".join(entries)
        footer = struct.pack("<4B", len(entries), 20, len(entries[0]), level)
        out.extend(content + bytes((488 if width == 8 else 496) - len(content)) + footer + bytes(20))
        return at

    block(4, (b"first " * 10).translate(ENCODED))
    block(8, b"second".translate(ENCODED))
    block(12, b"below".translate(ENCODED))
    block(18, struct.pack("<BBHI", 1, 1, 2, 66) + numbers(4, 8))
    block(22, struct.pack("<BBH", 2, 0, 1) + bytes(4 if width == 8 else 0) + numbers(0x692, 12, 0))
    block(26, struct.pack("<BBH", 2, 1, 1) + bytes(4 if width == 8 else 0) + numbers(0x692, 22))
    leaves = [numbers(identifier, at) + struct.pack("<HH", size, 2) + bytes(4) for identifier, at, size in blocks]
    leaf = page(leaves, 0)
    block_root = page([numbers(4, 0, leaf)], 1)
    node_root = page([numbers(0x21, 18, 26) + bytes(8)], 0)
    out[:4], out[10:12] = b"!BDN", (version or (23 if width == 8 else 14)).to_bytes(2, "little")
    for at, value in zip((224, 240) if width == 8 else (188, 196), (node_root, block_root), strict=True):
        out[at : at + width] = numbers(value)
    out[513 if width == 8 else 461] = encoding
    return bytes(out)


@pytest.mark.parametrize("width", [4, 8])
def test_nodes_and_what_lies_below_them(width: int) -> None:
    file = io.BytesIO(store(width))
    file.seek(7)
    nodes = Nodes(file, 1_000)
    node = nodes.node(0x21)
    assert node.blocks == (b"first " * 10, b"second")
    assert nodes.child(node, 0x692).data == b"below"
    assert file.tell() == 7
    for missing in (lambda: nodes.node(0x22), lambda: nodes.node(1), lambda: nodes.child(node, 5)):
        with pytest.raises(ValueError, match="not there"):
            missing()


def test_what_is_not_read_is_said() -> None:
    with pytest.raises(ValueError, match="version 36"):
        Nodes(io.BytesIO(store(8, version=36)), 1_000)
    with pytest.raises(ValueError, match="encrypted"):
        Nodes(io.BytesIO(store(8, encoding=2)), 1_000)
    with pytest.raises(ValueError, match="limit"):
        Nodes(io.BytesIO(store(8)), 50).node(0x21)
    with pytest.raises(ValueError, match="version"):
        Nodes(io.BytesIO(b"!BDN"), 50)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 255)), max_size=40), st.sampled_from([4, 8]))
def test_damage_raises_nothing_else(changes: list[tuple[int, int]], width: int) -> None:
    content = bytearray(store(width))
    for at, value in changes:
        content[at % len(content)] = value
    with suppress(ValueError):
        nodes = Nodes(io.BytesIO(bytes(content)), 100_000)
        node = nodes.node(0x21)
        for child in node.children:
            nodes.child(node, child)
