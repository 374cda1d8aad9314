"""How many there are in all, told from a random sample that people reviewed (docs/review.md)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from outreach_audit.codes import Label
from outreach_audit.evaluation.intervals import Stratum as Sampled
from outreach_audit.evaluation.intervals import total
from outreach_audit.ledger import rows
from outreach_audit.ledger.decisions import Opinion, Sample, sample_of
from outreach_audit.ledger.store import Ledger
from outreach_audit.review.sampling import Stratum, stratum_of
from outreach_audit.tally.model import Column, Count, Row, Section, Table
from outreach_audit.tally.reviewed import PROGRAM_SECTION, SECTION

NOT_KNOWN = "not_known"
"""The value of a row of which the dimension is not known."""

_ESTIMATED = frozenset({Column.DELIVERIES, Column.MESSAGES, Column.RECIPIENTS, Column.APPROACHES})
_SAMPLED = "d.via = 'direct' AND d.folder != 'sent' AND d.id NOT IN (SELECT delivery FROM suppressed)"
_SUM = "SELECT label, institute, sum(number) FROM total WHERE via = 'direct' AND folder != 'sent' GROUP BY 1, 2"
_LESS = (
    "SELECT d.label, d.institute, -count(*) FROM suppressed x JOIN delivery d ON d.id = x.delivery"
    " WHERE d.via = 'direct' AND d.folder != 'sent' GROUP BY 1, 2"
)


@dataclass(frozen=True, slots=True)
class _Cell:
    """Deliveries that the program said the same of; ``section`` is that of approaches, None of all else."""

    stratum: Stratum
    section: Section | None
    institute: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """A delivery that somebody decided on: ``truth`` is its section where it is an approach."""

    cell: _Cell
    opinion: Opinion
    truth: Section
    sampled: bool


@dataclass(frozen=True, slots=True)
class Estimates:
    """All that estimates of one period are made from.

    ``sizes`` are the numbers of deliveries by cell, ``seen`` those that people decided on. Where ``fault`` is set
    there is a sample that no estimate can be made from, and it says why.
    """

    sample: Sample
    sizes: Mapping[_Cell, int]
    seen: tuple[_Seen, ...]
    fault: str = ""

    def notes(self) -> tuple[str, ...]:
        """What the figures of the sample rest on, in sentences."""
        seed = f"seed '{self.sample.seed}'"
        if self.fault:
            return (self.fault, f"The sample: {seed}.")
        drawn = Counter(stratum for stratum, _ in self.sample.members)
        sizes: Counter[str] = Counter()
        for (stratum, _), number in self.sample.populations.items():
            sizes[stratum] += number
        strata = ", ".join(f"{name} {drawn[name]} of {size}" for name in Stratum if (size := sizes[name]))
        basis = (
            f"Estimated from a random sample of {drawn.total()} of {sizes.total()} deliveries, all of it reviewed;"
            " intervals of 95 %, method in docs/review.md."
        )
        return basis, f"The sample: {seed}; {strata}."

    def applied(self, columns: Iterable[Column], row: Row, institute: str | None) -> Row:
        """A row with its intervals, where enough was reviewed for them.

        Args:
            columns: of the row.
            row: of approaches of one section.
            institute: of the row; None for the total over all.
        """
        strata = self._strata(row.section, institute)
        if strata is None:
            return row
        found, missed = strata
        low, high = total([*found, *missed])
        # a delivery that is none takes away at most one person, message or pair, one that was missed adds at most one
        surplus = sum(one.population - one.limits()[0] - one.excluded for one in found)
        deficit = sum(one.limits()[1] - one.known for one in missed)
        reviewed = sum(one.sampled for one in (*found, *missed))

        def uncertain(column: Column, count: Count) -> Count:
            if column not in _ESTIMATED:
                return count
            known = (low, high) if column is Column.DELIVERIES else None
            limits = known or (max(0, count.known - surplus), count.known + deficit)
            return replace(count, interval=limits, reviewed=reviewed)

        return replace(row, counts=tuple(map(uncertain, columns, row.counts)))

    def _strata(self, section: Section, institute: str | None) -> tuple[list[Sampled], list[Sampled]] | None:
        """The strata of what was found of a section and of all else; None where some verdict was not sampled."""
        found: list[Sampled] = []
        missed: list[Sampled] = []
        sampled, held = set[Label](), set[Label]()
        names = {(cell.stratum, cell.section) for cell in self.sizes}
        for stratum, judged in sorted(names, key=str):
            here = [
                one
                for one in self.seen
                if (one.cell.stratum, one.cell.section) == (stratum, judged) and institute in {None, one.cell.institute}
            ]
            size = sum(
                number
                for cell, number in self.sizes.items()
                if (cell.stratum, cell.section) == (stratum, judged) and institute in {None, cell.institute}
            )
            one = _sampled(here, size, section)
            (found if judged is section else missed).append(one)
            held |= {stratum.label} if size else set()
            sampled |= {stratum.label} if one.sampled else set()
        return (found, missed) if held and held == sampled else None


def _sampled(here: Iterable[_Seen], size: int, section: Section) -> Sampled:
    """A stratum as the intervals need it: the property is to be an approach of this section."""
    drawn: Counter[Opinion | bool] = Counter()
    known: Counter[bool] = Counter()
    for one in here:
        decided = one.opinion is not Opinion.UNSURE
        holds = one.opinion is Opinion.CONFIRM and one.truth is section
        if decided:
            known[holds] += 1
        if one.sampled:
            drawn[holds if decided else Opinion.UNSURE] += 1
    return Sampled(
        population=size,
        sampled=drawn.total(),
        hits=drawn[True],
        open_=drawn[Opinion.UNSURE],
        known=known[True],
        excluded=known[False],
    )


def estimates(ledger: Ledger, since: int | None, until: int | None) -> Estimates | None:
    """What can be estimated for a period; None where no sample was drawn of just this period.

    Needs the private table ``outcome`` (`reviewed.outcome_table`).
    """
    sample = sample_of(ledger, since, until)
    if sample is None:
        return None
    ask = ledger.connection.execute
    limits = [(sign, second) for sign, second in ((">=", since), ("<", until)) if second is not None]
    chosen = _SAMPLED + "".join(f" AND d.date {sign} {second}" for sign, second in limits)
    now: Counter[tuple[Label, str]] = Counter()
    for query in _sizes(chosen) if limits else (_SUM, _LESS):
        for label, institute, size in ask(query):
            now[Label(label), ledger.text(institute)] += size
    drawn: Counter[tuple[Label, str]] = Counter()
    sizes: dict[_Cell, int] = {}
    for (name, institute), size in sample.populations.items():
        stratum = Stratum(name)
        drawn[stratum.label, institute] += size
        if stratum is not Stratum.APPROACH:
            sizes[_Cell(stratum, None, institute)] = size
    approaches = (
        f"SELECT {PROGRAM_SECTION} AS section, d.institute, count(*) FROM delivery d"  # noqa: S608 - our own expressions
        f" WHERE d.label = 'approach' AND d.label != 'other' AND {chosen} GROUP BY section, d.institute"
    )
    for section, institute, size in ask(approaches):
        sizes[_Cell(Stratum.APPROACH, Section(section), ledger.text(institute))] = size
    members = {key: stratum for stratum, key in sample.members}
    decided = (
        f"SELECT d.delivery_key, d.label, d.score, d.institute, {PROGRAM_SECTION}, {SECTION}, u.opinion"  # noqa: S608
        f" FROM outcome u JOIN delivery d ON d.id = u.delivery WHERE {chosen}"
    )
    keyed = [(rows.key_text(key), *row) for key, *row in ask(decided)]
    seen = tuple(
        _Seen(
            _Cell(stratum := stratum_of(Label(label), score), Section(judged) if stratum is Stratum.APPROACH else None,
                  ledger.text(institute)),
            Opinion(opinion), Section(truth), key in members,
        )
        for key, label, score, institute, judged, truth, opinion in keyed
    )  # fmt: skip
    left = len(members.keys() - {key for key, *_ in keyed})
    strata = zip((key for key, *_ in keyed), (one.cell.stratum for one in seen), strict=True)
    moved = any(members.get(key, stratum) != stratum for key, stratum in strata)
    fault = ""
    if now != drawn or moved:
        fault = "Not estimated: the mail has changed since the sample was drawn; draw it again."
    elif left:
        fault = f"Not estimated: {left} of the sample of {len(members)} deliveries are not reviewed yet."
    return Estimates(sample, sizes, seen, fault)


def _sizes(chosen: str) -> Iterator[str]:
    """SQL for how many deliveries of a period there are; ordinary mail and all else have an index each."""
    for which in ("= 'other'", "!= 'other'"):
        yield (
            f"SELECT d.label, d.institute, count(*) FROM delivery d WHERE d.label {which} AND {chosen}"  # noqa: S608 - our own
            " GROUP BY d.label, d.institute"
        )


def with_estimates(table: Table, known: Estimates | None) -> Table:
    """A table of approaches with the intervals of its totals and, by institute, of its rows, and a note on them."""
    if known is None:
        return table
    noted = replace(table, notes=(*table.notes, *known.notes()))
    if known.fault:
        return noted
    totals = tuple(known.applied(table.columns, row, None) for row in table.totals)
    found = table.rows
    if table.dimension == "institute":
        found = tuple(
            known.applied(table.columns, row, "" if row.value == NOT_KNOWN else row.value) for row in table.rows
        )
    return replace(noted, rows=found, totals=totals)
