"""How personal a message is: a field for breakdowns, never part of a decision."""

import re

from outreach_audit.mail.model import Mail, Scope
from outreach_audit.signals.evidence import Evidence

_OPENING = 300  # characters in which a reader is greeted
_TITLE_QUOTED = re.compile(r"[\"“«„「『《][^\"”»“」』》]{18,200}[\"”»“」』》]")
_NAME_PART = re.compile(r"[^\W\d_]{2,}")
_TITLES = frozenset({"dr", "prof", "professor", "교수", "박사"})


def _names(mail: Mail, address: str) -> set[str]:
    """Parts of the reader's name as the addresses of the mail give it."""
    shown = [a.name for a in mail.to + mail.cc if a.address == address or len(mail.to) == 1]
    local = address.partition("@")[0]
    return {part.casefold() for text in [*shown, local] for part in _NAME_PART.findall(text)} - _TITLES


def personalisation(mail: Mail, evidence: Evidence, address: str) -> int:
    """Grade a message from 0 (none) to 4 (detail of employer, family or career); docs/definitions.md, section 3.

    Args:
        mail: the assessed message.
        evidence: what was found in it.
        address: the reader's address.
    """
    text = mail.text_of(Scope.BODY, Scope.FORWARDED, Scope.ATTACHMENT)
    if "career_detail" in evidence.concepts:
        return 4
    if "hook" in evidence.concepts and _TITLE_QUOTED.search(text):
        return 3
    if "hook" in evidence.concepts and {"want_person", "invite"} & evidence.concepts.keys():
        return 2
    opening = (mail.subject + "\n" + text[:_OPENING]).casefold()
    if any(name in opening for name in _names(mail, address)):
        return 1
    return 0
