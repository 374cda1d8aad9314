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
from outreach_audit.mail.model import Mail, Scope, Text
from outreach_audit.packs.definition import definition_of
from outreach_audit.packs.model import Pack
from outreach_audit.run.folders import folder_of
from outreach_audit.run.identity import Recipient, delivery_key, finding_id, message_key, recipient_of
from outreach_audit.run.settings import Settings
from outreach_audit.run.watch import Traits, Watch
from outreach_audit.signals.evidence import Detector, Evidence, assessed_texts
from outreach_audit.signals.facts import Reader, is_broadcast
from outreach_audit.signals.personalisation import personalisation
from outreach_audit.sources.model import HeaderOnly, RawMessage, Ref
from outreach_audit.verdict.judge import fired, judge

_OFFERS = frozenset({Label.APPROACH, Label.UNCLEAR})
BETWEEN_TEXTS = "\n\n"
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
    institute: str


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
        self._definition = definition_of(pack).digest
        self._attachments = attachments
        self._watch: Watch | None = None

    def with_settings(self, settings: Settings) -> "Assessor":
        """The same packs under other settings, without compiling them again."""
        other = copy(self)
        other.settings = settings
        return other

    def with_reader(self, attachments: AttachmentReader) -> "Assessor":
        """The same packs and settings with another reader of attachments."""
        other = copy(self)
        other._attachments = attachments  # noqa: SLF001 - a copy of this
        return other

    def watching(self, watch: Watch) -> "Assessor":
        """The same, which also notes what of a watchlist each message hits."""
        other = copy(self)
        other._watch = watch  # noqa: SLF001 - a copy of this
        return other

    def assess(self, item: RawMessage | HeaderOnly) -> Assessed:
        """Assess one message.

        Args:
            item: the message as a source gave it.

        Returns:
            What it is, with one record for direct mail and one for each original that a report hands on.
        """
        box = self.settings.mailbox_of(item.ref.source)
        folder = box.folder if box and box.folder else folder_of(item.ref, item.labels)
        owner: str | None = None
        if not isinstance(item, HeaderOnly):
            owner = (box.owner if box else "") or item.owner
        defects: tuple[str, ...] = () if isinstance(item, HeaderOnly) else item.defects
        if isinstance(item, HeaderOnly):
            mail = from_log(item)
        else:
            mail = parse(item.content, limits=self.settings.mail_limits, attachments=self._attachments)
        mail = replace(mail, reading=_reading(mail.reading, item), defects=(*defects, *mail.defects))
        recipient = recipient_of(mail, owner, folder, self.settings, self.pack.knowledge)
        header_only = isinstance(item, HeaderOnly)
        chosen = tuple(self._assessed(mail, recipient, folder))
        institute = (box.institute if box else "") or self.settings.institute
        carrier = _Carrier(mail, item.ref, folder, header_only, institute)
        judged = [self._judge(carrier, inner, via, reader) for inner, via, reader in chosen]
        return Assessed(
            item.ref, folder, mail.reading, mail.defects, header_only, self._date(mail),
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
                mail,
                self.pack.knowledge,
                reader_domains=recipient.domains,
                home=recipient.home,
                offer_text=text,
                trusted_servers=self.settings.trusted_servers,
            )
        destination = attribution.dest_country.value or "ZZ"
        date = self._date(mail) or self._date(outer)
        record = Record(
            finding=finding_id(key, recipient.address, via),
            message_key=key[:32],  # 128 bits; every delivery holds it
            delivery_key=delivery_key(key, recipient.address, via),
            message_id=_bracketed(mail.message_id),
            carrier_message_id=_bracketed(outer.message_id),
            ref=carrier.ref,
            date=date,
            date_header=mail.dates.header,
            date_received=mail.dates.received,
            folder=folder,
            recipient=recipient.address,
            institute=carrier.institute or (recipient.organisation.id if recipient.organisation else ""),
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
            layout=tuple((one.scope, len(one.text)) for one in _offered_texts(mail)) if offered else (),
            fired=fired(evidence, facts=offered),
            definition=self._definition,
            hosts=_hosts(mail, self.pack.knowledge.domain_kind) if offered else (),
            pack=self.pack.label,
            watched=self._watch.hits(_traits(mail, evidence, text, date)) if self._watch else (),
        )
        return record, evidence


def _traits(mail: Mail, evidence: Evidence, text: str, date: datetime | None) -> Traits:
    """What of a message a watchlist is compared with."""
    return Traits(
        date,
        sender_domain=mail.sender.domain,
        hosts=tuple({link.host for link in mail.links} | {address.domain for address in mail.reply_to}),
        subject=mail.subject,
        sentences=tuple(sentence.folded for sentence in evidence.sentences),
        text=text,
    )


def _reading(parsed: Reading, item: RawMessage | HeaderOnly) -> Reading:
    """How much was read, with what the source lost before the parser saw it."""
    if isinstance(item, HeaderOnly) or parsed in {Reading.PARTLY_READ, Reading.UNREADABLE}:
        return parsed
    if item.partial:
        return Reading.PARTLY_READ
    return Reading.READ_WITH_DEFECTS if item.defects else parsed


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
    return BETWEEN_TEXTS.join(one.text for one in _offered_texts(mail))


def _offered_texts(mail: Mail) -> tuple[Text, ...]:
    return tuple(one for one in assessed_texts(mail) if one.scope is not Scope.SUBJECT)


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
