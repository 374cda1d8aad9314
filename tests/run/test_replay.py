"""A replay tells what a scan with the newer pack would tell, or says that it takes the mail."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from outreach_audit.attribution.records import DomainKind, KnownDomain
from outreach_audit.codes import Label
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.keep import forget_older
from outreach_audit.packs.definition import DOMAIN_FACTS, definition_of
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.model import Phrase, Signal, Thresholds
from outreach_audit.run.assess import Assessor
from outreach_audit.run.replay import replay
from outreach_audit.run.scan import scan
from outreach_audit.run.settings import Settings
from outreach_audit.signals.facts import FACTS, Reader, facts
from outreach_audit.sources import RawMessage, read
from outreach_audit.tally import tables
from tools.kill_runs import mbox

PACK = load_packs()


def named(pack, version="9.9"):
    return replace(pack, infos=tuple(replace(info, version=version) for info in pack.infos))


@pytest.fixture(scope="module")
def mail(tmp_path_factory):
    """Every tenth message of one institute's sample mailboxes, and plain letters."""
    from pathlib import Path

    folder = tmp_path_factory.mktemp("mail")
    found = [item for item in read([Path("sample_mailboxes/kit")]) if isinstance(item, RawMessage)]
    parts = [b"From a@b.org Mon Mar  4 01:00:00 2024\n" + one.content.rstrip() + b"\n\n" for one in found[::14]]
    (folder / "inbox.mbox").write_bytes(b"".join(parts) + mbox(range(12)))
    return folder


def scanned(mail, pack):
    ledger = Ledger.open()
    scan([mail], ledger, pack, Assessor(pack, Settings()))
    return ledger


@pytest.fixture
def ledger(mail):
    with scanned(mail, PACK) as ledger:
        yield ledger


def told(record):
    verdict = record.verdict
    return verdict.label, verdict.score, verdict.margin, verdict.core, verdict.trap


def reweighed(chance):
    """The same signals, otherwise weighed, some left out."""
    signals = [replace(s, weight=round(s.weight * chance.uniform(0.5, 1.5), 2)) for s in PACK.signals]
    limits = Thresholds(PACK.thresholds.approach + chance.uniform(-1, 1), PACK.thresholds.unclear)
    return replace(PACK, signals=tuple(s for s in signals if chance.random() < 0.95), thresholds=limits)


def reworded(chance):
    """Some signals and phrases mean something else, one is new."""
    changed = reweighed(chance)
    phrases = tuple(p for p in changed.phrases if chance.random() < 0.999)
    new = Signal("offer.new", "New", 1.5, message=(frozenset({"salary"}),))
    word = Phrase("salary", "annual", "en", "new:1")
    signals = [replace(s, window=s.window + 1) if chance.random() < 0.02 else s for s in changed.signals]
    return replace(changed, phrases=(*phrases, word), signals=(*signals, new))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("change", [reweighed, reworded])
def test_what_is_told_is_what_a_scan_tells(mail, ledger, change, seed):
    pack = named(change(random.Random(seed)))
    labels = {one.finding + one.via: one.verdict.label for one in ledger.records()}
    found = replay(ledger, pack)
    assert {one.finding + one.via: one.verdict.label for one in ledger.records()} == labels
    assert replay(ledger, pack, apply=True) == found
    after = {one.finding + one.via: one for one in ledger.records()}
    with scanned(mail, pack) as fresh:
        expected = {one.finding + one.via: one for one in fresh.records()}
    written = {name for name, one in after.items() if one.pack == pack.label}
    assert written
    for name in written:
        assert told(after[name]) == told(expected[name])
        assert after[name].fired == expected[name].fired
        assert after[name].attribution.sender_domain == expected[name].attribution.sender_domain
        if labels[name] in {Label.APPROACH, Label.UNCLEAR}:
            assert after[name].verdict.kind == expected[name].verdict.kind
            assert after[name].verdict.cues == expected[name].verdict.cues
            assert after[name].offer_text == expected[name].offer_text
    changed = {name for name in labels if expected[name].verdict.label is not labels[name]}
    assert sum(one.deliveries for one in found.changes) + sum(found.rescan.values()) >= len(changed)
    assert sum(one.deliveries for one in found.changes) <= len(changed)
    assert found.judged.total() + found.rescan.total() == len(labels)
    if change is reweighed:
        assert not found.rescan.total()
        assert len(changed) == sum(one.deliveries for one in found.changes)
        assert {name for name in changed if after[name].verdict.label is labels[name]} == {
            name for name in labels if name not in written
        }


