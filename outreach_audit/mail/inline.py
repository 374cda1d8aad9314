"""Messages that are handed on inside the text of another one."""

import re
from dataclasses import dataclass

from outreach_audit.mail.subjects import is_forward_subject
from outreach_audit.mail.trails import Trail, find_trails

_DEEPEST = 20
_BRACKETED = re.compile(r"\[(?:mailto:)?([^\[\]\s]{1,250})\]")
"""``Name [mailto:address]``, as Outlook wrote it until 2010."""
_TARGET = re.compile(r"<mailto:[^<>]{0,300}>")
"""The target of a link behind the address that it shows: ``<address<mailto:address>>``."""


@dataclass(frozen=True, slots=True)
class InlineForward:
    """One message handed on inline: the header fields that the forwarder's program kept, as written, and its text.

    ``marker`` is the line that announced it. Of a forward inside a forward, ``body`` of the outer one
    ends where the inner one begins.
    """

    sender: str
    to: str
    subject: str
    date: str
    body: str
    marker: str


def inline_forwards(
    text: str, *, forward: bool | None = None, recipients: frozenset[str] = frozenset()
) -> tuple[InlineForward, ...]:
    """The messages that the text hands on, outermost first.

    Args:
        text: the text of a message, as it was sent.
        forward: what the subject says (:func:`~outreach_audit.mail.subjects.is_forward_subject`); ``None`` where
            it neither forwards nor replies: see :func:`~outreach_audit.mail.trails.find_trails`.
        recipients: the addresses to which the message goes, in lower case.
    """
    found: list[InlineForward] = []
    lines = tuple(text.splitlines())
    for _ in range(_DEEPEST):
        trails = [trail for trail in find_trails(lines, forward=forward, recipients=recipients) if trail.forwarded]
        found += [_forward(trail, len(trail.body)) for trail in trails[:-1]]
        if not trails:
            break
        last = trails[-1]
        forward, recipients = is_forward_subject(last.fields.get("subject", "")), frozenset()
        inner = next((trail.start for trail in find_trails(last.body, forward=forward) if trail.forwarded), None)
        found.append(_forward(last, len(last.body) if inner is None else inner))
        if inner is None:
            break
        lines = last.body[inner:]
    return tuple(found)


def _forward(trail: Trail, end: int) -> InlineForward:
    fields = trail.fields
    return InlineForward(
        sender=_BRACKETED.sub(r"<\1>", _TARGET.sub("", fields.get("from", ""))),
        to=fields.get("to", ""),
        subject=fields.get("subject", ""),
        date=fields.get("date", ""),
        body="\n".join(trail.body[:end]).strip("\n"),
        marker=trail.marker,
    )
