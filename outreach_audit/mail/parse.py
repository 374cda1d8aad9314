"""One message from its bytes to the model: total, for every input."""

from dataclasses import dataclass, field, replace

from outreach_audit.codes import Reading
from outreach_audit.mail import mime
from outreach_audit.mail.addresses import parse_addresses
from outreach_audit.mail.attachments.model import AttachmentReader, State, is_missing_reader
from outreach_audit.mail.bodies import (
    HTML_TYPES,
    RICH_TYPES,
    Body,
    add_rich_text,
    add_text,
    calendar_text,
    text_of_part,
)
from outreach_audit.mail.charset import clean
from outreach_audit.mail.dates import log_date
from outreach_audit.mail.fields import Fields, charsets, one_line
from outreach_audit.mail.limits import Budget, Faults, Limits
from outreach_audit.mail.model import Address, Attachment, Dates, Mail, Scope, Text
from outreach_audit.mail.parts import Part
from outreach_audit.mail.texts import Way, forwards, inline_messages, texts_of
from outreach_audit.sources.model import HeaderOnly

_ENCRYPTED_TYPES = frozenset({"application/pgp-encrypted", "multipart/encrypted"})
_SMIME_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_NOTICE_PARTS = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "message/disposition-notification"}
)
_NOTICE_REPORTS = frozenset({"delivery-status", "disposition-notification"})
_UNREAD_STATES = frozenset({State.ENCRYPTED, State.REFUSED, State.FAILED, State.IMAGE_ONLY, State.UNSUPPORTED})
_WORDLESS_STATES = frozenset({State.IMAGE_ONLY, State.UNSUPPORTED, State.NONE})
"""Of these it is not known that there was text to be read."""
_LONGEST_NOTE = 300
_BODY_TYPES = HTML_TYPES | {"text/plain"}
_TEXT_FILES = frozenset(
    {"text/rtf", "text/vcard", "text/x-vcard", "text/directory", "text/css", "text/rfc822-headers", "text/x-amp-html"}
)


def parse(content: bytes, *, limits: Limits = Limits(), attachments: AttachmentReader | None = None) -> Mail:  # noqa: B008 - frozen
    """Understand one message. Total: returns a ``Mail`` for every input.

    Args:
        content: The message, without the mbox separator line.
        limits: How much to read.
        attachments: Reads the text of attachments; without it they are only listed, with state ``none``.

    Returns:
        The message; its ``reading`` and ``defects`` say how much of it could be had.
    """
    try:
        if attachments is not None:
            attachments.begin()
        faults = Faults()
        root = mime.read(content, limits, faults)
        return _mail(root, Budget(limits), attachments, faults, depth=0)
    except Exception as error:  # noqa: BLE001 - the last net: one message must not end a run, and must be counted
        return Mail(reading=Reading.UNREADABLE, defects=(f"reading the message failed ({type(error).__name__})",))


def from_log(entry: HeaderOnly) -> Mail:
    """The mail of a log line: sender, recipients, subject and time, no text."""
    when, note = log_date(entry.date)
    sender = parse_addresses(clean(entry.sender))
    subject = one_line(clean(entry.subject))
    recipients = tuple(address for text in entry.recipients for address in parse_addresses(clean(text)))
    return Mail(
        message_id=entry.message_id,
        subject=subject,
        sender=sender[0] if sender else Address("", ""),
        to=recipients,
        delivered_to=tuple(dict.fromkeys(address.address for address in recipients if address.address)),
        dates=Dates(when, None, note),
        texts=(Text(Scope.SUBJECT, subject),) if subject else (),
        reading=Reading.READ_WITH_DEFECTS if note else Reading.READ,
        defects=(note,) if note else (),
    )


@dataclass(slots=True)
class _Gathered:
    """What the parts of one message give, in order, while they are walked."""

    bodies: list[Body] = field(default_factory=list)
    attachment_texts: list[Text] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    inner: list[Mail] = field(default_factory=list)
    calendar: bool = False
    delivery_notice: bool = False


