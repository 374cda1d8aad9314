"""What is known of organisations, programmes, places and domains: data of packs, never code."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from outreach_audit.attribution.domains import DOMAIN, is_academic, is_coined, label, parents, registrable
from outreach_audit.attribution.records import (
    Context,
    Country,
    Currency,
    DomainKind,
    KnownDomain,
    Organisation,
    OrganisationKind,
    Place,
    Programme,
    Role,
    SenderWord,
)
from outreach_audit.attribution.tables import Row, country_code, raise_faults, read_table, required, several
from outreach_audit.codes import SenderType

__all__ = [
    "Context",
    "Country",
    "Currency",
    "DomainKind",
    "Knowledge",
    "KnownDomain",
    "Organisation",
    "OrganisationKind",
    "Place",
    "Programme",
    "Role",
    "SenderWord",
    "load_knowledge",
]


@dataclass(frozen=True, eq=False)
class Knowledge:
    """All of it, with the lookups that other stages use.

    Compared by identity, so that what is built from it (gazetteer.py) can be kept with it.
    """

    organisations: tuple[Organisation, ...] = ()
    programmes: tuple[Programme, ...] = ()
    places: tuple[Place, ...] = ()
    countries: tuple[Country, ...] = ()
    currencies: tuple[Currency, ...] = ()
    domains: tuple[KnownDomain, ...] = ()
    freemail: frozenset[str] = frozenset()
    contexts: tuple[Context, ...] = ()
    sender_words: tuple[SenderWord, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the data alone: automata built from it stay behind and are built anew."""
        return Knowledge, tuple(getattr(self, field.name) for field in fields(self))

    def merged(self, other: "Knowledge") -> "Knowledge":
        """This knowledge with that of another pack; organisations of the same id are replaced by the other's."""
        replaced = {organisation.id for organisation in other.organisations}
        kept = tuple(organisation for organisation in self.organisations if organisation.id not in replaced)
        joined = {
            field.name: getattr(self, field.name) + getattr(other, field.name)
            for field in fields(self)
            if field.name not in {"organisations", "freemail"}
        }
        return Knowledge(organisations=kept + other.organisations, freemail=self.freemail | other.freemail, **joined)

    def with_fallback(self, other: "Knowledge") -> "Knowledge":
        """This knowledge, and from another pack what it does not have.

        Of the other's organisations those stay away that own a domain known here, or one below a domain that an
        organisation of the same country owns here; so do its countries of the same code.
        """
        known = {country.code for country in self.countries}
        return self.merged(
            replace(
                other,
                organisations=tuple(o for o in other.organisations if not any(self._covers(d, o) for d in o.domains)),
                countries=tuple(country for country in other.countries if country.code not in known),
            )
        )

    def _covers(self, domain: str, organisation: Organisation) -> bool:
        own = self.organisation(domain)
        same = own is not None and (domain in own.domains or own.country == organisation.country)
        return same or self.known_domain(domain) is not None or domain in self.freemail

    def organisation(self, domain: str) -> Organisation | None:
        """The organisation that owns a mail domain or host: the longest registered suffix decides."""
        return next((found for name in parents(domain) if (found := self._by_domain.get(name))), None)

    def known_domain(self, domain: str) -> KnownDomain | None:
        """What domains.csv says of this domain or of one that it lies under."""
        return next((found for name in parents(domain) if (found := self._known.get(name))), None)

    def domain_kind(self, domain: str) -> DomainKind:
        """The kind of a mail domain or host. Knows no country; an unknown one is ``other``."""
        domain = domain.lower().rstrip(".")
        if known := self.known_domain(domain):
            return known.kind
        if any(name in self.freemail for name in parents(domain)):
            return DomainKind.FREEMAIL
        organisation = self.organisation(domain)
        if organisation is not None and organisation.kind is not OrganisationKind.COMPANY:
            return DomainKind.INSTITUTION
        if organisation is None and is_academic(domain):
            return DomainKind.INSTITUTION
        if organisation is None and is_coined(domain, generic=not self.country_of_tld(domain)):
            return DomainKind.COINED
        return DomainKind.OTHER

    def organisation_of_id(self, key: str) -> Organisation | None:
        """The organisation of this id."""
        return self._by_id.get(key)

    def resembled(self, domain: str) -> Organisation | None:
        """The organisation whose abbreviation stands in a domain that is not its own (``kaist-jobs.com``).

        Its country code must not contradict. The resemblance is no proof: anyone can register such a name.
        """
        tld = self.country_of_tld(domain)
        for part in label(domain).split("-"):
            found = self._abbreviations.get(part.upper())
            if found is not None and tld in {"", found.country}:
                return found
        return None

    def country_of_tld(self, domain: str) -> str:
        """The country whose own top-level domain a name lies under; ``''`` for those sold to everyone."""
        return next((self._tlds[name] for name in parents(domain) if name in self._tlds), "")

    def country_name(self, code: str) -> str:
        """The English name of a country code, or the code itself."""
        return self._country_names.get(code, code)

    @cached_property
    def _by_domain(self) -> dict[str, Organisation]:
        return {domain: organisation for organisation in self.organisations for domain in organisation.domains}

    @cached_property
    def _by_id(self) -> dict[str, Organisation]:
        return {organisation.id: organisation for organisation in self.organisations}

    @cached_property
    def _abbreviations(self) -> dict[str, Organisation]:
        return {
            name: organisation
            for organisation in self.organisations
            for name in (organisation.name_en, *organisation.aliases)
            if name.isalpha() and name.isascii() and name.isupper() and len(name) >= _SHORTEST_ABBREVIATION
        }

    @cached_property
    def _known(self) -> dict[str, KnownDomain]:
        return {known.domain: known for known in self.domains}

    @cached_property
    def _tlds(self) -> dict[str, str]:
        return {tld: country.code for country in self.countries for tld in country.tlds}

    @cached_property
    def _country_names(self) -> dict[str, str]:
        return {country.code: country.name for country in self.countries}


