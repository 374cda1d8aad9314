import pytest

from outreach_audit.attribution.knowledge import Knowledge
from outreach_audit.codes import Folder
from outreach_audit.mail import parse
from outreach_audit.signals.facts import FACTS, Reader, facts

READER = Reader("kim@kaist.ac.kr", frozenset({"kaist.ac.kr"}))
HEAD = "From: a@elsewhere.org\nTo: kim@kaist.ac.kr\nSubject: x\n"


def found(
    head: str, body: str = "A text that is long enough to say something. " * 8, reader: Reader = READER
) -> set[str]:
    return set(facts(parse((head + "\n" + body).encode()), reader, Knowledge(freemail=frozenset({"gmail.com"}))))


@pytest.mark.parametrize(
    ("head", "fact"),
    [
        (HEAD + "List-Id: <x.lists.org>\n", "fact.list"),
        (HEAD + "Precedence: bulk\n", "fact.bulk"),
        (HEAD + "List-Unsubscribe: <https://x.org>\n", "fact.unsubscribe"),
        (HEAD + "In-Reply-To: <a@b>\n", "fact.thread"),
        (HEAD.replace("Subject: x", "Subject: Re: x"), "fact.fake_reply"),
        (HEAD.replace("a@elsewhere.org", "lee@kaist.ac.kr"), "fact.internal"),
        ("From: lee@kaist.ac.kr\nTo: b@elsewhere.org\nSubject: x\n", "fact.outgoing"),
        (HEAD.replace("a@elsewhere.org", "no-reply@elsewhere.org"), "fact.noreply"),
        (HEAD.replace("a@elsewhere.org", "a@stu.pku.edu.cn"), "fact.student"),
        (HEAD.replace("a@elsewhere.org", "a@gmail.com"), "fact.freemail"),
        (HEAD + "Reply-To: b@other.example\n", "fact.reply_to_differs"),
        (HEAD.replace("kim@kaist", "staff-all@kaist"), "fact.many_readers"),
    ],
)
def test_a_fact_is_found(head, fact):
    assert fact in found(head)


def test_an_ordinary_mail_shows_no_fact():
    assert not found(HEAD)


def test_a_subdomain_of_the_own_organisation_is_internal():
    assert "fact.internal" in found(HEAD.replace("a@elsewhere.org", "lee@mail.kaist.ac.kr"))
    assert "fact.internal" not in found(HEAD.replace("a@elsewhere.org", "lee@notkaist.ac.kr"))


def test_mail_in_the_folder_of_sent_mail_is_outgoing():
    assert "fact.outgoing" in found(HEAD, reader=Reader("kim@kaist.ac.kr", READER.domains, Folder.SENT))


def test_residue_of_a_mail_merge_and_short_texts_are_noticed():
    assert {"fact.residue", "fact.short"} <= found(HEAD, "Dear {LastName}, good day.")


def test_every_fact_is_documented():
    from pathlib import Path

    text = (Path(__file__).parents[2] / "docs" / "packs.md").read_text(encoding="utf-8")
    assert [f for f in FACTS if f"`{f}`" not in text] == []
