"""What the headers and the form of a message say, apart from its words: facts that signals can name as ``fact.…``.

None of them knows a country, a name or a language.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from outreach_audit.attribution.knowledge import DomainKind, Knowledge
from outreach_audit.codes import Folder
from outreach_audit.mail.authentication import fingerprints
from outreach_audit.mail.model import Mail, Scope

FACTS = {
    "fact.list": "a mailing list or newsletter delivers it (List-Id, or Precedence: list)",
    "fact.bulk": "sent in bulk (Precedence: bulk, or the marks of a bulk mailer)",
    "fact.unsubscribe": "carries a List-Unsubscribe header",
    "fact.thread": "answers an earlier mail (In-Reply-To or References)",
    "fact.fake_reply": "the subject claims to answer, no header says so",
    "fact.internal": "sent from the reader's own organisation",
    "fact.outgoing": "sent by the mailbox owner, or found in the folder of sent mail",
    "fact.notice": "a delivery status notice",
    "fact.noreply": "the sender takes no answers",
    "fact.student": "sent from a student address",
    "fact.platform": "a platform delivers it",
    "fact.freemail": "sent from a freemail address",
    "fact.institution": "sent from an institution's domain",
    "fact.coined": "a newly coined talent word in a generic domain",
    "fact.known_recruiter": "sent from a domain known for recruiting",
    "fact.reply_to_differs": "answers go to another domain than the sender's",
    "fact.many_readers": "addressed to a group, not to a person",
    "fact.own_cv_file": "a file named as somebody's CV, transcript or study plan is attached",
    "fact.tracking": "links that carry a personal token",
    "fact.residue": "unfilled places of a mail merge",
    "fact.short": "very little text",
    "fact.greeting": "the first line greets somebody: a few words that end with a comma, a dash or an honorific",
}

_STUDENT = re.compile(
    r"(?:^|\.)(?:stu|student|students|studenti|mails|smail|st|s|g|etu|etud|etudiant|alumni?|alumnos|stud)\."
)
_NOREPLY = re.compile(r"no-?reply|do-?not-?reply|notification|mailer-daemon", re.IGNORECASE)
_GROUP = re.compile(
    # whole words at the end of the local part only: in other places they may be part of a name
    r"(?:^|[-_.])(?:all|staff|members?|everyone|users?|colleagues|alle|tous|announce\w*|annonces|news|list)@"
    r"|^(?:all|staff)-|-ml@|@(?:lists?|listserv|groups|googlegroups)\."
)
_CV_FILE = re.compile(
    r"(?:^|[\W_])(?:cv|resume|transcript|curriculum|lebenslauf|motivation\w*)(?:[\W_]|$)"
    r"|이력서|성적증명|자기소개서|연구계획|履歴書|研究計画|简历|簡歷|履历|履歷|成绩单|研究计划|резюме",
    re.IGNORECASE,
)
_CV_NOT_OWN = re.compile(
    r"form|template|양식|様式|表格|模板|muster|vorlage|invitation|contract|offer|model", re.IGNORECASE
)
_TOKEN_LINK = re.compile(
    r"[?&/=](?:[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{16,}|[A-Za-z0-9_-]{24,})|[?&](?:e|u|uid|email|token|rid|k|c)=[^&]{3,}"
)
_RESIDUE = re.compile(
    r"\{\{?\s?[A-Za-z_]{2,24}\s?\}?\}|\[(?:Name|Title|FirstName|LastName)\]"
    r"|(?:Dear|Sehr geehrte[r]?|Cher|Estimado)\s+,|\"\s+\""
)
_REPLY = re.compile(r"^\s*(?:re|aw|sv|回复|回覆|答复|返信|답장|회신|отв)\s*[:：]", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{1,12}) ?[,，、!！–—-]+"
    r"|[\w ]{1,14}(?:様|さま|さん|先生|殿|教授|博士|くん|님|님께|께|老师|老師|师兄|學長|学长)[,，:：!！。.]?"
    r"|(?:Dr|Prof|Professor)\.? [\w'’-]{2,20} ?[,:–—-] .*"  # the letter goes on in the same line
)
# Services that carry ordinary personal mail: in some countries nearly all of it, so that their marks say nothing.
_PERSONAL = frozenset({"Coremail", "Foxmail", "Microsoft 365", "NetEase", "QQ Mail", "PHPMailer"})
_SHORT = 220  # characters
_MOST_PERSONS = 5  # more than that a person does not write to by hand


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a message is judged: the address, the domains of the own organisation, and the folder."""

    address: str = ""
    domains: frozenset[str] = frozenset()
    folder: Folder = Folder.INBOX

    def owns(self, domain: str) -> bool:
        """Whether a domain belongs to the reader's organisation."""
        return any(domain == own or domain.endswith("." + own) for own in self.domains)


