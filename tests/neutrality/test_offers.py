"""The same offer gets the same verdict in every language: twelve offers, one of each kind, in nine ways of writing."""

import tomllib
from pathlib import Path

import pytest

from outreach_audit.codes import Kind, Label
from tests.neutrality.bench import Judged, judge

HERE = Path(__file__).parent
OFFERS = tomllib.loads((HERE / "offers.toml").read_text(encoding="utf-8"))["offer"]
LANGUAGES = ("en", "ko", "zh-Hans", "zh-Hant", "ja", "de", "fr", "ru", "es")
# What is not reached: label and points found, or that the kind is another.
KNOWN: dict[tuple[str, str], str] = {
    ("talent_fund", "es"): "unclear, 0.9 points",
    ("consulting", "ru"): "other, -0.1 points",
    ("short_term", "zh-Hans"): "unclear, 1.0 points",
    ("teaching", "en"): "other, -0.1 points",
    ("venture", "ko"): "other, 0.4 points",
    ("venture", "ru"): "other, -0.7 points",
    ("recruitment_event", "ko"): "other, 0.3 points",
    ("recruitment_event", "zh-Hans"): "other, -0.1 points",
    ("recruitment_event", "ja"): "unclear, 0.8 points",
    ("recruitment_event", "de"): "other, 2.0 points",
    ("recruitment_event", "fr"): "unclear, 1.1 points",
    ("expert_network", "fr"): "other, 0.1 points",
    ("joint_lab", "ja"): "other, 0.9 points",
    ("joint_lab", "fr"): "other, 0.0 points",
    ("joint_lab", "es"): "other, -2.9 points",
    ("honorific", "de"): "other, 0.9 points",
    ("honorific", "fr"): "other, 1.4 points",
    ("honorific", "ru"): "other, -2.5 points",
    ("honorific", "es"): "other, 1.9 points",
    ("referral", "en"): "other, 0.5 points",
}


def judged(offer: dict, language: str) -> Judged:
    """The verdict on one wording, sent to the same reader from the same address."""
    [found] = judge(
        {
            "from_addr": offer["sender"],
            "to": [["", "reader@physics.example"]],
            "date": "2026-02-03T09:00:00+00:00",
            "headers": {"Message-ID": f"<{offer['kind']}@{offer['sender'].partition('@')[2]}>"},
            "home": "NL",
            **offer[language],
        }
    )
    return found


def every_wording():
    for offer in OFFERS:
        for language in LANGUAGES:
            reason = KNOWN.get((offer["kind"], language))
            marks = pytest.mark.xfail(reason=reason, strict=False) if reason else ()
            yield pytest.param(offer, language, marks=marks, id=f"{offer['kind']}-{language}")


def test_there_is_one_offer_of_each_kind_in_every_language():
    assert sorted(offer["kind"] for offer in OFFERS) == sorted(Kind)
    for offer in OFFERS:
        assert set(LANGUAGES) == offer.keys() - {"kind", "sender"}


@pytest.mark.parametrize(("offer", "language"), list(every_wording()))
def test_the_same_offer_is_an_approach_of_its_kind_in_every_language(offer, language):
    found = judged(offer, language)
    assert found.label is Label.APPROACH, found
    assert offer["kind"] in found.kinds
