"""Mail of which the ledger keeps no text, read again from where it lay."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from outreach_audit.errors import OutreachAuditError
from outreach_audit.ledger import Ledger, Record
from outreach_audit.mail import from_log, parse
from outreach_audit.mail.attachments import AttachmentReader
from outreach_audit.mail.model import Mail, Scope
from outreach_audit.run.identity import message_key
from outreach_audit.sources import HeaderOnly, RawMessage, Ref, read, read_at
from outreach_audit.sources.names import shown, unshown

_MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Reread:
    """What stands in the source now; ``fault`` says why it cannot be reviewed, ``''`` where it can."""

    subject: str = ""
    sender: str = ""
    text: str = ""
    fault: str = ""


def reread(ledger: Ledger, record: Record, attachments: AttachmentReader | None = None) -> Reread:
    """Reads the message of a record again by its place, and makes sure that it is the same one.

    Args:
        ledger: knows where the file lay, whatever the working directory.
        record: any record.
        attachments: as it was assessed with; without it a message without a Message-ID whose attachments hold text
            seems changed.

    Returns:
        The message, or why it cannot be shown: the file is gone, or something else lies there now.
    """
    path = ledger.path_of(record.ref.source)
    ref = replace(record.ref, source=shown(path)) if path else record.ref
    try:
        mails = list(_mails(ref, record, attachments))
    except OutreachAuditError as error:
        return Reread(fault=f"the source is gone: {error}")
    # earlier versions kept other lengths of the same digest
    mail = next((one for one in mails if _is_same(message_key(one), record.message_key)), None)
    if mail is None:
        where = f"{record.ref.source}{f'!{record.ref.member}' if record.ref.member else ''}"
        return Reread(fault=f"the source has changed: another message lies in {where} at byte {ref.offset}")
    text = mail.text_of(Scope.BODY, Scope.FORWARDED, Scope.ATTACHMENT).strip()
    if record.header_only:
        text = "(only sender, recipient, subject and time are known of this message)"
    return Reread(mail.subject, mail.sender.address, text[:_MOST_TEXT])


def _is_same(key: str, stored: str) -> bool:
    return key.startswith(stored) or stored.startswith(key)


def _mails(ref: Ref, record: Record, attachments: AttachmentReader | None) -> Iterator[Mail]:
    """The message at a place, and those that it hands on."""
    if record.header_only:
        # the row of a log has no meaning without its head: the log is read as it was
        for item in read([unshown(ref.source)]):
            if isinstance(item, HeaderOnly) and item.ref == ref:
                yield from_log(item)
            if isinstance(item, RawMessage) and item.ref == ref:
                yield parse(item.content, attachments=attachments)
        return
    mail = parse(read_at(ref), attachments=attachments)
    yield mail
    yield from mail.inner
