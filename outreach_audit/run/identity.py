"""Who received which message: the identities that counting rests on (docs/counting.md)."""

import hashlib
import re
from dataclasses import dataclass

from outreach_audit.attribution import Knowledge, Organisation
from outreach_audit.attribution.domains import registrable
from outreach_audit.attribution.knowledge import DomainKind
from outreach_audit.codes import Folder, Via
from outreach_audit.mail.model import Mail, Scope
from outreach_audit.run.settings import Settings
from outreach_audit.signals.facts import Reader

_TRUSTWORTHY = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_BLANK = re.compile(r"\s+")
_PUBLIC_KINDS = frozenset({DomainKind.FREEMAIL, DomainKind.PLATFORM, DomainKind.LIST_HOST})


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient: address, the organisation where it is known, its domains and its country."""

    address: str
    organisation: Organisation | None
    domains: frozenset[str]
    home: str

    def reader(self, folder: Folder) -> Reader:
        """The reader for whom a message in ``folder`` is judged."""
        return Reader(self.address, self.domains, folder)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def message_key(mail: Mail) -> str:
    """What makes two copies one message: Message-ID and Date, or the content where the Message-ID is missing.

    The Date is part of it: some programs re-use a Message-ID for another mail, and all copies of one share its Date.
    Without a usable Message-ID: sender, subject, Date and the body with blanks folded (after public-inbox ContentHash).
    """
    date = mail.dates.header.isoformat() if mail.dates.header else ""
    if mail.message_id and _TRUSTWORTHY.search(mail.message_id):
        return _digest("id", mail.message_id, date)
    body = _BLANK.sub(" ", mail.text_of(Scope.BODY, Scope.FORWARDED, Scope.ATTACHMENT)).strip()
    return _digest("content", mail.sender.address, _BLANK.sub(" ", mail.subject).strip(), date, body)


def finding_id(message: str, recipient: str, via: Via) -> str:
    """The stable id of a finding: the same message, recipient and way give the same id on every run and machine."""
    return _digest(message, recipient, via)[:16]


def delivery_key(message: str, recipient: str, via: Via) -> str:
    """What makes two copies one delivery: the same message in the mailbox of the same recipient."""
    return _digest("delivery", message, recipient, via)[:32]  # 128 bits


def _candidates(mail: Mail, owner: str | None, folder: Folder) -> list[str]:
    """Addresses that may be the mailbox owner's, the surest first."""
    listed = [a.address for a in mail.to + mail.cc + mail.bcc]
    if folder is Folder.SENT:
        return [*([owner] if owner else []), mail.sender.address, *listed]
    return [*([owner] if owner else []), *mail.delivered_to, *listed]


def recipient_of(mail: Mail, owner: str | None, folder: Folder, settings: Settings, knowledge: Knowledge) -> Recipient:
    """Tell in whose mailbox a message lay.

    Args:
        mail: the mail as it lay in the mailbox.
        owner: the mailbox owner where the container names one.
        folder: where it lay (in a folder of sent mail the owner is the sender).
        settings: options of the run.
        knowledge: organisations and their domains.

    Returns:
        The envelope's recipient, else the first address of a known organisation or home domain, else the first address.
    """
    found = [a.lower() for a in _candidates(mail, owner, folder) if a]
    sure = 1 if owner or (mail.delivered_to and folder is not Folder.SENT) or folder is Folder.SENT else 0
    at_home = [a for a in found if _is_home(a.rpartition("@")[2], settings, knowledge)]
    address = found[0] if found and sure else (at_home or found or [""])[0]
    domain = address.rpartition("@")[2]
    organisation = knowledge.organisation(domain) if domain else None
    domains = set(settings.home_domains)
    if organisation is not None:
        domains |= set(organisation.domains)
    elif domain and knowledge.domain_kind(domain) not in _PUBLIC_KINDS:
        domains.add(registrable(domain) or domain)
    home = (
        settings.home
        or (organisation.country if organisation else "")
        or (knowledge.country_of_tld(domain) if domain else "")
    )
    return Recipient(address, organisation, frozenset(domains), home)


def _is_home(domain: str, settings: Settings, knowledge: Knowledge) -> bool:
    if any(domain == d or domain.endswith("." + d) for d in settings.home_domains):
        return True
    organisation = knowledge.organisation(domain)
    return organisation is not None and (not settings.home or organisation.country == settings.home)
