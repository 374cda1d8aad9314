import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.mail.html import html_to_text
from outreach_audit.mail.inline import inline_forwards
from tests.mail.trail_samples import Sample, forward_of, read_samples

SAMPLES = read_samples()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_forwards_of_a_sample_are_found_with_their_fields(sample: Sample) -> None:
    found = inline_forwards(sample.text, forward=forward_of(sample.subject))
    shown = [[f.sender, f.to, f.subject, f.date, f.body.strip().partition("\n")[0]] for f in found]
    assert shown == sample.forwards


def test_quoted_lines_inside_a_forward_are_unquoted_once() -> None:
    quoted = "> From: A <a@x.example>\n> Date: Monday\n> Subject: S\n>\n> Hello\n>> older\n"
    text = "See below.\n\nBegin forwarded message:\n\n" + quoted
    (found,) = inline_forwards(text, forward=True)
    assert found.marker == "Begin forwarded message:"
    assert found.body == "Hello\n> older"


def test_what_a_forwarded_message_answers_is_no_forward() -> None:
    text = (
        "FYI\n\nFrom: A <a@x.example>\nSent: Tuesday\nTo: B\nSubject: RE: S\n\nSecond\n\n"
        "From: B <b@x.example>\nSent: Monday\nTo: A\nSubject: S\n\nFirst\n"
    )
    (found,) = inline_forwards(text, forward=True)
    assert found.sender == "A <a@x.example>"
    assert found.body.startswith("Second")
    assert "First" in found.body


def test_two_messages_handed_on_in_one() -> None:
    one = "---------- Forwarded message ---------\nFrom: A <a@x.example>\nDate: Monday\nSubject: S\nTo: B\n\nFirst\n"
    found = inline_forwards("FYI\n\n" + one + "\n" + one.replace("First", "Second"))
    assert [forward.body for forward in found] == ["First", "Second"]


def test_a_reply_hands_nothing_on() -> None:
    assert (
        inline_forwards("Yes.\n\nOn 2 Mar 2026 at 09:14, A <a@x.example> wrote:\n> Will you come?\n", forward=False)
        == ()
    )
    assert inline_forwards("", forward=True) == ()


def test_an_answer_to_a_forward_hands_nothing_on() -> None:
    quoted = "> ---------- Forwarded message ---------\n> From: B\n> Date: x\n"
    text = "Thanks.\n\nOn 2 Mar 2026 at 09:14, A <a@x.example> wrote:\n" + quoted
    assert inline_forwards(text, forward=False) == ()


def test_depth_is_bounded() -> None:
    block = "---------- Forwarded message ---------\nFrom: A <a@x.example>\nDate: Monday\nSubject: Fwd: S\nTo: B\n\nx\n"
    assert len(inline_forwards(block * 100, forward=True)) == 20


def test_labelled_reports_show_their_inner_message(shared) -> None:
    lines = (shared / "labelled" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    reports = [
        spec for spec in map(json.loads, lines) if spec["label"].get("via") == "report" and not spec.get("forwarded")
    ]
    senders = {}
    for spec in reports:
        text = spec.get("text") or html_to_text(spec["html"]).visible
        (found,) = inline_forwards(text, forward=forward_of(spec["subject"]))
        assert found.subject == spec["subject"].partition(": ")[2]
        senders[spec["id"]] = found.sender
    assert senders == {
        "d-006": '"Forum Secretariat" <youthforum@tju.edu.cn>',
        "d-063": "Fang Meiqi <fangmq@dlut.edu.cn>",
        "d-081": "Rachel Tam <rachel.tam@pearlinsight.hk>",
    }


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.sampled_from([line for sample in SAMPLES for line in sample.lines]), max_size=25).map("\n".join)
    | st.text()
)
def test_any_text_is_read(text: str) -> None:
    for forward in (True, False, None):
        for found in inline_forwards(text, forward=forward):
            assert all(isinstance(value, str) for value in (found.sender, found.to, found.subject, found.date))
            assert sum(map(len, found.body.split())) <= sum(map(len, text.split()))
