"""Explanations: evidence in its sentences as written, what would have changed the verdict, the look-alike."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from outreach_audit.codes import Label, Trap
from outreach_audit.explanation import changes, explain
from outreach_audit.explanation.traps import TRAPS
from outreach_audit.ledger import Ledger
from outreach_audit.mail.model import Scope
from outreach_audit.packs.load import load_packs
from outreach_audit.report.explanation import explanation_tree
from outreach_audit.report.safe import json_text
from outreach_audit.run.assess import Assessor
from outreach_audit.run.reread import reassess
from outreach_audit.run.settings import Settings
from outreach_audit.signals.evidence import Evidence
from outreach_audit.signals.model import Hit
from outreach_audit.sources import RawMessage, Ref
from outreach_audit.verdict.judge import judge

PACK = load_packs()
ASSESSOR = Assessor(PACK, Settings())
DEFINITIONS = Path(__file__).parents[2] / "docs" / "definitions.md"
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| ?(.*?) ?\|$", re.MULTILINE)

OFFER = (
    "From: Li <hr@szu-bridge.edu.cn>\nTo: kim@kaist.ac.kr\nSubject: Advisory role\nMessage-ID: <a@x.org>\n"
    "Date: Mon, 4 Mar 2024 01:02:00 +0000\n\nDear Professor,\n\nour company would like to invite you to an adv\u200bisory role "
    "alongside your current position. [/b] We pay 20,000 EUR a year. \u202eReply soon.\n"
)
STUDENT = (
    "From: Maria <maria@inst.example.org>\nTo: kim@kaist.ac.kr\nSubject: PhD position\nMessage-ID: <b@x.org>\n"
    "Date: Mon, 4 Mar 2024 01:02:00 +0000\n\nDear Professor,\n\nI am planning to visit your laboratory as a visiting PhD "
    "student; please find my CV attached. Could we have a short call?\n"
)


def assessed(text):
    content = text.replace("\n\n", "\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n", 1)
    done = ASSESSOR.assess(RawMessage(Ref("a.eml", None, 0, len(content)), content.encode()))
    return done.records[0], done.evidence[0]


def shown(explanation, width=100):
    console = Console(width=width, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as capture:
        console.print(explanation_tree(explanation))
    return capture.get()


def test_every_look_alike_is_told_as_the_definitions_tell_it():
    rows = {
        code: (what, apart.replace("`", ""))
        for code, what, apart in ROW.findall(DEFINITIONS.read_text(encoding="utf-8"))
    }
    assert {trap: (what, apart) for trap, (what, apart) in TRAPS.items()} == {
        trap: (rows[trap][0].replace("`", ""), rows[trap][1]) for trap in Trap
    }


def test_evidence_is_quoted_in_its_sentence_as_written():
    explanation = explain(*assessed(OFFER), PACK)
    assert explanation.record.verdict.label is Label.APPROACH
    texts = {text for one in explanation.reasons for _, text in one.sentences}
    assert any("adv\u200bisory role alongside your current position." in text for text in texts)
    scopes = {scope for one in explanation.reasons for scope, _ in one.sentences}
    assert scopes <= {"subject", "body"}
    for one in explanation.reasons:
        assert all(word in OFFER or one.scope == "headers" for word in one.words)


def test_what_would_have_changed_it_is_what_the_weights_say():
    for text in (OFFER, STUDENT):
        record, evidence = assessed(text)
        for change in changes(PACK, evidence):
            hits = [hit for hit in evidence.hits if hit.signal not in change.removed]
            if change.added:
                signal = next(signal for signal in PACK.signals if signal.id == change.added)
                hits.append(Hit(signal.id, Scope.BODY, "", signal.weight, signal.counter))
            assert judge(PACK, replace(evidence, hits=tuple(hits))).label is change.label is not record.verdict.label


def hit(signal, weight=None):
    known = next(one for one in PACK.signals if one.id == signal)
    return Hit(signal, Scope.BODY, "x", known.weight if weight is None else weight, known.counter)


def test_the_fewest_signals_are_told():
    core = next(signal for signal in PACK.signals if signal.core)
    limits = PACK.thresholds
    others = [s.id for s in PACK.signals if not s.core and not s.counter][:3]
    strong = Evidence((), {}, {}, (hit(core.id, limits.approach), *(hit(s, 0.01) for s in others)))
    assert [(c.removed, c.label) for c in changes(PACK, strong)] == [((core.id,), Label.OTHER)]
    # nothing turns it alone: the loss of both core signals does, with fewer than by points
    second = [signal for signal in PACK.signals if signal.core][1]
    many = Evidence((), {}, {}, (hit(core.id, 0.1), hit(second.id, 0.1), *(hit(s, limits.approach) for s in others)))
    (change,) = changes(PACK, many)
    assert set(change.removed) == {core.id, second.id}
    assert changes(PACK, Evidence((), {}, {}, ())) == ()


def test_counter_evidence_has_the_same_standing():
    explanation = explain(*assessed(STUDENT), PACK)
    assert explanation.record.verdict.label is Label.OTHER
    assert any(one.counter and one.sentences for one in explanation.reasons)
    text = shown(explanation)
    assert "What speaks against" in text
    assert "student, postdoc or visiting scholar wants to come" in text
    assert "told apart by: the writer moves" in text


@pytest.mark.parametrize("width", [80, 140])
def test_the_tree_is_harmless_and_says_what_would_change_it(width):
    text = shown(explain(*assessed(OFFER), PACK), width)
    assert "[/b]" in " ".join(text.split()) or "/b" in text
    assert not set("\u200b\u202e\x1b") & set(text)
    assert "What would have changed this" in text
    assert "it would be" in " ".join(text.replace("│", " ").split())
    assert max(map(len, text.splitlines())) <= width


def test_the_same_as_data():
    explanation = explain(*assessed(OFFER), PACK)
    data = json.loads(json_text(explanation.to_data()))
    assert data["verdict"] == "approach"
    assert {"signal", "title", "points", "counter", "scope", "words", "sentences"} == data["evidence"][0].keys()
    assert sum(one["points"] for one in data["evidence"]) == pytest.approx(data["score"], abs=0.01)
    assert data["changes"]
    assert {"without", "with", "verdict"} == data["changes"][0].keys()
    assert data["behind"]["dest_country"]["value"] == "CN"


def test_other_languages_are_said_to_rest_on_structure():
    italian = OFFER.replace(
        "Dear Professor", "Gentile Professore, la nostra azienda e lei per il lavoro che non di una"
    )
    record, evidence = assessed(italian)
    told = explain(replace(record, language="it"), evidence, PACK)
    assert any("language (it)" in note and "structure and numbers alone" in note for note in told.notes)
    assert not any("structure" in note for note in explain(*assessed(OFFER), PACK).notes)


def test_from_a_ledger_the_source_is_read_again_while_it_is_the_same(tmp_path):
    path = tmp_path / "spam" / "b.eml"
    path.parent.mkdir()
    path.write_text(STUDENT)
    done = ASSESSOR.assess(RawMessage(Ref(str(path), None, 0, len(STUDENT)), STUDENT.encode()))
    with Ledger.open() as ledger:
        ledger.add(done.records)
        (kept,) = ledger.records()
        assert kept.verdict.hits == ()
        record, evidence = reassess(ledger, kept, ASSESSOR)
        assert (record.finding, record.folder, record.verdict.label) == (kept.finding, kept.folder, kept.verdict.label)
        assert explain(record, evidence, PACK).reasons
        path.write_text(OFFER)
        assert "lies no more in" in reassess(ledger, kept, ASSESSOR)
        path.unlink()
        assert "lies no more in" in reassess(ledger, kept, ASSESSOR)
        notes = explain(kept, None, PACK, remark="Told from the ledger alone.").notes
        assert notes[0] == "Told from the ledger alone."
        assert any("explain the file itself" in note for note in notes)


def test_what_the_ledger_keeps_shows_the_sentences_too():
    record, _ = assessed(OFFER)
    with Ledger.open() as ledger:
        ledger.add([record])
        (kept,) = ledger.records()
    told = explain(kept, None, PACK)
    assert any("adv\u200bisory role" in text for one in told.reasons for _, text in one.sentences)
    assert told.changes
