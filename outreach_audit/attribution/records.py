"""The records of the knowledge files: one row, one value (docs/attribution.md)."""

from dataclasses import dataclass
from enum import StrEnum

from outreach_audit.codes import SenderType


class DomainKind(StrEnum):
    """What sort of domain a mail comes from: one lookup that knows no country."""

    INSTITUTION = "institution"
    FREEMAIL = "freemail"
    BULK_MAILER = "bulk_mailer"
    AGENCY = "agency"
    PLATFORM = "platform"
    LIST_HOST = "list_host"
    COINED = "coined"
    OTHER = "other"


class OrganisationKind(StrEnum):
    """What sort of organisation it is."""

    UNIVERSITY = "university"
    INSTITUTE = "institute"
    FUNDER = "funder"
    GOVERNMENT = "government"
    TALENT_OFFICE = "talent_office"
    COMPANY = "company"
    ASSOCIATION = "association"


class Role(StrEnum):
    """What a phrase near a name says about it (contexts.csv).

    ``offer``: the sentence offers something; ``located``: the work is there; ``seat``: the sender's own office is
    there; ``own``: it is of the reader's life; ``past``: of the writer's, or a meeting; ``beside``: directly before a
    name, it makes it the reader's or a person's; ``people``: directly behind a country, it is about its people;
    ``abroad``: the work is outside the reader's country, wherever that is.
    """

    OFFER = "offer"
    LOCATED = "located"
    SEAT = "seat"
    OWN = "own"
    PAST = "past"
    BESIDE = "beside"
    PEOPLE = "people"
    ABROAD = "abroad"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A research organisation, funder or company: stable id, names, ISO country, kind, mail domains."""

    id: str
    name_native: str
    name_en: str
    country: str
    kind: OrganisationKind
    domains: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Programme:
    """A named talent programme, fund or visa; ``weak``: the name alone says little; a visa pays nobody."""

    name: str
    names: tuple[str, ...]
    country: str
    weak: bool
    visa: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A city, province or park with its spellings; ``weak``: the name has other common meanings."""

    name: str
    names: tuple[str, ...]
    country: str
    weak: bool


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory with a code of its own: names, adjectives, calling code, own top-level domains."""

    code: str
    name: str
    names: tuple[str, ...]
    adjectives: tuple[str, ...]
    phones: tuple[str, ...]
    tlds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Currency:
    """A way to write a currency; unless ``alone``, it counts only beside a number.

    ``country`` is empty for money that is offered everywhere: it says nothing of where, nor does the name in it.
    """

    country: str
    form: str
    alone: bool


@dataclass(frozen=True, slots=True)
class KnownDomain:
    """A domain whose kind was reported or is public; ``country`` where what it offers lay in one country."""

    domain: str
    kind: DomainKind
    country: str


@dataclass(frozen=True, slots=True)
class Context:
    """A phrase (lower case, simplified characters) and what it says about the names beside it."""

    role: Role
    phrase: str


@dataclass(frozen=True, slots=True)
class SenderWord:
    """A word that tells the type of a sender.

    ``where`` it counts: ``name`` (a word of an organisation's name) and ``role`` (of an office or a function), both
    looked for in display name and signature; ``text`` (the sender's account of itself in the text).
    """

    type: SenderType
    where: str
    phrase: str
