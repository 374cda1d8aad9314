"""Print the figures behind the tests: ``OUTREACH_AUDIT_NEUTRALITY=all python -m tests.neutrality.figures``."""

import sys
from collections import Counter

from tests.neutrality.bench import Spec, approaches, judge, judged_as_written
from tests.neutrality.evasions import EVASIONS
from tests.neutrality.test_offers import LANGUAGES, OFFERS, judged


def offers() -> None:
    """One line an offer, one column a language: label, points, and ``kind`` where the kind is not among those found."""
    _tell(f"{'':18}" + "".join(f"{language:>14}" for language in LANGUAGES))
    for offer in OFFERS:
        cells = []
        for language in LANGUAGES:
            found = judged(offer, language)
            cells.append(f"{found.label[:3]} {found.score:.1f}" + ("" if offer["kind"] in found.kinds else " kind"))
        _tell(f"{offer['kind']:18}" + "".join(f"{cell:>14}" for cell in cells))


def evasions() -> None:
    """One line an evasion: changed verdicts of altered messages, and in which languages."""
    all_changed = all_tried = 0
    for evasion in EVASIONS:
        altered = [(spec, other) for spec in approaches() if (other := evasion(spec)) != spec]
        changed = [spec for spec, other in altered if _differs(spec, other)]
        languages = Counter(spec["label"]["language"] for spec in changed)
        told = " ".join(f"{language}:{count}" for language, count in sorted(languages.items()))
        ids = " ".join(spec["id"] for spec in changed)
        share = len(changed) / len(altered)
        _tell(f"{evasion.__name__:24}{len(changed):4} of {len(altered):4} = {share:6.1%}  {told}  [{ids}]")
        all_changed, all_tried = all_changed + len(changed), all_tried + len(altered)
    _tell(f"{'all':24}{all_changed:4} of {all_tried:4} = {all_changed / all_tried:6.1%}")


def _differs(spec: Spec, other: Spec) -> bool:
    before, after = judged_as_written()[spec["id"]], judge(other)
    return [verdict.label for verdict in before] != [verdict.label for verdict in after]


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    offers()
    evasions()
