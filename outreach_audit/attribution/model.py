"""What the attribution stage gives: who is behind a message and where it leads, each with its reason."""

from dataclasses import dataclass
from enum import StrEnum

from outreach_audit.codes import SenderType


class Grade(StrEnum):
    """How strong the ground of an attribution is."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Claim:
    """One attribution: the value (``None`` where it cannot be told), how strong, and why in words."""

    value: str | None = None
    grade: Grade = Grade.NONE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """The three identities and the destination, kept apart (docs/definitions.md, sender types).

    ``dest_country`` is ISO 3166-1 alpha-2, or ``ZZ`` where it cannot be told; Hong Kong, Macao, Taiwan
    and Singapore are their own codes.
    """

    claimed_sponsor: Claim = Claim()
    sender_org: Claim = Claim()
    technical_origin: Claim = Claim()
    dest_country: Claim = Claim("ZZ")
    sender_type: SenderType = SenderType.UNKNOWN
    sender_domain: str = ""
