"""What holds where people decided: of one reviewer the last decision, of several the majority."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from outreach_audit.codes import Kind
from outreach_audit.ledger.decisions import Decision, Opinion


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about one thing.

    ``opinion`` is ``unsure`` where no reviewer was sure, or as many confirmed as rejected (``disputed``);
    ``kind`` and ``country`` are the last corrections of those who hold with the outcome.
    """

    opinion: Opinion
    kind: Kind | None = None
    country: str | None = None
    disputed: bool = False


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """The first decision first."""
    return sorted(decisions, key=lambda one: (one.time, one.id))


def standing(history: Iterable[Decision]) -> list[Decision]:
    """The decisions that were not taken back, the first one first."""
    history = in_order(history)
    undone = {decision.undoes for decision in history if decision.opinion is Opinion.UNDO}
    return [one for one in history if one.opinion is not Opinion.UNDO and one.id not in undone]


def by_key(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """The decisions of each key of a delivery or message, in their order."""
    found = defaultdict(list)
    for decision in decisions:
        for key in decision.keys:
            found[key].append(decision)
    return found


def about(decided: Mapping[str, Sequence[Decision]], delivery_key: str, message_key: str) -> list[Decision]:
    """The decisions that hold for a delivery: those on itself and those on its message."""
    both = {one.id: one for key in (delivery_key, message_key) for one in decided.get(key, ())}
    return in_order(both.values())


def settle(decisions: Sequence[Decision]) -> Outcome | None:
    """The outcome of decisions about one thing.

    Args:
        decisions: that were not taken back, the first one first.

    Returns:
        None where there are none.
    """
    last = {decision.reviewer: decision for decision in decisions}
    if not last:
        return None
    votes = Counter(decision.opinion for decision in last.values())
    if votes[Opinion.CONFIRM] == votes[Opinion.REJECT]:
        return Outcome(Opinion.UNSURE, disputed=votes[Opinion.CONFIRM] > 0)
    held = max((Opinion.CONFIRM, Opinion.REJECT), key=votes.__getitem__)
    holding = in_order(one for one in last.values() if one.opinion is held)
    return Outcome(
        held,
        kind=next((one.kind for one in reversed(holding) if one.kind), None),
        country=next((one.country for one in reversed(holding) if one.country), None),
    )
