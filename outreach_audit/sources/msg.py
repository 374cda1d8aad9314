"""Outlook .msg: one item in a compound file (MS-OXMSG), which aspose-email-foss opens (extra outlook)."""

import importlib
import struct
from collections.abc import Iterator, Mapping
from typing import Any, Final

from outreach_audit.sources.model import Item, RawMessage
from outreach_audit.sources.outlook import (
    ATTACH_METHOD,
    ATTACHED,
    BODY_CODEPAGE,
    CONTENT_ID,
    EMBEDDED,
    FILE_NAME,
    LONG_FILE_NAME,
    MESSAGE_CLASS,
    MIME_TYPE,
    SUBJECT,
    TEXT_CODEPAGE,
    WANTED,
    Attachment,
    OutlookItem,
    Properties,
    Value,
    charset,
    text,
    to_rfc822,
    value_of,
)
from outreach_audit.sources.place import Place
from outreach_audit.sources.window import Window

MISSING: Final = "cannot be read here: pip install 'outreach-audit[outlook]'"
_FIXED = "__properties_version1.0"
_EMBEDDED_NAME = "__substg1.0_3701000D"
_MOST_DEPTH = 8
_HEADER_TOP, _HEADER_EMBEDDED, _HEADER_PART = 32, 24, 8
_ENTRY = struct.Struct("<HHI8s")


def read_msg(window: Window, place: Place) -> Iterator[Item]:
    """The one message of the file; an item that is no mail is skipped."""
    try:
        cfb = importlib.import_module("aspose.email_foss.cfb")
    except ImportError:
        yield place.skipped(f"an Outlook message {MISSING}", 1)
        return
    most = place.limits.message_bytes
    content = window.get(0, most + 1)
    if len(content) > most:
        yield place.skipped(f"an Outlook message larger than {most:,} bytes", 1)
        return
    try:
        item = _Reader(cfb.CFBReader(content), most).item(0, _HEADER_TOP, 0)
        message = to_rfc822(item)
    except (cfb.CFBError, ValueError, IndexError, struct.error, RecursionError, MemoryError, OverflowError) as error:
        yield place.skipped(f"a damaged Outlook message: {error}", 1)
        return
    if not item.is_mail:
        yield place.skipped(f"an Outlook item that is no mail ({text(item.properties, MESSAGE_CLASS)})", 0)
        return
    defects, partial = (*place.defects, *item.defects), bool(item.defects)
    yield RawMessage(place.ref(0, len(content)), message, place.labels, defects=defects, partial=partial)


class _Reader:
    """Reads each storage at most once, and no more stream bytes than the limit: entries may point at each other."""

    def __init__(self, file: Any, most: int) -> None:  # noqa: ANN401 (the library has no types)
        self._file = file
        self._left = most
        self._seen: set[int] = set()

    def item(self, storage: int, header: int, depth: int) -> OutlookItem:
        """The item in this storage; ``header`` is the length of what precedes its fixed properties."""
        children = self._children(storage)
        properties = self._properties(children, header, "")
        encoding = charset(properties.get(TEXT_CODEPAGE)) or charset(properties.get(BODY_CODEPAGE))
        if encoding:
            properties = self._properties(children, header, encoding)
        recipients = [
            self._properties(self._children(entry.stream_id), _HEADER_PART, encoding)
            for name, entry in children.items()
            if name.startswith("__recip_version1.0_#")
        ]
        item = OutlookItem(properties, recipients)
        attachments = [
            self._attachment(entry.stream_id, encoding, depth, item.defects)
            for name, entry in children.items()
            if name.startswith("__attach_version1.0_#")
        ]
        return OutlookItem(properties, recipients, [found for found in attachments if found], item.defects)

    def _children(self, storage: int) -> Mapping[str, Any]:
        if storage in self._seen:
            return {}
        self._seen.add(storage)
        return {entry.name: entry for entry in sorted(self._file.iter_children(storage), key=lambda entry: entry.name)}

    def _bytes(self, entry: Any) -> bytes:  # noqa: ANN401
        size = min(int(entry.stream_size), self._file.file_size)
        if not entry.is_stream() or size > self._left:
            return b""
        self._left -= size
        return bytes(self._file.get_stream_data(entry.stream_id))

    def _properties(self, children: Mapping[str, Any], header: int, encoding: str) -> Properties:
        found: dict[int, Value] = {}
        fixed = self._bytes(children[_FIXED]) if _FIXED in children else b""
        for at in range(header, len(fixed) - _ENTRY.size + 1, _ENTRY.size):
            kind, tag, _, data = _ENTRY.unpack_from(fixed, at)
            stream = children.get(f"__substg1.0_{tag:04X}{kind:04X}")
            if tag in WANTED and tag not in found:
                value = value_of(kind, self._bytes(stream) if stream else data, encoding)
                if value is not None and (stream or isinstance(value, int) or not isinstance(value, str | bytes)):
                    found[tag] = value
        return found

    def _attachment(self, storage: int, encoding: str, depth: int, defects: list[str]) -> Attachment | None:
        children = self._children(storage)
        properties = self._properties(children, _HEADER_PART, encoding)
        name = text(properties, LONG_FILE_NAME) or text(properties, FILE_NAME)
        embedded = children.get(_EMBEDDED_NAME)
        if properties.get(ATTACH_METHOD) == EMBEDDED and embedded is not None:
            if depth >= _MOST_DEPTH:
                defects.append(f"messages within each other more than {_MOST_DEPTH} deep were not read")
                return None
            inner = self.item(embedded.stream_id, _HEADER_EMBEDDED, depth + 1)
            defects.extend(inner.defects)
            name = name or f"{text(inner.properties, SUBJECT) or 'message'}.eml"
            return Attachment(name, "message/rfc822", "", to_rfc822(inner, depth + 1), is_message=True)
        content = properties.get(ATTACHED)
        if not isinstance(content, bytes):
            defects.append(f"the attachment {name!r} could not be read")
            return None
        return Attachment(name, text(properties, MIME_TYPE), text(properties, CONTENT_ID), content)
