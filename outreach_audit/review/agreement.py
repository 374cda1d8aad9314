"""How far two reviewers agree."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from outreach_audit.ledger.decisions import Decision, Opinion


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two reviewers: what each said of the things both looked at, as pairs with their numbers."""

    reviewers: tuple[str, str]
    pairs: tuple[tuple[Opinion, Opinion, int], ...]

    @property
    def both(self) -> int:
        """How many things both decided on."""
        return sum(number for *_, number in self.pairs)

    @property
    def same(self) -> int:
        """On how many of them they said the same."""
        return sum(number for one, other, number in self.pairs if one is other)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa (Educational and Psychological Measurement 20, 1960): agreement beyond that of chance.

        None where it is not defined: nothing was seen by both, or both always said one and the same.
        """
        if not self.both:
            return None
        first, second = Counter[Opinion](), Counter[Opinion]()
        for one, other, number in self.pairs:
            first[one] += number
            second[other] += number
        # kappa = (observed - expected) / (1 - expected), in whole numbers until the last step
        expected = sum(first[opinion] * second[opinion] for opinion in Opinion)
        if expected == self.both**2:
            return None
        return (self.same * self.both - expected) / (self.both**2 - expected)


def agreements(things: Iterable[Sequence[Decision]]) -> list[Agreement]:
    """The agreement of every two reviewers, by name.

    Args:
        things: for each delivery, the decisions that hold for it, the first one first. Two decisions that meet on
            several deliveries (one look at a whole campaign) count as one pair.
    """
    met: dict[tuple[str, str], set[tuple[str, str]]] = {}
    opinions: dict[str, Opinion] = {}
    for decisions in things:
        last = {decision.reviewer: decision for decision in decisions}
        opinions |= {decision.id: decision.opinion for decision in last.values()}
        for one, other in combinations(sorted(last), 2):
            met.setdefault((one, other), set()).add((last[one].id, last[other].id))
    return [
        Agreement(
            reviewers,
            tuple(
                (one, other, number)
                for (one, other), number in sorted(Counter((opinions[a], opinions[b]) for a, b in pairs).items())
            ),
        )
        for reviewers, pairs in sorted(met.items())
    ]
