"""The figures of several institutes as one result: sums of one unit, and distinct counts where they can be told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from outreach_audit import __version__
from outreach_audit.codes import Reading
from outreach_audit.merge.campaigns import Key, same_campaigns
from outreach_audit.merge.receive import Received as Sorted
from outreach_audit.merge.receive import Tally
from outreach_audit.report.document import Document
from outreach_audit.report.exchange import Merge, Publication, Received, definitions_digest
from outreach_audit.report.publish import counts_of
from outreach_audit.report.vocabulary import N_
from outreach_audit.tally import Column, Count, Coverage, Row, Section, Table
from outreach_audit.tally.details import Campaign, Part

_TABLES = (
    *("institute", "campaign", "month", "kind", "country", "sender_domain", "folder", "sender_type", "grade"),
    *("verdicts", "reading"),
)
"""Those of which the rows are the same everywhere; staff groups, rates and watchlists are each institute's own."""

_SCANNED = ("inbox", "spam", "quarantine", "reports")
_MOST_NAMES = 5
_NOTES = {
    "sums": N_(
        "Figures are sums of institutes: a message that came to two institutes counts twice, and so do campaigns of one"
        " row. No total but that of campaigns, and of recipients where it is said, is counted across institutes."
    ),
    "distinct": N_(
        "In the total of foreign approaches a person whom two institutes name counts once, by pseudonyms under a common"
        " project key."
    ),
    "not distinct": N_(
        "Recipients and approaches are not comparable across institutes, which have no project key in common: a person"
        " at two of them counts twice."
    ),
    "campaigns": N_("In the totals a campaign at several institutes counts once, as its id or fingerprint tells."),
}


def combine(received: Sorted, expected: Mapping[str, str]) -> Document:
    """One result of all tallies that are counted.

    Args:
        received: what came; at least one tally is counted.
        expected: the institutes of which tallies were expected, with their names; empty where nobody said.
    """
    tallies = sorted(received.counted, key=lambda tally: tally.document.coverage.institutes)
    documents = [tally.document for tally in tallies]
    coverage = _coverage(documents)
    same = same_campaigns(tallies)
    tables = tuple(_tables(tallies, coverage, same))
    came = sorted((*tallies, *received.aside), key=lambda tally: tally.document.coverage.institutes)
    names = {key: name for tally in came for key, name in tally.document.names.items()}
    names |= {key: name for key, name in expected.items() if name and key not in names}
    merged = Document(
        generator=f"outreach-audit {__version__}",
        coverage=coverage,
        tables=tables,
        names=MappingProxyType(dict(sorted(names.items()))),
        skipped=MappingProxyType({}),
        campaigns=tuple(_campaigns(tallies, same, coverage)),
        institutes=tuple(sorted((one for d in documents for one in d.institutes), key=lambda one: one.id)),
        grades=_grades(documents, coverage),
        merge=Merge(
            received=tuple(map(_received, came)),
            expected=tuple(sorted(expected)),
            missing=tuple(sorted(set(expected) - {i for t in came for i in t.document.coverage.institutes})),
            refused=tuple(received.refused),
            repeated=tuple(received.repeated),
        ),
    )
    threshold = max(tally.publication.threshold for tally in tallies)
    withheld = sum(count.value is None for count in counts_of(merged))
    return replace(merged, publication=Publication(threshold, withheld, definitions_digest()))


def _received(tally: Tally) -> Received:
    coverage = tally.document.coverage
    return Received(
        digest=tally.digest,
        institutes=coverage.institutes,
        generator=tally.document.generator,
        packs=coverage.packs,
        withheld=tally.publication.withheld,
        not_scanned=tuple(folder for folder in _SCANNED if folder not in coverage.folders),
        found=coverage.found,
        not_read=coverage.partly_read + coverage.unreadable,
        aside=tally.aside,
    )


def _coverage(documents: Sequence[Document]) -> Coverage:
    """What all figures rest on together; the rules see to it that period, zone, date basis and home are one."""
    each = [document.coverage for document in documents]

    def all_of(name: str) -> tuple[str, ...]:
        return tuple(sorted({value for coverage in each for value in getattr(coverage, name)}))

    counted = ("files_scanned", "files_skipped", "found", "header_only", *Reading)
    sums = {name: sum(getattr(coverage, name) for coverage in each) for name in counted}
    named = {name: all_of(name) for name in ("institutes", "folders", "packs")}
    return replace(each[0], version=__version__, **named, **sums)  # type: ignore[arg-type]


