"""What the mail stage gives: one message as texts by scope, addresses, dates, links and defects."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from outreach_audit.codes import Reading


class Scope(StrEnum):
    """Which part of a message a text belongs to."""

    SUBJECT = "subject"
    BODY = "body"
    QUOTED = "quoted"
    FORWARDED = "forwarded"
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"
    BANNER = "banner"
    HIDDEN = "hidden"
    ATTACHMENT = "attachment"
    LINKS = "links"
    HEADERS = "headers"


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text of one scope, free of lone surrogates and NUL; ``origin`` names its part or file."""

    scope: Scope
    text: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox address: display name decoded, ``address`` lower-cased (``''`` where none could be read)."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part behind the last ``@``, or ``''``."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Link:
    """A link: target as written, its host (IDNA, lower case, ``''`` where none) and the visible text."""

    url: str
    host: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment: what it is, and whether its text could be had.

    ``state``: ``text`` (its text is among the texts), ``none`` (a type without text, as a picture),
    ``encrypted``, ``image_only``, ``refused`` (a budget), ``failed`` (broken), ``unsupported``.
    """

    name: str
    content_type: str
    size: int
    state: str = "none"


@dataclass(frozen=True, slots=True)
class Dates:
    """Both dates of a message, in UTC, and remarks on how they were read."""

    header: datetime | None = None
    received: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """One message, understood. Every field has a value for every input.

    ``headers`` are all header fields in order, names in lower case, values unfolded and decoded.
    ``inner`` are the messages it hands on: attached as message/rfc822 or written inline, in order;
    ``inline`` marks an inner message that was recovered from text and has only the header
    fields that the forwarder's program kept (no Message-ID).
    """

    message_id: str | None = None
    subject: str = ""
    sender: Address = Address("", "")
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    dates: Dates = field(default_factory=Dates)
    headers: tuple[tuple[str, str], ...] = ()
    texts: tuple[Text, ...] = ()
    links: tuple[Link, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    inner: tuple["Mail", ...] = ()
    inline: bool = False
    delivery_notice: bool = False
    calendar: bool = False
    reading: Reading = Reading.READ
    defects: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first header field of that name (lower case), or ``''``."""
        return next((value for key, value in self.headers if key == name), "")

    def all_headers(self, name: str) -> tuple[str, ...]:
        """All header fields of that name (lower case), in order."""
        return tuple(value for key, value in self.headers if key == name)

    def text_of(self, *scopes: Scope) -> str:
        """All texts of these scopes, in order, joined by blank lines."""
        return "\n\n".join(text.text for text in self.texts if text.scope in scopes)
