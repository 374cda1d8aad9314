"""The grounds on which a country may be named as the destination: what was found, where, and how strong it is."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from outreach_audit.attribution.gazetteer import Gazetteer, Kind, Mention, Spot, overlapping, prepare, sentences
from outreach_audit.attribution.knowledge import DomainKind, Knowledge, Organisation, OrganisationKind, Role
from outreach_audit.attribution.model import Grade
from outreach_audit.mail.model import Mail, Scope


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground: the country it speaks for, how strong, whether it stands in the offer itself, and why.

    ``sort`` tells independent grounds apart (two cities are one sort, a city and a currency are two).
    ``home_text`` marks a mere mention of the reader's own country, which alone decides nothing.
    """

    country: str
    grade: Grade
    sort: str
    reason: str
    tied: bool = False
    home_text: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A name in the text of the mail with what its surroundings say.

    ``tied``: its sentence offers something; ``located``: the work is there; ``aside``: one of a list of countries, or
    the sender's own seat; ``dropped``: it belongs to somebody's life and says nothing of the destination.
    """

    mention: Mention
    tied: bool
    located: bool
    aside: bool
    dropped: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The texts of one mail, read once: names with their surroundings, and whether it speaks of going abroad."""

    text: str
    found: tuple[Found, ...]
    abroad: bool


Located = TypeVar("Located", Mention, Spot)
_MOST_MENTIONS = 2_000
_MOST_PERSONS = 20
_LONGEST_PHRASE = 40
_BEFORE, _BEFORE_HAN = 48, 16
_AFTER, _AFTER_HAN = 30, 12
_CLAUSE = re.compile(r"[,:()、,:()|]")
_NEAR, _BESIDE = 24, 10
_LISTED = 3
_NATIONS = frozenset({Kind.COUNTRY, Kind.ADJECTIVE})
_LISTABLE = frozenset({Kind.COUNTRY, Kind.ADJECTIVE, Kind.PLACE})
_NO_LANDING = frozenset({DomainKind.FREEMAIL, DomainKind.PLATFORM, DomainKind.BULK_MAILER, DomainKind.LIST_HOST})
_PHONE = re.compile(r"(?<![\d+])(?:\+|00 ?)(?=[1-9])[\d ().-]{8,22}")
_PHONE_DIGITS = 8


def read(mail: Mail, offer_text: str, names: Gazetteer) -> Reading:
    """Read subject, offer, attachments and signature for names, each text once."""
    parts = [mail.subject, offer_text or mail.text_of(Scope.BODY)]
    for scope in (Scope.ATTACHMENT, Scope.SIGNATURE):
        parts += [text.text for text in mail.texts if text.scope is scope and text.text.strip() not in offer_text]
    text = _without_persons(prepare("\n\n".join(parts)), mail, names)
    spots = names.spots(text)
    mentions = names.mentions(text)[:_MOST_MENTIONS]
    found: list[Found] = []
    for start, end in sentences(text):
        inside = _within(mentions, start, end)
        if inside:
            found += _in_sentence(text, (start, end), inside, _within(spots, start, end))
    return Reading(text, tuple(found), any(spot.role is Role.ABROAD for spot in spots))


def _without_persons(text: str, mail: Mail, names: Gazetteer) -> str:
    """Blank the display names of persons: somebody called Holland or Virginia leads to no country."""
    shown = (mail.sender, *mail.to[:_MOST_PERSONS], *mail.cc[:_MOST_PERSONS])
    for name in {prepare(address.name).strip() for address in shown}:
        if " " in name and not names.sender_types(name, "name", "role"):
            text = text.replace(name, " " * len(name))
    return text


def _within(items: list[Located], start: int, end: int) -> list[Located]:
    """Those of a sorted list that begin within these bounds."""
    first = bisect_left(items, start, key=_start_of)
    return items[first : bisect_left(items, end, lo=first, key=_start_of)]


def _start_of(item: Mention | Spot) -> int:
    return item.start