def _tables(tallies: Sequence[Tally], coverage: Coverage, same: Mapping[Key, str]) -> Iterator[Table]:
    for name in _TABLES:
        found = [table for tally in tallies if (table := tally.document.table(name))]
        if len(found) == len(tallies) and len({table.columns for table in found}) == 1:
            yield _table(found, tallies, coverage, same)


def _table(found: Sequence[Table], tallies: Sequence[Tally], coverage: Coverage, same: Mapping[Key, str]) -> Table:
    first = found[0]
    of_campaigns = first.dimension == "campaign"
    rows: defaultdict[tuple[Section, str], list[Row]] = defaultdict(list)
    totals: defaultdict[Section, list[Row]] = defaultdict(list)
    # a campaign that an institute does not list may be one of those of which it withholds the figures
    unknown = {section: _unlisted(tallies, section) if of_campaigns else set[int]() for section in Section}
    missing: dict[tuple[Section, str], set[int]] = defaultdict(set)
    for number, table in enumerate(found):
        for row in table.rows:
            place = row.section, same.get((number, row.section, row.value), row.value) if of_campaigns else row.value
            rows[place].append(row)
            missing[place].add(number)
        for row in table.totals:
            totals[row.section].append(row)
    if first.dimension == "institute":
        for institute in coverage.institutes:
            rows.setdefault((Section.FOREIGN, institute), [])
    made = [
        _sum(place, members, first.columns, coverage, len(unknown[place[0]] - missing[place]))
        for place, members in rows.items()
    ]
    summed = [_sum((section, "total"), members, first.columns, coverage) for section, members in totals.items()]
    if not _is_whole(first):
        made.sort(key=lambda row: (_place(row.section), row.value))
        summed = [_distinct(row, first.columns, tallies, same) for row in summed]
    summed.sort(key=lambda row: _place(row.section))
    return replace(first, rows=tuple(made), totals=tuple(summed), coverage=coverage, notes=_notes(first, tallies))


def _is_whole(table: Table) -> bool:
    """Whether a table is of all mail, not of approaches."""
    return table.totals[0].section is Section.ALL


def _place(section: Section) -> int:
    return list(Section).index(section)


def _sum(
    key: tuple[Section, str], rows: Sequence[Row], columns: Sequence[Column], coverage: Coverage, unknown: int = 0
) -> Row:
    """One row of several: a sum of which a part is withheld is a lower bound, and withheld where nothing is known."""
    if len(rows) == 1 and not unknown:
        return Row(*key, tuple(replace(count, coverage=coverage) for count in rows[0].counts))

    def summed(place: int, column: Column) -> Count:
        known = [count.value for row in rows if (count := row.counts[place]).value is not None]
        gone = len(rows) - len(known) + unknown
        told = sum(known) if sum(known) or not gone else None
        return Count(told, column.unit, coverage, withheld=gone)

    return Row(*key, tuple(summed(place, column) for place, column in enumerate(columns)))


def _unlisted(tallies: Iterable[Tally], section: Section) -> set[int]:
    """The tallies of which campaigns of a section may be withheld."""
    return {number for number, tally in enumerate(tallies) if not _lists_all(tally, section)}


def _lists_all(tally: Tally, section: Section) -> bool:
    """Whether a tally tells of every campaign of a section that was delivered."""
    total = _total(tally, section, Column.CAMPAIGNS)
    table = tally.document.table("campaign")
    if total is None or table is None:
        return total is None
    place = table.columns.index(Column.DELIVERIES)
    listed = sum(row.section is section and row.counts[place].value != 0 for row in table.rows)
    return total.value == listed


def _total(tally: Tally, section: Section, column: Column) -> Count | None:
    """A total of a tally; None where it has nothing in the section."""
    table = tally.document.table("institute")
    row = next((row for row in table.totals if row.section is section), None) if table else None
    return row.counts[table.columns.index(column)] if table and row else None


def _distinct(row: Row, columns: Sequence[Column], tallies: Sequence[Tally], same: Mapping[Key, str]) -> Row:
    """A total with campaigns, and where they can be compared recipients, counted once across institutes."""

    def counted(column: Column, count: Count) -> Count:
        if column is Column.CAMPAIGNS:
            return _distinct_campaigns(count, row.section, tallies, same)
        if column is Column.RECIPIENTS and row.section is Section.FOREIGN and is_comparable(tallies):
            return _distinct_recipients(count, tallies)
        return count

    return replace(row, counts=tuple(map(counted, columns, row.counts)))


