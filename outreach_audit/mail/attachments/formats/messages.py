"""Messages kept in files (eml, emlx, mbox, Outlook msg): their bytes, for the mail parser to read."""

from collections.abc import Sequence
from io import BytesIO

from outreach_audit.mail.attachments.formats import plain
from outreach_audit.mail.attachments.model import Extracted, File, Limits, State, is_missing_reader
from outreach_audit.sources.headers import FIELD, header_end, looks_like_message
from outreach_audit.sources.limits import Limits as SourceLimits
from outreach_audit.sources.model import RawMessage, Skipped
from outreach_audit.sources.sniff import MSG_MARKS

NAMES = (".eml", ".emlx", ".mbox", ".mbx", ".msg")
_TRACES = (b"received:", b"message-id:", b"mime-version:")


def is_outlook_message(data: bytes) -> bool:
    """Whether a compound file is a message."""
    return all(mark in data for mark in MSG_MARKS)


def is_raw_mail(start: bytes) -> bool:
    """Whether a text begins with the header of a message as servers write it, which nobody types.

    ``start`` may begin with the separator line of an mbox, or with the length that Apple Mail writes.
    """
    if start.startswith(b"From ") or start[:1].isdigit():
        start = start.partition(b"\n")[2]
    if not FIELD.match(start) or not looks_like_message(start):
        return False
    block = b"\n" + start[: header_end(start)].lower()
    return b"\nfrom:" in block and any(b"\n" + trace in block for trace in _TRACES)


def read(file: File, limits: Limits) -> Extracted:
    """The messages in a file, in order; of a text that is no file of mail by its name its text as well."""
    from outreach_audit.sources import reader  # noqa: PLC0415 - takes 30 ms to load, and few files are such

    most = SourceLimits(message_bytes=limits.input_bytes, held_bytes=limits.input_bytes, depth=1)
    found: list[bytes] = []
    notes: list[str] = []
    for item in reader.read([reader.STDIN], limits=most, stdin=BytesIO(file.data)):
        if isinstance(item, RawMessage):
            found.append(item.content)
            notes += item.defects
            if len(found) > limits.members:
                break
        elif isinstance(item, Skipped) and item.messages:
            notes.append(item.reason)
    if not found and not notes and file.name.lower().endswith(NAMES):
        found = [file.data]
    messages, beyond = within(found, limits)
    notes += [beyond] if beyond else []
    if not messages:
        missing = any(map(is_missing_reader, notes))
        return Extracted(State.UNSUPPORTED if missing else State.FAILED, "", "; ".join(notes) or "no message in it")
    is_text = not file.name.lower().endswith(NAMES) and b"\0" not in file.data[:4096]
    text = plain.read_text(file, limits).text if is_text else ""
    return Extracted(State.TEXT, text, "; ".join(dict.fromkeys(notes)), messages)


def within(found: Sequence[bytes], limits: Limits) -> tuple[tuple[bytes, ...], str]:
    """As many of the messages as an attachment may give, and a note where there were more."""
    left = limits.input_bytes
    for number, message in enumerate(found):
        left -= len(message)
        if left < 0 or number == limits.members:
            most = f"{limits.members} messages or {limits.input_bytes // 1_000_000} MB"
            return tuple(found[:number]), f"of the messages in it no more than {most} were read"
    return tuple(found), ""
