"""A message that the ledger knows, judged again from where it lay."""

from collections.abc import Iterator
from dataclasses import replace

from outreach_audit.codes import Via
from outreach_audit.errors import OutreachAuditError
from outreach_audit.ledger import Ledger, Record
from outreach_audit.run.assess import Assessor
from outreach_audit.run.settings import Mailbox
from outreach_audit.signals.evidence import Evidence
from outreach_audit.sources import HeaderOnly, RawMessage, read, read_at
from outreach_audit.sources.names import shown, unshown


def reassess(ledger: Ledger, record: Record, assessor: Assessor) -> tuple[Record, Evidence] | str:
    """Judges the message of a record again, as lying in the same mailbox and folder.

    Args:
        ledger: knows where the file lay, whatever the working directory.
        record: any record.
        assessor: packs and settings in use now.

    Returns:
        The record and the evidence of today, or why there are none: the file or the message is gone, or has changed.
    """
    path = ledger.path_of(record.ref.source)
    ref = replace(record.ref, source=shown(path)) if path else record.ref
    box = Mailbox(
        unshown(ref.source).absolute(),
        folder=record.folder,
        owner=record.recipient if record.via is Via.DIRECT else "",
        institute=record.institute,
    )
    settings = replace(assessor.settings, mailboxes=(box,), home=assessor.settings.home or record.home)
    judge = assessor.with_settings(settings)
    where = f"{record.ref.source}{f'!{record.ref.member}' if record.ref.member else ''} at byte {record.ref.offset}"
    try:
        for item in _items(replace(record, ref=ref)):
            assessed = judge.assess(item)
            for found, evidence in zip(assessed.records, assessed.evidence, strict=True):
                if (found.message_key, found.via) == (record.message_key, record.via):
                    return replace(found, ref=record.ref, finding=record.finding), evidence
    except OutreachAuditError:
        pass  # the file, or what lay there, is gone: as where another message lies there
    return f"it lies no more in {where}"


def _items(record: Record) -> Iterator[RawMessage | HeaderOnly]:
    if not record.header_only:
        yield RawMessage(record.ref, read_at(record.ref))
        return
    # the row of a log has no meaning without its head: the log is read as it was
    for item in read([unshown(record.ref.source)]):
        if isinstance(item, HeaderOnly | RawMessage) and item.ref == record.ref:
            yield item
