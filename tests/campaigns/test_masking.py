from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.campaigns import mask

BODY = "{hook}we invite you to apply for the fund before {date}; it pays {pay} and the form is at {link} for you alone."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"pay": "RMB 600,000"}, {"pay": "RMB 1.200.000"}),
        ({"date": "30 November 2026"}, {"date": "1 May 2027"}),
        ({"date": "November 3, 2026"}, {"date": "2026-12-01"}),
        ({"link": "https://a.fund.example.com/f/e02b1c3d-4b8e?src=m3"}, {"link": "https://b.fund.example.com/x"}),
        (
            {"hook": 'your paper "Stable interfaces for power generation" is fine; '},
            {"hook": "your paper “Uncertainty in inverse problems” is fine; "},
        ),
    ],
)
def test_what_a_sender_fills_in_makes_no_difference(one, other):
    plain = {"hook": "", "date": "2 June 2026", "pay": "RMB 500,000", "link": "www.fund.example.com"}
    assert mask(BODY.format(**plain | one)) == mask(BODY.format(**plain | other))


@pytest.mark.parametrize(
    "greeting",
    [
        "Dear Professor Kim,",
        "윤태섭 교수님,",
        "郭博士您好:",
        "北條 様",
        "Вадим Алексеевич, добрый день!",
        "Dear {Title} {Name},",
        "Hi GT",
    ],
)
@pytest.mark.parametrize(
    "closing",
    ["Kind regards,\nSarah Oduya | Partnerships", "敬祝 研安\n沈郁庭 敬上", "서지훈 드림", "B.\n\nsent from mobile"],
)
def test_salutation_and_signature_are_one_mark_in_every_language(greeting, closing):
    offer = "we invite you to apply for the fund of our institute in the coming year, with housing and pay."
    masked = mask(f"{greeting}\n\n{offer}\n\n{closing}\n")
    assert masked == f"<salutation>\n{offer}\n<signature>"


def test_lists_and_sentences_at_the_end_are_kept():
    text = "Dear all,\nThe fund offers the following to those who come:\n- housing\n- pay\n- a laboratory"
    assert (
        mask(text) == "<salutation>\nthe fund offers the following to those who come:\n- housing\n- pay\n- a laboratory"
    )


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to a.b@mail.example.com now.", "write to <address> now."),
        ("see https://apply.fund.co.kr/f?x=1 now.", "see <link:fund.co.kr> now."),
        ("{FirstName} *|LNAME|* ${title} %NAME% <<Field>> you.", "<field> <field> <field> <field> <field> you."),
        ("the code is AbC123xYz456Q now.", "the code is <token> now."),
        ("bis 16. Februar, 2026年11月30日 또는 11월 30일.", "bis <date>, <date> 또는 <date>."),
        ("pay 1,500 to 2'000 in total.", "pay <n> to <n> in total."),
    ],
)
def test_marks(text, masked):
    assert mask(text) == masked


def test_names_given_are_masked_by_their_parts_and_only_as_words():
    masked = mask(
        "We wrote to Eunji Wang-Seo; Wang-Seo did not answer, and eunjiland is a place.", names=["Eunji Wang-Seo"]
    )
    assert masked == "we wrote to <name>; <name> did not answer, and eunjiland is a place."
    assert mask("윤태섭님의 연구를 보았습니다.", names=["윤태섭"]) == "<name>님의 연구를 보았습니다."


@given(st.text(max_size=400), st.lists(st.text(max_size=20), max_size=3))
@settings(deadline=None, max_examples=100)
def test_every_text_has_a_mask(text, names):
    assert isinstance(mask(text, names=names), str)


@pytest.mark.parametrize(
    "unit", ['"', "{", "http://", "a.", "<", "1,", "%a", "*|", "aB1", "\n", "『", "x@", "<<a", "﷽"]
)
def test_hostile_repetition_costs_little(unit):
    start = process_time()
    mask(unit * (1_000_000 // len(unit)), names=[unit * 30])
    assert process_time() - start < 3
