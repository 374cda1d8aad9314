"""The record of one assessed delivery: what a run hands to the ledger, and what everything later is made from."""

from dataclasses import dataclass
from datetime import datetime

from outreach_audit.attribution.model import Attribution
from outreach_audit.codes import Cue, Folder, Reading, Via
from outreach_audit.mail.model import Scope
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
    ``hosts`` are the registrable hosts of its links and Reply-To; ``layout`` are the scopes and lengths of the texts
    that ``offer_text`` joins, in order.
    ``fired`` are the ids of all that the verdict rests on (signals, facts, concepts), kept of every message, also of
    ``other``; ``definition`` is the digest of what these ids meant (`packs.definition`), ``''`` where not known.
    ``watched`` are the ids of the indicators of watchlists that it hits, which decide nothing; ``suppressed`` is the
    reason for which it stands in no table of approaches, ``''`` where it is not suppressed (told by a ledger alone).
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
    layout: tuple[tuple[Scope, int], ...] = ()
    fired: tuple[str, ...] = ()
    definition: str = ""
    watched: tuple[str, ...] = ()
    suppressed: str = ""

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The conditions that the text shows, and whether a watchlist knows the mail."""
        known = {Cue.KNOWN_TEMPLATE} if self.watched else set()
        return tuple(cue for cue in Cue if cue in known.union(self.verdict.cues))
