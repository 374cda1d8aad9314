"""What the signals stage gives: which signals and counter-signals fired, where, and on what words."""

from dataclasses import dataclass

from outreach_audit.mail.model import Scope


@dataclass(frozen=True, slots=True)
class Hit:
    """One signal that fired: ``text`` is the evidence as written in the mail, ``weight`` its points.

    ``counter`` marks evidence against an approach (its weight is negative).
    """

    signal: str
    scope: Scope
    text: str
    weight: float
    counter: bool
