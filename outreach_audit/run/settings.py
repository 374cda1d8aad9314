"""What a run is told: one value, made by the command line from options and configuration."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from outreach_audit.codes import Folder
from outreach_audit.mail.attachments import Limits as AttachmentLimits
from outreach_audit.mail.limits import Limits as MailLimits
from outreach_audit.sources import Limits as SourceLimits
from outreach_audit.sources.names import unshown


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A file or folder of mail, and what is known of all mail in it better than the mail itself tells.

    Attributes:
        path: where it lies, absolute.
        folder: which folder of the mail system it is; None leaves that to labels and names.
        owner: the address of the person whose mailbox it is; ``''`` leaves that to the mail.
        institute: the institute that it belongs to; ``''`` leaves that to the settings.
    """

    path: Path
    folder: Folder | None = None
    owner: str = ""
    institute: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to assess.

    ``home`` and ``institute`` override what the recipients' domains tell; ``home_domains`` are further
    domains of the reader's organisation; ``date_basis`` is ``received`` or ``header``; ``trusted_servers`` are
    the institute's own, whose Authentication-Results count; ``log_columns`` names columns of logs that are not
    known; ``mailboxes`` are those of which more is known than their mail tells.
    """

    home: str = ""
    institute: str = ""
    home_domains: frozenset[str] = frozenset()
    date_basis: str = "received"
    packs: tuple[Path, ...] = ()
    trusted_servers: tuple[str, ...] = ()
    log_columns: Mapping[str, str] = field(default_factory=dict)
    mailboxes: tuple[Mailbox, ...] = ()
    source_limits: SourceLimits = field(default_factory=SourceLimits)
    mail_limits: MailLimits = field(default_factory=MailLimits)
    attachment_limits: AttachmentLimits = field(default_factory=AttachmentLimits)

    def mailbox_of(self, source: str) -> Mailbox | None:
        """The mailbox in which a file lies, the innermost of several; ``source`` is its path as it is shown."""
        return _mailbox_of(source, self.mailboxes) if self.mailboxes else None


@lru_cache(4096)
def _mailbox_of(source: str, mailboxes: tuple[Mailbox, ...]) -> Mailbox | None:
    where = Path(os.path.abspath(unshown(source)))  # noqa: PTH100 - resolve() follows links
    within = [box for box in mailboxes if box.path == where or box.path in where.parents]
    return max(within, key=lambda box: len(box.path.parts), default=None)