def text_grounds(reading: Reading, knowledge: Knowledge, reader: Organisation | None, home: str) -> Iterator[Ground]:
    """Grounds from the names in the text, repeated ones once."""
    seen: dict[tuple[str, str, str], Ground] = {}
    for found in reading.found:
        entry = found.mention.entry
        own = reader is not None and entry.key == reader.id
        if found.dropped or own or not entry.country:
            continue
        ground = _of_mention(found, knowledge, home)
        key = (ground.country, ground.sort, entry.name)
        if key not in seen or _rank(ground) > _rank(seen[key]):
            seen[key] = ground
    yield from seen.values()


def sender_grounds(mail: Mail, knowledge: Knowledge, reader_domains: frozenset[str], home: str) -> Iterator[Ground]:
    """Grounds from the sender's domain and from Reply-To."""
    for address, what in ((mail.sender, "sender"), *((reply, "Reply-To") for reply in mail.reply_to)):
        domain = address.domain
        if not domain or is_under(domain, reader_domains):
            continue
        ground = _of_domain(domain, what, knowledge, home)
        if ground is not None:
            yield ground


def link_grounds(mail: Mail, knowledge: Knowledge, reader_domains: frozenset[str], home: str) -> Iterator[Ground]:
    """Grounds from the hosts that the mail leads to."""
    seen: set[str] = set()
    for link in mail.links[:200]:
        host = link.host
        if not host or host in seen or is_under(host, reader_domains) or knowledge.domain_kind(host) in _NO_LANDING:
            continue
        seen.add(host)
        organisation, known = knowledge.organisation(host), knowledge.known_domain(host)
        country = organisation.country if organisation else known.country if known else knowledge.country_of_tld(host)
        if country:
            reason = f"A link leads to {host}, which belongs to {knowledge.country_name(country)}."
            yield Ground(country, Grade.MEDIUM, "link", reason, home_text=country == home)


def phone_grounds(reading: Reading, knowledge: Knowledge, home: str) -> Iterator[Ground]:
    """Grounds from international calling codes."""
    codes = {code: country.code for country in knowledge.countries for code in country.phones}
    for match in list(_PHONE.finditer(reading.text))[:20]:
        digits = re.sub(r"\D", "", match.group()).removeprefix("00")
        if len(digits) < _PHONE_DIGITS:
            continue
        country = next((codes[digits[:size]] for size in (4, 3, 2, 1) if digits[:size] in codes), "")
        if country:
            reason = f"A telephone number has the calling code of {knowledge.country_name(country)}."
            yield Ground(country, Grade.WEAK, "phone", reason, home_text=country == home)


def is_under(domain: str, domains: frozenset[str]) -> bool:
    """Whether a domain is one of these or lies under one."""
    return any(domain == name or domain.endswith("." + name) for name in domains)


def _of_domain(domain: str, what: str, knowledge: Knowledge, home: str) -> Ground | None:
    organisation, known = knowledge.organisation(domain), knowledge.known_domain(domain)
    if organisation is not None:
        company = organisation.kind is OrganisationKind.COMPANY
        reason = (
            f"The {what} address belongs to {organisation.name_en} ({knowledge.country_name(organisation.country)})."
        )
        return Ground(organisation.country, Grade.MEDIUM if company else Grade.STRONG, "sender", reason, tied=True)
    if known is not None:
        reason = f"The {what} domain {domain} is known from reported offers of {knowledge.country_name(known.country)}."
        return Ground(known.country, Grade.MEDIUM, "sender", reason, tied=True) if known.country else None
    country = knowledge.country_of_tld(domain)
    kind = knowledge.domain_kind(domain)
    if not country or kind in _NO_LANDING:
        return None
    if kind is DomainKind.INSTITUTION:
        reason = f"The {what} domain {domain} is an academic or public one of {knowledge.country_name(country)}."
        return Ground(country, Grade.STRONG, "sender", reason, tied=True)
    reason = f"The {what} domain {domain} lies under the country code of {knowledge.country_name(country)}."
    medium = what != "sender" and country != home
    return Ground(country, Grade.MEDIUM if medium else Grade.WEAK, "sender", reason, tied=True)