_SHORTEST_ABBREVIATION = 4


def load_knowledge(folder: Path) -> Knowledge:
    """Read the knowledge files of one pack folder; a file that a pack does not have is empty.

    Raises:
        InvalidPackError: With every fault as ``file:line: what is wrong``.
    """
    faults: list[str] = []
    knowledge = Knowledge(
        organisations=read_table(folder / "organisations.csv", _ORGANISATIONS, _organisations(), faults),
        programmes=read_table(folder / "programmes.csv", _PROGRAMMES, _programme, faults),
        places=read_table(folder / "places.csv", _PLACES, _place, faults),
        countries=read_table(folder / "countries.csv", _COUNTRIES, _country, faults),
        currencies=read_table(folder / "currencies.csv", _CURRENCIES, _currency, faults),
        domains=read_table(folder / "domains.csv", _DOMAINS, _known_domain, faults),
        freemail=frozenset(read_table(folder / "freemail.csv", ("domain", "source"), _freemail, faults)),
        contexts=read_table(folder / "contexts.csv", ("role", "language", "phrase"), _context, faults),
        sender_words=read_table(folder / "sender_types.csv", ("type", "where", "phrase"), _sender_word, faults),
    )
    raise_faults(faults)
    return knowledge


_ORGANISATIONS = ("id", "name_native", "name_en", "aliases", "country", "kind", "domains")
_PROGRAMMES = ("name", "names", "country", "class", "evidence", "weak", "source")
_NAME_COLUMNS = ("en", "native", "ko", "ja", "zh", "ru", "other")
_PLACES = ("country", "weak", *_NAME_COLUMNS)
_COUNTRIES = ("code", *_NAME_COLUMNS, "adjectives", "phones", "tlds")
_CURRENCIES = ("country", "form", "alone")
_DOMAINS = ("domain", "kind", "country", "since", "until", "source")


def _organisations() -> Callable[[Row], Organisation]:
    """A maker of organisations that refuses an id or a domain that an earlier row has."""
    owners: dict[str, str] = {}

    def make(row: Row) -> Organisation:
        required(row, "id", "name_en")
        domains = several(row["domains"])
        for domain in domains:
            if not DOMAIN.fullmatch(domain):
                raise ValueError(f"{domain!r} is not a lower-case domain")
        for key in (row["id"], *domains):
            if key in owners:
                raise ValueError(f"{key} already stands in the row of {owners[key]}")
            owners[key] = row["id"]
        return Organisation(
            row["id"],
            row["name_native"] or row["name_en"],
            row["name_en"],
            country_code(row["country"]),
            OrganisationKind(row["kind"]),
            domains,
            several(row["aliases"]),
        )

    return make


def _programme(row: Row) -> Programme:
    required(row, "name", "source")
    names = (row["name"], *several(row["names"]))
    return Programme(
        row["name"], names, country_code(row["country"], optional=True), _yes(row["weak"]), "visa" in row["class"]
    )


def _place(row: Row) -> Place:
    required(row, "en")
    return Place(several(row["en"])[0], _names(row), country_code(row["country"]), _yes(row["weak"]))


def _country(row: Row) -> Country:
    required(row, "en")
    return Country(
        country_code(row["code"]),
        several(row["en"])[0],
        _names(row),
        several(row["adjectives"]),
        several(row["phones"]),
        several(row["tlds"]),
    )


def _currency(row: Row) -> Currency:
    required(row, "form")
    return Currency(country_code(row["country"], optional=True), row["form"], _yes(row["alone"]))


def _known_domain(row: Row) -> KnownDomain:
    required(row, "source")
    if not DOMAIN.fullmatch(row["domain"]):
        raise ValueError(f"{row['domain']!r} is not a lower-case domain")
    if row["kind"] not in set(DomainKind):
        raise ValueError(f"unknown kind {row['kind']!r}; the kinds are {', '.join(DomainKind)}")
    return KnownDomain(row["domain"], DomainKind(row["kind"]), country_code(row["country"], optional=True))


def _freemail(row: Row) -> str:
    if registrable(row["domain"]) == "":
        raise ValueError(f"{row['domain']!r} is not a domain")
    return row["domain"]


def _context(row: Row) -> Context:
    required(row, "phrase")
    if row["phrase"] != row["phrase"].lower():
        raise ValueError(f"{row['phrase']!r} must be lower case")
    return Context(Role(row["role"]), row["phrase"])


def _sender_word(row: Row) -> SenderWord:
    required(row, "phrase")
    if row["where"] not in {"name", "role", "text"}:
        raise ValueError("where must be name, role or text")
    return SenderWord(SenderType(row["type"]), row["where"], row["phrase"])


def _names(row: Row) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for column in _NAME_COLUMNS for name in several(row[column])))


def _yes(cell: str) -> bool:
    if cell not in {"", "yes"}:
        raise ValueError(f"{cell!r} must be yes or empty")
    return cell == "yes"
