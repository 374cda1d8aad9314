"""Fingerprints of templates: the same from every mail of one template, and unlike those of all other mail."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.campaigns import fingerprint
from outreach_audit.campaigns.fingerprint import MOST_TEXT, NEAR, checksums, estimated_distance
from outreach_audit.campaigns.masking import mask
from outreach_audit.campaigns.shingles import distance, shingles

OFFER = (
    'Dear Professor {name},\n\nI read your paper "{paper}" with great interest. Our province invites {n} experts a year to'
    " build a laboratory of their own; the appointment lasts {years} years, and a start-up grant of RMB {sum} is provided."
    " Details are at https://{host}.talents.example.com/apply?id={n}. Please send your CV before {day} June.\n\n{name}\nOffice"
)


def offer(**fields) -> str:
    plain = {"name": "Kim", "paper": "On ions", "n": 3, "years": 5, "sum": "900,000", "host": "www", "day": 30}
    return OFFER.format(**(plain | fields))


def test_what_a_program_fills_in_is_not_in_it():
    one = fingerprint(offer())
    assert one.startswith("t1:")
    assert one == fingerprint(offer(name="박지민", paper="Other things", n=77, sum="1,200,000", host="go", day=2))


def test_the_value_is_pinned():
    # institutes compare values made by different versions of this program: where this fails, the form is t2
    assert fingerprint(offer())[:43] == PINNED
    assert len(checksums(fingerprint(offer()))) == 49


PINNED = "t1:126481a416c5bba719d1d456247feb1e24c44d58"


def test_too_little_text_has_none():
    assert fingerprint("Dear all,\nsee you at noon.") == ""
    assert fingerprint("") == ""


@pytest.mark.parametrize("wrong", ["", "t1:", "t2:" + "00000001" * 12, "t1:" + "0000000z" * 12, "t1:00000001"])
def test_what_is_no_fingerprint(wrong):
    with pytest.raises(ValueError, match="no fingerprint"):
        checksums(wrong)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=400))
def test_any_text_has_a_fingerprint_that_can_be_read_or_none(text):
    made = fingerprint(text)
    assert made == "" or estimated_distance(checksums(made), checksums(made)) == 0.0


def test_only_the_beginning_counts_that_a_ledger_keeps():
    text = " ".join(f"word{'abcdefgh'[n % 8]}{'xyz'[n % 3]}" for n in range(3000))
    assert fingerprint(text) == fingerprint(text[:MOST_TEXT] + " and more")


def test_estimates_are_near_the_distance_and_unrelated_mail_is_far(shared):
    rows = [json.loads(line) for line in (shared / "labelled" / "dev.jsonl").open(encoding="utf-8")]
    texts = [row.get("body") or row.get("text") or "" for row in rows][:160]
    known = [(fingerprint(text), shingles(mask(text[:MOST_TEXT]))) for text in texts]
    known = [(checksums(made), runs) for made, runs in known if made]
    wrong = 0
    for index, (one, runs) in enumerate(known):
        for other, others in known[index + 1 :]:
            far, estimate = distance(runs, others), estimated_distance(one, other)
            assert abs(far - estimate) < 0.25
            wrong += (far > 0.75) and estimate <= NEAR
    assert wrong == 0