_SORTS = {
    Kind.PROGRAMME: ("programme", "The programme {name} is named"),
    Kind.ORGANISATION: ("organisation", "{name} is named"),
    Kind.COUNTRY: ("country", "{name} is named"),
    Kind.PLACE: ("place", "The place {name} is named"),
    Kind.CURRENCY: ("currency", "An amount is given in the currency of {country}"),
    Kind.ADJECTIVE: ("adjective", "Something of {name} is named"),
}


def _of_mention(found: Found, knowledge: Knowledge, home: str) -> Ground:
    entry = found.mention.entry
    sort, words = _SORTS[entry.kind]
    country = knowledge.country_name(entry.country)
    written = entry.name if entry.kind in {Kind.COUNTRY, Kind.ADJECTIVE} else entry.form
    where = " in the offer" if found.tied else ""
    reason = words.format(name=written, country=country) + where
    reason += "." if entry.kind in {Kind.COUNTRY, Kind.ADJECTIVE, Kind.CURRENCY} else f" ({country})."
    ground = Ground(entry.country, _grade(found), sort, reason, tied=found.tied and not found.aside)
    if entry.country == home and not (found.located and entry.kind is not Kind.CURRENCY):
        return replace(ground, home_text=True)
    return ground


def _grade(found: Found) -> Grade:
    entry = found.mention.entry
    if entry.weak or found.aside:
        return Grade.WEAK
    if entry.kind in {Kind.PROGRAMME, Kind.ORGANISATION}:
        return Grade.STRONG if found.tied else Grade.MEDIUM
    if entry.kind is Kind.ADJECTIVE and not found.tied:
        return Grade.WEAK
    return Grade.MEDIUM


_ORDER = {Grade.STRONG: 3, Grade.MEDIUM: 2, Grade.WEAK: 1, Grade.NONE: 0}


def _rank(ground: Ground) -> tuple[bool, int, bool]:
    return not ground.home_text, _ORDER[ground.grade], ground.tied


def _in_sentence(text: str, bounds: tuple[int, int], mentions: list[Mention], spots: list[Spot]) -> Iterator[Found]:
    """The names of one sentence with what the phrases around them say."""
    money = any(mention.entry.kind is Kind.CURRENCY for mention in mentions)
    tied = money or any(spot.role is Role.OFFER for spot in spots)
    listed = len({mention.entry.country for mention in mentions if mention.entry.kind in _LISTABLE}) >= _LISTED
    seat = any(spot.role is Role.SEAT for spot in spots)
    for mention in mentions:
        start, end = _clause(text, mention, bounds)
        near = _within(spots, start - _LONGEST_PHRASE, end)
        located = overlapping(near, Role.LOCATED, max(start, mention.start - _NEAR), min(end, mention.end + _NEAR // 2))
        yield Found(
            mention,
            tied,
            located,
            aside=(seat or (listed and not located)) and mention.entry.kind in _LISTABLE,
            dropped=mention.entry.kind is not Kind.CURRENCY
            and _of_somebody(mention, (start, end), near, located=located),
        )


def _of_somebody(mention: Mention, clause: tuple[int, int], spots: list[Spot], *, located: bool) -> bool:
    """Whether a name belongs to the reader's or the writer's life, or to a person, and not to what is offered."""
    start, end = clause
    if overlapping(spots, Role.BESIDE, max(start, mention.start - _BESIDE), mention.start):
        return True
    if mention.entry.kind in _NATIONS and overlapping(spots, Role.PEOPLE, mention.end, min(end, mention.end + _BESIDE)):
        return not located
    return not located and (overlapping(spots, Role.PAST, start, end) or overlapping(spots, Role.OWN, start, end))


def _clause(text: str, mention: Mention, bounds: tuple[int, int]) -> tuple[int, int]:
    """The clause around a name, within a few words and its sentence."""
    wide = text[mention.start] >= "\u2e80"
    left = max(bounds[0], mention.start - (_BEFORE_HAN if wide else _BEFORE))
    right = min(bounds[1], mention.end + (_AFTER_HAN if wide else _AFTER))
    for cut in _CLAUSE.finditer(text, left, mention.start):
        left = cut.end()
    cut_after = _CLAUSE.search(text, mention.end, right)
    return left, cut_after.start() if cut_after else right
