"""What the header fields of one message say: identity, addresses, dates, and to whom it was delivered."""

import re
from dataclasses import dataclass

from outreach_audit.mail.addresses import is_valid, normalise, parse_addresses
from outreach_audit.mail.dates import parse_date, received_date
from outreach_audit.mail.headers import decode_words, raw_text
from outreach_audit.mail.limits import Faults, Limits
from outreach_audit.mail.model import Address, Dates
from outreach_audit.mail.parts import Part

_DELIVERY_FIELDS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "apparently-to")
_LONGEST_ID = 998
"""A line cannot be longer (RFC 5322, section 2.1.1)."""
_MAX_HINTS = 3
"""More charsets than that in one message say nothing."""
_WORD_CHARSET = re.compile(rb"=\?([\w.:-]{3,40})(?:\*[\w-]{0,20})?\?[bBqQ]\?")


def charsets(part: Part) -> tuple[str, ...]:
    """The charset labels declared in a message, as hints for its raw header and its undeclared parts."""
    words = (label for _, value in part.fields for label in _WORD_CHARSET.findall(value[:2000]))
    found = dict.fromkeys(label.decode("ascii").lower() for label in words)
    stack = [part]
    while stack and len(found) < _MAX_HINTS:
        part = stack.pop()
        stack.extend(reversed(part.parts))
        if not part.parts and part.charset:
            found[part.charset] = None
    return tuple(found)[:_MAX_HINTS]


def one_line(text: str) -> str:
    """The text with every run of blanks and line ends as one blank."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Fields:
    """The header fields in order: name in lower case, value unfolded, encoded words unread."""

    raw: tuple[tuple[str, str], ...]
    limits: Limits
    faults: Faults

    @classmethod
    def of(cls, part: Part, hints: tuple[str, ...], limits: Limits, faults: Faults) -> "Fields":
        """The fields of a part; raw 8-bit values are read with the message's charsets as hints."""
        return cls(tuple((name, raw_text(value, hints)) for name, value in part.fields), limits, faults)

    def first(self, name: str) -> str:
        """The first field of that name, or ``''``."""
        return next((value for key, value in self.raw if key == name), "")

    def decoded(self) -> tuple[tuple[str, str], ...]:
        """All fields with their encoded words read."""
        return tuple((name, decode_words(value)) for name, value in self.raw)

    def subject(self) -> str:
        """The subject in one line."""
        return one_line(decode_words(self.first("subject")))

    def message_id(self) -> str | None:
        """The identifier between the angle brackets, or the whole value where there are none."""
        value = self.first("message-id")
        inside = value.partition("<")[2].partition(">")[0].strip() or value.strip().strip("<>")
        return "".join(inside.split())[:_LONGEST_ID] or None

    def addresses(self, name: str) -> tuple[Address, ...]:
        """The addresses of all fields of a name."""
        found: list[Address] = []
        most = self.limits.recipients
        for key, value in self.raw:
            if key == name and len(found) <= most:
                found += parse_addresses(value, most + 1 - len(found))
        if len(found) > most:
            self.faults.lose(f"addresses beyond {most} were not read")
        return tuple(found[:most])

    def sender(self) -> Address:
        """Who writes: the first address of From, or else of Sender."""
        found = self.addresses("from") or self.addresses("sender")
        if not found:
            return Address("", "")
        if found[0].address and not is_valid(found[0].address):
            self.faults.note("the sender's address breaks the syntax of addresses")
        return found[0]

    def dates(self) -> Dates:
        """The date that the sender wrote, and that of the topmost Received field."""
        header, note = parse_date(self.first("date"))
        received, _ = received_date(self.first("received"))
        if note:
            self.faults.note(note)
        return Dates(header, received, note)

    def delivered_to(self) -> tuple[str, ...]:
        """The mailboxes that the receiving servers say they delivered to, the most direct statement first."""
        found = {address.address: None for name in _DELIVERY_FIELDS for address in self.addresses(name)}
        _, _, rest = self.first("received").partition(" for ")
        if words := rest[:1000].split():
            found[normalise(words[0].rstrip(";"))] = None
        return tuple(address for address in found if address)
