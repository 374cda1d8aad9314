"""What would have changed a verdict: the fewest signals whose absence, or the signal whose presence, turns it.

Computed by judging again with other hits, so that it is what the weights and thresholds say, and nothing else.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from outreach_audit.codes import Label
from outreach_audit.mail.model import Scope
from outreach_audit.packs.model import Pack, Signal, Status
from outreach_audit.signals.evidence import Evidence
from outreach_audit.signals.model import Hit
from outreach_audit.verdict.judge import judge

_MOST = 3  # of changes of one sort that are told
_RANK = {Label.APPROACH: 2, Label.UNCLEAR: 1}

_Judge = Callable[[Sequence[Hit]], Label]


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which the verdict would be ``label``: without the signals ``removed``, or with the one ``added``."""

    removed: tuple[str, ...]
    added: str
    label: Label


def changes(pack: Pack, evidence: Evidence) -> tuple[Change, ...]:
    """The smallest changes that turn the verdict, the strongest signal first.

    Every signal that turns it alone is told (at most three of a sort); where none does, the fewest that do together.
    Of signals that are absent those are told of which something was found already.

    Args:
        pack: the pack that judged.
        evidence: what was found.
    """

    def label_with(hits: Sequence[Hit]) -> Label:
        return judge(pack, replace(evidence, hits=tuple(hits))).label

    return (*_absences(pack, evidence.hits, label_with), *_presences(pack, evidence, label_with))


def _absences(pack: Pack, hits: Sequence[Hit], label_with: _Judge) -> Iterator[Change]:
    base = label_with(hits)
    # to be judged less it must lose evidence, to be judged more counter-evidence
    for counter in (False, True):
        ranked = sorted((h for h in hits if h.counter is counter), key=lambda h: (-abs(h.weight), h.signal))
        single = [(h, label) for h in ranked if (label := label_with(_without(hits, [h]))) is not base]
        for hit, label in single[:_MOST]:
            yield Change((hit.signal,), "", label)
        if not single and (fewest := _fewest(pack, hits, ranked, label_with)):
            yield Change(tuple(h.signal for h in fewest), "", label_with(_without(hits, fewest)))


def _fewest(pack: Pack, hits: Sequence[Hit], ranked: Sequence[Hit], label_with: _Judge) -> Sequence[Hit]:
    """The fewest of several hits without which the label is another, empty where there are none.

    Points fall fastest without the strongest hits; beside that only the loss of every core signal turns a verdict.
    """
    base = label_with(hits)
    core = {signal.id for signal in pack.signals if signal.core}
    strongest = (ranked[:number] for number in range(2, len(ranked) + 1))
    by_points = next((some for some in strongest if label_with(_without(hits, some)) is not base), ())
    by_core = [hit for hit in ranked if hit.signal in core]
    if by_core and label_with(_without(hits, by_core)) is not base and len(by_core) < (len(by_points) or len(hits)):
        return by_core
    return by_points


def _without(hits: Sequence[Hit], gone: Iterable[Hit]) -> list[Hit]:
    names = {hit.signal for hit in gone}
    return [hit for hit in hits if hit.signal not in names]


def _presences(pack: Pack, evidence: Evidence, label_with: _Judge) -> Iterator[Change]:
    base = label_with(evidence.hits)
    fired = {hit.signal for hit in evidence.hits}
    turning: dict[bool, list[tuple[float, float, str, Label]]] = {False: [], True: []}
    for signal in pack.signals:
        share = _share(signal, evidence)
        if signal.id in fired or not share or signal.status is not Status.ACTIVE:
            continue
        label = label_with([*evidence.hits, Hit(signal.id, Scope.BODY, "", signal.weight, signal.counter)])
        step = _RANK.get(label, 0) - _RANK.get(base, 0)
        if step and (step < 0) is signal.counter:
            turning[signal.counter].append((-share, abs(signal.weight), signal.id, label))
    for found in turning.values():
        for *_, name, label in sorted(found)[:_MOST]:
            yield Change((), name, label)


def _share(signal: Signal, evidence: Evidence) -> float:
    """How much of what a signal asks for was found: 0 where nothing was, or where something forbids it."""
    shown = evidence.concepts.keys()
    if signal.without & shown:
        return 0.0
    groups = [*signal.near, *signal.message, *(frozenset({one}) for one in sorted(signal.of))]
    return sum(bool(group & shown) for group in groups) / len(groups) if groups else 0.0
