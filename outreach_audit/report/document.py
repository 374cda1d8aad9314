"""The result document: all that a report says, once, for every renderer to read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from outreach_audit import __version__
from outreach_audit.attribution.knowledge import Knowledge
from outreach_audit.errors import UsageError
from outreach_audit.ledger import Ledger
from outreach_audit.report.comparison import Before, before_of, previous_period
from outreach_audit.report.exchange import Merge, Publication
from outreach_audit.tally import Count, Coverage, Period, Row, Section, Table, tables
from outreach_audit.tally.details import Campaign, Details, Institute, Part, details


@dataclass(frozen=True, slots=True)
class Document:
    """One result.

    ``names`` are the names of those institute ids (native and English) and country codes (English) that occur in it;
    ``skipped`` says for how many files each reason holds why nothing was read from them; ``before`` are the figures
    of the period before, None where the period has no beginning or no end; ``campaigns`` and ``institutes`` say what
    stands beside the figures; ``grades`` for how many foreign messages the destination was determined how firmly;
    ``publication`` how it was made fit to leave, ``merge`` what it was merged of.
    """

    generator: str
    coverage: Coverage
    tables: tuple[Table, ...]
    names: Mapping[str, str]
    skipped: Mapping[str, int]
    before: Before | None = None
    campaigns: tuple[Campaign, ...] = ()
    institutes: tuple[Institute, ...] = ()
    grades: tuple[Part, ...] = ()
    publication: Publication | None = None
    merge: Merge | None = None

    def table(self, name: str) -> Table | None:
        """The table of this name."""
        return next((table for table in self.tables if table.name == name), None)

    def only(self, name: str) -> "Document":
        """The document with one of its tables.

        Raises:
            UsageError: there is no table of this name.
        """
        table = self.table(name)
        if table is None:
            known = ", ".join(table.name for table in self.tables)
            raise UsageError(f"there is no table {name!r}; there are {known}")
        return replace(self, tables=(table,))

    def campaign(self, row: Row) -> Campaign | None:
        """What is known of the campaign of a row."""
        return next((one for one in self.campaigns if (one.id, one.section) == (row.value, row.section)), None)

    def change(self, table: Table, row: Row) -> tuple[int, ...] | None:
        """By how much each figure of a row changed against the period before; None where that cannot be told."""
        former = self.before.figures(table, row) if self.before else None
        if former is None or any(count.value is None for count in row.counts):
            return None
        return tuple(count.known - value for count, value in zip(row.counts, former, strict=True))

    def to_data(self) -> dict[str, Any]:
        """Everything as plain data for JSON."""
        from outreach_audit.report.tally_json import to_data  # noqa: PLC0415 - it makes documents of data, too

        return to_data(self)


def make_document(
    ledger: Ledger,
    *,
    month: str | None = None,
    since: date | None = None,
    until: date | None = None,
    tz: str = "UTC",
    names: Mapping[str, str] = MappingProxyType({}),
    subjects: bool = False,
) -> Document:
    """The result of a ledger for a period, with the figures of the period before where it has one.

    Args:
        ledger: the ledger, its campaigns assigned.
        month: one month, as ``2026-03``; not together with ``since`` and ``until``.
        since: the first day.
        until: the last day, itself counted.
        tz: the time zone of days and months.
        names: the names of institute ids and country codes, as `names_of` gives them.
        subjects: whether subjects, masked, are among the details of institutes.

    Raises:
        UsageError: the period makes no sense.
        OutreachAuditError: the ledger cannot be read.
    """
    period = Period.of(month=month, since=since, until=until, tz=tz)
    counted = tables(ledger, since=period.since, until=period.until, tz=tz)
    coverage = counted[0].coverage
    known = details(ledger, period, coverage, subjects=subjects)
    found = tuple(map(_with_foreign_total, _ordered(counted, known)))
    before = None
    if (earlier := previous_period(period)) is not None:
        former = tables(ledger, since=earlier.since, until=earlier.until, tz=tz)
        before = before_of(earlier, former)
        found = tuple(before.with_vanished_rows(table) for table in found)
    return Document(
        generator=f"outreach-audit {__version__}",
        coverage=coverage,
        tables=found,
        names=MappingProxyType(dict(sorted(_named(found, known, names)))),
        skipped=MappingProxyType(_skipped(ledger)),
        before=before,
        campaigns=known.campaigns,
        institutes=known.institutes,
        grades=known.grades,
    )


def names_of(knowledge: Knowledge) -> dict[str, str]:
    """The names of all institutes (native and English) and countries (English) that packs know, by id and code."""
    institutes = {
        known.id: " / ".join(dict.fromkeys(name for name in (known.name_native, known.name_en) if name))
        for known in knowledge.organisations
    }
    return {country.code: country.name for country in knowledge.countries} | institutes


def _ordered(counted: Iterable[Table], known: Details) -> Iterator[Table]:
    """What was asked for first, then what it was found among; campaigns behind institutes."""
    ordered = sorted(counted, key=lambda table: any(row.section is Section.ALL for row in table.totals))
    wanted = all(table.name != known.table.name for table in ordered)
    for table in ordered:
        yield table
        if table.name == "institute" and wanted:
            yield known.table


def _with_foreign_total(table: Table) -> Table:
    """The table with a total of foreign approaches even where there were none: zero is a figure too."""
    sections = {row.section for row in table.totals}
    if sections & {Section.FOREIGN, Section.ALL}:
        return table
    zeros = tuple(Count(0, column.unit, table.coverage) for column in table.columns)
    return replace(table, totals=(Row(Section.FOREIGN, "total", zeros), *table.totals))


def _named(found: Iterable[Table], known: Details, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The names that are needed, and no others."""
    used: set[str] = set()
    for table in found:
        used |= {*table.coverage.institutes, *table.coverage.homes}
        if table.dimension in {"institute", "dest_country"}:
            used |= {row.value for row in table.rows}
    used |= {country for campaign in known.campaigns for country in campaign.countries}
    return ((key, names[key]) for key in used if key in names)


def _skipped(ledger: Ledger) -> dict[str, int]:
    """How many files were left aside for each reason."""
    files = {(account.path, account.member, account.skipped) for account in ledger.accounts() if account.skipped}
    return dict(sorted(Counter(reason for *_, reason in files).items()))
