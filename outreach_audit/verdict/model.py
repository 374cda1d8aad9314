"""What the verdict stage gives: the label of one message with everything that led to it."""

from dataclasses import dataclass

from outreach_audit.codes import Cue, Kind, Label, Trap
from outreach_audit.signals.model import Hit


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one message was judged.

    ``score`` is the sum of the weights of the hits, in points; ``margin`` how many points lie between it and the
    nearest threshold; ``core`` says whether something is offered to, or asked of, the reader, without
    which no score makes an approach; ``trap`` is the look-alike it resembles most, also shown beside
    an approach.
    """

    label: Label
    score: float = 0.0
    margin: float = 0.0
    core: bool = False
    kind: Kind | None = None
    more_kinds: tuple[Kind, ...] = ()
    cues: tuple[Cue, ...] = ()
    trap: Trap | None = None
    personalisation: int | None = None
    hits: tuple[Hit, ...] = ()
    reasons: tuple[str, ...] = ()
