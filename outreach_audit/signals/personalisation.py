"""How personal a message is: a field for breakdowns, never part of a decision."""

import re

from outreach_audit.mail.model import Mail, Scope
from outreach_audit.signals.evidence import Evidence

_OPENING = 300  # characters in which a reader is greeted
_TITLE_QUOTED = re.compile(r"[\"“«„「『《][^\"”»“」』》]{18,200}[\"”»“」』》]")
_NAME_PART = re.compile(r"[^\W\d_]{2,}")
# Words of a greeting that name nobody.
_NOBODY = frozenset(
    _NAME_PART.findall(
        """
        dr prof professor doctor mr ms mrs sir madam colleague colleagues scholar scientist researcher expert friend
        author all team esteemed respected honoured honorable distinguished and or your name you there title firstname
        lastname herr frau doktor kollege kollegen kollegin damen herren monsieur madame docteur professeur collègue
        doctora señor señora profesor profesora colega уважаемый уважаемая коллега коллеги профессор доктор 교수 박사
        """
    )
)
_GREETED = re.compile(
    r"^\W*(?:dear|hi|hello|hey|liebe[rs]?|sehr geehrte[rs]?|guten tag|hallo|cher|chère|bonjour|estimad[oa]|querid[oa]"
    r"|hola|уважаем\w+|дорог\w+|здравствуйте)\b([^\n]{0,60})",
    re.IGNORECASE | re.MULTILINE,
)
# A name before an honorific.
_HONOURED = re.compile(
    r"([가-힣]{1,4}) ?(?:명예)?(?:교수|박사|연구원|책임|선생|대표|선배|소장|위원)[가-힣 ]{0,5}님"
    r"|([\u4e00-\u9fff]{1,4})(?:教授|老师|老師|博士|先生|女士|师兄|學長|学长|工)[^\n]{0,3}[:：,，、您你]"
    r"|([\u3040-\u30ff\u4e00-\u9fff]{1,6}) ?(?:様|さま|先生|さん|博士|教授|くん|殿)"
)
_FOR_MANY = frozenset({"eligibility", "deadline"})
_NO_NAME = frozenset(_NAME_PART.findall("존경하는 尊敬的 敬爱的 各位 专家 お客 ご担当者 担当者 담당 모든")) | {"皆"}


def _names(mail: Mail, address: str) -> set[str]:
    """Parts of the reader's name as the addresses of the mail give it."""
    shown = [a.name for a in mail.to + mail.cc if a.address == address or len(mail.to) == 1]
    local = address.partition("@")[0]
    return {part.casefold() for text in [*shown, local] for part in _NAME_PART.findall(text)} - _NOBODY


def _greeted(opening: str) -> bool:
    """Whether the greeting names somebody."""
    if (found := _GREETED.search(opening)) and any(
        part.casefold() not in _NOBODY for part in _NAME_PART.findall(found[1])
    ):
        return True
    honoured = (next(filter(None, m.groups()), "") for m in _HONOURED.finditer(opening[: _OPENING // 4]))
    return any(name.strip() not in _NO_NAME for name in honoured)


def personalisation(mail: Mail, evidence: Evidence, address: str) -> int:
    """Grade a message from 0 (none) to 4 (detail of employer, family or career); docs/definitions.md, section 3.

    Args:
        mail: the assessed message.
        evidence: what was found in it.
        address: the reader's address.
    """
    text = mail.text_of(Scope.BODY, Scope.FORWARDED, Scope.ATTACHMENT)
    shown = evidence.concepts.keys()
    if "career_detail" in shown:
        return 4
    if "hook" in shown and _TITLE_QUOTED.search(text):
        return 3
    opening = mail.subject + "\n" + text[:_OPENING]
    named = any(name in opening.casefold() for name in _names(mail, address)) or _greeted(text[:_OPENING])
    # Rules of who may apply, and a closing date, are written for many; without them the reader's field is the subject.
    if {"hook", "want_person"} & shown and "eligibility" not in shown:
        return 2
    return (1 if _FOR_MANY & shown else 2) if named else 0
