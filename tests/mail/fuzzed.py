"""What holds for any bytes that are read as a mailbox; the fuzz target of tools/fuzz and the tests share it."""

import io

from outreach_audit.mail import Mail, parse
from outreach_audit.mail.attachments import InProcessReader
from outreach_audit.mail.attachments import Limits as AttachmentLimits
from outreach_audit.mail.limits import Limits
from outreach_audit.sources import RawMessage, Skipped, read

ATTACHMENTS = InProcessReader(AttachmentLimits(text_chars=10_000, expanded_bytes=1_000_000, members=5, pages=3))
LIMITS = Limits(parts=50, depth=6, text_chars=20_000, text_lines=500, links=50, recipients=50, inner=5)


def check(mail: Mail) -> None:
    """What holds for every message, whatever was read."""
    if any("failed (" in defect for defect in mail.defects):
        raise AssertionError(mail.defects)
    texts = [mail.subject, mail.sender.name, *mail.defects, *(text.text for text in mail.texts)]
    texts += [value for _, value in mail.headers]
    for text in texts:
        text.encode("utf-8")
        if "\0" in text:
            raise AssertionError(text)
    if sum(len(text.text) for text in mail.texts) > 4 * LIMITS.text_chars:
        raise AssertionError("more text than the budget")
    for inner in mail.inner:
        check(inner)


def one_input(data: bytes) -> None:
    """Read the input as a mailbox and as a message; every message found is read, and all bytes are accounted for."""
    found = 0
    for item in read(["-"], stdin=io.BytesIO(data)):
        found += 1
        if isinstance(item, RawMessage):
            check(parse(item.content, limits=LIMITS, attachments=ATTACHMENTS))
        elif isinstance(item, Skipped) and not item.reason:
            raise AssertionError("left out without a reason")
    if not found:
        raise AssertionError("an input vanished")
    check(parse(data, limits=LIMITS, attachments=ATTACHMENTS))