@dataclass(slots=True)
class _Walk:
    """One walk over the parts of a message: what it may use, and where its findings go."""

    budget: Budget
    reader: AttachmentReader | None
    faults: Faults
    depth: int
    hints: tuple[str, ...]
    gathered: _Gathered

    def part(self, part: Part, body: Body, *, alternative: bool = False) -> None:
        """Take what one part gives; ``body`` gets its texts."""
        kind = part.type.value
        if part.is_message or (not part.parts and part.filename.lower().endswith(".eml")):
            self._message(part)
        elif kind in _NOTICE_PARTS:
            self.gathered.delivery_notice = True
        elif kind in _ENCRYPTED_TYPES or (
            kind in _SMIME_TYPES and "signed" not in part.type.parameters.get("smime-type", "")
        ):
            self.faults.lose("a part is encrypted")
            self._attachment(part, state="encrypted")
        elif part.parts:
            self._multipart(part, body)
        elif kind == "text/calendar":
            self._calendar(part, body)
        elif kind in RICH_TYPES and part.disposition.value != "attachment" and (alternative or not part.filename):
            add_rich_text(body, part, self.budget, self.faults)
        elif self._is_text(part, body, alternative=alternative):
            text = self.budget.text(text_of_part(part, self.hints, self.budget, self.faults), self.faults)
            add_text(body, part, text)
        else:
            self._attachment(part)

    def _multipart(self, part: Part, body: Body) -> None:
        kind = part.type.value
        if kind == "multipart/report" and part.type.parameters.get("report-type", "").lower() in _NOTICE_REPORTS:
            self.gathered.delivery_notice = True
        if kind == "multipart/alternative":
            body = Body()
            self.gathered.bodies.append(body)
            for child in part.parts:
                self.part(child, body, alternative=True)
            return
        for child in part.parts:
            own = body if kind in {"multipart/related", "multipart/signed"} else Body()
            if own is not body:
                self.gathered.bodies.append(own)
            self.part(child, own)

    def _is_text(self, part: Part, body: Body, *, alternative: bool) -> bool:
        """Whether a leaf is text to be read as part of the message rather than a file beside it."""
        kind = part.type.value
        if not (kind.startswith("text/") or kind in HTML_TYPES) or kind in _TEXT_FILES:
            return False
        if not part.filename or alternative:
            return True
        first = not any(known.plain or known.html for known in (*self.gathered.bodies, body))
        return first and kind in _BODY_TYPES and part.disposition.value != "attachment"

    def _calendar(self, part: Part, body: Body) -> None:
        self.gathered.calendar = True
        text = calendar_text(text_of_part(part, self.hints, self.budget, self.faults))
        if text and not any(text in known for known in body.plain):
            body.plain.append(self.budget.text(text, self.faults))

    def _message(self, part: Part) -> None:
        limits = self.budget.limits
        if part.is_message and not part.parts:
            # nested too deep: that is said where it was found
            return
        if not self._may_hand_on():
            return
        faults = Faults()
        self._hand_on(part.parts[0] if part.parts else mime.read(self._taken(part)[0], limits, faults), faults)

    def _hand_on(self, root: Part, faults: Faults) -> None:
        """Read a message within this one."""
        self.budget.inner -= 1
        self.gathered.inner.append(_mail(root, self.budget, self.reader, faults, self.depth + 1))
        if faults.partial:
            self.faults.lose("a message within the message was not read in full")

    def _may_hand_on(self) -> bool:
        if self.budget.inner > 0 and self.depth < self.budget.limits.depth:
            return True
        self.faults.lose("further messages within the message were not read")
        return False

    def _taken(self, part: Part) -> tuple[bytes, bool]:
        """The content of an attachment as far as the budget reaches, and whether that is all of it."""
        most = min(self.budget.attachment_bytes, self.budget.limits.largest_attachment)
        content, whole = part.beginning(most)
        if not whole:
            self.faults.lose("attachments beyond the budget were not read")
        self.budget.attachment_bytes -= len(content)
        return content, whole

    def _attachment(self, part: Part, state: str = "none") -> None:
        name = one_line(part.filename)
        if not name and (not part.raw or part.type.value.startswith("image/")):
            return
        size = len(part.raw)
        if self.reader is not None and state == "none":
            data, whole = self._taken(part)
            if whole:
                size = len(data)
                label = f"; charset={part.charset}" if part.charset else ""
                state = self._read_attachment(name, part.type.value + label, data)
            else:
                state = "refused"
        elif part.raw:
            size = len(part.content())
        self.gathered.attachments.append(Attachment(name, part.type.value, size, state))

    def _kept_message(self, content: bytes) -> None:
        """Read a message out of a file; its bytes count as those of an attachment."""
        if not self._may_hand_on():
            return
        if len(content) > self.budget.attachment_bytes:
            self.faults.lose("attachments beyond the budget were not read")
            return
        self.budget.attachment_bytes -= len(content)
        faults = Faults()
        self._hand_on(mime.read(content, self.budget.limits, faults), faults)

    def _read_attachment(self, name: str, kind: str, data: bytes) -> str:
        assert self.reader is not None
        extracted = self.reader.read(name, kind, data)
        if extracted.text:
            text = self.budget.text(clean(extracted.text), self.faults)
            self.gathered.attachment_texts.append(Text(Scope.ATTACHMENT, text, name))
        for message in extracted.messages:
            self._kept_message(message)
        if extracted.note or extracted.state in _UNREAD_STATES:
            how = "was not read in full" if extracted.state == State.TEXT else "was not read"
            wordless = extracted.state in _WORDLESS_STATES and not is_missing_reader(extracted.note)
            said = self.faults.note if wordless else self.faults.lose
            said(f"an attachment {how}: {one_line(extracted.note)[:_LONGEST_NOTE] or extracted.state}")
        return str(extracted.state)


