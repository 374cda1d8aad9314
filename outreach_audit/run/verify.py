"""Comparing a published result with the same figures counted anew."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from outreach_audit.report.document import Document
from outreach_audit.tally import Count, Coverage, Row, Table

# who counted is no figure: another version may count the same
_NO_FIGURES = frozenset({"version"})
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that does not hold.

    ``place`` says where it stands; ``published`` and ``recomputed`` what it is, in words, ``none`` where it is absent.
    """

    place: str
    published: str
    recomputed: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many figures were compared, and those that differ."""

    figures: int
    differences: tuple[Difference, ...]


def compare(published: Document, recomputed: Document) -> Comparison:
    """Compare every figure of a result with the same figure counted anew.

    Args:
        published: the result as it was published; tables that it leaves out are not asked for.
        recomputed: all tables of the same period.
    """
    told = dict(_figures(published, published))
    anew = dict(_figures(recomputed, published))
    places = [*told, *(place for place in anew if place not in told)]
    found = tuple(
        Difference(": ".join(place), told.get(place, "none"), anew.get(place, "none"))
        for place in places
        if told.get(place) != anew.get(place)
    )
    return Comparison(len(places), found)


def _figures(document: Document, wanted: Document) -> Iterator[tuple[_Key, str]]:
    """Every figure by its place, of the tables and the period before that ``wanted`` has."""
    yield from _coverage(document.coverage)
    yield from ((("files skipped", reason), str(number)) for reason, number in document.skipped.items())
    for table in wanted.tables:
        if (found := document.table(table.name)) is not None:
            yield from _table(document, found, with_before=wanted.before is not None)
    if wanted.grades:
        yield from ((("grades", part.value), _said(part.count)) for part in document.grades)
    asked: Mapping[str, object] = {one.id: one for one in wanted.institutes}
    for institute in document.institutes:
        if asked:
            yield ("institute", institute.id, "staff"), str(institute.staff)
            for name in ("destinations", "folders", "domains"):
                for part in getattr(institute, name):
                    yield ("institute", institute.id, name, part.value), _said(part.count)


def _coverage(coverage: Coverage) -> Iterator[tuple[_Key, str]]:
    for field in fields(coverage):
        if field.name not in _NO_FIGURES:
            value = getattr(coverage, field.name)
            yield ("coverage", field.name), ", ".join(value) if isinstance(value, tuple) else str(value)


def _table(document: Document, table: Table, *, with_before: bool) -> Iterator[tuple[_Key, str]]:
    for row in (*table.rows, *table.totals):
        former = document.before.figures(table, row) if with_before and document.before else None
        for number, (column, count) in enumerate(zip(table.columns, row.counts, strict=True)):
            place = (table.name, *_row(table, row), column.value)
            yield place, _said(count)
            if former is not None:
                yield (*place, "the period before"), str(former[number])


def _row(table: Table, row: Row) -> _Key:
    return (row.section.value, "total" if row in table.totals else row.value)


def _said(count: Count) -> str:
    said = str(count.value)
    if count.interval is not None:
        said += f" ({count.interval[0]} to {count.interval[1]}, {count.reviewed} reviewed)"
    return said
