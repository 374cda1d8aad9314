"""eml: a file that is one message (RFC 5322); emlx: the same between a length line and a property list (Apple Mail)."""

import re
from collections.abc import Iterator

from outreach_audit.sources.headers import header_end
from outreach_audit.sources.mbox import find_separator, read_mbox
from outreach_audit.sources.model import Item, RawMessage
from outreach_audit.sources.place import Place
from outreach_audit.sources.window import Window

EMLX_LENGTH = re.compile(rb"[ \t]{0,16}([0-9]{1,12})[ \t]{0,16}\r?\n")
_BOUNDARY = re.compile(rb"""boundary[ \t]{0,9}=[ \t]{0,9}(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)
_NOTHING = b" \t\r\n\0\xef\xbb\xbf"


def read_eml(window: Window, place: Place) -> Iterator[Item]:
    """The one message of the file; an mbox that only lacks its first separator line is read as mbox."""
    most = place.limits.message_bytes
    content = window.get(0, most)
    lead = len(content) - len(content.lstrip(_NOTHING))
    if _is_headless_mbox(window, content):
        yield from read_mbox(window, place)
        return
    window.skip()
    yield _whole(window, place, content[lead:], lead, window.end - lead)


def read_emlx(window: Window, place: Place) -> Iterator[Item]:
    """The message of an Apple Mail file."""
    length = EMLX_LENGTH.match(window.get(0, 64))
    assert length is not None
    start, declared = length.end(), int(length[1])
    content = window.get(start, start + min(declared, place.limits.message_bytes))
    if len(content) < min(declared, place.limits.message_bytes):
        fault = f"the file ends after {len(content):,} of {declared:,} bytes of the message"
        defects = (*place.defects, fault)
        yield RawMessage(place.ref(start, len(content)), content, place.labels, defects=defects, partial=True)
    else:
        yield _whole(window, place, content, start, declared)


def _whole(window: Window, place: Place, content: bytes, start: int, length: int) -> RawMessage:
    defects = place.defects
    cut = len(content) < length
    if cut:
        defects = (*defects, f"cut at {len(content):,} of {length:,} bytes")
    if window.fault:
        defects = (*defects, f"the message may be incomplete: {window.fault}")
    partial = cut or window.fault is not None
    return RawMessage(place.ref(start, length), content, place.labels, defects=defects, partial=partial)


def _is_headless_mbox(window: Window, content: bytes) -> bool:
    """Whether dated separator lines follow that do not lie within a multipart of this message."""
    start = 0
    while (found := find_separator(window, start, len(content))) and not (found.strict and found.dated):
        start = found.offset + 1
    if found is None:
        return False
    boundary = _BOUNDARY.search(content, 0, header_end(content))
    return boundary is None or content.find(b"--" + (boundary[1] or boundary[2]), found.after) < 0
