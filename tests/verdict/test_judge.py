import ast
from pathlib import Path

import pytest

import outreach_audit
from outreach_audit.codes import Label, Trap
from outreach_audit.mail import parse
from outreach_audit.packs.load import load_packs
from outreach_audit.signals.evidence import Detector
from outreach_audit.signals.facts import Reader
from outreach_audit.verdict.judge import judge

READER = Reader("kim@kaist.ac.kr", frozenset({"kaist.ac.kr"}))


@pytest.fixture(scope="module")
def verdict():
    pack = load_packs()
    detector = Detector(pack)

    def of(body: str, *, head: str = "", sender: str = "a@elsewhere.org"):
        raw = f"From: {sender}\nTo: kim@kaist.ac.kr\nSubject: hello\n{head}\n{body}\n"
        return judge(pack, detector.evidence(parse(raw.encode()), READER))

    return of


APPROACH = (
    "Dear Professor Kim,\n\nour university would like to invite you to join us as chair professor. The annual salary is "
    "USD 180,000, an apartment and start-up funding of USD 1 million are provided, and school places for your children. "
    "You may keep your present position. Please send your CV before 30 June.\n"
)
INCOMING = (
    "Dear Professor Kim,\n\nI am a third year PhD student of chemistry. I would like to join your group as a visiting student; "
    "the scholarship pays my living allowance, so there is no cost for you. Could you send an invitation letter? My CV is attached.\n"
)


def test_an_offer_to_the_reader_is_an_approach(verdict):
    found = verdict(APPROACH)
    assert found.label is Label.APPROACH
    assert found.core
    assert found.margin > 0
    assert abs(found.score - sum(h.weight for h in found.hits)) < 1e-6


def test_the_same_from_the_own_institute_is_none(verdict):
    found = verdict(APPROACH, sender="hr@kaist.ac.kr")
    assert found.label is Label.OTHER
    assert found.trap is Trap.HOME_RECRUITING


def test_a_student_who_wants_to_come_is_none(verdict):
    found = verdict(INCOMING)
    assert found.label is Label.OTHER
    assert found.trap is Trap.INCOMING_SCHOLAR


def test_a_list_delivers_adverts(verdict):
    found = verdict(
        "Two professor positions at our university, competitive salary. We are looking for applicants.",
        head="List-Id: <jobs.lists.org>\nPrecedence: list\n",
    )
    assert found.label is Label.ADVERT


def test_nothing_is_an_approach_without_an_offer_or_request(verdict):
    found = verdict("Your paper impressed us. It is confidential. WeChat me. Keep your current position. Send your CV.")
    assert found.label is not Label.APPROACH or found.core


def test_an_empty_message_is_other(verdict):
    assert verdict("").label is Label.OTHER


def test_the_verdict_knows_no_attribution():
    """Country enters only after the verdict, by the structure of the code."""
    root = Path(outreach_audit.__file__).parent
    for package in ("signals", "verdict"):
        for path in (root / package).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("outreach_audit.attribution"):
                    names = {alias.name for alias in node.names}
                    assert names <= {"DomainKind", "Knowledge"}, path
                    source = path.read_text(encoding="utf-8")
                    assert ".country" not in source
                    assert "organisation(" not in source