def test_the_same_pack_changes_nothing(ledger):
    before = list(ledger.records()), tables(ledger), ledger.campaigns()
    found = replay(ledger, PACK, apply=True)
    assert (found.changes, found.rescan.total(), found.lifted) == ([], 0, 0)
    assert (list(ledger.records()), tables(ledger), ledger.campaigns()) == before


def test_the_signal_that_made_the_change_is_named(ledger):
    heavy = next(ledger.records({Label.APPROACH})).verdict.hits[0].signal
    signals = tuple(replace(s, weight=-50.0) if s.id == heavy else s for s in PACK.signals)
    found = replay(ledger, replace(PACK, signals=signals))
    assert found.changes
    assert all(one.because[0].startswith(f"{heavy} ") for one in found.changes)


def test_a_threshold_that_made_the_change_is_named(ledger):
    found = replay(ledger, replace(PACK, thresholds=replace(PACK.thresholds, approach=100.0)))
    assert {one.after[0] for one in found.changes} == {Label.UNCLEAR}
    assert all("threshold of approach" in one.because[-1] for one in found.changes)


def test_mail_that_becomes_more_is_listed_and_left_alone(ledger):
    signals = tuple(replace(s, weight=s.weight + 50) if not s.counter else s for s in PACK.signals)
    before = {one.finding: one.verdict.label for one in ledger.records()}
    found = replay(ledger, named(replace(PACK, signals=signals)), apply=True)
    assert found.lifted > 0
    assert found.lifted <= sum(one.deliveries for one in found.changes if one.before[0] in {Label.OTHER, Label.ADVERT})
    after = {one.finding: one.verdict.label for one in ledger.records()}
    assert {name for name in after if after[name] is Label.OTHER} == {
        name for name in before if before[name] is Label.OTHER
    }


def test_without_text_a_changed_phrase_takes_the_mail(ledger):
    pack = replace(PACK, phrases=(*PACK.phrases, Phrase("salary", "remuneration package", "en", "new:1")))
    kept = replay(ledger, pack)
    assert not kept.rescan[Label.APPROACH]
    forget_older(ledger, datetime(2100, 1, 1, tzinfo=UTC))
    gone = replay(ledger, pack)
    assert gone.judged.total() + gone.rescan.total() == kept.judged.total() + kept.rescan.total()
    again = replay(ledger, replace(PACK, thresholds=replace(PACK.thresholds, approach=100.0)))
    assert not again.rescan.total()


def test_records_of_an_older_ledger_take_the_mail(ledger):
    ledger.connection.execute("UPDATE delivery SET fired = NULL")
    found = replay(ledger, PACK, apply=True)
    assert found.judged.total() == 0
    assert found.rescan.total() == len(list(ledger.records()))


def test_facts_that_depend_on_domains_are_named(mail):
    for item in read([mail]):
        if isinstance(item, RawMessage):
            from outreach_audit.mail import parse

            one = parse(item.content)
            reader = Reader("r@kaist.ac.kr", frozenset({"kaist.ac.kr"}))
            with_knowledge = facts(one, reader, PACK.knowledge)
            without = facts(one, reader, type(PACK.knowledge)())
            assert (with_knowledge.keys() ^ without.keys()) <= DOMAIN_FACTS
    assert FACTS.keys() >= DOMAIN_FACTS


def test_a_domain_of_a_pack_takes_the_mail_only_of_those_it_concerns(mail, ledger):
    senders = {one.attribution.sender_domain for one in ledger.records()}
    domain = min(domain for domain in senders if domain and PACK.knowledge.domain_kind(domain) is DomainKind.OTHER)
    new = type(PACK.knowledge)(domains=(KnownDomain(domain, DomainKind.AGENCY, "FR"),))
    pack = named(replace(PACK, knowledge=PACK.knowledge.merged(new)))
    concerned = {one.finding for one in ledger.records() if one.attribution.sender_domain == domain}
    found = replay(ledger, pack, apply=True)
    assert found.rescan.total() <= len(concerned)
    assert {one.finding for one in ledger.records() if one.pack != pack.label} == concerned
    with scanned(mail, pack) as fresh:
        expected = {one.finding + one.via: one for one in fresh.records()}
    for one in ledger.records():
        if one.pack == pack.label:
            same = expected[one.finding + one.via]
            assert (told(one), one.fired) == (told(same), same.fired)


def test_what_is_known_of_a_domain_is_part_of_the_definition():
    knowledge = PACK.knowledge.merged(
        type(PACK.knowledge)(domains=(KnownDomain("x.example", DomainKind.AGENCY, "FR"),))
    )
    before, now = definition_of(PACK), definition_of(replace(PACK, knowledge=knowledge))
    assert before.changed_domains(now) == {"x.example"}
    assert before.digest != now.digest
