"""A colleague's report is judged in whatever form the original lies in it; each original counts once."""

import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from outreach_audit.codes import Label, Reading, Via
from outreach_audit.ledger import Ledger
from outreach_audit.mail.attachments import InProcessReader
from outreach_audit.packs.load import load_packs
from outreach_audit.run.assess import Assessor
from outreach_audit.run.scan import scan
from outreach_audit.run.settings import Settings
from outreach_audit.sources import Limits
from outreach_audit.sources.model import RawMessage, Ref
from tests.mail.attachments import samples
from tests.run.test_assess import INNER, OFFER

BARE = INNER.partition("\n\n")[0]
RAW = f"Received: from a by b; Mon, 4 Mar 2024 01:00:05 +0000\n{INNER}".encode()
MBOX = b"From hr@talent-bridge.example.com Mon Mar  4 01:00:00 2024\n" + RAW
NAVER = (
    '-----원본 메일-----\n보낸사람: "Li" <hr@talent-bridge.example.com>\n받는사람: <kim@kaist.ac.kr>\n'
    "날짜: 2024-03-04 (월) 10:00:00\n제목: Chair professor\n\n" + OFFER
)


def report(text: str = "신고합니다.\n", files: dict[str, bytes] | None = None) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "kim@kaist.ac.kr", "security@kaist.ac.kr", "신고합니다"
    mail["Message-ID"] = "<report@kaist.ac.kr>"
    mail["Date"] = "Tue, 5 Mar 2024 01:00:00 +0000"
    mail.set_content(text)
    for name, content in (files or {}).items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail


def as_message() -> bytes:
    mail = report()
    original = EmailMessage()
    for line in BARE.split("\n"):
        name, _, value = line.partition(": ")
        original[name] = value
    original.set_content(OFFER)
    mail.add_attachment(original)
    return mail.as_bytes()


def as_outlook_message() -> bytes:
    writer = pytest.importorskip("tests.sources.outlook_writer")
    properties = {0x5D01: (writer.UNICODE, "hr@talent-bridge.example.com"), 0x1000: (writer.UNICODE, OFFER)}
    properties |= {0x0C1A: (writer.UNICODE, "Li"), 0x007D: (writer.UNICODE, BARE.replace("\n", "\r\n"))}
    return writer.msg("Chair professor", properties).to_bytes()


FORMS: dict[str, Callable[[], bytes]] = {
    "message/rfc822": as_message,
    "inline, Naver": lambda: report(f"신고합니다.\n\n{NAVER}").as_bytes(),
    "eml": lambda: report(files={"original.eml": RAW}).as_bytes(),
    "msg": lambda: report(files={"original.msg": as_outlook_message()}).as_bytes(),
    "raw text": lambda: report(files={"source.txt": RAW}).as_bytes(),
    "mbox": lambda: report(files={"mail.mbox": MBOX}).as_bytes(),
    "zip with eml": lambda: report(files={"a.zip": samples.zipped({"original.eml": RAW})}).as_bytes(),
    "zip with msg": lambda: report(files={"a.zip": samples.zipped({"a.msg": as_outlook_message()})}).as_bytes(),
    "zip with mbox": lambda: report(files={"a.zip": samples.zipped({"box": MBOX})}).as_bytes(),
    "zip in zip": lambda: report(files={"a.zip": samples.zipped({"b.zip": samples.zipped({"o.eml": RAW})})}).as_bytes(),
    "eml in eml": lambda: report(files={"a.eml": report(files={"original.eml": RAW}).as_bytes()}).as_bytes(),
}


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor(load_packs(), Settings(), InProcessReader())


@pytest.mark.parametrize("form", [form for form in FORMS if form != "eml in eml"])
def test_the_original_is_judged_and_the_reporter_is_its_recipient(form: str, assessor: Assessor) -> None:
    found = assessor.assess(RawMessage(Ref("a.eml"), FORMS[form]()))
    (record,) = found.records
    assert record.via is Via.REPORT
    assert record.verdict.label is Label.APPROACH
    assert record.recipient == "kim@kaist.ac.kr"
    assert record.sender == "hr@talent-bridge.example.com"
    assert record.carrier_message_id == "<report@kaist.ac.kr>"


@pytest.mark.parametrize("form", [form for form in FORMS if form not in {"eml in eml", "inline, Naver"}])
def test_a_later_delivery_of_the_same_original_is_no_second_approach(
    form: str, assessor: Assessor, tmp_path: Path
) -> None:
    (tmp_path / "1.eml").write_bytes(FORMS[form]())
    (tmp_path / "2.eml").write_bytes(RAW)
    with Ledger.open() as ledger:
        scan([tmp_path], ledger, assessor.pack, assessor)
        records = list(ledger.records())
    assert len({record.message_key for record in records}) == 1


def test_a_zip_with_a_password_is_counted_as_such_and_not_opened(assessor: Assessor) -> None:
    found = assessor.assess(RawMessage(Ref("a"), report(files={"a.zip": samples.encrypted_zip("o.eml")}).as_bytes()))
    assert found.reading is Reading.PARTLY_READ
    assert "encrypted" in found.defects[0]


def test_what_a_source_lost_is_partly_read(tmp_path: Path) -> None:
    settings = Settings(source_limits=Limits(message_bytes=400))
    assessor = Assessor(load_packs(), settings)
    (tmp_path / "a.mbox").write_bytes(MBOX + b"\n" + MBOX[:300] + b"\n\nshort\n")
    (tmp_path / "b.eml").write_bytes(RAW)
    with Ledger.open() as ledger:
        scan([tmp_path], ledger, assessor.pack, assessor)
        accounts = list(ledger.accounts())
    assert sum(account.partly_read for account in accounts) == 2
    assert sum(account.found for account in accounts) == 3


def test_a_missing_reader_of_attachments_is_one_line_of_coverage(
    assessor: Assessor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = [FORMS["msg"]() for _ in range(3)]
    monkeypatch.setitem(sys.modules, "aspose.email_foss.cfb", None)
    separator = b"From a@b.c Mon Mar  4 01:00:00 2024\n"
    (tmp_path / "a.mbox").write_bytes(b"".join(separator + mail + b"\n" for mail in mails))
    with Ledger.open() as ledger:
        scan([tmp_path], ledger, assessor.pack, assessor)
        accounts = list(ledger.accounts())
    assert sum(account.partly_read for account in accounts) == 3
    notes = [note for account in accounts for note in account.notes]
    assert {note for note in notes if "pip install 'outreach-audit[outlook]'" in note} == set(notes)
    assert 0 < len(notes) <= len(accounts)
