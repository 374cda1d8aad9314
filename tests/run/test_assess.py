import pytest

from outreach_audit.codes import Folder, Label, Reading, Via
from outreach_audit.packs.load import load_packs
from outreach_audit.run.assess import Assessor
from outreach_audit.run.settings import Settings
from outreach_audit.sources.model import HeaderOnly, RawMessage, Ref

OFFER = (
    "Dear Professor Kim,\n\nour university in Shenzhen, China, would like to invite you to join us as chair professor. The annual "
    "salary is RMB 900,000; an apartment and start-up funding of RMB 3 million are provided. You may keep your present "
    "position. Please send your CV before 30 June.\n\nBest regards\nLi\n"
)
INNER = f"From: Li <hr@talent-bridge.example.com>\nTo: kim@kaist.ac.kr\nSubject: Chair professor\nMessage-ID: <inner@x.org>\nDate: Mon, 4 Mar 2024 01:00:00 +0000\n\n{OFFER}"


@pytest.fixture(scope="module")
def assessor():
    return Assessor(load_packs(), Settings())


def raw(text: str, source: str = "inbox.mbox", **more) -> RawMessage:
    return RawMessage(Ref(source, offset=7, length=len(text)), text.encode(), **more)


def test_a_direct_approach_is_one_record_with_everything(assessor):
    found = assessor.assess(raw(INNER))
    [record] = found.records
    assert record.verdict.label is Label.APPROACH
    assert record.via is Via.DIRECT
    assert record.message_id == record.carrier_message_id == "<inner@x.org>"
    assert (record.institute, record.home, record.foreign) == ("kr-kaist", "KR", True)
    assert record.attribution.dest_country.value == "CN"
    assert record.language == "en"
    assert "chair professor" in record.offer_text
    assert found.reading is Reading.READ


def attached(recipient: str, sender: str = "kim@kaist.ac.kr", extra: str = "") -> str:
    return (
        f"From: {sender}\nTo: {recipient}\nSubject: suspicious?\nMessage-ID: <outer@kaist.ac.kr>\n{extra}MIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nPlease have a look.\n'
        f"--b\nContent-Type: message/rfc822\n\n{INNER}\n--b--\n"
    )


def test_a_report_is_judged_by_what_it_hands_on(assessor):
    [record] = assessor.assess(raw(attached("security@kaist.ac.kr"), "reports/a.eml")).records
    assert record.via is Via.REPORT
    assert record.verdict.label is Label.APPROACH
    assert record.recipient == "kim@kaist.ac.kr"
    assert (record.message_id, record.carrier_message_id) == ("<inner@x.org>", "<outer@kaist.ac.kr>")
    assert record.folder is Folder.REPORTS


def test_an_inline_forward_is_a_report_too(assessor):
    text = (
        "From: kim@kaist.ac.kr\nTo: security@kaist.ac.kr\nSubject: Fwd: Chair professor\nMessage-ID: <o@kaist.ac.kr>\n\n"
        "Is this something for you?\n\n---------- Forwarded message ---------\nFrom: Li <hr@talent-bridge.example.com>\n"
        f"Date: Mon, Mar 4, 2024\nSubject: Chair professor\nTo: kim@kaist.ac.kr\n\n{OFFER}"
    )
    [record] = assessor.assess(raw(text)).records
    assert record.via is Via.REPORT
    assert record.verdict.label is Label.APPROACH
    assert record.message_id is None


def test_what_goes_to_everyone_is_a_warning_and_no_report(assessor):
    [record] = assessor.assess(raw(attached("all@kaist.ac.kr"))).records
    assert record.via is Via.DIRECT
    assert record.verdict.label is Label.OTHER


def test_what_an_outsider_hands_on_is_no_report(assessor):
    [record] = assessor.assess(raw(attached("kim@kaist.ac.kr", sender="friend@elsewhere.org"))).records
    assert record.via is Via.DIRECT


def test_a_log_line_is_judged_on_what_is_there(assessor):
    entry = HeaderOnly(
        Ref("trace.csv"), "hr@talent-bridge.example.com", ("kim@kaist.ac.kr",), "Invitation", "2024-03-04 01:00:00"
    )
    [record] = assessor.assess(entry).records
    assert record.header_only
    assert record.recipient == "kim@kaist.ac.kr"
    assert record.verdict.label is not Label.APPROACH


def test_options_override_what_domains_tell(assessor):
    other = assessor.with_settings(Settings(home="CN", institute="my-lab"))
    [record] = other.assess(raw(INNER)).records
    assert (record.home, record.institute, record.foreign) == ("CN", "my-lab", False)
    [record] = assessor.assess(raw(INNER)).records
    assert record.home == "KR"


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 50, b"From nobody\n", b"Subject: only\n\n"])
def test_anything_is_assessed(assessor, content):
    found = assessor.assess(RawMessage(Ref("x", length=len(content)), content))
    assert len(found.records) == 1
    assert found.records[0].verdict.label is Label.OTHER


def test_the_same_input_gives_the_same_record(assessor):
    assert assessor.assess(raw(INNER)) == assessor.assess(raw(INNER))


def test_defects_of_the_container_are_kept(assessor):
    found = assessor.assess(raw(INNER, defects=("the file ends within this message",)))
    assert found.reading is Reading.READ_WITH_DEFECTS
    assert found.defects == ("the file ends within this message",)
