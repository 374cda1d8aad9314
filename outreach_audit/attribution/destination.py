"""Which country an offer leads to: grounds weighed by grade, or ``ZZ`` where they do not decide."""

from collections.abc import Iterable

from outreach_audit.attribution.grounds import Ground
from outreach_audit.attribution.knowledge import Knowledge
from outreach_audit.attribution.model import Claim, Grade

_UNDETERMINED = "ZZ"
_HOME_SORTS = 2


def decide(grounds: Iterable[Ground], knowledge: Knowledge, home: str, *, abroad: bool) -> Claim:
    """Name the destination country with grade and reason.

    The strongest grade that has grounds decides. Where grounds of that grade name several countries, those in
    the offer's own sentences go first, then the country for which more independent sorts of ground speak;
    where that does not decide either, the country is ``ZZ``. Mentions of the home country count only
    where nothing else speaks and two sorts of them agree, because the reader lives there.
    """
    every = list(grounds)
    counted = [ground for ground in every if not ground.home_text]
    for grade in (Grade.STRONG, Grade.MEDIUM, Grade.WEAK):
        at_grade = [ground for ground in counted if ground.grade is grade]
        if at_grade:
            claim = _among(at_grade, counted, knowledge)
            if abroad and claim.value == home and grade is not Grade.STRONG:
                return Claim(_UNDETERMINED, Grade.NONE, "The offer is said to lie abroad, and no country is named.")
            return claim
    mentions = [ground for ground in every if ground.home_text and ground.tied]
    if not abroad and len({ground.sort for ground in mentions}) >= _HOME_SORTS:
        return Claim(home, Grade.WEAK, f"Only the home country is named in the offer: {mentions[0].reason}")
    return Claim(_UNDETERMINED, Grade.NONE, "Nothing in the mail tells to which country the offer leads.")


def _among(at_grade: list[Ground], counted: list[Ground], knowledge: Knowledge) -> Claim:
    """Decide among grounds of one grade."""
    contenders = {ground.country for ground in at_grade}
    tied = {ground.country for ground in at_grade if ground.tied}
    if len(contenders) > 1 and tied:
        contenders = tied
    winner = next(iter(contenders)) if len(contenders) == 1 else _most_supported(contenders, counted)
    if winner is None:
        names = " and ".join(sorted(knowledge.country_name(code) for code in contenders))
        return Claim(_UNDETERMINED, Grade.NONE, f"The mail names {names}, and nothing decides between them.")
    best = [ground for ground in at_grade if ground.country == winner]
    reason = " ".join(dict.fromkeys(ground.reason for ground in sorted(best, key=lambda ground: not ground.tied)[:3]))
    return Claim(winner, best[0].grade, reason)


def _most_supported(contenders: set[str], counted: list[Ground]) -> str | None:
    """The country for which more sorts of ground speak than for any other; then more names in the offer, by far."""

    def support(country: str, *, tied: bool) -> set[str]:
        return {g.sort for g in counted if g.country == country and (g.tied or not tied)}

    for tied in (True, False):
        ranked = sorted(contenders, key=lambda country: (-len(support(country, tied=tied)), country))
        if len(support(ranked[0], tied=tied)) > len(support(ranked[1], tied=tied)):
            return ranked[0]
    names = {code: sum(1 for ground in counted if ground.country == code and ground.tied) for code in contenders}
    ranked = sorted(contenders, key=lambda country: (-names[country], country))
    return ranked[0] if names[ranked[0]] >= 2 * max(1, names[ranked[1]]) else None