def _distinct_campaigns(count: Count, section: Section, tallies: Sequence[Tally], same: Mapping[Key, str]) -> Count:
    if sum(_total(tally, section, Column.CAMPAIGNS) is not None for tally in tallies) == 1:
        return count
    listed = set()
    for number, tally in enumerate(tallies):
        table = tally.document.table("campaign")
        place = table.columns.index(Column.DELIVERIES) if table else 0
        for row in table.rows if table else ():
            if row.section is section and row.counts[place].value != 0:
                listed.add(same.get((number, section, row.value), row.value))
    gone = len(_unlisted(tallies, section))
    least = [one.value for tally in tallies if (one := _total(tally, section, Column.CAMPAIGNS)) and one.value]
    value = max([len(listed), *least]) if gone else len(listed)
    return replace(count, value=value or (None if gone else 0), withheld=gone)


def is_comparable(tallies: Sequence[Tally]) -> bool:
    """Whether recipients of foreign approaches can be told apart across institutes."""
    keys = {tally.publication.key for tally in tallies if _has_recipients(tally)}
    return len(keys) <= 1 and "" not in keys


def _has_recipients(tally: Tally) -> bool:
    total = _total(tally, Section.FOREIGN, Column.RECIPIENTS)
    return total is not None and total.value != 0


def _distinct_recipients(count: Count, tallies: Sequence[Tally]) -> Count:
    """Who is named at several institutes counts once; recipients of whom no address is known count as they did."""
    if count.value is None:
        return count
    named = [tally.publication.recipients for tally in tallies]
    return replace(count, value=count.value - sum(map(len, named)) + len(set().union(*named)))


def _notes(table: Table, tallies: Sequence[Tally]) -> tuple[str, ...]:
    if _is_whole(table):
        return table.notes
    notes = [_NOTES["sums"]]
    notes += [_NOTES["campaigns"]] if Column.CAMPAIGNS in table.columns else []
    if len(tallies) > 1:
        notes.append(_NOTES["distinct"] if is_comparable(tallies) else _NOTES["not distinct"])
    return tuple(notes)


def _campaigns(tallies: Sequence[Tally], same: Mapping[Key, str], coverage: Coverage) -> Iterator[Campaign]:
    groups: defaultdict[tuple[Section, str], list[Campaign]] = defaultdict(list)
    for number, tally in enumerate(tallies):
        for one in tally.document.campaigns:
            groups[one.section, same[number, one.section, one.id]].append(one)
    for section, key in sorted(groups, key=lambda group: (_place(group[0]), group[1])):
        members = groups[section, key]
        names = {name: _most(getattr(one, name) for one in members) for name in _NAMES}
        parts: defaultdict[str, list[Part]] = defaultdict(list)
        for part in (part for one in members for part in one.institutes):
            parts[part.value].append(part)
        yield Campaign(
            id=key,
            section=section,
            first=min((one.first for one in members if one.first), default=None),
            last=max((one.last for one in members if one.last), default=None),
            domain_count=max(len(set().union(*(one.domains for one in members))), *(m.domain_count for m in members)),
            institutes=_summed_parts(parts, coverage),
            **names,
        )


_NAMES = ("sponsors", "senders", "sender_types", "countries", "kinds", "domains")


def _most(names: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The names that most institutes tell, and earliest."""
    points: defaultdict[str, int] = defaultdict(int)
    for told in names:
        for place, name in enumerate(told):
            points[name] += _MOST_NAMES - min(place, _MOST_NAMES - 1)
    return tuple(sorted(points, key=lambda name: (-points[name], name))[:_MOST_NAMES])


def _summed_parts(parts: Mapping[str, Sequence[Part]], coverage: Coverage) -> tuple[Part, ...]:
    made = []
    for value, members in parts.items():
        known = [part.count.value for part in members if part.count.value is not None]
        gone = len(members) - len(known)
        told = sum(known) if known or not gone else None
        made.append(Part(value, Count(told, members[0].count.unit, coverage, withheld=gone if len(members) > 1 else 0)))
    return tuple(sorted(made, key=lambda part: (part.count.value is None, -(part.count.value or 0), part.value)))


def _grades(documents: Sequence[Document], coverage: Coverage) -> tuple[Part, ...]:
    """Grades in all, where every institute tells its own or has none to tell."""
    parts: defaultdict[str, list[Part]] = defaultdict(list)
    for document in documents:
        table = document.table("institute")
        foreign = [row for row in table.totals if row.section is Section.FOREIGN] if table else []
        if not document.grades and any(row.counts[0].value != 0 for row in foreign):
            return ()
        for part in document.grades:
            parts[part.value].append(part)
    return _summed_parts(parts, coverage)
