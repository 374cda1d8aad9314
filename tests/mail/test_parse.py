"""Whole messages: texts by scope, addresses, deliveries, inner messages, and what could not be read."""

import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.codes import Reading
from outreach_audit.mail import Address, Limits, Mail, Scope, from_log, parse
from outreach_audit.mail.attachments import Extracted
from outreach_audit.mail.bodies import calendar_text, unflowed, unsaid
from outreach_audit.sources.model import HeaderOnly, Ref

OFFER = "We offer a full professorship with housing and a start-up fund of five million."


def multipart(kind: str, *parts: str) -> bytes:
    head = f"From: A <a@example.org>\nSubject: s\nContent-Type: multipart/{kind}; boundary=b\n\n"
    return (head + "".join(f"--b\n{part}\n" for part in parts) + "--b--\n").encode()


class Reader:
    """Reads every attachment as its bytes in Latin-1."""

    def begin(self) -> None:
        pass

    def read(self, name: str, content_type: str, data: bytes) -> Extracted:
        return Extracted("failed", "", "broken") if b"broken" in data else Extracted("text", data.decode("latin-1"), "")


def test_every_field_of_an_ordinary_message() -> None:
    mail = parse(
        b"Return-Path: <a@example.org>\n"
        b"Delivered-To: kim@institute.example\n"
        b"Received: from x by y for <Kim.Alias@institute.example>; Fri, 17 May 2024 10:15:20 +0900\n"
        b"Received: from w by x for <other@example.org>; Fri, 17 May 2024 10:15:10 +0900\n"
        b'From: "Talent, Office" <HR@Example.org>\n'
        b"Reply-To: reply@example.net\n"
        b"To: kim@institute.example, Lee <lee@institute.example>\n"
        b"Cc: c@example.org\n"
        b"Subject: =?utf-8?B?5oub6IGY?=\n"
        b"Date: Fri, 17 May 2024 10:15:15 +0900\n"
        b"Message-ID: <1@example.org>\n\n"
        b"Read http://example.org/post now.\n"
    )
    assert mail.message_id == "1@example.org"
    assert mail.subject == "招聘"
    assert mail.sender == Address("Talent, Office", "hr@example.org")
    assert mail.reply_to == (Address("", "reply@example.net"),)
    assert [address.address for address in mail.to] == ["kim@institute.example", "lee@institute.example"]
    assert mail.cc == (Address("", "c@example.org"),)
    assert mail.delivered_to == ("kim@institute.example", "kim.alias@institute.example")
    assert mail.dates.header == datetime(2024, 5, 17, 1, 15, 15, tzinfo=UTC)
    assert mail.dates.received == datetime(2024, 5, 17, 1, 15, 20, tzinfo=UTC)
    assert mail.text_of(Scope.SUBJECT) == "招聘"
    assert mail.text_of(Scope.BODY).strip() == "Read http://example.org/post now."
    assert [link.host for link in mail.links] == ["example.org"]
    assert mail.header("subject") == "招聘"
    assert (mail.reading, mail.defects) == (Reading.READ, ())


def test_alternatives_that_say_the_same_are_told_once() -> None:
    mail = parse(
        multipart(
            "alternative",
            f"Content-Type: text/plain\n\n{OFFER}",
            f'Content-Type: text/html\n\n<p>{OFFER.replace("full", "<b>full</b>")} <a href="http://x.example/">here</a></p>',
        )
    )
    assert mail.text_of(Scope.BODY).count("professorship") == 1
    assert [link.host for link in mail.links] == ["x.example"]


def test_what_only_the_html_says_is_told_too() -> None:
    mail = parse(
        multipart(
            "alternative",
            "Content-Type: text/plain\n\nPlease enable HTML.",
            f"Content-Type: text/html\n\n<p>{OFFER}</p>",
        )
    )
    assert "Please enable HTML." in mail.text_of(Scope.BODY)
    assert [text.text.strip() for text in mail.texts if text.origin == "html"] == [OFFER]


def test_html_alone_is_the_body_and_its_hidden_text_is_apart() -> None:
    markup = f'<html><p>{OFFER}</p><div style="display:none">unseen words</div></html>'
    for content in (
        f"Content-Type: text/html\n\n{markup}",
        f"Subject: mislabelled\nContent-Type: text/plain\n\n{markup}",
    ):
        mail = parse(content.encode())
        assert mail.text_of(Scope.BODY).strip() == OFFER
        assert "unseen" in mail.text_of(Scope.HIDDEN)


