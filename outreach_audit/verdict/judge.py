"""From evidence to a verdict: a sum of points, a core without which nothing is an approach, and two thresholds.

This module knows no country, no name and no language (a test of its imports says so).
"""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from math import fsum

from outreach_audit.codes import Cue, Kind, Label, Trap
from outreach_audit.mail.model import Scope
from outreach_audit.packs.model import Pack, Thresholds
from outreach_audit.signals.evidence import Evidence
from outreach_audit.verdict.model import Verdict

_SUBJECT_FACTOR = 1.5  # what stands in the subject says more of the kind
_MORE_KINDS_SHARE = 0.5  # a further kind has at least this share of the points of the first
_MOST_KINDS = 3
# Much speaks for an approach, though what is offered is not seen: a person should look from this far above it on.
_CORELESS = 0.75
ADVERT_SIGNALS = frozenset({"not.digest", "not.digest_list"})
ADVERT_CONCEPTS = frozenset({"seek", "digest", "post"})
ADVERT_FACT = "fact.list"
CONCEPT = "concept."
"""Stands before the id of a concept among the ids of `fired`."""

# Which concepts and facts show which condition; those of the same name need no row.
_CUE_CONCEPTS: dict[Cue, tuple[str, ...]] = {
    Cue.STARTUP_FUNDING: ("startup",),
    Cue.HOUSING: ("housing",),
    Cue.FAMILY_BENEFITS: ("family",),
    Cue.VISA_HELP: ("visa",),
    Cue.TITLE_CONFERRED: ("title",),
    Cue.ELIGIBILITY_BLOCK: ("eligibility",),
    Cue.DEADLINE: ("deadline",),
    Cue.CV_REQUESTED: ("cv_request",),
    Cue.IDENTITY_DOCUMENTS_REQUESTED: ("id_request",),
    Cue.APPLY_THROUGH_HOST: ("via_host",),
    Cue.PART_TIME_ALLOWED: ("part_time",),
    Cue.KEEP_CURRENT_POST: ("keep_post",),
    Cue.MINIMUM_STAY: ("min_stay",),
    Cue.BRING_TEAM: ("bring_team",),
    Cue.RECRUIT_OTHERS: ("referral",),
    Cue.BRING_TECHNOLOGY: ("bring_tech",),
    Cue.CONFIDENTIALITY: ("confidential",),
    Cue.OFF_MAIL_CONTACT: ("off_mail",),
    Cue.NAMED_PROGRAMME: ("programme",),
    Cue.TRACKING_LINKS: ("fact.tracking",),
    Cue.REPLY_TO_DIFFERS: ("fact.reply_to_differs",),
    Cue.BULK_SENDER: ("fact.bulk", "fact.list"),
}


def _kinds(pack: Pack, evidence: Evidence) -> tuple[Kind, ...]:
    """Kinds of offer by points, the strongest first."""
    points: dict[Kind, float] = {}
    for kind, concepts in pack.kinds.items():
        total = 0.0
        for concept, worth in concepts.items():
            where = evidence.concepts.get(concept)
            if where is None:
                continue
            in_subject = any(evidence.sentences[s].scope is Scope.SUBJECT for s in where)
            # A concept that is said again and again is what the mail is about, with diminishing returns.
            total += worth * (_SUBJECT_FACTOR if in_subject else 1.0) * min(2.0, 0.7 + 0.3 * max(1, len(where)))
        if total:
            points[kind] = total
    ranked = sorted(points, key=lambda k: (-points[k], k))
    return tuple(k for k in ranked[:_MOST_KINDS] if points[k] >= _MORE_KINDS_SHARE * points[ranked[0]])


def cues(evidence: Evidence) -> tuple[Cue, ...]:
    """The conditions that the text shows, in the order of the definitions."""
    shown = {cue for cue, concepts in _CUE_CONCEPTS.items() if any(c in evidence.concepts for c in concepts)}
    if {"amount"} <= evidence.concepts.keys() and {
        "pay",
        "period",
        "consulting",
        "teaching",
    } & evidence.concepts.keys():
        shown.add(Cue.PAY_FIGURE)
    return tuple(cue for cue in Cue if cue in shown)


