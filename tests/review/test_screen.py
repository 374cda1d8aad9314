"""The terminal interface, driven headless."""

import asyncio
import re
from datetime import UTC, datetime

import pytest

from outreach_audit.codes import Label
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.decisions import Opinion, decisions_of
from outreach_audit.review.items import campaigns, members
from outreach_audit.review.sampling import draw
from outreach_audit.review.settle import standing
from outreach_audit.review.source import Reread
from tests.ledger.make import OFFER, other, record

pytest.importorskip("textual", reason="the extra tui is not installed")

from outreach_audit.cli.review_screen import ReviewApp

NOW = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def ledger():
    with Ledger.open() as store:
        text = "Dear Kim,\n\x1b[31m[bold]red[/] \u202e apply for the 기금 now.\n" + OFFER
        store.add([record(f"m{n}", f"kim.minsu{n}@home.example", offset=n, text=text) for n in range(3)])
        store.add([record("u", label=Label.UNCLEAR, text="A position abroad, please write to us.", offset=9)])
        store.add([other(1)])
        store.assign_campaigns()
        yield store


def drive(ledger, steps, *, items=None, size=(80, 24), source=lambda _: None):
    """Runs the interface, does the steps, and gives what it shows."""

    async def run():
        app = ReviewApp(ledger, items or campaigns(ledger), "kim", source, lambda: NOW)
        async with app.run_test(size=size) as pilot:
            for step in steps:
                await pilot.press(*step if isinstance(step, tuple) else (step,))
                await pilot.pause()
            screen = app.export_screenshot()
            return re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]+>", " ", screen).replace("&#160;", " "))

    return asyncio.run(run())


def said(ledger):
    return [(one.opinion.value, one.kind, one.country, one.note) for one in standing(decisions_of(ledger))]


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_a_card_shows_evidence_and_progress_and_no_recipient(ledger, size):
    # the footer is drawn when a key has been pressed
    shown = drive(ledger, ["s", "b"], size=size)
    assert "1 of 2 · 0 reviewed by kim" in shown
    assert "3 recipients at home.example" in shown
    assert "+3.0 offer.fund (body)" in shown
    assert "minsu" not in shown
    for key in ("confirm", "reject", "unsure", "kind", "country", "note", "skip", "back", "undo", "quit"):
        assert key in shown


def test_text_of_mail_is_harmless(ledger):
    shown = drive(ledger, [], size=(140, 50))
    assert "\\u{1b}[31m[bold]red[/] \\u{202e}" in shown


def test_keys_decide_and_go_on(ledger):
    shown = drive(ledger, ["c", "r"])
    assert [one[0] for one in said(ledger)] == ["confirm", "reject"]
    assert "2 reviewed by kim" in shown


def test_undo_goes_back_to_what_was_decided_last(ledger):
    shown = drive(ledger, ["c", "z"])
    assert said(ledger) == []
    assert "1 of 2 · 0 reviewed" in shown
    assert [one.opinion for one in decisions_of(ledger)] == [Opinion.CONFIRM, Opinion.UNDO]


def test_undo_of_nothing_is_said(ledger):
    assert "nothing to undo" in drive(ledger, ["z"], size=(140, 40))


def test_skip_and_back_decide_nothing(ledger):
    assert "2 of 2" in drive(ledger, ["s"])
    assert "1 of 2" in drive(ledger, ["s", "b"])
    assert said(ledger) == []


def test_kind_country_and_note(ledger):
    drive(ledger, ["k", "down", "enter", "o", *"jp", "enter", "n", *"ok", "enter"])
    assert said(ledger)[-1] == ("confirm", "talent_fund", "JP", "ok")


def test_a_note_waits_for_its_decision(ledger):
    drive(ledger, ["n", *"odd", "enter", "r"])
    assert said(ledger) == [("reject", None, None, "odd")]


def test_a_wrong_country_is_said_and_not_stored(ledger):
    shown = drive(ledger, ["o", *"x1", "enter"], size=(140, 40))
    assert "is no country" in shown
    assert said(ledger) == []


def test_leaving_a_question_changes_nothing(ledger):
    drive(ledger, ["k", "escape", "o", "escape", "n", "escape"])
    assert said(ledger) == []


def test_it_goes_on_where_it_was_left_and_shows_nobody_elses_decisions(ledger):
    drive(ledger, ["c"])
    assert "2 of 2 · 1 reviewed by kim" in drive(ledger, [])
    from outreach_audit.review.deciding import decide

    decide(ledger, campaigns(ledger)[1], Opinion.REJECT, reviewer="lee", now=NOW)
    assert "2 of 2 · 1 reviewed by kim" in drive(ledger, [])


def test_mail_of_a_sample_is_read_again_or_said_to_be_gone(ledger):
    items = [one for one in members(ledger, draw(ledger, size=9, seed="s", now=NOW)) if one.judged is Label.OTHER]
    shown = drive(ledger, [], items=items, source=lambda _: Reread("Minutes", "a@b.example", "The meeting is moved."))
    assert "Minutes" in shown
    assert "The meeting is moved." in shown
    shown = drive(ledger, ["u"], items=items, source=lambda _: Reread(fault="the source is gone: x.mbox"))
    assert "not reviewable: the source is gone: x.mbox" in shown
    assert [one[0] for one in said(ledger)] == ["unsure"]
