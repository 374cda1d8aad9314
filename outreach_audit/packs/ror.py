"""From a dump of the Research Organization Registry (ror.org, data CC0) to a pack of organisations.

Names are searched for in mail, so a name is given as it stands only if it can mean but one organisation; any other
is shown with its country, a form that no mail has: ``Ministry of Health (BR)``.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from outreach_audit.attribution.records import OrganisationKind
from outreach_audit.errors import UsageError
from outreach_audit.packs.hosts import Claim, claims_of, owners
from outreach_audit.packs.ror_dump import Entry, Name, read_dump
from outreach_audit.report.atomic import write_atomically

PACK_ID = "ror"
_COLUMNS = ("id", "name_native", "name_en", "aliases", "country", "kind", "domains")
_COUNTRY_COLUMNS = ("code", "en", "native", "ko", "ja", "zh", "ru", "other", "adjectives", "phones", "tlds")
# What names in mail are searched for: each costs memory and time, and those of companies are words of other things.
_SEARCHED = frozenset(
    {OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE, OrganisationKind.FUNDER, OrganisationKind.GOVERNMENT}
)
_MOST_ALIASES = 40
_LONGEST_NAME = 160
_FEWEST_CJK = 5
_FEWEST_WORDS = 2
_COMMON_WORD = 60  # a word of this many names tells no organisation from another
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_OTHER_SCRIPT = re.compile("[\u0370-\u1fff\u2e80-\uffff]")
_WORD = re.compile(r"[^\W\d_]+")
_NATIONAL = {"GB": ".uk"}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made: figures for the user."""

    records: int
    organisations: int
    domains: int
    countries: int
    version: str


def import_ror(dump: Path, out: Path, countries: Collection[str] = ()) -> Imported:
    """Make a pack folder of a dump.

    Args:
        dump: the zip file as the registry offers it.
        out: the pack folder: new, empty, or an earlier import, which is replaced.
        countries: only organisations of these (ISO 3166-1 alpha-2); empty for all.

    Returns:
        How many records were read, and what became of them.

    Raises:
        UsageError: ``out`` holds something else, or a country is in no record.
        InvalidPackError: the dump cannot be read.
        OSError: a file cannot be read or written.
    """
    _refuse_other(out)
    registry = _Registry()
    for entry in read_dump(dump):
        registry.add(entry)
    if unknown := sorted(set(countries) - set(registry.countries.values())):
        raise UsageError(f"--country {unknown[0]}: no record of the dump is of this country")
    hosts = registry.hosts()
    # Read again instead of held: what names and hosts mean shows only when all records have been seen.
    rows = sorted(
        (
            registry.row(entry, hosts.get(entry.id, []))
            for entry in read_dump(dump)
            if entry.id in registry.countries and (not countries or registry.countries[entry.id] in countries)
        ),
        key=lambda row: row["id"],
    )
    rows = [row for row in rows if row["domains"] or row["aliases"] or row["name_native"]]
    used = sorted({row["country"] for row in rows})
    shown = ({"code": code, "en": f"{registry.country_names[code]} ({code})"} for code in used)
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / "organisations.csv", _csv(_COLUMNS, rows))
    write_atomically(out / "countries.csv", _csv(_COUNTRY_COLUMNS, shown))
    write_atomically(out / "pack.toml", _pack_toml(dump, registry.version, sorted(countries)))
    return Imported(
        records=registry.records,
        organisations=len(rows),
        domains=sum(len(row["domains"].split(";")) for row in rows if row["domains"]),
        countries=len(used),
        version=registry.version,
    )


