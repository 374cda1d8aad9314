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
KNOWN: dict[tuple[str, str], str] = {}


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
