"""The record of one assessed delivery: what a run hands to the ledger, and what everything later is made from."""

from dataclasses import dataclass
from datetime import datetime

from outreach_audit.attribution.model import Attribution
from outreach_audit.codes import Folder, Reading, Via
from outreach_audit.sources.model import Ref
from outreach_audit.verdict.model import Verdict


@dataclass(frozen=True, slots=True)
class Record:
    """One delivery, assessed. A report (a forward) is the record of its inner message with ``via`` report.

    ``finding`` is the stable id: a digest of message identity, recipient and via, the same on every run.
    ``message_key`` tells messages apart (Message-ID, or a content digest where that is missing).
    ``delivery_key`` tells copies apart (message and mailbox), so that no copy counts twice.
    ``recipient`` is the address in clear: it stays in the ledger and leaves only as a pseudonym.
    ``institute`` is the organisation id of the recipient, ``''`` where unknown; ``home`` its country.
    ``foreign`` is None where the destination is ZZ. ``date`` is by the date basis of the run, UTC.
    ``offer_text`` is the own text of an approach or unclear message, for clustering and review, ``''`` for others;
    ``hosts`` are the registrable hosts of its links and Reply-To.
    """

    finding: str
    message_key: str
    delivery_key: str
    message_id: str | None
    carrier_message_id: str | None
    ref: Ref
    date: datetime | None
    date_header: datetime | None
    date_received: datetime | None
    folder: Folder
    recipient: str
    institute: str
    home: str
    via: Via
    subject: str
    sender: str
    language: str
    header_only: bool
    reading: Reading
    defects: tuple[str, ...]
    verdict: Verdict
    attribution: Attribution
    foreign: bool | None
    offer_text: str
    hosts: tuple[str, ...]
    pack: str
