import json

import pytest

from outreach_audit.codes import Label
from outreach_audit.errors import UsageError
from outreach_audit.evaluation.fit import Sample, fit
from outreach_audit.evaluation.intervals import wilson
from outreach_audit.evaluation.measure import judge_labelled, measure, read_labels
from outreach_audit.packs.load import load_packs
from outreach_audit.run.assess import Assessor
from outreach_audit.run.settings import Settings

OFFER = (
    "From: a@b.example\nTo: kim@kaist.ac.kr\nSubject: x\nMessage-ID: <1@b>\n\nWe would like to invite you to join our university in Shenzhen, China "
    "as chair professor; the annual salary is RMB 900,000 with an apartment. Please send your CV before 30 June.\n"
)
LUNCH = "From: a@b.example\nTo: kim@kaist.ac.kr\nSubject: y\nMessage-ID: <2@b>\n\nLunch at twelve?\n"


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), table I, score method without continuity correction
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_that_of_the_published_table(hits, of, low, high):
    found = wilson(hits, of)
    assert found == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "KR" / "inbox").mkdir(parents=True)
    box = "".join(f"From a@b.org Mon Mar  4 01:00:00 2024\n{text}\n" for text in (OFFER, LUNCH))
    (tmp_path / "KR" / "inbox" / "a.mbox").write_text(box)
    return tmp_path


def label(number: int, verdict: str, **more) -> dict:
    return {
        "id": f"l{number}",
        "message_id": f"<{number}@b>",
        "home": "KR",
        "verdict": verdict,
        "language": "en",
        **more,
    }


def test_figures_follow_the_definitions(folder):
    labels = [
        label(
            1,
            "approach",
            kind="research_post",
            more_kinds=[],
            dest_country="CN",
            foreign=True,
            via="direct",
            cues=["pay_figure"],
        ),
        label(2, "other", trap="ordinary"),
        label(3, "approach", kind="venture", more_kinds=[], dest_country="CN"),
    ]
    pack = load_packs()
    judged = judge_labelled(labels, folder, lambda settings: Assessor(pack, settings), Settings())
    assert [j.verdict for j in judged] == [Label.APPROACH, Label.OTHER, Label.OTHER]
    found = measure(judged)
    overall = found["overall"]
    assert overall["precision"]["value"] == 1.0
    assert overall["recall"]["value"] == 0.5
    assert overall["country"]["value"] == 1.0
    assert overall["unclear_of_negatives"]["value"] == 0.0
    assert found["not_found"] == ["l3"]
    assert [d["id"] for d in found["disagreements"]] == ["l3"]
    json.dumps(found)


def test_a_line_that_is_no_label_is_told(tmp_path):
    path = tmp_path / "labels.jsonl"
    path.write_text('{"verdict": "approach"}\n{"verdict": "maybe"}\n')
    with pytest.raises(UsageError, match=r"labels\.jsonl:2"):
        read_labels(path)


def test_fitting_keeps_signs_and_learns_what_separates():
    samples = [Sample(frozenset({"offer", "noise"}), positive=True)] * 20 + [
        Sample(frozenset({"offer", "trap", "noise"}), positive=False)
    ] * 20
    found = fit(samples, {"offer": 1.0, "trap": -0.5, "noise": 0.1}, 1.0)
    assert found.weights["trap"] < -0.5
    assert found.weights["offer"] > 0
    assert found.weights["noise"] > 0
    positive = found.weights["offer"] + found.weights["noise"]
    assert positive > found.threshold > positive + found.weights["trap"]
