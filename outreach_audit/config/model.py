"""The configuration as a value: what docs/configuration.md describes, key by key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from outreach_audit.config.choices import DateBasis, FailOn
from outreach_audit.mail.attachments import Limits as AttachmentLimits
from outreach_audit.mail.limits import Limits as MailLimits
from outreach_audit.run.settings import Mailbox, Settings
from outreach_audit.sources.limits import Limits as SourceLimits

LAST_MONTH, ALL = "last-month", "all"
"""Values of ``period`` beside a month such as ``2026-03``."""


@dataclass(frozen=True, slots=True)
class Institute:
    """``[institute]``: whose mail it is; ``''`` leaves it to the recipients' domains."""

    id: str = ""
    home: str = ""
    home_domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """One configuration; every path is absolute, every default that of a run without a configuration.

    Attributes:
        file: the file it was read from; None where there is none.
        institute: the table ``[institute]``.
        mailboxes: the tables ``[[mailbox]]``.
        ledger: where records are kept; None for a temporary ledger.
        packs: pack folders beside the core pack.
        key: the key of pseudonyms.
        roster: a list of staff.
        watchlists: indicators whose hits are counted apart.
        trusted_servers: names of the institute's own mail servers, as they write them in Authentication-Results.
        outputs: the folder in which ``run`` makes one folder for each month.
        period: what ``run`` reports: ``last-month``, ``all``, or a month.
        tz: the time zone of days and months.
        date_basis: which date of a message counts.
        language: of reports; one of those that have a catalogue.
        retention_days: ``run`` erases evidence, subjects and texts of mail older than this; None keeps them.
        fail_on: what makes a run end with exit code 10.
        min_coverage: a run that read a smaller share ends with exit code 5.
        publish_threshold: ``report --publish`` withholds smaller figures.
        workers: so many processes read mail; None for one on each core.
        cluster: the Dask scheduler whose workers read mail instead; ``''`` for none.
        log_columns: ``[log.columns]``: columns of logs that are not known, by field.
        source_limits: ``[limits.sources]``.
        mail_limits: ``[limits.mail]``.
        attachment_limits: ``[limits.attachments]``.
    """

    file: Path | None = None
    institute: Institute = field(default_factory=Institute)
    mailboxes: tuple[Mailbox, ...] = ()
    ledger: Path | None = None
    packs: tuple[Path, ...] = ()
    key: Path | None = None
    roster: Path | None = None
    watchlists: tuple[Path, ...] = ()
    trusted_servers: tuple[str, ...] = ()
    outputs: Path | None = None
    period: str = LAST_MONTH
    tz: str = "UTC"
    date_basis: DateBasis = DateBasis.RECEIVED
    language: str = "en"
    retention_days: int | None = None
    fail_on: FailOn = FailOn.NONE
    min_coverage: float = 0.99
    publish_threshold: int = 5
    workers: int | None = None
    cluster: str = ""
    log_columns: Mapping[str, str] = field(default_factory=dict)
    source_limits: SourceLimits = field(default_factory=SourceLimits)
    mail_limits: MailLimits = field(default_factory=MailLimits)
    attachment_limits: AttachmentLimits = field(default_factory=AttachmentLimits)

    def settings(self) -> Settings:
        """How to assess, as the configuration says it."""
        return Settings(
            home=self.institute.home,
            institute=self.institute.id,
            home_domains=frozenset(self.institute.home_domains),
            date_basis=self.date_basis.value,
            packs=self.packs,
            trusted_servers=self.trusted_servers,
            log_columns=dict(self.log_columns),
            # the others say nothing that their paths do not
            mailboxes=tuple(box for box in self.mailboxes if box.folder or box.owner or box.institute),
            source_limits=self.source_limits,
            mail_limits=self.mail_limits,
            attachment_limits=self.attachment_limits,
        )
