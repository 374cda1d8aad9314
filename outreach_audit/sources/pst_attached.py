"""A message that is attached to another one within an Outlook store, with what is attached to it in turn.

libpff gives of such a message only the heap of its properties; its longer values and its attachments are nodes below.
"""

import struct
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, Final

from outreach_audit.sources.outlook import (
    ATTACH_METHOD,
    ATTACHED,
    CONTENT_ID,
    EMBEDDED,
    FILE_NAME,
    LONG_FILE_NAME,
    MIME_TYPE,
    SUBJECT,
    Attachment,
    Entry,
    OutlookItem,
    Properties,
    decoded,
    text,
    to_rfc822,
)
from outreach_audit.sources.pst_heap import heap_entries
from outreach_audit.sources.pst_nodes import Node, Nodes

_MOST_DEPTH: Final = 8
_KIND, _ATTACHMENT = 0x1F, 0x05


def attached_message(file: BinaryIO, most: int, where: tuple[int, int], name: str, defects: list[str]) -> Attachment:
    """The message in an attachment.

    Args:
        file: the store.
        most: how many bytes of it are read at most.
        where: the identifiers of the message that it is attached to, and of the attachment within that.
        name: the file name, ``''`` for the subject.
        defects: gets a sentence for what could not be had.

    Raises:
        ValueError: it cannot be found.
    """
    nodes = Nodes(file, most)
    node = nodes.child(nodes.node(where[0]), where[1])
    found = _Reader(nodes, defects).attachment(node, 0)
    if found is None or not found.is_message:
        raise ValueError("an attached message that is none")
    return Attachment(name or found.name, found.content_type, "", found.content, is_message=True)


class _Reader:
    def __init__(self, nodes: Nodes, defects: list[str]) -> None:
        self._nodes = nodes
        self._defects = defects

    def attachment(self, node: Node, depth: int) -> Attachment | None:
        properties = self._properties(node)
        name = text(properties, LONG_FILE_NAME) or text(properties, FILE_NAME)
        content = properties.get(ATTACHED)
        if not isinstance(content, bytes):
            self._defects.append(f"the attachment {name!r} could not be read")
            return None
        if properties.get(ATTACH_METHOD) != EMBEDDED:
            return Attachment(name, text(properties, MIME_TYPE), text(properties, CONTENT_ID), content)
        if depth >= _MOST_DEPTH or len(content) < 4:  # noqa: PLR2004 (an identifier)
            self._defects.append(f"messages within each other more than {_MOST_DEPTH} deep were not read")
            return None
        # a reference to the node: its identifier and its size (MS-PST, section 2.3.3.5)
        inner = self._message(self._nodes.child(node, struct.unpack_from("<I", content)[0]), depth + 1)
        name = name or f"{text(inner.properties, SUBJECT) or 'message'}.eml"
        return Attachment(name, "message/rfc822", "", to_rfc822(inner, depth + 1), is_message=True)

    def _message(self, node: Node, depth: int) -> OutlookItem:
        attachments = []
        for identifier in (child for child in node.children if child & _KIND == _ATTACHMENT):
            try:
                found = self.attachment(self._nodes.child(node, identifier), depth)
            except ValueError as error:
                self._defects.append(f"an attachment of a message attached to this one could not be read: {error}")
                continue
            attachments += [found] if found else []
        return OutlookItem(self._properties(node), (), attachments, self._defects)

    def _properties(self, node: Node) -> Properties:
        return properties_of(node.blocks, self._below(node), self._defects)

    def _below(self, node: Node) -> Callable[[int], bytes | None]:
        def data(identifier: int) -> bytes | None:
            with suppress(ValueError):
                return self._nodes.child(node, identifier).data
            return None

        return data


def properties_of(blocks: tuple[bytes, ...], below: Callable[[int], bytes | None], defects: list[str]) -> Properties:
    """The properties of a node; a sentence among the defects where some could not be had."""
    entries: list[Entry] = list(heap_entries(blocks, below))
    had = [entry for entry in entries if entry.data is not None]
    if len(had) < len(entries) or not entries:
        defects.append("of a message attached to this one only the short properties could be read")
    return decoded(had)
