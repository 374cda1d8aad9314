"""What a run is told: one value, made by the command line from options and configuration."""

from dataclasses import dataclass, field
from pathlib import Path

from outreach_audit.mail.limits import Limits as MailLimits
from outreach_audit.sources import Limits as SourceLimits


@dataclass(frozen=True, slots=True)
class Settings:
    """How to assess.

    ``home`` and ``institute`` override what the recipients' domains tell; ``home_domains`` are further
    domains of the reader's organisation; ``date_basis`` is ``received`` or ``header``.
    """

    home: str = ""
    institute: str = ""
    home_domains: frozenset[str] = frozenset()
    date_basis: str = "received"
    packs: tuple[Path, ...] = ()
    source_limits: SourceLimits = field(default_factory=SourceLimits)
    mail_limits: MailLimits = field(default_factory=MailLimits)
