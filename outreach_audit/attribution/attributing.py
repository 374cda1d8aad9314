"""Attribution of one mail: sponsor, sender, origin and destination, each from its own evidence."""

import re
from collections.abc import Sequence

from outreach_audit.attribution.destination import decide
from outreach_audit.attribution.gazetteer import Kind, gazetteer
from outreach_audit.attribution.grounds import (
    Reading,
    link_grounds,
    phone_grounds,
    read,
    sender_grounds,
    text_grounds,
)
from outreach_audit.attribution.knowledge import Knowledge, Organisation, OrganisationKind
from outreach_audit.attribution.model import Attribution, Claim, Grade
from outreach_audit.attribution.origin import technical_origin
from outreach_audit.attribution.sender import read_sender, sender_organisation, sender_type
from outreach_audit.mail.model import Mail

_FUND = re.compile(
    r"\b(?:[A-Z][\w&'-]{1,20} (?:of |for |in |and )?){1,6}"
    r"(?:Fund|Program|Programme|Scheme|Plan|Fellowships?|Initiative|Professorships?)\b"
)
_FUND_HAN = re.compile(r"[“「『《\"]([\u4e00-\u9fff]{2,14}(?:计划|計畫|計劃|工程|基金|项目|專案))[”」』》\"]")
_SPONSORS = frozenset({OrganisationKind.FUNDER, OrganisationKind.GOVERNMENT, OrganisationKind.TALENT_OFFICE})


def attribute(
    mail: Mail,
    knowledge: Knowledge,
    *,
    reader_domains: frozenset[str],
    home: str,
    offer_text: str,
    trusted_servers: Sequence[str] = (),
) -> Attribution:
    """Say who is behind a mail and to which country its offer leads.

    Args:
        mail: The assessed message (for a report, the inner one).
        knowledge: Organisations, places and the rest, of all packs in use.
        reader_domains: Mail domains of the reader's own institute: never a destination, never a foreign sender.
        home: The institute's country, ISO 3166-1 alpha-2.
        offer_text: The sender's own text, without quotes and disclaimers; ``''`` takes the body as it is.
        trusted_servers: The institute's own mail servers, whose Authentication-Results count.

    Returns:
        Three identities and a destination, each with grade and reason. Total: any mail gives an answer.
    """
    names = gazetteer(knowledge)
    reader = next((found for domain in sorted(reader_domains) if (found := knowledge.organisation(domain))), None)
    reading = read(mail, offer_text, names)
    grounds = (
        *text_grounds(reading, knowledge, reader, home),
        *sender_grounds(mail, knowledge, reader_domains, home),
        *link_grounds(mail, knowledge, reader_domains, home),
        *phone_grounds(reading, knowledge, home),
    )
    sender = read_sender(mail, offer_text, knowledge)
    return Attribution(
        claimed_sponsor=_sponsor(reading, knowledge, reader),
        sender_org=sender_organisation(sender, names, knowledge, reader),
        technical_origin=technical_origin(mail, trusted_servers),
        dest_country=decide(grounds, knowledge, home, abroad=reading.abroad),
        sender_type=sender_type(sender, names, knowledge, reader_domains),
        sender_domain=mail.sender.domain,
    )


def _sponsor(reading: Reading, knowledge: Knowledge, reader: Organisation | None) -> Claim:
    """The programme that the text names; else a funder, ministry or talent office that it names."""
    named = [found for found in reading.found if not found.dropped]
    programmes = [
        found for found in named if found.mention.entry.kind is Kind.PROGRAMME and not found.mention.entry.visa
    ]
    for found in sorted(programmes, key=lambda found: (found.mention.entry.weak, not found.tied)):
        grade = Grade.WEAK if found.mention.entry.weak else Grade.STRONG if found.tied else Grade.MEDIUM
        return Claim(found.mention.entry.name, grade, "The text names this programme.")
    written = _FUND.search(reading.text) or _FUND_HAN.search(reading.text)
    if written is not None:
        name = written.group(1) if written.re is _FUND_HAN else written.group()
        return Claim(name, Grade.MEDIUM, "The text names it; it is not in the list of programmes.")
    for found in named:
        entry = found.mention.entry
        body = knowledge.organisation_of_id(entry.key)
        if body is not None and body.kind in _SPONSORS and body is not reader:
            return Claim(entry.name, Grade.MEDIUM, "The text names this body.")
    return Claim(reason="The text names neither a programme nor a body that pays.")
