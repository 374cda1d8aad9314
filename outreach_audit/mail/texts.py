"""What the bodies of a message say: texts by scope, links, and the messages that they hand on inline."""

from collections.abc import Iterable
from dataclasses import dataclass

from outreach_audit.mail.addresses import parse_addresses
from outreach_audit.mail.bodies import Body
from outreach_audit.mail.fields import one_line
from outreach_audit.mail.inline import InlineForward, inline_forwards
from outreach_audit.mail.limits import Budget, Faults
from outreach_audit.mail.links import merged, text_links
from outreach_audit.mail.model import Address, Dates, Link, Mail, Scope, Text
from outreach_audit.mail.scopes import segment
from outreach_audit.mail.spoken import spoken_date
from outreach_audit.mail.subjects import is_forward_subject, is_reply_subject


@dataclass(frozen=True, slots=True)
class Way:
    """Where a message goes: what its subject says of that, and the addresses."""

    forward: bool | None
    recipients: frozenset[str]


def texts_of(
    bodies: Iterable[Body], budget: Budget, faults: Faults, way: Way
) -> tuple[tuple[Text, ...], tuple[Link, ...]]:
    """The bodies' texts by scope, and all links of theirs."""
    texts: list[Text] = []
    links: list[Link] = []
    said: set[str] = set()
    for body in bodies:
        links += (link for html in body.html for link in html.links)
        for html in body.html:
            for defect in html.defects:
                faults.note(defect)
        for origin, text in (("", body.said), ("html", body.more)):
            if text.strip() and text not in said:
                said.add(text)
                parts = segment(text, forward=way.forward, recipients=way.recipients)
                texts += (Text(part.scope, part.text, origin) for part in parts if part.text.strip())
                links += text_links(text)
        texts += (Text(Scope.HIDDEN, html.hidden, "html") for html in body.html if html.hidden.strip())
    kept = merged(links)
    if len(kept) > budget.links:
        faults.lose(f"links beyond {budget.limits.links} were not kept")
    kept = kept[: budget.links]
    budget.links -= len(kept)
    return tuple(texts), kept


def forwards(subject: str) -> bool | None:
    """What a subject's prefix says: handed on, answered (False), or nothing."""
    if is_forward_subject(subject):
        return True
    return False if is_reply_subject(subject) else None


def inline_messages(bodies: Iterable[Body], budget: Budget, faults: Faults, way: Way) -> list[Mail]:
    """The messages that were handed on within the text."""
    found: list[Mail] = []
    for body in bodies:
        for handed_on in inline_forwards(body.said, forward=way.forward, recipients=way.recipients):
            if budget.inner <= 0:
                faults.lose("further messages within the message were not read")
                return found
            budget.inner -= 1
            found.append(_forwarded(handed_on))
    return found


def _forwarded(forward: InlineForward) -> Mail:
    """A message known from the lines that a forwarding program wrote above it."""
    sender = parse_addresses(forward.sender)
    when, note = spoken_date(forward.date)
    subject = one_line(forward.subject)
    texts = tuple(
        Text(part.scope, part.text) for part in segment(forward.body, forward=forwards(subject)) if part.text.strip()
    )
    return Mail(
        subject=subject,
        sender=sender[0] if sender else Address("", ""),
        to=parse_addresses(forward.to),
        dates=Dates(when, None, note),
        texts=((Text(Scope.SUBJECT, subject),) if subject else ()) + texts,
        links=text_links(forward.body),
        inline=True,
    )