def _trap(pack: Pack, evidence: Evidence) -> Trap | None:
    """The look-alike for which the most was found."""
    traps = {s.id: s.trap for s in pack.signals if s.trap is not None}
    points: dict[Trap, float] = defaultdict(float)
    for hit in evidence.hits:
        if hit.counter and (trap := traps.get(hit.signal)) is not None:
            points[trap] -= hit.weight
    return max(points, key=lambda t: (points[t], t), default=None)


def _reasons(label: Label, score: float, *, core: bool, pack: Pack) -> Iterable[str]:
    limits = pack.thresholds
    if not core:
        yield "nothing is offered to, or asked of, the reader: without that no message is an approach"
        if label is Label.UNCLEAR:
            yield f"{score:+.1f} points speak for one all the same: a person should look"
    elif label is Label.APPROACH:
        yield f"{score:+.1f} points reach the {limits.approach:.1f} that an approach needs"
    elif label is Label.UNCLEAR:
        yield f"{score:+.1f} points lie between {limits.unclear:.1f} and {limits.approach:.1f}: a person should look"
    else:
        yield f"{score:+.1f} points stay below {limits.unclear:.1f}"
    if label is Label.ADVERT:
        yield "a list or platform delivers it to many; it is not addressed to the reader"


def fired(evidence: Evidence, *, facts: bool = False) -> tuple[str, ...]:
    """The ids of all that the label rests on: signals, and the concepts and facts that `is_advert` asks for.

    With ``facts`` all facts are among them, for whoever keeps the text too.
    """
    concepts = (f"{CONCEPT}{concept}" for concept in ADVERT_CONCEPTS & evidence.concepts.keys())
    shown = evidence.facts if facts else {ADVERT_FACT} & evidence.facts.keys()
    return tuple(sorted({*(hit.signal for hit in evidence.hits), *shown, *concepts}))


def is_advert(ids: AbstractSet[str], *, core: bool) -> bool:
    """Whether this is an advertisement to many where it is no approach; ``ids`` as `fired` gives them."""
    posted = core and any(CONCEPT + concept in ids for concept in ADVERT_CONCEPTS)
    return (ADVERT_FACT in ids and posted) or bool(ids & ADVERT_SIGNALS)


def decide(limits: Thresholds, score: float, *, core: bool, advert: bool) -> Label:
    """The label of a score: the higher the score, the nearer to an approach (the replay of verdicts relies on it)."""
    if core and score >= limits.approach:
        return Label.APPROACH
    if score >= (limits.unclear if core else limits.approach + _CORELESS):
        return Label.UNCLEAR
    return Label.ADVERT if advert else Label.OTHER


def judge(pack: Pack, evidence: Evidence) -> Verdict:
    """Judge one message.

    Args:
        pack: the pack whose signals made the evidence.
        evidence: what was found.

    Returns:
        The verdict with everything that led to it; kind and cues also where the label is ``unclear``.
    """
    # the same sum in whatever order signals fired, so that a verdict told anew from what is kept is the same
    score = fsum(hit.weight for hit in evidence.hits)
    core_ids = {s.id for s in pack.signals if s.core}
    core = any(hit.signal in core_ids for hit in evidence.hits)
    limits = pack.thresholds
    label = decide(limits, score, core=core, advert=is_advert(frozenset(fired(evidence)), core=core))
    nearest = min((limits.approach, limits.unclear), key=lambda t: abs(score - t))
    offered = label in {Label.APPROACH, Label.UNCLEAR}
    kinds = _kinds(pack, evidence) if offered else ()
    return Verdict(
        label=label,
        score=round(score, 3),
        margin=round(abs(score - nearest), 3),
        core=core,
        kind=kinds[0] if kinds else None,
        more_kinds=kinds[1:],
        cues=cues(evidence),
        trap=_trap(pack, evidence),
        hits=tuple(sorted(evidence.hits, key=lambda h: (-abs(h.weight), h.signal))),
        reasons=tuple(_reasons(label, score, core=core, pack=pack)),
    )
