"""The result document: all that a report says, once, for every renderer to read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from outreach_audit import __version__
from outreach_audit.attribution.knowledge import Knowledge
from outreach_audit.ledger import Ledger
from outreach_audit.report.words import label_of
from outreach_audit.tally import Count, Coverage, Row, Section, Table, tables

SCHEMA = "outreach-audit/result/1"
"""Name and version of the data that `Document.to_data` gives."""


@dataclass(frozen=True, slots=True)
class Document:
    """One result.

    ``names`` are the names of those institute ids and country codes that occur in it; ``skipped`` says for how
    many files each reason holds why nothing was read from them.
    """

    title: str
    generator: str
    coverage: Coverage
    tables: tuple[Table, ...]
    names: Mapping[str, str]
    skipped: Mapping[str, int]

    def table(self, name: str) -> Table | None:
        """The table of this name."""
        return next((table for table in self.tables if table.name == name), None)

    def label(self, table: Table, row: Row) -> str:
        """What a row is called: the name that belongs to its code, the code itself where there is none."""
        return label_of(table.dimension, row.value, self.names)

    def to_data(self) -> dict[str, Any]:
        """Everything as plain data for JSON."""
        return {
            "schema": SCHEMA,
            "title": self.title,
            "generator": self.generator,
            "coverage": {**_coverage_data(self.coverage), "line": self.coverage.line()},
            "names": dict(self.names),
            "skipped": dict(self.skipped),
            "tables": [self._table_data(table) for table in self.tables],
        }

    def _table_data(self, table: Table) -> dict[str, Any]:
        return {
            "name": table.name,
            "title": table.title,
            "dimension": table.dimension,
            "columns": [{"name": column.value, "unit": column.unit.value} for column in table.columns],
            "rows": [self._row_data(table, row) for row in table.rows],
            "totals": [self._row_data(table, row) for row in table.totals],
            "notes": list(table.notes),
            "coverage": table.coverage.line(),
        }

    def _row_data(self, table: Table, row: Row) -> dict[str, Any]:
        figures = {
            column.value: {
                "value": count.value,
                "unit": count.unit.value,
                "interval": list(count.interval) if count.interval else None,
            }
            for column, count in zip(table.columns, row.counts, strict=True)
        }
        return {
            "section": row.section.value,
            "value": row.value,
            "label": self.label(table, row),
            "figures": figures,
        }


def make_document(
    ledger: Ledger,
    *,
    month: str | None = None,
    since: date | None = None,
    until: date | None = None,
    tz: str = "UTC",
    names: Mapping[str, str] = MappingProxyType({}),
) -> Document:
    """The result of a ledger for a period.

    Args:
        ledger: the ledger, its campaigns assigned.
        month: one month, as ``2026-03``; not together with ``since`` and ``until``.
        since: the first day.
        until: the last day, itself counted.
        tz: the time zone of days and months.
        names: the names of institute ids and country codes, as `names_of` gives them.

    Raises:
        UsageError: the period makes no sense.
        OutreachAuditError: the ledger cannot be read.
    """
    counted = tables(ledger, month=month, since=since, until=until, tz=tz)
    # what was asked for first, then what it was found among
    ordered = sorted(counted, key=lambda table: any(row.section is Section.ALL for row in table.totals))
    found = tuple(map(_with_foreign_total, ordered))
    coverage = found[0].coverage
    return Document(
        title=f"Recruitment approaches received{_period(coverage)}",
        generator=f"outreach-audit {__version__}",
        coverage=coverage,
        tables=found,
        names=MappingProxyType(dict(sorted(_named(found, coverage, names)))),
        skipped=MappingProxyType(_skipped(ledger)),
    )


def names_of(knowledge: Knowledge) -> dict[str, str]:
    """The names of all institutes (native and English) and countries (English) that packs know, by id and code."""
    institutes = {
        known.id: " / ".join(dict.fromkeys(name for name in (known.name_native, known.name_en) if name))
        for known in knowledge.organisations
    }
    return {country.code: country.name for country in knowledge.countries} | institutes


def _with_foreign_total(table: Table) -> Table:
    """The table with a total of foreign approaches even where there were none: zero is a figure too."""
    sections = {row.section for row in table.totals}
    if sections & {Section.FOREIGN, Section.ALL}:
        return table
    zeros = tuple(Count(0, column.unit, table.coverage) for column in table.columns)
    return replace(table, totals=(Row(Section.FOREIGN, "total", zeros), *table.totals))


def _period(coverage: Coverage) -> str:
    if coverage.since and coverage.until:
        return f", {coverage.since} to {coverage.until}"
    if coverage.since or coverage.until:
        return f", from {coverage.since} on" if coverage.since else f", until {coverage.until}"
    return ""


def _named(found: Iterable[Table], coverage: Coverage, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The names that are needed, and no others."""
    used = {row.value for table in found if table.dimension in {"institute", "dest_country"} for row in table.rows}
    used |= {*coverage.institutes, *coverage.homes}
    return ((key, names[key]) for key in used if key in names)


def _skipped(ledger: Ledger) -> dict[str, int]:
    """How many files were left aside for each reason."""
    files = {(account.path, account.member, account.skipped) for account in ledger.accounts() if account.skipped}
    return dict(sorted(Counter(reason for *_, reason in files).items()))


def _coverage_data(coverage: Coverage) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(coverage).items()}