def _of_sender(mail: Mail, reader: Reader, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    sender = mail.sender
    others = [a for a in mail.to + mail.cc if a.address and not reader.owns(a.domain)]
    own = [a for a in mail.to + mail.cc if reader.owns(a.domain)]
    if reader.folder is Folder.SENT:
        yield "fact.outgoing", "folder: sent"
    elif reader.owns(sender.domain):
        yield ("fact.internal" if own or not others else "fact.outgoing"), sender.address
    kind = knowledge.domain_kind(sender.domain) if sender.domain else DomainKind.OTHER
    named = {
        DomainKind.FREEMAIL: "fact.freemail",
        DomainKind.INSTITUTION: "fact.institution",
        DomainKind.COINED: "fact.coined",
        DomainKind.PLATFORM: "fact.platform",
        DomainKind.AGENCY: "fact.known_recruiter",
    }
    if fact := named.get(kind):
        yield fact, sender.domain
    if _STUDENT.search(sender.domain + "."):
        yield "fact.student", sender.domain
    if _NOREPLY.search(sender.address):
        yield "fact.noreply", sender.address
    if (answer := next((a for a in mail.reply_to if a.domain and a.domain != sender.domain), None)) is not None:
        yield "fact.reply_to_differs", answer.domain


def _of_headers(mail: Mail) -> Iterator[tuple[str, str]]:
    precedence = mail.header("precedence").lower()
    if list_id := mail.header("list-id"):
        yield "fact.list", f"List-Id: {list_id}"
    elif precedence == "list" or mail.header("x-mailman-version"):
        yield "fact.list", f"Precedence: {precedence}"
    if precedence == "bulk" or mail.header("feedback-id"):
        yield "fact.bulk", f"Precedence: {precedence or 'Feedback-ID'}"
    elif marks := [mark for mark in fingerprints(mail) if mark not in _PERSONAL]:
        yield "fact.bulk", ", ".join(marks)
    if unsubscribe := mail.header("list-unsubscribe"):
        yield "fact.unsubscribe", unsubscribe
    if answered := mail.header("in-reply-to") or mail.header("references"):
        yield "fact.thread", answered
    elif found := _REPLY.match(mail.subject):
        yield "fact.fake_reply", found.group()
    if mail.delivery_notice:
        yield "fact.notice", "multipart/report"


def _group(mail: Mail) -> str:
    """What shows that a mail is addressed to a group, or ``''``."""
    if group := next((a for a in mail.to if _GROUP.search(a.address)), None):
        return group.address
    addresses = len(mail.to) + len(mail.cc)
    return f"{addresses} addresses" if addresses > _MOST_PERSONS else ""


def is_broadcast(mail: Mail) -> bool:
    """Whether a mail goes to a list or a group."""
    return bool(mail.header("list-id") or _group(mail))


def _of_form(mail: Mail) -> Iterator[tuple[str, str]]:
    if group := _group(mail):
        yield "fact.many_readers", group
    for attachment in mail.attachments:
        if _CV_FILE.search(attachment.name) and not _CV_NOT_OWN.search(attachment.name):
            yield "fact.own_cv_file", attachment.name
            break
    if link := next((link for link in mail.links if _TOKEN_LINK.search(link.url)), None):
        yield "fact.tracking", link.host
    text = mail.text_of(Scope.SUBJECT, Scope.BODY)
    opening = next((line.strip() for line in mail.text_of(Scope.BODY).splitlines() if line.strip()), "")
    if _GREETING.fullmatch(opening):
        yield "fact.greeting", opening
    if residue := _RESIDUE.search(text):
        yield "fact.residue", residue.group()
    if len(text) + sum(len(t.text) for t in mail.texts if t.scope is Scope.ATTACHMENT) < _SHORT:
        yield "fact.short", ""


def facts(mail: Mail, reader: Reader, knowledge: Knowledge) -> dict[str, str]:
    """All facts that hold for a message.

    Args:
        mail: the message that is assessed.
        reader: for whom.
        knowledge: what is known of domains (their kind only).

    Returns:
        Fact id → what shows it, as written.
    """
    found: dict[str, str] = {}
    for group in (_of_sender(mail, reader, knowledge), _of_headers(mail), _of_form(mail)):
        for fact, shown in group:
            found.setdefault(fact, shown)
    return found
