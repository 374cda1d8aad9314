"""The attack on a publication: every sum that can be formed from its files, solved by linear algebra.

It shares no code with what chooses the withheld cells: it reads ``tally.json`` as anybody would.
"""

from collections import defaultdict
from collections.abc import Hashable

PRIME = (1 << 61) - 1
PERSONS = {
    *("deliveries", "recipients", "approaches", "reports", "reports_received"),
    *("judged_approach", "judged_unclear", "judged_other"),
}
PARTS = (("destinations", "country", "approaches"), ("folders", "folder", "deliveries"), ("domains", "sender_domain", "deliveries"))  # fmt: skip
REST = "campaigns that are not listed"


class System:
    """Cells with their published values (None: withheld), and sums between them."""

    def __init__(self) -> None:
        self.cells: dict[Hashable, int | None] = {}
        self.sums: list[tuple[Hashable, list[Hashable]]] = []

    def solved(self) -> set[Hashable]:
        """The withheld cells of which the value follows, whatever it is."""
        unknown = [cell for cell, value in self.cells.items() if value is None]
        pivots: dict[int, dict[int, int]] = {}
        for equation in self._equations({cell: n for n, cell in enumerate(unknown)}):
            row = equation
            while row and (lead := min(row)) in pivots:
                row = _less(row, pivots[lead], row[lead])
            if row:
                lead = min(row)
                inverse = pow(row[lead], -1, PRIME)
                pivots[lead] = {n: factor * inverse % PRIME for n, factor in row.items()}
        for lead in sorted(pivots, reverse=True):
            for other in sorted(pivots):
                if other < lead and lead in pivots[other]:
                    pivots[other] = _less(pivots[other], pivots[lead], pivots[other][lead])
        return {unknown[n] for n, row in pivots.items() if len(row) == 1}

    def _equations(self, place: dict[Hashable, int]):
        """The factors of the unknown cells in each sum."""
        for total, parts in self.sums:
            row: dict[int, int] = defaultdict(int)
            for cell, factor in ((total, -1), *((part, 1) for part in parts)):
                if cell in place:
                    row[place[cell]] += factor
            yield {n: factor for n, factor in row.items() if factor}


def _less(row: dict[int, int], other: dict[int, int], factor: int) -> dict[int, int]:
    left = {n: (row.get(n, 0) - factor * other.get(n, 0)) % PRIME for n in {*row, *other}}
    return {n: value for n, value in left.items() if value}


def system_of(data: dict, truth: dict | None = None) -> System:
    """All cells and sums of a published tally, as data.

    A campaign that is not listed may lead to the same country as those that are: of the sums of campaigns those are
    taken that hold in truth, where that is known.
    """
    made = System()
    tables = {table["name"]: table for table in data["tables"]}
    for table in data["tables"]:
        shared = table["totals"][0]["section"] != "all" and not table["name"].startswith("rate_")
        for column in (column["name"] for column in table["columns"]):
            for row in table["rows"]:
                made.cells[table["name"], row["section"], row["value"], column] = row["figures"][column]["value"]
            for total in table["totals"]:
                section = total["section"]
                whole = ("" if shared else table["name"], section, None, column)
                made.cells[whole] = total["figures"][column]["value"]
                parts = [
                    (table["name"], section, row["value"], column) for row in table["rows"] if row["section"] == section
                ]
                if table["name"] == "campaign":
                    made.cells[REST, section, column] = None
                    parts.append((REST, section, column))
                if table["rows"] and "rate" not in column and column not in {"staff", "per_1000"}:
                    made.sums.append((whole, parts))
    if "verdicts" in tables:
        for column in ("deliveries", "reports_received"):
            sections = [("", section, None, column) for section in ("foreign", "domestic", "undetermined")]
            made.sums.append((("verdicts", "all", "approach", column), [one for one in sections if one in made.cells]))
    _add_parts(made, data)
    _add_campaigns(made, data, truth)
    return made


def _add_parts(made: System, data: dict) -> None:
    columns = defaultdict(list)
    for institute in data["institutes"]:
        for name, table, column in PARTS:
            cells = []
            for part in institute[name]:
                cell = (name, institute["id"], part["value"])
                made.cells[cell] = part["figure"]["value"]
                cells.append(cell)
                columns[table, "foreign", part["value"], column].append(cell)
            if cells:
                made.sums.append((("institute", "foreign", institute["id"], column), cells))
    for campaign in data["campaigns"]:
        cells = []
        for part in campaign["institutes"]:
            cell = ("campaign at", campaign["section"], campaign["id"], part["value"])
            made.cells[cell] = part["figure"]["value"]
            cells.append(cell)
        if cells:
            made.sums.append((("campaign", campaign["section"], campaign["id"], "recipients"), cells))
    made.sums += [(total, parts) for total, parts in columns.items() if total in made.cells]


def _add_campaigns(made: System, data: dict, truth: dict | None) -> None:
    """Campaigns that lead to one country alone are all that is known of it, unless some are not listed."""
    for name, key in (("country", "countries"), ("kind", "kinds"), ("sender_type", "sender_types")):
        told = defaultdict(list)
        for campaign in data["campaigns"]:
            for value in campaign[key]:
                told[campaign["section"], value].append((campaign["id"], len(campaign[key]) == 1))
        for (section, value), members in told.items():
            for column in sorted(PERSONS):
                whole = (name, section, value, column)
                parts = [("campaign", section, one, column) for one, _ in members]
                if whole not in made.cells or not all(alone for _, alone in members):
                    continue
                if truth is None or truth[whole] == sum(truth[part] for part in parts):
                    made.sums.append((whole, parts))


def is_of_persons(cell: tuple) -> bool:
    """Whether a cell counts persons' mail."""
    return cell[-1] in PERSONS or cell[0] in {name for name, *_ in PARTS} | {"campaign at"}
