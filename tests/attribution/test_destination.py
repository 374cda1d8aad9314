"""The destination country: invented offers, one rule each, and the labelled mail."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.attribution import Knowledge, attribute, load_knowledge
from outreach_audit.attribution.model import Attribution, Grade
from outreach_audit.mail.model import Address, Link, Mail, Scope, Text
from tests.attribution.specimens import mail_of, reader_domain

CORE = load_knowledge(Path(__file__).parents[2] / "outreach_audit/packs/core")
CASES = [json.loads(line) for line in (Path(__file__).parent / "cases.jsonl").read_text(encoding="utf-8").splitlines()]


def attributed(case: dict, knowledge: Knowledge = CORE) -> Attribution:
    reply, link = case.get("reply_to"), case.get("link")
    mail = Mail(
        sender=Address(case.get("name", ""), case["sender"]),
        reply_to=(Address("", reply),) if reply else (),
        texts=(Text(Scope.BODY, case["text"]),),
        links=(Link(f"https://{link}/", link),) if link else (),
    )
    reader = frozenset({case.get("reader", "kist.re.kr")})
    return attribute(mail, knowledge, reader_domains=reader, home=case.get("home", "KR"), offer_text=case["text"])


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_country(case):
    claim = attributed(case).dest_country
    assert claim.value == case["country"], claim.reason
    assert (claim.grade is Grade.NONE) == (claim.value == "ZZ")
    assert claim.reason.endswith(".")


def test_the_sender_personal_name_changes_nothing():
    for case in CASES:
        if "name" not in case:
            countries = {attributed({**case, "name": name}).dest_country.value for name in ("", "Anna Holland", "王伟")}
            assert countries == {case["country"]}, case["what"]


def test_labelled_mail(shared):
    """Country right for 95 of 100 approaches, wrong for 2; foreign right for 97; no figure may fall unseen."""
    right = wrong = foreign = types = total = 0
    for line in (shared / "labelled/dev.jsonl").read_text(encoding="utf-8").splitlines():
        specimen = json.loads(line)
        label, mail = specimen["label"], mail_of(specimen)
        if label["verdict"] != "approach":
            continue
        reader = frozenset({reader_domain(specimen)})
        found = attribute(mail, CORE, reader_domains=reader, home=specimen["home"], offer_text=mail.text_of(Scope.BODY))
        country = found.dest_country.value
        total += 1
        right += country == label["dest_country"]
        wrong += country not in {label["dest_country"], "ZZ"}
        foreign += (None if country == "ZZ" else country != specimen["home"]) == label["foreign"]
        types += found.sender_type == label["sender_type"]
    assert right >= 0.95 * total
    assert wrong <= 0.02 * total
    assert foreign >= 0.97 * total
    assert types >= 0.85 * total


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400), st.text(max_size=60), st.text(max_size=40))
def test_any_text_gives_an_answer(text, name, address):
    mail = Mail(subject=name, sender=Address(name, address), texts=(Text(Scope.BODY, text),))
    found = attribute(mail, CORE, reader_domains=frozenset({"kist.re.kr"}), home="KR", offer_text=text)
    assert len(found.dest_country.value or "") == 2


@pytest.mark.parametrize("text", ["China, your offer " * 4000, "中国" * 30000, ". A" * 20000, "+12345678 " * 6000])
def test_hostile_repetition_ends_soon(text):
    found = attributed({"sender": "a@b.com", "text": text})
    assert found.dest_country.value in {"CN", "ZZ"}
