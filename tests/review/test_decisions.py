"""Decisions in the ledger: bound to content, kept in a history, surviving what happens to the ledger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.codes import Kind, Label
from outreach_audit.errors import UsageError
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.decisions import Decision, Opinion, Scope, decisions_of, merge_decisions
from outreach_audit.review.deciding import decide, last_on, undo
from outreach_audit.review.items import campaigns, item_of
from outreach_audit.review.settle import settle, standing
from outreach_audit.tally.reviewed import outcomes
from tests.ledger.make import OFFER, other, record

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)


@pytest.fixture
def ledger():
    with Ledger.open() as store:
        store.add([record(f"m{n}", f"p{n}@home.example", offset=n * 1000) for n in range(3)])
        store.add(
            [record("u", label=Label.UNCLEAR, text="Please write to us about a position.", offset=9000), other(1)]
        )
        store.assign_campaigns()
        yield store


def says(ledger):
    query = "SELECT id FROM delivery WHERE label = 'approach'"
    ids = {number for (number,) in ledger.connection.execute(query)}
    return [outcome.opinion for delivery, outcome in sorted(outcomes(ledger).items()) if delivery in ids]


def test_a_decision_on_a_campaign_holds_for_its_deliveries_and_for_later_copies_of_its_messages(ledger):
    campaign = campaigns(ledger)[0]
    assert campaign.scope is Scope.CAMPAIGN
    assert len(campaign.records) == 3
    decide(ledger, campaign, Opinion.REJECT, reviewer="kim", now=NOW)
    assert says(ledger) == [Opinion.REJECT] * 3
    ledger.add([record("m1", "later@home.example", offset=5000)])
    assert says(ledger) == [Opinion.REJECT] * 4
    ledger.add([record("new", "later@home.example", text=OFFER.format(year=1999), offset=6000)])
    assert says(ledger) == [Opinion.REJECT] * 4


def test_a_decision_on_one_finding_holds_for_that_alone(ledger):
    one = item_of(ledger, record("m1", "p1@home.example").finding)
    assert one.scope is Scope.FINDING
    decide(ledger, one, Opinion.CONFIRM, reviewer="kim", now=NOW, country="de", kind=Kind.TEACHING)
    (outcome,) = outcomes(ledger).values()
    assert (outcome.opinion, outcome.country, outcome.kind) == (Opinion.CONFIRM, "DE", Kind.TEACHING)


def test_a_decision_outlives_a_rescan_and_a_newer_pack(ledger):
    decide(ledger, item_of(ledger, "<m1@agency.example>"), Opinion.REJECT, reviewer="kim", now=NOW)
    ledger.drop("inbox.mbox")
    assert outcomes(ledger) == {}
    again = replace(record("m1", "p1@home.example"), pack="core 2.0.0")
    ledger.add([again])
    assert says(ledger) == [Opinion.REJECT]
    judged_other = replace(again, verdict=replace(again.verdict, label=Label.OTHER, hits=(), reasons=()))
    ledger.add([judged_other])
    assert [one.opinion for one in outcomes(ledger).values()] == [Opinion.REJECT]
    (decision,) = decisions_of(ledger)
    assert (decision.pack, decision.judged) == ("core 1.0.0", Label.APPROACH)


def test_undo_brings_back_what_was_decided_before_and_stays_in_the_history(ledger):
    item = campaigns(ledger)[0]
    decide(ledger, item, Opinion.CONFIRM, reviewer="kim", now=NOW)
    decide(ledger, item, Opinion.REJECT, reviewer="kim", now=NOW)
    assert undo(ledger, item, reviewer="kim", now=NOW).opinion is Opinion.REJECT
    assert last_on(standing(decisions_of(ledger)), item, "kim").opinion is Opinion.CONFIRM
    undo(ledger, item, reviewer="kim", now=NOW)
    with pytest.raises(UsageError, match="nothing to undo"):
        undo(ledger, item, reviewer="kim", now=NOW)
    assert [one.opinion for one in decisions_of(ledger)] == ["confirm", "reject", "undo", "undo"]
    assert outcomes(ledger) == {}
    # the same again in the same second is a decision of its own
    decide(ledger, item, Opinion.CONFIRM, reviewer="kim", now=NOW)
    assert says(ledger) == [Opinion.CONFIRM] * 3


def test_nobody_undoes_what_another_decided(ledger):
    item = campaigns(ledger)[0]
    decide(ledger, item, Opinion.CONFIRM, reviewer="kim", now=NOW)
    with pytest.raises(UsageError, match="lee has decided nothing"):
        undo(ledger, item, reviewer="lee", now=NOW)


@pytest.mark.parametrize(
    ("opinions", "outcome", "disputed"),
    [
        (["confirm"], "confirm", False),
        (["confirm", "reject"], "unsure", True),
        (["confirm", "reject", "reject"], "reject", False),
        (["confirm", "unsure"], "confirm", False),
        (["unsure", "unsure"], "unsure", False),
    ],
)
def test_the_majority_of_reviewers_decides(ledger, opinions, outcome, disputed):
    item = campaigns(ledger)[0]
    for number, opinion in enumerate(opinions):
        decide(ledger, item, Opinion(opinion), reviewer=f"r{number}", now=NOW)
    settled = settle(decisions_of(ledger))
    assert (settled.opinion, settled.disputed) == (outcome, disputed)


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "Germany"},
        {"country": "D1"},
        {"note": "x" * 1001},
        {"reviewer": " "},
        {"opinion": Opinion.REJECT, "kind": Kind.TEACHING},
    ],
)
def test_what_is_wrong_is_refused(ledger, wrong):
    given_ = {"opinion": Opinion.CONFIRM, "reviewer": "kim"} | wrong
    with pytest.raises(UsageError):
        decide(ledger, campaigns(ledger)[0], given_.pop("opinion"), now=NOW, **given_)
    assert decisions_of(ledger) == []


def test_a_note_is_stored_harmless(ledger):
    decide(ledger, campaigns(ledger)[0], Opinion.CONFIRM, reviewer="kim", now=NOW, note="red \x1b[31m\nline ")
    assert decisions_of(ledger)[0].note == "red \\u{1b}[31m line"


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["confirm", "reject", "unsure", "undo"])), max_size=12)
)
def test_any_history_merges_into_another_ledger_whatever_the_order(steps):
    with Ledger.open() as one, Ledger.open() as two:
        for store in (one, two):
            store.add([record()])
        item = item_of(one, record().finding)
        for number, (reviewer, opinion) in enumerate(steps):
            try:
                now = NOW + timedelta(seconds=number // 3)
                if opinion == "undo":
                    undo(one, item, reviewer=reviewer, now=now)
                else:
                    decide(one, item, Opinion(opinion), reviewer=reviewer, now=now)
            except UsageError:
                assert opinion == "undo"
        history = decisions_of(one)
        assert merge_decisions(two, reversed(history)) == len(history)
        assert merge_decisions(two, history) == 0
        assert decisions_of(two) == history
        assert outcomes(two) == outcomes(one)


def test_the_id_of_a_decision_is_that_of_its_content():
    one = Decision(NOW, "kim", Opinion.CONFIRM, Scope.MESSAGE, "t", ("b", "a"), Label.APPROACH, "core 1.0.0")
    assert one.id == replace(one, keys=("a", "b")).id
    assert len({one.id, replace(one, note="n").id, replace(one, keys=("a",)).id, replace(one, reviewer="lee").id}) == 4
