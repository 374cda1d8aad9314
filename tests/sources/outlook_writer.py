"""Outlook messages to be read, written by the library's own writer; a store of one message is written here."""

import struct

from aspose.email_foss.msg import MapiMessage

UNICODE, BINARY, INTEGER = 0x001F, 0x0102, 0x0003


def packed(rtf: bytes, kind: bytes = b"MELA", size: int | None = None) -> bytes:
    """Rich text as Outlook keeps it; ``MELA`` is its form without compression (MS-OXRTFCP)."""
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf) if size is None else size, kind, 0) + rtf


def bomb() -> bytes:
    """Compressed rich text that unfolds to eight times its size, of groups that hold nothing."""
    # a run of eight literals, then references to two bytes before, each of seventeen bytes
    out, position = bytearray(b"\0{\\rtf1{}"), 207 + 8
    for _ in range(400_000):
        out.append(0xFF)
        for _ in range(8):
            out += struct.pack(">H", ((position - 2) % 4096) << 4 | 0xE)
            position += 16
    return packed(bytes(out), b"LZFu", 0xFFFFFFFF)


def msg(subject: str, properties: dict[int, tuple[int, object]] | None = None, *inner: MapiMessage) -> MapiMessage:
    """A message of these properties (tag: type and value), with other messages attached to it."""
    message = MapiMessage.create(subject)
    for tag, (kind, value) in (properties or {}).items():
        message.set_property(tag, kind, value)
    for attached in inner:
        message.add_embedded_message_attachment(attached)
    return message


def nested_msg(depth: int) -> bytes:
    """Messages attached to each other, so deep."""
    message = msg("innermost", {0x5D01: (UNICODE, "a@example.org")})
    for level in range(depth):
        message = msg(f"level {level}", {0x5D01: (UNICODE, "a@example.org")}, message)
    return message.to_bytes()


def bomb_msg() -> bytes:
    """A message whose body unfolds."""
    return msg("bomb", {0x5D01: (UNICODE, "a@example.org"), 0x1009: (BINARY, bomb())}).to_bytes()
