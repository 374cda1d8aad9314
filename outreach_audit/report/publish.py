"""What may leave: a result without small figures, and without what nobody outside needs (docs/publishing.md)."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from outreach_audit.report.document import Document
from outreach_audit.report.exchange import LeftOut, Publication, definitions_digest
from outreach_audit.report.margins import DETAILS, figures_of, groups, part_cell, placed
from outreach_audit.tally import Column, Count, Row, Section, Table
from outreach_audit.tally.details import Campaign, Institute, Part
from outreach_audit.tally.disclosure import THRESHOLD, Cell, withheld
from outreach_audit.tally.rates import ROUNDED

_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a result leaves.

    ``threshold``: figures from one up to it, itself not counted, are withheld; subjects, masked, and domains of
    senders leave only where they are asked for.
    """

    threshold: int = THRESHOLD
    subjects: bool = False
    domains: bool = False


def publish(document: Document, terms: Terms | None = None) -> Document:
    """The result as it may leave: what is small, and what would give it away, has no value any more.

    Args:
        document: an institute's own result.
        terms: the terms; None for the usual ones.

    Raises:
        ValueError: the document is a publication already, or a merge.
    """
    if document.publication or document.merge:
        raise ValueError("the document is published already")
    terms = terms or Terms()
    reduced = _reduced(document, terms)
    found = figures_of(reduced)
    hidden = withheld(found.values, found.margins, found.small(terms.threshold), found.together, terms.threshold)
    tables = tuple(_without(table, hidden) for table in reduced.tables)
    kept, left = _listed(tables, reduced.campaigns, hidden)
    noted = tuple(_with_notes(table, terms.threshold, strict=bool(hidden)) for table in kept)
    grades = () if _tells_of_grades(noted, reduced) else reduced.grades
    published = replace(
        reduced,
        tables=noted,
        campaigns=left,
        institutes=tuple(_institute(one, hidden, terms.threshold) for one in reduced.institutes),
        grades=grades,
    )
    left_out = tuple(_left_out(document, published, terms))
    number = sum(count.value is None for count in counts_of(published))
    made = Publication(terms.threshold, number, definitions_digest(), left_out)
    return replace(published, publication=made)


def counts_of(document: Document) -> Iterator[Count]:
    """Every figure of a document."""
    for table in document.tables:
        for row in (*table.rows, *table.totals):
            yield from row.counts
    for institute in document.institutes:
        for parts in (institute.destinations, institute.folders, institute.domains, institute.subjects):
            yield from (part.count for part in parts)
    for campaign in document.campaigns:
        yield from (part.count for part in campaign.institutes)
    yield from (part.count for part in document.grades)


def _reduced(document: Document, terms: Terms) -> Document:
    """The document without what no publication has, or nobody asked for."""
    tables = tuple(
        # who is named in a suppression is a person, or a mail
        replace(table, rows=()) if table.name == "suppressed" else table
        for table in document.tables
        if terms.domains or table.dimension != "sender_domain"
    )
    campaigns = document.campaigns
    institutes = document.institutes
    if not terms.domains:
        campaigns = tuple(replace(one, domains=(), senders=(), domain_count=0) for one in campaigns)
        institutes = tuple(replace(one, domains=()) for one in institutes)
    if not terms.subjects:
        institutes = tuple(replace(one, subjects=()) for one in institutes)
    return replace(
        document, tables=tables, campaigns=campaigns, institutes=institutes, skipped=MappingProxyType({}), before=None
    )


def _without(table: Table, hidden: AbstractSet[Cell]) -> Table:
    """The table without the values of hidden cells."""
    made = [_row(table, row, place, hidden) for row, place in placed(table)]
    return replace(table, rows=tuple(made[: len(table.rows)]), totals=tuple(made[len(table.rows) :]))


