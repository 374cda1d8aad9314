"""Which cells of published tables must be withheld so that no small one can be computed from the others.

Primary suppression withholds the small cells; complementary suppression withholds as many others as it takes
(L. Willenborg, T. de Waal: Elements of Statistical Disclosure Control, 2001, chapter 4). Whether it was enough is
audited the way an attacker would go: by linear algebra over all that is published, and by bounds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

THRESHOLD = 5
"""Figures of one to four persons are withheld; none at all is told, since it is nobody's."""

Cell = tuple[str, ...]
"""A figure by its place: table, section, row and column."""
_ROUNDS = 64
_Equation = tuple[dict[Cell, Fraction], Fraction]


@dataclass(frozen=True, slots=True)
class Margin:
    """A sum that a reader can form: ``total`` is that of ``parts``."""

    total: Cell
    parts: tuple[Cell, ...]


def withheld(
    values: Mapping[Cell, int],
    margins: Sequence[Margin],
    small: Iterable[Cell],
    rows: Mapping[Cell, tuple[Cell, ...]],
    threshold: int = THRESHOLD,
) -> frozenset[Cell]:
    """Choose the cells that are not published.

    Args:
        values: all figures, none negative.
        margins: all sums between them that a reader can form.
        small: the cells that must not be known.
        rows: for each cell the cells that go with it (the whole row), since figures of one row bound each other.
        threshold: what counts as small.

    Returns:
        ``small`` with all that must go with it. Cells of value 0 are published unless they are in ``small``.
    """
    hidden: set[Cell] = set()
    # a total that is withheld drags parts of it along, in every table that it stands under
    drags = Counter(margin.total for margin in margins)

    def hide(cell: Cell) -> None:
        hidden.update(c for c in (cell, *rows.get(cell, ())) if values.get(c))

    for cell in small:
        hidden.add(cell)
        hide(cell)
    while True:
        weak = [margin for margin in margins if _is_weak(margin, values, hidden, threshold)]
        if not weak:
            known = computable(values, margins, hidden)
            weak = [m for m in margins if known & {m.total, *m.parts}]
        chosen = {found for margin in weak if (found := _cheapest(margin, values, hidden, drags)) is not None}
        if not chosen:
            return frozenset(hidden)
        # one at a time: a cell that serves several margins may make others needless
        hide(min(chosen, key=lambda c: (drags[c], -sum(c in (m.total, *m.parts) for m in weak), values[c], c)))


def _is_weak(margin: Margin, values: Mapping[Cell, int], hidden: set[Cell], threshold: int) -> bool:
    """Whether a margin tells too much of what it hides: a single cell, or a sum that leaves no room."""
    gone = [cell for cell in margin.parts if cell in hidden]
    if margin.total in hidden:
        return not gone
    return bool(gone) and (
        len(gone) == 1 or sum(values[cell] for cell in gone) < (len(gone) - 1) + max(threshold - 1, 1)
    )


def _cheapest(margin: Margin, values: Mapping[Cell, int], hidden: set[Cell], drags: Mapping[Cell, int]) -> Cell | None:
    """The published cell of a margin that takes the least with it, and of these the smallest."""
    cells = [cell for cell in (*margin.parts, margin.total) if cell not in hidden and values[cell]]
    return min(cells, key=lambda c: (drags[c], values[c], c)) if cells else None


def computable(values: Mapping[Cell, int], margins: Sequence[Margin], hidden: Iterable[Cell]) -> frozenset[Cell]:
    """Audit: the hidden cells whose value follows from what is published.

    Args:
        values: all figures.
        margins: the sums between them. Where they are of distinct counts, and no sums in truth, the audit is made as
            though they were: who believes so must not find out either.
        hidden: what is not published.
    """
    unknown = frozenset(hidden)
    equations = list(_equations(values, margins, unknown))
    solved = {next(iter(row)) for row in _reduced(equations) if len(row) == 1}
    return frozenset(solved) | _pinned(equations, unknown)


def _equations(values: Mapping[Cell, int], margins: Sequence[Margin], unknown: frozenset[Cell]) -> Iterator[_Equation]:
    """Each margin as coefficients of its unknown cells and the known rest: coefficients * cells = rest."""
    for margin in margins:
        row = {cell: Fraction(1) for cell in margin.parts if cell in unknown}
        if margin.total in unknown:
            row[margin.total] = Fraction(-1)
        if row:
            yield row, sum((factor * values[cell] for cell, factor in row.items()), Fraction(0))


def _reduced(equations: Sequence[_Equation]) -> list[dict[Cell, Fraction]]:
    """The reduced row echelon form of the coefficients (Gauss-Jordan, exact, sparse)."""
    pivots: dict[Cell, dict[Cell, Fraction]] = {}
    for coefficients, _ in equations:
        row = dict(coefficients)
        for cell in list(row):
            if cell in row and cell in pivots:
                _subtract(row, pivots[cell], row[cell])
        if not row:
            continue
        pivot = min(row)
        factor = row[pivot]
        row = {cell: value / factor for cell, value in row.items()}
        for other in pivots.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        pivots[pivot] = row
    return list(pivots.values())


def _subtract(row: dict[Cell, Fraction], other: Mapping[Cell, Fraction], factor: Fraction) -> None:
    for cell, value in other.items():
        left = row.get(cell, Fraction(0)) - factor * value
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)


def _pinned(equations: Sequence[_Equation], unknown: frozenset[Cell]) -> frozenset[Cell]:
    """Cells that bounds leave a single value: a reader knows that every hidden figure is at least one."""
    low: dict[Cell, Fraction] = dict.fromkeys(unknown, Fraction(1))
    high: dict[Cell, Fraction] = {}
    for _ in range(_ROUNDS):
        if not [row for row, rest in equations if _narrowed(row, rest, low, high)]:
            break
    return frozenset(cell for cell in unknown if low[cell] == high.get(cell))


def _narrowed(
    row: Mapping[Cell, Fraction], rest: Fraction, low: dict[Cell, Fraction], high: dict[Cell, Fraction]
) -> bool:
    """Narrows the bounds of the cells of one equation; whether that changed anything."""
    ends = {cell: _ends(factor, low[cell], high.get(cell)) for cell, factor in row.items()}
    leasts = [least for least, _ in ends.values() if least is not None]
    mosts = [most for _, most in ends.values() if most is not None]
    least_of_all, open_below = sum(leasts, Fraction(0)), len(row) - len(leasts)
    most_of_all, open_above = sum(mosts, Fraction(0)), len(row) - len(mosts)
    changed = False
    for cell, factor in row.items():
        least, most = ends[cell]
        # what all others leave: nothing is known of it as soon as one of them is open
        top = rest - least_of_all + (least or 0) if open_below == (least is None) else None
        bottom = rest - most_of_all + (most or 0) if open_above == (most is None) else None
        if factor < 0:
            top, bottom = (None if bottom is None else -bottom), (None if top is None else -top)
        if bottom is not None and bottom > low[cell]:
            low[cell], changed = bottom, True
        if top is not None and (cell not in high or top < high[cell]):
            high[cell], changed = top, True
    return changed


def _ends(factor: Fraction, low: Fraction, high: Fraction | None) -> tuple[Fraction | None, Fraction | None]:
    """The least and the most that a cell adds to its equation, None where there is no bound."""
    far = None if high is None else factor * high
    return (factor * low, far) if factor > 0 else (far, factor * low)