def test_attachments_are_listed_and_read_where_there_is_a_reader() -> None:
    content = multipart(
        "mixed",
        "\nsee attached",
        "Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''%E6%8B%9B.pdf\n\nthe call",
        "Content-Type: text/plain\nContent-Disposition: attachment; filename=broken.txt\n\nbroken",
        "Content-Type: image/png; name=a.png\n\npixels",
    )
    listed = parse(content)
    assert [(item.name, item.state) for item in listed.attachments] == [
        ("招.pdf", "none"),
        ("broken.txt", "none"),
        ("a.png", "none"),
    ]
    assert listed.reading is Reading.READ
    mail = parse(content, attachments=Reader())
    assert [item.state for item in mail.attachments] == ["text", "failed", "text"]
    assert mail.texts[-2].origin == "招.pdf"
    assert "the call" in mail.text_of(Scope.ATTACHMENT)
    assert mail.reading is Reading.PARTLY_READ
    refused = parse(content, attachments=Reader(), limits=Limits(attachment_bytes=3))
    assert [item.state for item in refused.attachments] == ["refused", "refused", "refused"]


@pytest.mark.parametrize(
    ("extracted", "reading", "sentence"),
    [
        (
            Extracted("text", "some words", "cut after 9 characters"),
            Reading.PARTLY_READ,
            "not read in full: cut after 9",
        ),
        (Extracted("text", "some words"), Reading.READ, ""),
        (Extracted("image_only", "", "a PDF without text"), Reading.READ_WITH_DEFECTS, "not read: a PDF without text"),
        (Extracted("unsupported", "", "an archive"), Reading.READ_WITH_DEFECTS, "not read: an archive"),
        (Extracted("unsupported"), Reading.READ_WITH_DEFECTS, "not read: unsupported"),
        (Extracted("encrypted", "", "a PDF with a password"), Reading.PARTLY_READ, "not read: a PDF with a password"),
        (Extracted("refused", "", "larger\nthan 1 MB"), Reading.PARTLY_READ, "not read: larger than 1 MB"),
        (Extracted("none"), Reading.READ, ""),
    ],
)
def test_what_was_not_read_of_an_attachment_is_a_defect(extracted: Extracted, reading: Reading, sentence: str) -> None:
    class Fixed:
        def begin(self) -> None:
            pass

        def read(self, name: str, content_type: str, data: bytes) -> Extracted:
            assert content_type == "application/pdf; charset=gb2312"
            return extracted

    part = "Content-Type: application/pdf; charset=gb2312; name=a.pdf\n\nthe call"
    mail = parse(multipart("mixed", "\nsee attached", part), attachments=Fixed())
    assert mail.reading is reading
    assert sentence in "; ".join(mail.defects)
    assert bool(mail.defects) is bool(sentence)


def test_nameless_pictures_and_empty_parts_are_not_listed_and_empty_files_are() -> None:
    mail = parse(multipart("mixed", "\ntext", "Content-Type: image/png\n\nx", "Content-Type: x/y; name=a\n\n"))
    assert [(item.name, item.size) for item in mail.attachments] == [("a", 0)]


def test_attached_messages_are_inner_messages() -> None:
    inner = "From: B <b@example.org>\nSubject: inner\nMessage-ID: <2@example.org>\n\n" + OFFER
    mail = parse(
        multipart(
            "mixed",
            "\nwhat is this?",
            f"Content-Type: message/rfc822\n\n{inner}",
            f'Content-Type: application/octet-stream; name="mail.eml"\n\n{inner}',
        )
    )
    assert [message.message_id for message in mail.inner] == ["2@example.org"] * 2
    assert all("professorship" in message.text_of(Scope.BODY) and not message.inline for message in mail.inner)
    assert "professorship" not in mail.text_of(Scope.BODY)


def test_a_message_handed_on_in_the_text_is_an_inner_message() -> None:
    mail = parse(
        b"From: staff@institute.example\nSubject: Fwd: offer\n\nPlease look at this.\n\n"
        b"---------- Forwarded message ---------\nFrom: HR <hr@example.org>\nDate: Fri, May 17, 2024 at 10:15 AM\n"
        b"Subject: offer\nTo: <staff@institute.example>\n\n" + OFFER.encode() + b"\n"
    )
    [inner] = mail.inner
    assert inner.inline
    assert inner.sender.address == "hr@example.org"
    assert inner.subject == "offer"
    assert OFFER in inner.text_of(Scope.BODY)
    assert inner.message_id is None


def test_a_delivery_notice_hands_nothing_on() -> None:
    content = multipart(
        "report; report-type=delivery-status",
        "\nYour mail could not be delivered.",
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; y@example.org\n",
        f"Content-Type: message/rfc822\n\nSubject: returned\n\n{OFFER}",
    )
    mail = parse(content)
    assert mail.delivery_notice
    assert mail.inner == ()
    assert "could not be delivered" in mail.text_of(Scope.BODY)


