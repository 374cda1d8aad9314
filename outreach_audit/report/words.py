"""The words of codes, columns and sections in one language: everything that a reader sees instead of a code."""

import re
from collections.abc import Mapping
from functools import cache

from outreach_audit.codes import Unit
from outreach_audit.report.language import SOURCE, catalogue, country_names, thousands
from outreach_audit.report.vocabulary import (
    AT_LEAST,
    BROKEN_HEADS,
    COUNTED,
    DATE_BASES,
    DIMENSIONS,
    HEADS,
    LABELS,
    MEANINGS,
    N_,
    SECTION_MEANINGS,
    SECTION_TOTALS,
    SECTIONS,
    SHORT_MEANINGS,
    SPECIAL,
    WITHHELD,
)
from outreach_audit.tally import Column, Count, Coverage, Section

# not the digits of a quoted name, as the seed '2026-03'
_NUMBER = re.compile(r"(?<![\w'-])[0-9]+(?![\w'-])")


class Words:
    """The words of one language. Values put into a sentence are never read as a format of their own."""

    def __init__(self, lang: str = SOURCE) -> None:
        """Reads the catalogue.

        Raises:
            UsageError: there is no catalogue of this language.
        """
        self.lang = lang
        self._catalogue = catalogue(lang)
        self._countries = country_names(lang)
        self._thousands = thousands(lang)

    def t(self, message: str, /, **values: object) -> str:
        """A message of the catalogue, its places filled."""
        said = self._catalogue.gettext(message) if message else ""
        return said.format(**values) if values else said

    def n(self, one: str, many: str, number: int, /, **values: object) -> str:
        """A message with a number, ``{n}``, in the form that this number takes."""
        return self._catalogue.ngettext(one, many, number).format(n=self.number(number), **values)

    def number(self, value: int) -> str:
        """A number with its thousands apart."""
        return f"{value:,}".replace(",", self._thousands)

    def figure(self, count: Count) -> str:
        """A figure: ``1,226``; ``..`` where it is withheld, ``≥ 412`` where others withheld what belongs to it."""
        if count.value is None:
            return WITHHELD
        return f"{AT_LEAST if count.withheld else ''}{self.number(count.value)}"

    def change(self, value: int) -> str:
        """A difference with its sign: ``+12``, ``−3``, ``0``."""
        return f"{'+' if value > 0 else '−' if value < 0 else ''}{self.number(abs(value))}"

    def head(self, column: Column) -> str:
        """What a column is called."""
        return self.t(HEADS.get(column, column.value.replace("_", " ")))

    def broken_head(self, column: Column) -> str:
        """The same in two lines, where the page is narrow."""
        return self.t(BROKEN_HEADS.get(column, column.value.replace("_", "\n"))).rstrip("\n")

    def meaning(self, column: Column) -> str:
        """What a column counts."""
        return self.t(MEANINGS.get(column, ""))

    def short_meaning(self, column: Column) -> str:
        """What a column counts, in few words."""
        return self.t(SHORT_MEANINGS.get(column, MEANINGS.get(column, "")))

    def section(self, section: Section) -> str:
        """What a section is called."""
        return self.t(SECTIONS[section])

    def section_meaning(self, section: Section) -> str:
        """What a section holds."""
        return self.t(SECTION_MEANINGS[section])

    def total(self, section: Section) -> str:
        """What the total of a section is called."""
        return self.t(SECTION_TOTALS[section])

    def dimension(self, dimension: str) -> str:
        """What the values of a table are."""
        return self.t(DIMENSIONS.get(dimension, dimension.replace("_", " ")))

    def label(self, dimension: str, value: str, names: Mapping[str, str]) -> str:
        """What a value is called: the name that belongs to it, the value itself where there is none."""
        if value in SPECIAL:
            return self.t(SPECIAL[value])
        if dimension == "dest_country":
            return self.country(value, names)
        if dimension == "institute":
            return names.get(value, value)
        known = LABELS.get(dimension, {}).get(value)
        return value if known is None else self.t(known)

    def country(self, code: str, names: Mapping[str, str]) -> str:
        """What a country is called: as the catalogue has it, else as CLDR has it, else as packs name it."""
        english = names.get(code, code)
        own = self._catalogue.gettext(english)
        return own if own != english else self._countries.get(code, english)

    def name(self, key: str, names: Mapping[str, str]) -> str:
        """What an institute or country is called."""
        return self.country(key, names) if key in self._countries else names.get(key, key)

    def note(self, note: str) -> str:
        """A sentence that stands under a table; its numbers are places of the message in the catalogue."""
        numbers = _NUMBER.findall(note)
        places = iter(range(len(numbers)))
        message = _NUMBER.sub(lambda _: f"{{{next(places)}}}", note.replace("{", "{{").replace("}", "}}"))
        return self._catalogue.gettext(message).format(*(self.number(int(number)) for number in numbers))

    def counted(self, value: int, unit: Unit) -> str:
        """A figure with its unit: ``1 delivery``, ``1,226 deliveries``."""
        return self.n(*COUNTED[unit], value)

    def said(self, count: Count) -> str:
        """A figure with its unit, be it withheld or not."""
        return self.n_of(*COUNTED[count.unit], count)

    def n_of(self, one: str, many: str, count: Count) -> str:
        """A message with a figure, ``{n}``; the form of many where it is withheld or a lower bound."""
        plain = count.value is not None and not count.withheld
        return self._catalogue.ngettext(one, many, count.known if plain else 2).format(n=self.figure(count))

    def title(self, coverage: Coverage) -> str:
        """What a report is called."""
        if coverage.since and coverage.until:
            return self.t(
                "Recruitment approaches received, {since} to {until}", since=coverage.since, until=coverage.until
            )
        if coverage.since:
            return self.t("Recruitment approaches received, from {since} on", since=coverage.since)
        if coverage.until:
            return self.t("Recruitment approaches received, until {until}", until=coverage.until)
        return self.t("Recruitment approaches received")

    def period(self, coverage: Coverage) -> str:
        """The first and the last day, with the time zone and the date that counted."""
        return self.t(
            "{since} to {until} ({zone}, {basis})",
            since=coverage.since or self.t("first message"),
            until=coverage.until or self.t("last message"),
            zone=coverage.timezone,
            basis=self.t(DATE_BASES.get(coverage.date_basis, N_("either date"))),
        )

    def coverage_brief(self, coverage: Coverage) -> str:
        """What the figures of one table rest on, in a line."""
        return " ".join(
            (
                self.period(coverage) + ";",
                self.t(
                    "{unread} of {found} messages not fully read; {skipped} files skipped;",
                    unread=self.number(coverage.partly_read + coverage.unreadable),
                    found=self.number(coverage.found),
                    skipped=self.number(coverage.files_skipped),
                ),
                f"{', '.join(coverage.packs) or self.t('no pack')}; outreach-audit {coverage.version}.",
            )
        )

    def coverage_line(self, coverage: Coverage, names: Mapping[str, str]) -> str:
        """What all figures rest on, in one sentence."""
        if self.lang == SOURCE:
            return coverage.line()
        return self.t(
            "{institutes} ({homes}); {period}; folders: {folders}; {scanned} files scanned, {skipped} skipped; {found}"
            " messages found: {read} read, {defects} read with defects, {partly} partly read, {unreadable} unreadable;"
            " {header_only} known by header only; packs: {packs}; outreach-audit {version}.",
            institutes=", ".join(coverage.institutes) or self.t("institute not known"),
            homes=", ".join(self.country(code, names) for code in coverage.homes) or self.t("home not known"),
            period=self.period(coverage),
            folders=", ".join(self.label("folder", folder, names) for folder in coverage.folders) or self.t("none"),
            scanned=self.number(coverage.files_scanned),
            skipped=self.number(coverage.files_skipped),
            found=self.number(coverage.found),
            read=self.number(coverage.read),
            defects=self.number(coverage.read_with_defects),
            partly=self.number(coverage.partly_read),
            unreadable=self.number(coverage.unreadable),
            header_only=self.number(coverage.header_only),
            packs=", ".join(coverage.packs) or self.t("none"),
            version=coverage.version,
        )


@cache
def words_of(lang: str) -> Words:
    """The words of a language, read once.

    Raises:
        UsageError: there is no catalogue of this language.
    """
    return Words(lang)
