"""Messages kept in files come out of them as messages."""

import pytest

from outreach_audit.mail.attachments import ChildReader, Extracted, InProcessReader, Limits, State

from . import samples

MAIL = b"Received: from a by b; Mon, 4 Mar 2024 01:00:05 +0000\nFrom: a@b.example\nSubject: s\n\nwords\n"
SEPARATOR = b"From a@b.example Mon Mar  4 01:00:00 2024\n"


def read(data: bytes, name: str = "", content_type: str = "", **limits: int) -> Extracted:
    return InProcessReader(Limits(**limits)).read(name, content_type, data)


@pytest.mark.parametrize(
    ("data", "name", "content_type", "messages"),
    [
        (MAIL, "a.eml", "", (MAIL,)),
        (b"just words", "a.eml", "", (b"just words",)),
        (MAIL, "", "message/rfc822", (MAIL,)),
        (MAIL, "source.txt", "text/plain", (MAIL,)),
        (SEPARATOR + MAIL + b"\n" + SEPARATOR + MAIL, "box", "", (MAIL, MAIL)),
        (b"%d\n" % len(MAIL) + MAIL + b"<plist/>", "1.emlx", "", (MAIL,)),
        (samples.zipped({"1.eml": MAIL, "2": SEPARATOR + MAIL}), "a.zip", "", (MAIL, MAIL)),
        (b"From: a\nSubject: minutes of our meeting\n\nwords", "minutes.txt", "text/plain", ()),
        (b"From here on, nothing changes.\n", "a.txt", "text/plain", ()),
        (b"2024\nFrom: a\n\nwords", "a.txt", "text/plain", ()),
    ],
)
def test_messages_come_out(data: bytes, name: str, content_type: str, messages: tuple[bytes, ...]) -> None:
    extracted = read(data, name, content_type)
    assert extracted.state == State.TEXT
    assert extracted.messages == messages
    assert extracted.note == ""


def test_raw_text_stays_text_too() -> None:
    assert "words" in read(MAIL, "source.txt", "text/plain").text
    assert read(MAIL, "a.eml").text == ""


def test_an_outlook_message_comes_out_by_its_content(shared) -> None:
    pytest.importorskip("aspose.email_foss")
    data = (shared / "conformance" / "outlook" / "testMSG_att_msg.msg").read_bytes()
    (message,) = read(data, "offer.doc", "application/msword").messages
    assert b"Subject: test email" in message


def test_no_more_messages_come_out_than_the_limits_allow() -> None:
    most = "of the messages in it no more than 2 messages or 25 MB were read"
    for data, name in (
        ((SEPARATOR + MAIL + b"\n") * 5, "a.mbox"),
        (samples.zipped({"a.mbox": (SEPARATOR + MAIL + b"\n") * 2, "b.eml": MAIL}), "a.zip"),
    ):
        extracted = read(data, name, members=2)
        assert len(extracted.messages) == 2
        assert extracted.note == most
    small = read(MAIL, "a.eml", input_bytes=len(MAIL))
    assert small.messages == (MAIL,)
    assert read(samples.zipped({"1.eml": MAIL, "2.eml": MAIL}), "a.zip", input_bytes=400).messages == (MAIL,) * 2


def test_messages_come_through_the_pipe() -> None:
    with ChildReader() as reader:
        assert reader.read("a.zip", "", samples.zipped({"1.eml": MAIL, "t.txt": b"words"})) == Extracted(
            "text", "1.eml\nt.txt\nwords", "", (MAIL,)
        )
