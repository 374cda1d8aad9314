import json
import time
from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.mail.inline import inline_forwards
from outreach_audit.mail.model import Scope
from outreach_audit.mail.scopes import Segment, is_forward_subject, is_reply_subject, segment
from tests.mail.trail_samples import Sample, forward_of, read_samples

SAMPLES = read_samples()


def scopes_by_line(segments: tuple[Segment, ...]) -> list[tuple[str, Scope]]:
    return list(chain.from_iterable([(line, part.scope) for line in part.text.splitlines()] for part in segments))


def own(text: str, scope: Scope = Scope.BODY, *, forward: bool | None = None) -> str:
    return "".join(part.text for part in segment(text, forward=forward) if part.scope is scope)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_line_of_a_sample_has_its_scope(sample: Sample) -> None:
    found = scopes_by_line(segment(sample.text, forward=forward_of(sample.subject)))
    expected = list(zip(sample.lines, sample.scopes, strict=True))
    assert [pair for pair in found if pair[0].strip()] == [pair for pair in expected if pair[1]]


def test_a_header_block_goes_by_what_the_subject_says() -> None:
    text = "See below.\n\nFrom: A <a@x.example>\nSent: Monday\nTo: B\nSubject: S\n\nHello\n"
    scopes = {said: [part.scope for part in segment(text, forward=said)] for said in (True, False, None)}
    assert scopes[True] == [Scope.BODY, Scope.FORWARDED]
    assert scopes[False] == scopes[None] == [Scope.BODY, Scope.QUOTED]


@pytest.mark.parametrize(
    "subject",
    [
        "FW: x",
        "Fwd: x",
        "FWD:x",
        "fw：x",
        "WG: x",
        "TR: x",
        "RV: x",
        "ENC: x",
        "전달: x",
        "转发: x",
        "转发：x",
        "轉寄: x",
        "転送: x",
        "Пересл.: x",
        "Doorst: x",
        "I: x",
        "PD: x",
        "[외부메일] FW: x",
        "[EXT] [list] Fwd: x",
        "[Fwd: x]",
        "FW: RE: x",
        "Fwd[2]: x",
        "Tr : x",
    ],
)
def test_forward_subjects(subject: str) -> None:
    assert is_forward_subject(subject)
    assert not is_reply_subject(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "Re: x",
        "RE:x",
        "AW: x",
        "Antw: x",
        "SV: x",
        "回复: x",
        "回复：x",
        "回覆: x",
        "答复: x",
        "답장: x",
        "회신: x",
        "返信: x",
        "Отв: x",
        "Re[2]: x",
        "Re(3): x",
        "[외부메일] RE: x",
        "RE: FW: x",
        "Réf : x",
    ],
)
def test_reply_subjects(subject: str) -> None:
    assert is_reply_subject(subject)
    assert not is_forward_subject(subject)


@pytest.mark.parametrize(
    "subject", ["", "x", "Forum: call", "Research: a post", "[news] x", "[[[[[[", "Trains: x", ":", "회신 부탁"]
)
def test_other_subjects(subject: str) -> None:
    assert not is_forward_subject(subject)
    assert not is_reply_subject(subject)


@pytest.mark.parametrize(
    "text",
    [
        "Dear Dr. Kim,\nin the report of 2019 he wrote:\nwe offer you a post with a salary of RMB 500,000.\n",
        "Dear Dr. Kim,\nFrom: Beijing\nwe write to invite you.\n",
        "What you get:\nTo: be discussed\nDate: May\nwe invite you.\n",
        "Dear Dr. Kim,\nthank you\nwe offer RMB 500,000 a year, and the family may come along from the first day on\n",
        "Dear Dr. Kim,\n--\nwe offer you a post. " + "You would lead a group and have a laboratory. " * 4 + "\n",
        "I would be grateful if you treated the terms as confidential.\n",
        "This message is an invitation to our university.\n",
        "Attention: we offer a position outside your field.\n",
        "- salary\n- flat\n- school for the children\n",
        "An original message from our dean: come and work with us.\n",
    ],
)
def test_what_looks_like_a_mark_stays_text(text: str) -> None:
    assert own(text).strip() == text.strip()


def test_an_offer_behind_a_banner_tag_stays_text() -> None:
    assert own("[EXTERNAL] we offer you a post\n").strip() == "we offer you a post"
    assert own("[외부메일] 발신자를 확인하시고 링크에 주의하시기 바랍니다.\n", Scope.BANNER)


def test_all_words_above_nothing_are_taken_as_handed_on_only_where_the_subject_says_nothing() -> None:
    text = "On 2 Mar 2026 at 09:14, A <a@x.example> wrote:\n\nwe offer you a post\n"
    assert [part.scope for part in segment(text)] == [Scope.FORWARDED]
    assert [part.scope for part in segment(text, forward=False)] == [Scope.QUOTED]


def test_labelled_signatures_are_signatures(shared) -> None:
    lines = (shared / "labelled" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    (text,) = (spec["text"] for spec in map(json.loads, lines) if spec["id"] == "d-033")
    assert "Thousand Talents" in own(text, Scope.SIGNATURE, forward=False)
    assert "Thousand Talents" not in own(text, forward=False)


LINES = st.sampled_from(
    [line for sample in SAMPLES for line in sample.lines]
    + ["", "> ", ">> x", "--", "From:", "To: x", "____________", "wrote:"]
)
ENDS = st.sampled_from(["\n", "\r\n", "\u2028", "\x0b", "\n\n"])
TEXTS = st.lists(st.tuples(LINES, ENDS), max_size=30).map(lambda pairs: "".join(chain.from_iterable(pairs))) | st.text()


@settings(deadline=None, max_examples=100)
@given(TEXTS, st.sampled_from([True, False, None]))
def test_segments_joined_are_the_text(text: str, forward) -> None:
    parts = segment(text, forward=forward)
    assert "".join(part.text for part in parts) == text
    assert all(part.text for part in parts)
    assert all(one.scope is not other.scope for one, other in pairwise(parts))


@pytest.mark.parametrize(
    "text",
    [
        ">" * 300_000,
        "> x\n" * 50_000,
        "> " * 150_000,
        "From: a\n" * 25_000,
        "From: a\nTo: b\n\n" * 15_000,
        "From: a\n" + "Cc: b\n" * 40_000,
        "a@b wrote:\n" * 20_000,
        "On 1:11 a@b\n" * 20_000,
        "-----Original Message-----\n" * 10_000,
        "---------- Forwarded message ----------\nFrom: a\nTo: b\nSubject: Fwd: c\n\n" * 4_000,
        "Best regards,\n" * 20_000,
        "[EXTERNAL]\n" * 20_000,
        "CAUTION: from outside the company, click\n" * 8_000,
        "This e-mail is confidential\n" * 10_000,
        "This e-mail\n\n" * 20_000,
        "-- \n" * 60_000,
        "\n" * 300_000,
        ":" * 300_000,
        " " * 300_000 + "From: a",
        "x" * 300_000 + " wrote:",
    ],
    ids=lambda text: text[:20],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    begin = time.process_time()
    for forward in (True, None):
        segment(text, forward=forward)
        inline_forwards(text, forward=forward)
    assert time.process_time() - begin < 6
