"""Agreement of reviewers."""

from datetime import UTC, datetime, timedelta

import pytest

from outreach_audit.codes import Label
from outreach_audit.ledger.decisions import Decision, Opinion, Scope
from outreach_audit.review.agreement import agreements

NOW = datetime(2026, 4, 1, tzinfo=UTC)


def decision(reviewer, opinion, target):
    return Decision(NOW, reviewer, Opinion(opinion), Scope.FINDING, target, (target,), Label.APPROACH, "core 1.0.0")


def things(counts):
    for (one, other), number in counts.items():
        for n in range(number):
            target = f"{one}-{other}-{n}"
            yield [decision("a", one, target), decision("b", other, target)]


def test_kappa_is_that_of_the_worked_example():
    # 20 and 15 of 50 alike: observed 0.7, expected 0.5, kappa 0.4 (Wikipedia, "Cohen's kappa", grant proposals)
    counts = {("confirm", "confirm"): 20, ("confirm", "reject"): 5, ("reject", "confirm"): 10, ("reject", "reject"): 15}
    (found,) = agreements(things(counts))
    assert (found.reviewers, found.both, found.same) == (("a", "b"), 50, 35)
    assert found.kappa == pytest.approx(0.4)


def test_kappa_is_not_defined_where_both_always_say_the_same():
    (found,) = agreements(things({("confirm", "confirm"): 7}))
    assert found.kappa is None
    assert found.same == found.both == 7


def test_one_look_at_many_deliveries_counts_once_and_the_last_word_of_a_reviewer_counts():
    first = decision("a", "confirm", "campaign")
    second = decision("b", "reject", "campaign")
    changed = Decision(
        NOW + timedelta(1), "b", Opinion.CONFIRM, Scope.FINDING, "x", ("x",), Label.APPROACH, "core 1.0.0"
    )
    (found,) = agreements([[first, second]] * 5 + [[first, second, changed]])
    assert found.pairs == ((Opinion.CONFIRM, Opinion.CONFIRM, 1), (Opinion.CONFIRM, Opinion.REJECT, 1))


def test_nobody_agrees_alone():
    assert agreements([[decision("a", "confirm", "x")]]) == []
