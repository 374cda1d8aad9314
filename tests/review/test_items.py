"""What a person is shown, and mail read again from its source."""

from dataclasses import replace
from pathlib import Path

import pytest

from outreach_audit.codes import Label, Via
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.decisions import Scope
from outreach_audit.mail import parse
from outreach_audit.review.items import Item, campaigns, in_context, item_of, masked
from outreach_audit.review.source import reread
from outreach_audit.run.identity import message_key
from tests.ledger.make import OFFER, other, record

MAIL = b"From: a@b.example\r\nTo: c@d.example\r\nMessage-ID: <one@b.example>\r\nSubject: Minutes\r\n\r\nThe meeting is moved.\r\n"


def test_items_are_found_by_each_of_their_names():
    with Ledger.open() as ledger:
        ledger.add([record(), other(1)])
        ledger.assign_campaigns()
        one = record()
        (campaign,) = campaigns(ledger)
        assert item_of(ledger, one.finding).scope is Scope.FINDING
        assert item_of(ledger, "m1@agency.example").scope is Scope.MESSAGE
        assert item_of(ledger, one.message_id).target == campaign.records[0].message_key
        assert item_of(ledger, campaign.target) == campaign
        assert item_of(ledger, other(1).finding).judged is Label.OTHER
        assert item_of(ledger, "none") is None


def test_a_message_without_a_campaign_is_an_item_of_its_own():
    with Ledger.open() as ledger:
        ledger.add([record()])
        (item,) = campaigns(ledger)
        assert item.scope is Scope.MESSAGE


def test_what_is_shown_is_a_delivery_rather_than_a_report():
    report, direct = record("r", via=Via.REPORT), record("d")
    assert Item(Scope.CAMPAIGN, "x", (report, direct)).shown is direct
    assert Item(Scope.CAMPAIGN, "x", (report,)).shown is report


def test_recipients_are_told_by_number_and_domain():
    records = tuple(record(f"m{n}", f"p{n}@{domain}.example") for n, domain in enumerate("aabcde"))
    assert Item(Scope.CAMPAIGN, "x", records).recipients() == (
        "6 recipients at a.example, b.example, c.example and 2 more domains"
    )


@pytest.mark.parametrize(
    ("address", "text", "shown"),
    [
        ("kim.minsu@x.kr", "Dear Minsu Kim, to kim.minsu@x.kr", "Dear *** ***, to ***@x.kr"),
        ("li.wei@x.kr", "Li Wei writes likewise", "Li *** writes likewise"),
        ("office@x.kr", "our office", "our office"),
        ("", "text", "text"),
    ],
)
def test_the_recipient_is_masked_as_far_as_the_address_tells(address, text, shown):
    assert masked(record(recipient=address), text) == shown


def test_evidence_stands_in_its_context():
    text = "First words that are long enough to be cut somewhere in the middle of it. You may apply for the 기금 until May."
    (quoted,) = in_context(record(text=text))
    assert quoted.before.startswith("… ")
    assert quoted.before.endswith("You may ")
    assert quoted.after == " until May."
    (absent,) = in_context(record(text=OFFER))
    assert (absent.before, absent.after) == ("", "")


def known(path: Path):
    key = message_key(parse(MAIL))
    return replace(other(1), message_key=key, ref=replace(other(1).ref, source=str(path), offset=0, length=len(MAIL)))


def test_mail_is_read_again_from_where_it_lay(tmp_path):
    path = tmp_path / "m.eml"
    path.write_bytes(MAIL)
    with Ledger.open() as ledger:
        found = reread(ledger, known(path))
        assert (found.subject, found.sender, found.text, found.fault) == (
            "Minutes", "a@b.example", "The meeting is moved.", "",
        )  # fmt: skip
        path.write_bytes(MAIL.replace(b"<one@", b"<two@"))
        assert "the source has changed: another message lies in" in reread(ledger, known(path)).fault
        path.unlink()
        assert "the source is gone" in reread(ledger, known(path)).fault


def test_an_original_is_found_in_the_report_that_hands_it_on(tmp_path):
    report = (
        b"From: x@d.example\r\nMessage-ID: <fw@d.example>\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: message/rfc822\r\n\r\n" + MAIL
    )
    path = tmp_path / "r.eml"
    path.write_bytes(report)
    with Ledger.open() as ledger:
        one = known(path)
        one = replace(one, ref=replace(one.ref, length=len(report)))
        assert reread(ledger, one).subject == "Minutes"


def test_a_log_row_is_found_again(tmp_path):
    from outreach_audit.mail import from_log
    from outreach_audit.sources import HeaderOnly, read

    path = tmp_path / "log.csv"
    path.write_text("date,sender,recipient,subject\n2026-03-04T00:12:00Z,a@b.example,c@d.example,Minutes\n")
    (row,) = [item for item in read([path]) if isinstance(item, HeaderOnly)]
    one = replace(other(1), message_key=message_key(from_log(row)), ref=row.ref, header_only=True)
    with Ledger.open() as ledger:
        found = reread(ledger, one)
        assert found.subject == "Minutes"
        assert "only sender, recipient" in found.text
        path.write_text("date,sender,recipient,subject\n2026-03-04T00:12:00Z,a@b.example,c@d.example,Changed\n")
        assert "has changed" in reread(ledger, one).fault
