"""From one raw message to the records of its deliveries: the whole way of one message, a pure function of its input."""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime

from outreach_audit.attribution import attribute, language_of
from outreach_audit.attribution.domains import registrable
from outreach_audit.attribution.knowledge import DomainKind
from outreach_audit.attribution.model import Attribution
from outreach_audit.codes import Folder, Label, Reading, Via
from outreach_audit.ledger.record import Record
from outreach_audit.mail import from_log, parse
from outreach_audit.mail.attachments import AttachmentReader
from outreach_audit.mail.model import Mail, Scope
from outreach_audit.packs.model import Pack
from outreach_audit.run.folders import folder_of
from outreach_audit.run.identity import Recipient, delivery_key, finding_id, message_key, recipient_of
from outreach_audit.run.settings import Settings
from outreach_audit.signals.evidence import Detector, Evidence, assessed_texts
from outreach_audit.signals.facts import Reader, is_broadcast
from outreach_audit.signals.personalisation import personalisation
from outreach_audit.sources.model import HeaderOnly, RawMessage, Ref
from outreach_audit.verdict.judge import judge

_OFFERS = frozenset({Label.APPROACH, Label.UNCLEAR})
_MOST_OFFER_TEXT = 20_000
_MOST_LANGUAGE_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Assessed:
    """One message found: how it was read, its date, and a record for each delivery or report that it is."""

    ref: Ref
    folder: Folder
    reading: Reading
    defects: tuple[str, ...]
    header_only: bool
    date: datetime | None
    records: tuple[Record, ...]
    mails: tuple[Mail, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class _Carrier:
    """The mail as it lay in the mailbox."""

    mail: Mail
    ref: Ref
    folder: Folder
    header_only: bool


class Assessor:
    """Packs and settings made ready to assess messages one by one."""

    def __init__(self, pack: Pack, settings: Settings, attachments: AttachmentReader | None = None) -> None:
        """Prepare.

        Args:
            pack: the merged packs.
            settings: options of the run.
            attachments: reads attachments; None leaves them unread.
        """
        self.pack = pack
        self.settings = settings
        self._detector = Detector(pack)
        self._attachments = attachments

    def with_settings(self, settings: Settings) -> "Assessor":
        """The same packs under other settings, without compiling them again."""
        other = copy(self)
        other.settings = settings
        return other

    def assess(self, item: RawMessage | HeaderOnly) -> Assessed:
        """Assess one message.

        Args:
            item: the message as a source gave it.

        Returns:
            What it is, with one record for direct mail and one for each original that a report hands on.
        """
        folder = folder_of(item.ref, item.labels)
        owner: str | None = None if isinstance(item, HeaderOnly) else item.owner
        defects: tuple[str, ...] = () if isinstance(item, HeaderOnly) else item.defects
        if isinstance(item, HeaderOnly):
            mail = from_log(item)
        else:
            mail = parse(item.content, limits=self.settings.mail_limits, attachments=self._attachments)
        reading = mail.reading
        if defects and reading is Reading.READ:
            reading = Reading.READ_WITH_DEFECTS
        mail = replace(mail, reading=reading, defects=(*defects, *mail.defects))
        recipient = recipient_of(mail, owner, folder, self.settings, self.pack.knowledge)
        header_only = isinstance(item, HeaderOnly)
        chosen = tuple(self._assessed(mail, recipient, folder))
        carrier = _Carrier(mail, item.ref, folder, header_only)
        judged = [self._judge(carrier, inner, via, reader) for inner, via, reader in chosen]
        return Assessed(
            item.ref, folder, reading, mail.defects, header_only, self._date(mail),
            records=tuple(record for record, _ in judged),
            mails=tuple(inner for inner, _, _ in chosen),
            evidence=tuple(evidence for _, evidence in judged),
        )  # fmt: skip

    def _assessed(self, mail: Mail, recipient: Recipient, folder: Folder) -> Iterator[tuple[Mail, Via, Recipient]]:
        """What is to be judged: the mail itself, or, where a colleague hands received mail on, the originals."""
        reader = recipient.reader(folder)
        originals = originals_of(mail, reader)
        if not originals:
            yield mail, Via.DIRECT, recipient
        for original in originals:
            reporter = recipient_of(mail, mail.sender.address, folder, self.settings, self.pack.knowledge)
            yield original, Via.REPORT, reporter

    def _date(self, mail: Mail) -> datetime | None:
        dates = mail.dates
        return (
            (dates.header or dates.received)
            if self.settings.date_basis == "header"
            else (dates.received or dates.header)
        )

    def _judge(self, carrier: _Carrier, mail: Mail, via: Via, recipient: Recipient) -> tuple[Record, Evidence]:
        outer, folder = carrier.mail, carrier.folder
        evidence = self._detector.evidence(mail, recipient.reader(Folder.INBOX if via is Via.REPORT else folder))
        verdict = judge(self.pack, evidence)
        offered = verdict.label in _OFFERS
        if offered:
            verdict = replace(verdict, personalisation=personalisation(mail, evidence, recipient.address))
        text = offer_text(mail)
        key = message_key(mail)
        attribution = Attribution(sender_domain=mail.sender.domain)
        if verdict.label is not Label.OTHER:
            attribution = attribute(
                mail, self.pack.knowledge, reader_domains=recipient.domains, home=recipient.home, offer_text=text
            )
        destination = attribution.dest_country.value or "ZZ"
        record = Record(
            finding=finding_id(key, recipient.address, via),
            message_key=key,
            delivery_key=delivery_key(key, recipient.address, via),
            message_id=_bracketed(mail.message_id),
            carrier_message_id=_bracketed(outer.message_id),
            ref=carrier.ref,
            date=self._date(mail) or self._date(outer),
            date_header=mail.dates.header,
            date_received=mail.dates.received,
            folder=folder,
            recipient=recipient.address,
            institute=self.settings.institute or (recipient.organisation.id if recipient.organisation else ""),
            home=recipient.home,
            via=via,
            subject=mail.subject,
            sender=mail.sender.address,
            language="" if verdict.label is Label.OTHER else language_of(text[:_MOST_LANGUAGE_TEXT]),
            header_only=carrier.header_only,
            reading=outer.reading,
            defects=outer.defects,
            verdict=verdict,
            attribution=attribution,
            foreign=None if destination == "ZZ" or not recipient.home else destination != recipient.home,
            offer_text=text[:_MOST_OFFER_TEXT] if offered else "",
            hosts=_hosts(mail, self.pack.knowledge.domain_kind) if offered else (),
            pack=self.pack.label,
        )
        return record, evidence


def originals_of(mail: Mail, reader: Reader) -> tuple[Mail, ...]:
    """The received mails that a colleague hands on with this one; none where it is no report.

    A report comes from the reader's own organisation, goes to a person or an office and not to everyone (that would be
    a warning), and carries a mail that came from outside.
    """
    if not mail.inner or mail.delivery_notice or not reader.owns(mail.sender.domain) or is_broadcast(mail):
        return ()
    return tuple(inner for inner in mail.inner if inner.sender.address and not reader.owns(inner.sender.domain))


def offer_text(mail: Mail) -> str:
    """The text that was judged, without the subject."""
    return "\n\n".join(t.text for t in assessed_texts(mail) if t.scope is not Scope.SUBJECT)


def _bracketed(message_id: str | None) -> str | None:
    """A Message-ID as it stands in the header field."""
    return f"<{message_id}>" if message_id else None


def _hosts(mail: Mail, kind_of: Callable[[str], DomainKind]) -> tuple[str, ...]:
    """Hosts to which links and answers lead, which stay when senders change.

    Of an institution, which makes many offers, the full host; of all others the registrable domain.
    """
    hosts = {link.host for link in mail.links} | {address.domain for address in mail.reply_to}
    found = {host if kind_of(host) is DomainKind.INSTITUTION else registrable(host) for host in hosts if host}
    return tuple(sorted(host for host in found if host))
