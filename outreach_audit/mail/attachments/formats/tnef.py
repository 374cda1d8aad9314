"""winmail.dat (TNEF, [MS-OXTNEF]): body and attachments as Outlook wraps them for itself."""

import importlib
from collections.abc import Iterator
from typing import Any

from outreach_audit.mail.attachments.formats.plain import html_text
from outreach_audit.mail.attachments.formats.rtf import rtf_text
from outreach_audit.mail.attachments.model import Extracted, File, State, UnreadableError
from outreach_audit.mail.charset import decode

_MISSING = Extracted(
    State.UNSUPPORTED, "", "winmail.dat needs the Outlook reader: pip install 'outreach-audit[outlook]'"
)


def members(data: bytes, most: int) -> Iterator[tuple[str, File | Extracted]]:
    """The body, under an empty name, and every attachment.

    Raises:
        UnreadableError: the reader is not installed.
    """
    try:
        library = importlib.import_module("tnefparse")
    except ImportError as error:
        raise UnreadableError(_MISSING) from error
    message: Any = library.TNEF(data, do_checksum=False)
    yield "", Extracted(State.TEXT, _body(message, most))
    for attachment in message.attachments:
        name = _name(attachment)
        yield name, File(name, "", attachment.data)


def _body(message: Any, most: int) -> str:  # noqa: ANN401 - the library ships no types
    if message.htmlbody:
        return html_text(_string(message.htmlbody))[0]
    if message.body:
        return _string(message.body)
    packed = message.rtfbody
    return rtf_text(packed, most) if packed and packed.startswith(b"{\\rtf") else ""


def _name(attachment: Any) -> str:  # noqa: ANN401 - as above
    try:
        return _string(attachment.long_filename()).strip("\x00")
    except UnicodeDecodeError:
        return ""


def _string(value: str | bytes) -> str:
    return value if isinstance(value, str) else decode(value).text
