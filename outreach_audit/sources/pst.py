"""Outlook .pst and .ost: a store of folders and items (MS-PST), read by libpff (extra outlook)."""

import importlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from outreach_audit.sources.model import Item, RawMessage, Skipped
from outreach_audit.sources.msg import MISSING
from outreach_audit.sources.names import shown
from outreach_audit.sources.outlook import (
    ATTACH_METHOD,
    CONTENT_ID,
    EMBEDDED,
    FILE_NAME,
    LONG_FILE_NAME,
    MESSAGE_CLASS,
    MIME_TYPE,
    PST_FAULTS,
    SUBJECT,
    WANTED,
    Attachment,
    OutlookItem,
    Properties,
    decoded,
    text,
    to_rfc822,
)
from outreach_audit.sources.place import Place
from outreach_audit.sources.pst_attached import attached_message, properties_of
from outreach_audit.sources.window import Window

_FOLDER_DEPTH: Final = 64
_HEAP_BLOCK: Final = 8176


@dataclass(frozen=True, slots=True)
class _Store:
    """A store that is being read: by libpff, and from its file where that does not reach."""

    folders: Any
    file: BinaryIO
    place: Place
    others: Counter[str] = field(default_factory=Counter)


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
    except PST_FAULTS as error:
        yield place.skipped(f"a damaged Outlook store: {error}", 1)
        return
    reading = _Store(store, file, place)
    yield from _folders(reading)
    if reading.others:
        counted = ", ".join(f"{kind or 'no class'} {number:,}" for kind, number in sorted(reading.others.items()))
        yield place.note(f"items that are no mail were not read: {counted}")
    deleted = 0
    with suppress(*PST_FAULTS):
        deleted = int(store.number_of_orphan_items)
    if deleted:
        yield place.note(f"{deleted:,} deleted items outside any folder were not read")


def _folders(store: _Store) -> Iterator[Item]:
    place = store.place
    seen: set[int] = set()
    try:
        pending: list[tuple[Any, tuple[str, ...]]] = [(store.folders.root_folder, ())]
    except PST_FAULTS as error:
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
        except PST_FAULTS as error:
            yield place.skipped(f"the folder {'/'.join(path)!r} could not be read: {error}", 1)
            continue
        for index in range(messages):
            yield from _message(store, folder, index, path)
        pending += reversed(children)


def _message(store: _Store, folder: Any, index: int, path: tuple[str, ...]) -> Iterator[Item]:  # noqa: ANN401 (libpff has no types)
    place, where = store.place, "/".join(path)
    try:
        message = folder.get_sub_message(index)
        inside = place.inside(f"{where}/{message.identifier}")
        item = _item(message, place.limits.message_bytes, store.file)
        if not item.is_mail:
            store.others[text(item.properties, MESSAGE_CLASS)] += 1
            return
        content = to_rfc822(item)
    except (*PST_FAULTS, RecursionError) as error:
        yield Skipped(place.inside(f"{where}/item {index}").ref(), f"an item that could not be read: {error}", 1)
        return
    labels = (*place.labels, *path[-1:])
    defects = (*place.defects, *item.defects)
    yield RawMessage(inside.ref(0, len(content)), content, labels, defects=defects, partial=bool(item.defects))


def _item(message: Any, left: int, file: BinaryIO) -> OutlookItem:  # noqa: ANN401
    properties = _properties(message)
    item = OutlookItem(properties, _recipients(message))
    attachments = []
    for index in range(message.number_of_attachments):
        try:
            attachment = _attachment(message, index, left, file, item.defects)
        except PST_FAULTS as error:
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
    return decoded(entries)


def _recipients(message: Any) -> list[Properties]:  # noqa: ANN401
    try:
        rows = message.recipients
        return [decoded([entry for entry in row.entries if entry.entry_type in WANTED]) for row in rows.record_sets]
    except PST_FAULTS:
        return []


def _attachment(message: Any, index: int, left: int, file: BinaryIO, defects: list[str]) -> Attachment | None:  # noqa: ANN401
    found = message.get_attachment(index)
    properties = _properties(found)
    name = text(properties, LONG_FILE_NAME) or text(properties, FILE_NAME)
    size = int(found.size)
    if size > left:
        defects.append(f"the attachment {name!r} of {size:,} bytes was left out")
        return None
    if properties.get(ATTACH_METHOD) != EMBEDDED:
        content = found.read_buffer(size) if size else b""
        return Attachment(name, text(properties, MIME_TYPE), text(properties, CONTENT_ID), content)
    with suppress(ValueError, OSError):  # what libpff gives of it is better than nothing
        return attached_message(file, left, (message.identifier, found.identifier), name, defects)
    return _short_properties(found.read_buffer(size) if size else b"", name, defects)


def _short_properties(heap: bytes, name: str, defects: list[str]) -> Attachment:
    """An attached message as far as its values lie in the heap of its properties."""
    blocks = tuple(heap[at : at + _HEAP_BLOCK] for at in range(0, len(heap), _HEAP_BLOCK))
    properties = properties_of(blocks, lambda _: None, defects)
    content = to_rfc822(OutlookItem(properties), 1)
    return Attachment(
        name or f"{text(properties, SUBJECT) or 'message'}.eml", "message/rfc822", "", content, is_message=True
    )