def _refuse_other(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out {out}: there is a file of that name; name a folder")
    if not out.exists() or not any(out.iterdir()):
        return
    pack = out / "pack.toml"
    if not (pack.is_file() and f'\nid = "{PACK_ID}"\n' in pack.read_text(encoding="utf-8", errors="replace")):
        raise UsageError(f"--out {out}: the folder is not empty and holds no earlier import; name another one")


class _Registry:
    """What only all records together tell: whose a host is, and which names can mean but one organisation."""

    def __init__(self) -> None:
        self.records = 0
        self.version = ""
        self.countries: dict[str, str] = {}
        self.country_names: dict[str, str] = {}
        self._claims: dict[str, tuple[Claim, ...]] = {}
        self._parents: dict[str, tuple[str, ...]] = {}
        self._companies: set[str] = set()
        self._uses: Counter[str] = Counter()
        self._words: Counter[str] = Counter()

    def add(self, entry: Entry) -> None:
        """Take note of one record."""
        self.records += 1
        self.version = max(self.version, entry.modified)
        self._uses.update({name.text.casefold() for name in entry.names})
        self._words.update({word for name in entry.names for word in _words(name.text)})
        # An inactive organisation may have lost its domain; one of several countries leads to none.
        if entry.active and len(entry.countries) == 1:
            self.countries[entry.id] = next(iter(entry.countries))
            self.country_names |= entry.countries
            self._claims[entry.id] = claims_of(entry.domains, entry.sites)
            self._parents[entry.id] = entry.parents
            if entry.kind is OrganisationKind.COMPANY:
                self._companies.add(entry.id)

    def hosts(self) -> dict[str, list[str]]:
        """The hosts of each organisation, sorted."""
        found: dict[str, list[str]] = {}
        for host, owner in sorted(owners(self._claims, self._parents, self.countries).items()):
            # A branch in one country shows the site of the whole company as its own.
            branch = owner in self._companies and self._parents[owner]
            if not branch or host.endswith(_NATIONAL.get(self.countries[owner], f".{self.countries[owner].lower()}")):
                found.setdefault(owner, []).append(host)
        return found

    def row(self, entry: Entry, domains: list[str]) -> dict[str, str]:
        """The row of organisations.csv."""
        country = next(iter(entry.countries))
        shown = [name for name in entry.names if not name.sorts <= {"acronym"}] or list(entry.names)
        english = _first(shown, lambda name: name.language == "en" and "label" in name.sorts)
        display = _first(shown, lambda name: "ror_display" in name.sorts) or shown[0]
        name_en = (english or display).text.replace(";", ",")
        native = _first(shown, lambda n: n.language != "en" and "label" in n.sorts and bool(_CJK.search(n.text)))
        native = native or (display if display.language not in {"en", ""} else None)
        told = [name.text for name in shown if self._telling(name)] if entry.kind in _SEARCHED else []
        name_native = native.text if native and native.text in told else ""
        aliases = sorted({text for text in told if _OTHER_SCRIPT.search(text)} - {name_en, name_native})
        return {
            "id": f"{PACK_ID}-{entry.id}",
            "name_native": name_native,
            "name_en": name_en if name_en in told else f"{name_en} ({country})",
            "aliases": ";".join(aliases[:_MOST_ALIASES]),
            "country": country,
            "kind": entry.kind,
            "domains": ";".join(domains),
        }

    def _telling(self, name: Name) -> bool:
        """Whether a name can be searched for: long enough, one organisation's only, no common words alone."""
        text = name.text
        if "acronym" in name.sorts or len(text) > _LONGEST_NAME or ";" in text or text.endswith("*"):
            return False
        if self._uses[text.casefold()] > 1:
            return False
        if _CJK.search(text):
            return len(_CJK.findall(text)) >= _FEWEST_CJK
        words = _words(text)
        return len(words) >= _FEWEST_WORDS and min(self._words[word] for word in words) < _COMMON_WORD


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _first(names: Iterable[Name], wanted: Callable[[Name], bool]) -> Name | None:
    return next(filter(wanted, names), None)


def _csv(columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _pack_toml(dump: Path, version: str, countries: list[str]) -> bytes:
    title = "Research Organization Registry" + (f", {', '.join(countries)}" if countries else "")
    return (
        f"# Made by `outreach-audit packs import ror {dump.name}`: make it anew rather than change it.\n"
        f"# Data of the Research Organization Registry, ror.org, CC0.\n"
        f'id = "{PACK_ID}"\n'
        f'version = "{version}"\n'
        f'title = "{title}"\n'
        "# Whatever another pack knows of the same organisation counts before what this one knows.\n"
        "fallback = true\n"
    ).encode()
