"""Outlook .pst and .ost: a store of folders and items (MS-PST), read by libpff (extra outlook)."""

import importlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from outreach_audit.sources.model import Item, RawMessage, Skipped
from outreach_audit.sources.msg import MISSING
from outreach_audit.sources.names import shown
from outreach_audit.sources.outlook import (
    ATTACH_METHOD,
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
from outreach_audit.sources.pst_heap import heap_entries
from outreach_audit.sources.window import Window

_FOLDER_DEPTH = 64
# libpff raises these for whatever is broken in a store.
_FAULTS: Final = (OSError, ValueError, RuntimeError, MemoryError, SystemError, TypeError, AttributeError, IndexError)


def read_pst(window: Window, place: Place) -> Iterator[Item]:
    """All messages of the store with their folder as label; what is no mail is counted in a note."""
    try:
        pypff = importlib.import_module("pypff")
    except ImportError:
        yield place.skipped(f"an Outlook store {MISSING}", 1)
        return
    file = window.held(place.limits.held_bytes)
    if file is None:
        yield place.skipped(f"an Outlook store within a container, larger than {place.limits.held_bytes:,} bytes", 1)
        return
    store = pypff.file()
    try:
        store.open_file_object(file)
    except _FAULTS as error:
        yield place.skipped(f"a damaged Outlook store: {error}", 1)
        return
    others: Counter[str] = Counter()
    yield from _folders(store, place, others)
    if others:
        counted = ", ".join(f"{kind or 'no class'} {number:,}" for kind, number in sorted(others.items()))
        yield place.note(f"items that are no mail were not read: {counted}")
    deleted = 0
    with suppress(*_FAULTS):
        deleted = int(store.number_of_orphan_items)
    if deleted:
        yield place.note(f"{deleted:,} deleted items outside any folder were not read")


def _folders(store: Any, place: Place, others: Counter[str]) -> Iterator[Item]:  # noqa: ANN401 (libpff has no types)
    seen: set[int] = set()
    try:
        pending: list[tuple[Any, tuple[str, ...]]] = [(store.root_folder, ())]
    except _FAULTS as error:
        yield place.skipped(f"a damaged Outlook store: {error}", 1)
        return
    while pending:
        folder, path = pending.pop()
        children: list[tuple[Any, tuple[str, ...]]] = []
        try:
            identifier, messages = folder.identifier, folder.number_of_sub_messages
            if identifier in seen:
                continue
            if len(path) > _FOLDER_DEPTH:
                yield place.skipped(f"folders more than {_FOLDER_DEPTH} deep were not read", 1)
                continue
            seen.add(identifier)
            children = [(child, (*path, shown(child.name or ""))) for child in folder.sub_folders]
        except _FAULTS as error:
            yield place.skipped(f"the folder {'/'.join(path)!r} could not be read: {error}", 1)
            continue
        for index in range(messages):
            yield from _message(folder, index, place, path, others)
        pending += reversed(children)


def _message(folder: Any, index: int, place: Place, path: tuple[str, ...], others: Counter[str]) -> Iterator[Item]:  # noqa: ANN401
    where = "/".join(path)
    try:
        message = folder.get_sub_message(index)
        inside = place.inside(f"{where}/{message.identifier}")
        item = _item(message, place.limits.message_bytes)
        if not item.is_mail:
            others[text(item.properties, MESSAGE_CLASS)] += 1
            return
        content = to_rfc822(item)
    except (*_FAULTS, RecursionError) as error:
        yield Skipped(place.inside(f"{where}/item {index}").ref(), f"an item that could not be read: {error}", 1)
        return
    labels = (*place.labels, *path[-1:])
    yield RawMessage(inside.ref(0, len(content)), content, labels, defects=(*place.defects, *item.defects))


def _item(message: Any, left: int) -> OutlookItem:  # noqa: ANN401
    properties = _properties(message)
    item = OutlookItem(properties, _recipients(message))
    attachments = []
    for index in range(message.number_of_attachments):
        try:
            attachment = _attachment(message.get_attachment(index), left, item.defects)
        except _FAULTS as error:
            item.defects.append(f"attachment {index + 1} could not be read: {error}")
            continue
        if attachment:
            left -= len(attachment.content)
            attachments.append(attachment)
    return OutlookItem(properties, item.recipients, attachments, item.defects)


def _properties(thing: Any) -> Properties:  # noqa: ANN401
    entries = []
    for number in range(thing.number_of_record_sets):
        entries += [entry for entry in thing.get_record_set(number).entries if entry.entry_type in WANTED]
    return _decoded(entries)


def _decoded(entries: list[Any]) -> Properties:
    found: dict[int, Value] = {}
    encoding = ""
    for entry in sorted(entries, key=lambda entry: entry.entry_type not in (BODY_CODEPAGE, TEXT_CODEPAGE)):
        try:
            value = value_of(entry.value_type, entry.data or b"", encoding)
        except _FAULTS:
            continue
        if entry.entry_type in (BODY_CODEPAGE, TEXT_CODEPAGE):
            encoding = encoding or charset(value)
        if value is not None:
            found.setdefault(entry.entry_type, value)
    return found


def _recipients(message: Any) -> list[Properties]:  # noqa: ANN401
    try:
        rows = message.recipients
        return [_decoded([entry for entry in row.entries if entry.entry_type in WANTED]) for row in rows.record_sets]
    except _FAULTS:
        return []


def _attachment(found: Any, left: int, defects: list[str]) -> Attachment | None:  # noqa: ANN401
    properties = _properties(found)
    name = text(properties, LONG_FILE_NAME) or text(properties, FILE_NAME)
    size = int(found.size)
    if size > left:
        defects.append(f"the attachment {name!r} of {size:,} bytes was left out")
        return None
    content = found.read_buffer(size) if size else b""
    if properties.get(ATTACH_METHOD) == EMBEDDED:
        return _embedded(content, name, defects)
    return Attachment(name, text(properties, MIME_TYPE), text(properties, CONTENT_ID), content)


def _embedded(node: bytes, name: str, defects: list[str]) -> Attachment:
    entries = heap_entries(node)
    properties = _decoded([entry for entry in entries if entry.data is not None])
    if not entries or len(properties) < len(entries):
        defects.append("of a message attached to this one only the short properties could be read")
    content = to_rfc822(OutlookItem(properties), 1)
    return Attachment(
        name or f"{text(properties, SUBJECT) or 'message'}.eml", "message/rfc822", "", content, is_message=True
    )