def test_a_feedback_report_hands_the_message_on() -> None:
    content = multipart(
        "report; report-type=feedback-report",
        "\nA user reported this.",
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n",
        f"Content-Type: message/rfc822\n\nSubject: reported\n\n{OFFER}",
    )
    mail = parse(content)
    assert not mail.delivery_notice
    assert [inner.subject for inner in mail.inner] == ["reported"]


def test_a_calendar_entry_is_text() -> None:
    entry = "BEGIN:VCALENDAR\nSUMMARY:Talent forum\nDESCRIPTION;LANGUAGE=en:Fly in\\, all pai\n d\\nRSVP\nEND:VCALENDAR"
    mail = parse(f"Subject: s\nContent-Type: text/calendar\n\n{entry}".encode())
    assert mail.calendar
    assert mail.text_of(Scope.BODY) == "Talent forum\nFly in, all paid\nRSVP"
    assert calendar_text("no entry") == ""


@pytest.mark.parametrize(
    "content",
    [
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nabc",
        b"Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\n1\n--b--\n",
        b"Subject: s\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n",
    ],
)
def test_what_is_encrypted_is_partly_read(content: bytes) -> None:
    mail = parse(content)
    assert mail.reading is Reading.PARTLY_READ
    assert any("encrypted" in defect for defect in mail.defects)


@pytest.mark.parametrize("content", [b"", b"\0" * 50, b"\n\n\n", b" "])
def test_what_has_neither_header_nor_text_is_unreadable(content: bytes) -> None:
    assert parse(content).reading is Reading.UNREADABLE


def test_text_without_a_header_is_read() -> None:
    assert OFFER in parse(OFFER.encode()).text_of(Scope.BODY)


def test_an_address_with_faults_is_kept_and_marked() -> None:
    mail = parse(b"From: x <a..b@example.org>\n\nbody")
    assert mail.sender.address == "a..b@example.org"
    assert mail.reading is Reading.READ_WITH_DEFECTS


def test_flowed_text_is_joined() -> None:
    assert unflowed("a \nb\n> c \n> d\n-- \nname", delete_space=False) == "a b\n> c d\n-- \nname"
    assert unflowed("招 \n聘", delete_space=True) == "招聘"
    assert unflowed(" >quoted by stuffing", delete_space=False) == ">quoted by stuffing"


def test_what_the_html_says_more_is_what_the_plain_text_lacks() -> None:
    assert unsaid("Dear *all*, we meet\nat noon. [1]", "Dear all, we meet at noon.\nUnsubscribe") == ""
    assert unsaid("Dear all", f"Dear all\n{OFFER}") == OFFER


def test_a_log_line_is_a_mail_without_text() -> None:
    entry = HeaderOnly(
        Ref("log"), "HR <hr@example.org>", ("kim@institute.example",), "offer", "2024-05-17 01:15:15+00:00"
    )
    mail = from_log(entry)
    assert mail.sender == Address("HR", "hr@example.org")
    assert mail.delivered_to == ("kim@institute.example",)
    assert mail.dates.header == datetime(2024, 5, 17, 1, 15, 15, tzinfo=UTC)
    assert mail.texts[0].text == "offer"
    assert mail.headers == ()


def test_a_message_on_which_reading_fails_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["outreach_audit.mail.texts"], "segment", lambda *_, **__: 1 / 0)
    mail = parse(b"Subject: s\n\nbody")
    assert mail.reading is Reading.UNREADABLE
    assert mail.defects == ("reading the message failed (ZeroDivisionError)",)


def clean(mail: Mail) -> bool:
    assert not any("failed (" in defect for defect in mail.defects)
    texts = [mail.subject, *(text.text for text in mail.texts), *(value for _, value in mail.headers)]
    return all("\0" not in text and text.encode("utf-8") is not None for text in texts) and all(map(clean, mail.inner))


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_mail(content: bytes) -> None:
    assert clean(parse(content))


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["From", "To", "Subject", "Date", "Content-Type", "Received", "Content-Transfer-Encoding", "Message-ID"]
            ),
            st.text(max_size=40)
            | st.sampled_from(["multipart/mixed; boundary=b", "message/rfc822", "text/html", "base64"]),
        ),
        max_size=6,
    ),
    st.text(max_size=100) | st.sampled_from(["--b\n\nx\n--b--", "Subject: x\n\ny"]),
)
def test_any_header_is_a_mail(fields: list[tuple[str, str]], body: str) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in fields)
    assert clean(parse(f"{head}\n{body}".encode("utf-8", "surrogatepass")))
