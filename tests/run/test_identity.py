import pytest

from outreach_audit.codes import Folder, Via
from outreach_audit.mail import parse
from outreach_audit.packs.load import load_packs
from outreach_audit.run.folders import folder_of
from outreach_audit.run.identity import delivery_key, finding_id, message_key, recipient_of
from outreach_audit.run.settings import Settings
from outreach_audit.sources.model import Ref

HEAD = "From: a@elsewhere.org\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nSubject: x\n"


def mail(head: str, body: str = "text"):
    return parse(f"{head}\n{body}\n".encode())


@pytest.fixture(scope="module")
def knowledge():
    return load_packs().knowledge


@pytest.mark.parametrize(
    ("head", "owner", "address"),
    [
        ("To: b@else.org, kim@kaist.ac.kr\n", None, "kim@kaist.ac.kr"),
        ("To: all@lists.org\nDelivered-To: Lee@KBSI.re.kr\n", None, "lee@kbsi.re.kr"),
        ("To: kim@kaist.ac.kr\n", "owner@kims.re.kr", "owner@kims.re.kr"),
        ("To: b@else.org\n", None, "b@else.org"),
        ("", None, ""),
    ],
)
def test_the_recipient_is_the_surest_address(head, owner, address, knowledge):
    assert recipient_of(mail(HEAD + head), owner, Folder.INBOX, Settings(), knowledge).address == address


def test_in_sent_mail_the_owner_is_the_sender(knowledge):
    found = recipient_of(mail("From: kim@kaist.ac.kr\nTo: b@else.org\n"), None, Folder.SENT, Settings(), knowledge)
    assert found.address == "kim@kaist.ac.kr"


def test_home_and_institute_come_from_the_domain(knowledge):
    found = recipient_of(mail(HEAD + "To: x@mail.kbsi.re.kr\n"), None, Folder.INBOX, Settings(), knowledge)
    assert found.organisation is not None
    assert found.organisation.id == "kr-kbsi"
    assert found.home == "KR"
    assert "kbsi.re.kr" in found.domains


def test_a_freemail_recipient_owns_no_domain(knowledge):
    assert not recipient_of(mail(HEAD + "To: x@gmail.com\n"), None, Folder.INBOX, Settings(), knowledge).domains


def test_copies_of_one_message_share_a_key_and_others_do_not():
    one = mail(HEAD + "Message-ID: <a@b.org>\nTo: x@kaist.ac.kr\n")
    copy = mail(HEAD + "Message-ID: <a@b.org>\nTo: x@kaist.ac.kr\nDelivered-To: y@kaist.ac.kr\n", "banner text")
    reused = mail(HEAD.replace("1 Jan", "2 Jan") + "Message-ID: <a@b.org>\n")
    assert message_key(one) == message_key(copy)
    assert message_key(one) != message_key(reused)


@pytest.mark.parametrize("message_id", ["", "Message-ID: <>\n", "Message-ID: <none>\n"])
def test_without_a_usable_message_id_the_content_decides(message_id):
    one, same, other = (mail(HEAD + message_id, t) for t in ("some  text", "some text", "other text"))
    assert message_key(one) == message_key(same)
    assert message_key(one) != message_key(other)


def test_ids_are_the_same_on_every_machine():
    assert finding_id("m", "r", Via.DIRECT) == "b34b20fe43dbb5f1"
    assert finding_id("m", "r", Via.DIRECT) != finding_id("m", "r", Via.REPORT)
    assert delivery_key("m", "r", Via.DIRECT) != delivery_key("m", "s", Via.DIRECT)


@pytest.mark.parametrize(
    ("path", "labels", "folder"),
    [
        ("kaist/inbox/a.mbox", (), Folder.INBOX),
        ("kaist/Spam.mbox.gz", (), Folder.SPAM),
        ("kaist/quarantine/x.eml", (), Folder.QUARANTINE),
        ("box/보낸편지함/1.eml", (), Folder.SENT),
        ("Maildir/.Junk/cur/1", (), Folder.SPAM),
        ("reports/a.mbox", (), Folder.REPORTS),
        ("takeout/All mail.mbox", ("Spam", "Unread"), Folder.SPAM),
        ("somewhere/dump.mbox", (), Folder.INBOX),
        ("inbox/spam/a.mbox", (), Folder.SPAM),
    ],
)
def test_the_folder_is_told_by_labels_then_by_the_path(path, labels, folder):
    assert folder_of(Ref(path), labels) is folder
