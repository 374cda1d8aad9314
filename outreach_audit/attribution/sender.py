"""Who sends a message: the organisation that signs or owns the domain, and what sort of sender it is."""

import re
from dataclasses import dataclass

from outreach_audit.attribution.domains import is_public, label
from outreach_audit.attribution.gazetteer import Gazetteer, Kind, prepare
from outreach_audit.attribution.grounds import is_under
from outreach_audit.attribution.knowledge import DomainKind, Knowledge, Organisation, OrganisationKind
from outreach_audit.attribution.model import Claim, Grade
from outreach_audit.codes import SenderType
from outreach_audit.mail.model import Mail, Scope

_SIGNATURE_LINES = 6
_LONGEST_LINE, _LONGEST_WIDE = 72, 30
_SEGMENTS = re.compile(r"[|·•,/;()<>]| - | @ |\n")
_NOT_LETTERS = re.compile(r"[\W_]+")
_LEAST_MATCH = 5
# the local part of an office, not of a person; only asked where the domain is an institution's
_OFFICE = re.compile(
    r"(?i)office|recruit|^hr|hr$|jobs?$|career|talent|rencai|^rsc|rczp|rcb|renshi|personnel|faculty|admin|info|intl|internat"
    r"|global|contact|liaison|desk|team|secretar|invite|forum|dean|school|college|dept|lab$|kadry|kanri|jinji|saiyo|insa|apply"
    r"|service|noreply|no-reply|news|event|colloq|fund|program|president|rector|provost|vp|cooperat|visit|talk$|^bk21"
)
# what an office, not a person, calls itself in its display name or its signature
_UNIT = re.compile(
    r"(?i)\b(?:office|section|unit|department|committee|secretariat|registrar|division|affairs|relations|presidium|bureau)\b"
    r"|(?:处|處|课|課|室|部|院|校|所|组|組|会|會|办|办公室|センター|機構|사무국|처|팀|과|실|본부|센터|학원|대학원)$"
)
# a recruiter's trade in the name of a domain
_TRADE = re.compile(r"talent|recruit|headhunt|rencai|jinzai|scholar|hrlink|careers?$|jobs?$|staffing|search$")
_CARRIERS = frozenset({DomainKind.FREEMAIL, DomainKind.PLATFORM, DomainKind.BULK_MAILER, DomainKind.LIST_HOST})


@dataclass(frozen=True, slots=True)
class Sender:
    """What is known of the sender before its type is decided; ``signature`` are the short lines it signs with."""

    local: str
    domain: str
    kind: DomainKind
    organisation: Organisation | None
    name: str
    signature: tuple[str, ...]
    text: str
    reply_domains: tuple[str, ...]


def read_sender(mail: Mail, offer_text: str, knowledge: Knowledge) -> Sender:
    """Gather the sender's domain, the name it shows and the lines with which it signs."""
    body = prepare(offer_text or mail.text_of(Scope.BODY))
    signed = prepare(mail.text_of(Scope.SIGNATURE)).splitlines()[:_SIGNATURE_LINES]
    lines = [line.strip() for line in body.splitlines() if line.strip()][-_SIGNATURE_LINES:]
    return Sender(
        local=mail.sender.address.rpartition("@")[0],
        domain=mail.sender.domain,
        kind=knowledge.domain_kind(mail.sender.domain),
        organisation=knowledge.organisation(mail.sender.domain),
        name=prepare(mail.sender.name).strip(),
        signature=tuple(line for line in (*lines, *map(str.strip, signed)) if _may_sign(line)),
        text=body,
        reply_domains=tuple(reply.domain for reply in mail.reply_to if reply.domain),
    )


def sender_organisation(sender: Sender, names: Gazetteer, knowledge: Knowledge, reader: Organisation | None) -> Claim:
    """Name the organisation that sends: by its domain, else by its signature, else by the form of the domain."""
    if sender.organisation is not None:
        return Claim(sender.organisation.name_en, Grade.STRONG, f"The sender's domain {sender.domain} belongs to it.")
    signed = _signed_organisation(sender, names, knowledge, reader)
    if signed is not None:
        return signed
    if sender.kind in _CARRIERS:
        return Claim(reason="It comes from a mail provider's address, and no organisation signs.")
    alike = knowledge.resembled(sender.domain)
    if alike is not None:
        reason = f"The domain {sender.domain} has its abbreviation, but is not in the list of its domains."
        return Claim(alike.name_en, Grade.WEAK, reason)
    name = label(sender.domain).replace("-", " ").title()
    if not name:
        return Claim(reason="Neither a domain nor a signature names an organisation.")
    return Claim(name, Grade.WEAK, f"Only the domain {sender.domain} is known.")


def _signed_organisation(
    sender: Sender, names: Gazetteer, knowledge: Knowledge, reader: Organisation | None
) -> Claim | None:
    """The organisation with whose name the mail is signed: one like its domain, a known one, or one by its words."""
    segments = _segments(sender)
    for domain in (sender.domain, *sender.reply_domains):
        own = "" if knowledge.domain_kind(domain) in _CARRIERS else _like_domain(segments, label(domain))
        if own:
            return Claim(own, Grade.MEDIUM, f"It signs so, and the domain {domain} has the same name.")
    known = (mention.entry for segment in segments for mention in names.mentions(segment))
    for entry in known:
        if entry.kind is Kind.ORGANISATION and not (reader and entry.key == reader.id):
            return Claim(entry.name, Grade.MEDIUM, "The mail is signed with this organisation's name.")
    worded = next((segment for segment in segments if names.sender_types(segment, "name")), None)
    reason = "The mail is signed so; the name is not in the list of organisations."
    return Claim(worded, Grade.WEAK, reason) if worded else None


