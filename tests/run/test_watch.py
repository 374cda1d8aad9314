"""What a watchlist hits: folded as mail is, at the ends of words and names, within its days, in linear time."""

from datetime import UTC, date, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.campaigns import fingerprint
from outreach_audit.packs.fold import fold
from outreach_audit.packs.watchlist import Indicator, Type
from outreach_audit.run.watch import Traits, Watch

OFFER = (
    "Our province invites experts to build a laboratory of their own here; the appointment lasts five years, a start-up"
    " grant is provided, and we shall help with an apartment and with schools. Please send us your curriculum vitae."
)


def indicator(kind, value, since=None, until=None, name="w1"):
    return Indicator(name, kind, value, since, until, "r", "list", "list.csv:2")


def hits(kind, value, **traits):
    return Watch([indicator(kind, value)]).hits(Traits(None, **traits)) == ("w1",)


@pytest.mark.parametrize(
    ("domain", "hit"),
    [
        ("agency.example", True),
        ("mail.agency.example", True),
        ("notagency.example", False),
        ("example", False),
        ("", False),
    ],
)
def test_domains_and_what_lies_below_them(domain, hit):
    assert hits(Type.DOMAIN, "agency.example", sender_domain=domain) is hit
    assert hits(Type.HOST, "agency.example", hosts=(domain, "other.example")) is hit
    assert not hits(Type.DOMAIN, "agency.example", hosts=("agency.example",))


@pytest.mark.parametrize(
    ("subject", "hit"),
    [
        ("Re: Invitation to the Expert Fund 2026", True),
        ("ＩＮＶＩＴＡＴＩＯＮ to\u200b the expert  fund", True),
        ("invit\u0430tion to the expert fund", True),  # a Cyrillic letter
        ("Invitation to the Expert Funding", False),
        ("Invitation", False),
    ],
)
def test_subjects_are_folded_as_mail_is(subject, hit):
    assert hits(Type.SUBJECT, fold("Invitation to the Expert Fund"), subject=subject) is hit


def test_phrases_in_scripts_without_blanks():
    assert hits(Type.PHRASE, fold("高層次人才引進計劃"), sentences=[fold("关于高层次人才引进计划的通知")])
    assert hits(Type.PHRASE, fold("초빙 사업에 지원"), sentences=["x", fold("올해 초빙사업에 지원하세요")])
    assert not hits(Type.PHRASE, fold("expert fund of ours"), sentences=["the expert fund", "of ours"])


def test_templates_are_known_again_whoever_writes():
    value = fingerprint(f"Dear Professor Kim,\n\n{OFFER}\n\nLi")
    assert hits(
        Type.TEMPLATE,
        value,
        text=f"안녕하세요 박 교수님,\n\n{OFFER.replace('five years', 'three years')}\n\nAnna\nOffice",
    )
    assert not hits(Type.TEMPLATE, value, text=OFFER[::-1])
    assert not hits(Type.TEMPLATE, value, text="Dear Professor Kim,\nsee you")


@pytest.mark.parametrize(
    ("moment", "hit"),
    [
        (datetime(2026, 3, 1, tzinfo=UTC), True),
        (datetime(2026, 3, 31, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 2, 28, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 4, 1, tzinfo=UTC), False),
        (None, True),
    ],
)
def test_days_of_validity(moment, hit):
    watch = Watch([indicator(Type.DOMAIN, "a.example", date(2026, 3, 1), date(2026, 3, 31))])
    assert bool(watch.hits(Traits(moment, sender_domain="a.example"))) is hit


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=200), st.lists(st.text(max_size=40), max_size=5))
def test_any_message_can_be_compared(text, words):
    watch = Watch([indicator(Type.PHRASE, fold(w) or "x", name=str(n)) for n, w in enumerate(words)])
    watch.hits(Traits(None, sender_domain=text, hosts=(text,), subject=text, sentences=[fold(text)], text=text))


def test_the_work_is_linear_in_the_message_and_not_in_the_list():
    many = [indicator(Type.PHRASE, f"the {n} round of the fund for experts", name=f"p{n}") for n in range(5_000)]
    many += [indicator(Type.DOMAIN, f"a{n}.example", name=f"d{n}") for n in range(5_000)]
    watch = Watch(many)

    def seconds(size):
        sentences = ["the round of the fund for experts of the 3 round of the"] * size
        start = process_time()
        for _ in range(5):
            watch.hits(Traits(None, sender_domain="x.a1.example", sentences=sentences))
        return process_time() - start

    seconds(100)
    assert seconds(8_000) < 60 * max(seconds(800), 0.0005)
