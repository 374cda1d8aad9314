"""What is withheld cannot be computed: audited by linear algebra that shares no code with the choice."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.tally.disclosure import Margin, computable, withheld


def _table(*figures: int, name: str = "t") -> tuple[dict[tuple[str, ...], int], Margin]:
    parts = tuple((name, str(i)) for i in range(len(figures)))
    total = (name, "total")
    return dict(zip(parts, figures, strict=True)) | {total: sum(figures)}, Margin(total, parts)


def test_a_single_small_cell_takes_the_next_smallest_with_it() -> None:
    values, margin = _table(3, 40, 12, 200)
    assert withheld(values, [margin], [("t", "0")], {}) == {("t", "0"), ("t", "2")}


def test_nothing_small_withholds_nothing() -> None:
    values, margin = _table(30, 40)
    assert withheld(values, [margin], [], {}) == frozenset()


def test_two_ones_are_not_told_by_their_sum() -> None:
    values, margin = _table(1, 1, 50, 60)
    assert withheld(values, [margin], [("t", "0"), ("t", "1")], {}) == {("t", "0"), ("t", "1"), ("t", "2")}


def test_a_small_cell_alone_in_its_table_takes_the_total_with_it() -> None:
    values, margin = _table(3)
    assert withheld(values, [margin], [("t", "0")], {}) == {("t", "0"), ("t", "total")}


def test_zeros_hide_nothing() -> None:
    values, margin = _table(3, 0, 0, 9)
    assert withheld(values, [margin], [("t", "0")], {}) == {("t", "0"), ("t", "3")}


def test_a_row_goes_as_a_whole() -> None:
    values, margin = _table(3, 12, 20)
    values |= {("t", "1", "messages"): 2}
    hidden = withheld(values, [margin], [("t", "0")], {("t", "1"): (("t", "1"), ("t", "1", "messages"))})
    assert ("t", "1", "messages") in hidden


def test_the_audit_sees_through_chained_margins() -> None:
    # a + b = 10, b + c = 9, a + c = 11: three hidden cells, and each can be computed
    a, b, c = ("a",), ("b",), ("c",)
    values = {a: 6, b: 4, c: 5, ("ab",): 10, ("bc",): 9, ("ac",): 11}
    margins = [Margin(("ab",), (a, b)), Margin(("bc",), (b, c)), Margin(("ac",), (a, c))]
    assert computable(values, margins, {a, b, c}) == {a, b, c}


def test_the_audit_knows_that_hidden_cells_are_at_least_one() -> None:
    values, margin = _table(1, 1, 8)
    assert computable(values, [margin], {("t", "0"), ("t", "1")}) == {("t", "0"), ("t", "1")}


def _solvable(values: dict[tuple[str, ...], int], margins: list[Margin], hidden: frozenset[tuple[str, ...]]) -> set:
    """The hidden cells that linear algebra gives: a unit vector is in the row space iff the rank stays the same."""
    order = sorted(hidden)
    rows = [
        [Fraction((cell in m.parts) - (cell == m.total)) for cell in order]
        for m in margins
        if hidden & {m.total, *m.parts}
    ]
    rank = _rank(rows)
    return {
        cell for i, cell in enumerate(order) if _rank([*rows, [Fraction(i == j) for j in range(len(order))]]) == rank
    }


def _rank(rows: list[list[Fraction]]) -> int:
    rows, rank = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        found = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if found is None:
            continue
        rows[rank], rows[found] = rows[found], rows[rank]
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column] / rows[rank][column]
            rows[i] = [x - factor * y for x, y in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank


@st.composite
def _tables(draw: st.DrawFn) -> tuple[dict[tuple[str, ...], int], list[Margin]]:
    """The same total broken down in several ways, and that total itself a part of a larger sum."""
    total = draw(st.integers(0, 60))
    values: dict[tuple[str, ...], int] = {("all", "total"): total}
    margins = []
    for name in ("kind", "month", "country")[: draw(st.integers(1, 3))]:
        cuts = sorted(draw(st.lists(st.integers(0, total), max_size=6)))
        figures = [b - a for a, b in pairwise([0, *cuts, total])]
        parts = tuple((name, str(i)) for i in range(len(figures)))
        values |= dict(zip(parts, figures, strict=True))
        margins.append(Margin(("all", "total"), parts))
    more = draw(st.lists(st.integers(0, 20), max_size=3))
    others = tuple(("section", str(i)) for i in range(len(more)))
    values |= dict(zip(others, more, strict=True)) | {("verdict", "approach"): total + sum(more)}
    margins.append(Margin(("verdict", "approach"), (("all", "total"), *others)))
    return values, margins


@given(_tables())
@settings(deadline=None, max_examples=150)
def test_no_withheld_cell_can_be_computed(drawn: tuple[dict[tuple[str, ...], int], list[Margin]]) -> None:
    values, margins = drawn
    small = [cell for cell, value in values.items() if 0 < value < 5]
    hidden = withheld(values, margins, small, {})
    assert hidden >= set(small)
    assert not [cell for cell in hidden if not values[cell]], "zeros are told"
    assert not _solvable(values, margins, hidden)
    assert not computable(values, margins, hidden)
    assert withheld(values, margins, small, {}) == hidden


@given(_tables())
@settings(deadline=None, max_examples=60)
def test_the_audit_finds_all_that_linear_algebra_gives(drawn) -> None:
    values, margins = drawn
    small = frozenset(cell for cell, value in values.items() if 0 < value < 5)
    assert computable(values, margins, small) >= _solvable(values, margins, small)
