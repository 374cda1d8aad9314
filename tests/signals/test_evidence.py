import pytest

from outreach_audit.mail import parse
from outreach_audit.mail.model import Address, Mail, Scope, Text
from outreach_audit.packs.load import load_packs
from outreach_audit.signals.evidence import Detector, assessed_texts
from outreach_audit.signals.facts import Reader

READER = Reader("kim@kaist.ac.kr", frozenset({"kaist.ac.kr"}))


@pytest.fixture(scope="module")
def detector():
    return Detector(load_packs())


def mail(*texts: tuple[Scope, str], sender: str = "a@elsewhere.org") -> Mail:
    return Mail(
        sender=Address("", sender), to=(Address("", "kim@kaist.ac.kr"),), texts=tuple(Text(s, t) for s, t in texts)
    )


def fired(detector, *texts: tuple[Scope, str], sender: str = "a@elsewhere.org") -> set[str]:
    return {hit.signal for hit in detector.evidence(mail(*texts, sender=sender), READER).hits}


OFFER = "We would like to invite you to take a position as professor with an annual salary of USD 90,000."


def test_an_offer_in_the_own_text_fires_and_is_quoted_as_written(detector):
    evidence = detector.evidence(mail((Scope.BODY, OFFER)), READER)
    hit = next(h for h in evidence.hits if h.signal == "offer.post")
    assert "invite you" in hit.text
    assert hit.scope is Scope.BODY


@pytest.mark.parametrize("scope", [Scope.SIGNATURE, Scope.DISCLAIMER, Scope.BANNER, Scope.HIDDEN])
def test_what_is_not_the_writers_text_does_not_count(detector, scope):
    assert "offer.post" not in fired(detector, (scope, OFFER))


def test_a_quotation_counts_only_where_the_writer_quotes_himself(detector):
    quotation = f"On Monday, a@elsewhere.org wrote:\n> {OFFER}"
    assert "offer.post" in fired(detector, (Scope.QUOTED, quotation))
    assert "offer.post" not in fired(detector, (Scope.QUOTED, quotation.replace("a@elsewhere", "b@elsewhere")))


def test_windows_do_not_reach_from_one_text_into_the_next(detector):
    assert "offer.post_one_sentence" not in fired(
        detector, (Scope.SUBJECT, "We would like to invite you"), (Scope.BODY, "The professor is ill.")
    )


def test_texts_are_bounded(detector):
    evidence = detector.evidence(mail((Scope.BODY, "One more sentence. " * 5000)), READER)
    assert evidence.cut
    assert len(evidence.sentences) == 1500


def test_attachments_count(detector):
    assert "offer.post" in fired(detector, (Scope.BODY, "See the letter."), (Scope.ATTACHMENT, OFFER))


def test_own_text_of_a_parsed_reply_is_apart_from_what_it_answers():
    raw = (
        "From: a@elsewhere.org\nTo: kim@kaist.ac.kr\nSubject: Re: x\n\nThanks, see you.\n\n"
        f"On Mon, 1 Jan 2024, Kim <kim@kaist.ac.kr> wrote:\n> {OFFER}\n"
    )
    texts = assessed_texts(parse(raw.encode()))
    assert not any("annual salary" in t.text for t in texts)