def _row(table: Table, row: Row, place: Callable[[Column], Cell], hidden: AbstractSet[Cell]) -> Row:
    counts = zip(table.columns, row.counts, strict=True)
    return replace(row, counts=tuple(_count(count, place(column), hidden) for column, count in counts))


def _count(count: Count, where: Cell, hidden: AbstractSet[Cell]) -> Count:
    return Count(None, count.unit, count.coverage) if where in hidden else count


def _listed(
    tables: tuple[Table, ...], campaigns: tuple[Campaign, ...], hidden: AbstractSet[Cell]
) -> tuple[tuple[Table, ...], tuple[Campaign, ...]]:
    """Tables and campaigns without those campaigns whose figures are withheld: which they are would tell of few."""

    def is_told(table: Table, row: Row) -> bool:
        mail, _ = groups(table.columns)
        return all(row.counts[table.columns.index(column)].value is not None for column in mail)

    shortened = tuple(
        replace(table, rows=tuple(row for row in table.rows if is_told(table, row)))
        if table.dimension == "campaign"
        else table
        for table in tables
    )
    rows = {(row.section, row.value) for table in shortened if table.dimension == "campaign" for row in table.rows}
    kept = (one for one in campaigns if (one.section, one.id) in rows)
    return shortened, tuple(
        replace(one, institutes=_parts("campaign", (one.section, one.id), one.institutes, Column.RECIPIENTS, hidden))
        for one in kept
    )


def _institute(one: Institute, hidden: AbstractSet[Cell], threshold: int) -> Institute:
    parts: dict[str, Any] = {
        name: _parts(name, (Section.FOREIGN, one.id or "not_known"), getattr(one, name), column, hidden)
        for name, _, column in DETAILS
    }
    # no margin tells which subjects belong to a withheld row, so that only those of many messages leave
    subjects = tuple(part for part in one.subjects if part.count.known >= threshold)
    return replace(one, subjects=subjects, **parts)


def _parts(
    kind: str, whole: tuple[Section, str], parts: tuple[Part, ...], column: Column, hidden: AbstractSet[Cell]
) -> tuple[Part, ...]:
    """The largest first, withheld ones last in the order of their codes."""
    made = [
        replace(part, count=_count(part.count, part_cell(kind, *whole, part.value or "not_known", column), hidden))
        for part in parts
    ]
    return tuple(sorted(made, key=lambda part: (part.count.value is None, -(part.count.value or 0), part.value)))


def _with_notes(table: Table, threshold: int, *, strict: bool) -> Table:
    """The table with those notes of which no figure is small; where something is withheld, with those without any."""

    def may_leave(note: str) -> bool:
        numbers = [int(number) for number in _NUMBER.findall(note)]
        return note == ROUNDED or not numbers or (not strict and min(numbers) >= threshold)

    return replace(table, notes=tuple(filter(may_leave, table.notes)))


def _tells_of_grades(tables: tuple[Table, ...], document: Document) -> bool:
    """Whether grades would tell of a withheld row."""
    return bool(document.grades) and any(
        count.value is None
        for table in tables
        for row in (*table.rows, *table.totals)
        if row.section is Section.FOREIGN and (table.name == "grade" or row in table.totals)
        for count in row.counts
    )


def _left_out(document: Document, published: Document, terms: Terms) -> Iterator[LeftOut]:
    if document.before:
        yield LeftOut.BEFORE
    if document.skipped:
        yield LeftOut.SKIPPED
    if not terms.domains and (document.table("sender_domain") or any(one.domains for one in document.institutes)):
        yield LeftOut.DOMAINS
    if not terms.subjects:
        yield LeftOut.SUBJECTS
    if (suppressed := document.table("suppressed")) and suppressed.rows:
        yield LeftOut.SUPPRESSED
    if len(published.campaigns) < len(document.campaigns):
        yield LeftOut.CAMPAIGNS
    if any(len(one.notes) < len(other.notes) for one in published.tables if (other := document.table(one.name))):
        yield LeftOut.NOTES