def _mail(root: Part, budget: Budget, reader: AttachmentReader | None, faults: Faults, depth: int) -> Mail:
    """One message, the outermost or one within, from its root part."""
    hints = charsets(root)
    fields = Fields.of(root, hints, budget.limits, faults)
    subject = budget.text(fields.subject(), faults)
    gathered = _Gathered()
    gathered.bodies.append(body := Body())
    _Walk(budget, reader, faults, depth, hints, gathered).part(root, body)
    notice = gathered.delivery_notice or bool(fields.first("x-failed-recipients"))
    to, cc, bcc = (fields.addresses(name) for name in ("to", "cc", "bcc"))
    way = Way(forwards(subject), frozenset(address.address for address in (*to, *cc, *bcc) if address.address))
    texts, links = texts_of(gathered.bodies, budget, faults, way)
    inner = [] if notice else gathered.inner + inline_messages(gathered.bodies, budget, faults, way)
    texts = ((Text(Scope.SUBJECT, subject),) if subject else ()) + texts + tuple(gathered.attachment_texts)
    mail = Mail(
        message_id=fields.message_id(),
        subject=subject,
        sender=fields.sender(),
        reply_to=fields.addresses("reply-to"),
        to=to,
        cc=cc,
        bcc=bcc,
        delivered_to=fields.delivered_to(),
        dates=fields.dates(),
        headers=fields.decoded(),
        texts=texts,
        links=links,
        attachments=tuple(gathered.attachments),
        inner=tuple(inner),
        delivery_notice=notice,
        calendar=gathered.calendar,
    )
    return replace(mail, reading=_reading(mail, faults), defects=tuple(faults.sentences))


def _reading(mail: Mail, faults: Faults) -> Reading:
    if not mail.headers and not any(any(map(str.isalnum, text.text)) for text in mail.texts):
        faults.note("no header and no text were found")
        return Reading.UNREADABLE
    if faults.partial:
        return Reading.PARTLY_READ
    return Reading.READ_WITH_DEFECTS if faults.sentences else Reading.READ