def sender_type(sender: Sender, names: Gazetteer, knowledge: Knowledge, reader_domains: frozenset[str]) -> SenderType:
    """Decide the type of the sender: by its domain's owner, else by its words about itself, else by its domain."""
    if sender.domain and is_under(sender.domain, reader_domains):
        return SenderType.HOME_INSTITUTE
    if sender.kind is DomainKind.PLATFORM:
        return SenderType.PLATFORM
    if sender.kind is DomainKind.INSTITUTION:
        return _of_institution(sender, names)
    if sender.organisation is not None:
        return SenderType.COMPANY
    return _by_words(sender, names) or _by_domain(sender, names, knowledge)


def _by_words(sender: Sender, names: Gazetteer) -> SenderType | None:
    """The type that the sender shows: in its display name, in its account of itself, in its signature."""
    signed = names.sender_types(" | ".join(_segments(sender)), "name", "role")
    if sender.kind in _CARRIERS:
        # a mail provider's address proves no university: such a sender is what it tells of itself
        signed -= {SenderType.UNIVERSITY}
    shown = names.sender_types(sender.name, "name", "role")
    return next((_first(types) for types in (shown, names.sender_types(sender.text, "text"), signed) if types), None)


def _by_domain(sender: Sender, names: Gazetteer, knowledge: Knowledge) -> SenderType:
    """The type that a domain suggests where the sender tells nothing of itself."""
    if sender.kind in _CARRIERS:
        return SenderType.UNKNOWN
    alike = knowledge.resembled(sender.domain)
    if alike is not None:
        return _OF_ORGANISATION.get(alike.kind, SenderType.UNIVERSITY)
    if sender.kind in {DomainKind.AGENCY, DomainKind.COINED}:
        return SenderType.AGENCY
    chosen = label(sender.domain)
    named = names.sender_types(chosen.replace("-", " "), "name", "role")
    if named:
        return _first(named)
    if _TRADE.search(chosen):
        return SenderType.AGENCY
    # a sender with a domain of its own that tells nothing else is most often a company
    return SenderType.COMPANY if chosen and sender.kind is DomainKind.OTHER else SenderType.UNKNOWN


_OF_ORGANISATION = {
    OrganisationKind.FUNDER: SenderType.PROGRAMME_OFFICE,
    OrganisationKind.GOVERNMENT: SenderType.GOVERNMENT,
    OrganisationKind.TALENT_OFFICE: SenderType.LOCAL_TALENT_OFFICE,
    OrganisationKind.COMPANY: SenderType.COMPANY,
    OrganisationKind.ASSOCIATION: SenderType.ASSOCIATION,
}
# where several types are named, the more particular one is meant: an office of a city that runs a contest is an office
_PRECEDENCE = (
    SenderType.LOCAL_TALENT_OFFICE,
    SenderType.PROGRAMME_OFFICE,
    SenderType.EVENT,
    SenderType.ASSOCIATION,
    SenderType.PRESS,
    SenderType.PLATFORM,
    SenderType.AGENCY,
    SenderType.GOVERNMENT,
    SenderType.UNIVERSITY,
    SenderType.COMPANY,
    SenderType.STUDENT,
    SenderType.ACADEMIC,
)


def _first(types: frozenset[SenderType]) -> SenderType:
    return next((kind for kind in _PRECEDENCE if kind in types), SenderType.UNKNOWN)


def _of_institution(sender: Sender, names: Gazetteer) -> SenderType:
    """An office, a school or its head writes for the institution; anyone else there is a scholar."""
    if sender.organisation is not None and sender.organisation.kind in _OF_ORGANISATION:
        return _OF_ORGANISATION[sender.organisation.kind]
    shown = names.sender_types(sender.name, "name", "role")
    if is_public(sender.domain) and sender.organisation is None:
        offices = {SenderType.LOCAL_TALENT_OFFICE, SenderType.PROGRAMME_OFFICE}
        signed = names.sender_types(" | ".join(_segments(sender)), "name", "role")
        # who writes for an authority and recruits is its talent office, whatever the office is called
        return _first((shown | signed) & offices) if (shown | signed) & offices else SenderType.LOCAL_TALENT_OFFICE
    if SenderType.ACADEMIC in shown:
        return SenderType.ACADEMIC
    if SenderType.EVENT in shown:
        return SenderType.EVENT
    unit = _UNIT.search(sender.name) or any(_UNIT.search(line) for line in sender.signature[-2:])
    return SenderType.UNIVERSITY if shown or unit or _OFFICE.search(sender.local) else SenderType.ACADEMIC


def _may_sign(line: str) -> bool:
    """Whether a line is short enough, and no sentence, so that it may belong to a signature."""
    wide = any(char >= "\u2e80" for char in line)
    return (
        bool(line)
        and len(line) <= (_LONGEST_WIDE if wide else _LONGEST_LINE)
        and line[-1] not in ".!?。"
        and line[0] not in "-*•·○"
    )


def _segments(sender: Sender) -> list[str]:
    lines = (sender.name, *reversed(sender.signature))
    return [part.strip() for line in lines for part in _SEGMENTS.split(line) if part.strip()]


def _like_domain(segments: list[str], domain_label: str) -> str:
    """The signed name that the domain was made from: ``BrightStar Partners`` for ``brightstar-partners.org``."""
    wanted = _NOT_LETTERS.sub("", domain_label.lower())
    for segment in segments:
        letters = _NOT_LETTERS.sub("", segment.lower())
        shorter = min(len(letters), len(wanted))
        if shorter >= _LEAST_MATCH and (letters.startswith(wanted) or wanted.startswith(letters)):
            return segment
    return ""
