"""What hides words from a program does not hide them from this one: at most 3 in 100 verdicts on approaches may change.

By default every fourth message is tried with each evasion; with ``OUTREACH_AUDIT_NEUTRALITY=all`` every one.
``OUTREACH_AUDIT_NEUTRALITY=all python -m tests.neutrality.figures`` prints all figures.
"""

from functools import cache

import pytest

from tests.neutrality.bench import ALL, approaches, judge, judged_as_written
from tests.neutrality.evasions import EVASIONS

MOST_CHANGED = 0.03
BY_NAME = {evasion.__name__: evasion for evasion in EVASIONS}
CYRILLIC = "a Cyrillic word with a Latin letter in it is folded to Latin: 13 of 14 Russian approaches change"


@cache
def outcome(name: str) -> tuple[dict[str, str], int]:
    """Which verdicts an evasion changes, and how many messages it alters."""
    changed, tried = {}, 0
    for spec in approaches()[:: 1 if ALL else 2]:
        other = BY_NAME[name](spec)
        if other == spec:
            continue
        tried += 1
        before, after = judged_as_written()[spec["id"]], judge(other)
        if [verdict.label for verdict in before] != [verdict.label for verdict in after]:
            changed[spec["id"]] = f"{before[0].label} {before[0].score} -> {after[0].label} {after[0].score}"
    return changed, tried


def known(name: str, reason: str):
    return pytest.param(name, marks=pytest.mark.xfail(reason=reason, strict=False))


@pytest.mark.parametrize(
    "name",
    [
        "zero_width",
        known("one_homoglyph", CYRILLIC),
        known("all_homoglyphs", CYRILLIC),
        known(
            "full_width", "a full-width full stop ends no sentence, full-width letters count double: 10 of 206 change"
        ),
        "spaced_subject",
        "spaced_cjk",
        "no_subject",
        "hidden_before",
        "hidden_after",
        "paraphrased_programme",
    ],
)
def test_an_evasion_changes_hardly_any_verdict(name):
    changed, tried = outcome(name)
    assert tried > 1
    # One message is chance where few are tried.
    assert len(changed) <= max(1, MOST_CHANGED * tried), changed


def test_all_evasions_together_change_hardly_any_verdict():
    changed = sum(len(outcome(name)[0]) for name in BY_NAME)
    tried = sum(outcome(name)[1] for name in BY_NAME)
    assert tried > 250
    assert changed <= MOST_CHANGED * tried


def test_every_evasion_is_measured():
    [mark] = [m for m in test_an_evasion_changes_hardly_any_verdict.pytestmark if m.name == "parametrize"]
    assert {getattr(value, "values", (value,))[0] for value in mark.args[1]} == BY_NAME.keys()
