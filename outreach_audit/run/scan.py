"""One run over mailboxes: read, assess, store, and account for every message."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from outreach_audit import __version__
from outreach_audit.attribution.knowledge import DomainKind
from outreach_audit.codes import Folder, Reading
from outreach_audit.ledger import FileAccount, Ledger, Record
from outreach_audit.packs.model import Pack
from outreach_audit.run.assess import Assessed, Assessor
from outreach_audit.run.settings import Settings
from outreach_audit.sources import HeaderOnly, Item, Note, RawMessage, Skipped, read

_BATCH = 500
_SHARED_HOSTS = frozenset({DomainKind.FREEMAIL, DomainKind.PLATFORM, DomainKind.BULK_MAILER, DomainKind.LIST_HOST})


class Observer(Protocol):
    """Told how a run goes on; the library itself prints nothing."""

    def message(self, assessed: Assessed) -> None:
        """One more message was assessed."""

    def skipped(self, skipped: Skipped) -> None:
        """Something was not read."""


class Silent:
    """An observer that says nothing."""

    def message(self, assessed: Assessed) -> None:
        """Ignore."""

    def skipped(self, skipped: Skipped) -> None:
        """Ignore."""


@dataclass(slots=True)
class _Account:
    """The running account of one file or member."""

    path: str
    member: str | None
    readings: dict[Reading, int] = field(default_factory=lambda: dict.fromkeys(Reading, 0))
    header_only: int = 0
    skipped: str = ""
    notes: list[str] = field(default_factory=list)
    folders: set[Folder] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None

    def add(self, assessed: Assessed) -> None:
        """Count one message."""
        self.readings[assessed.reading] += 1
        self.header_only += assessed.header_only
        self.folders.add(assessed.folder)
        if assessed.date is not None:
            self.first = min(self.first or assessed.date, assessed.date)
            self.last = max(self.last or assessed.date, assessed.date)

    def skip(self, skipped: Skipped) -> None:
        """Count what was not read."""
        self.readings[Reading.UNREADABLE] += skipped.messages
        if skipped.messages:
            self.notes.append(f"at byte {skipped.ref.offset}: {skipped.reason}")
        else:
            self.skipped = skipped.reason

    def closed(self) -> FileAccount:
        """The account as it is stored."""
        found = sum(self.readings.values())
        return FileAccount(
            path=self.path,
            member=self.member,
            found=found,
            read=self.readings[Reading.READ],
            read_with_defects=self.readings[Reading.READ_WITH_DEFECTS],
            partly_read=self.readings[Reading.PARTLY_READ],
            unreadable=self.readings[Reading.UNREADABLE],
            header_only=self.header_only,
            skipped="" if found else self.skipped,
            notes=tuple(self.notes) + ((self.skipped,) if found and self.skipped else ()),
            folders=tuple(sorted(self.folders)),
            first_date=self.first,
            last_date=self.last,
        )


def _by_file(items: Iterator[Item]) -> Iterator[tuple[_Account, Item]]:
    """Each item with the account of its file; sources give the items of one file one after the other."""
    accounts: dict[tuple[str, str | None], _Account] = {}
    for item in items:
        place = (item.ref.source, item.ref.member)
        if place not in accounts:
            accounts[place] = _Account(*place)
        yield accounts[place], item


def scan(
    paths: Sequence[str | Path],
    ledger: Ledger,
    pack: Pack,
    assessor: Assessor,
    *,
    observer: Observer | None = None,
    stdin: BinaryIO | None = None,
) -> None:
    """Read and assess everything at ``paths`` and store it.

    Args:
        paths: files and directories, ``-`` for an mbox on standard input.
        ledger: where records and accounts go, in batches of one transaction each.
        pack: the packs in use (for hosts that show no campaign).
        assessor: assesses each message.
        observer: is told of each message.
        stdin: what ``-`` reads.
    """
    observer = observer or Silent()
    settings: Settings = assessor.settings
    ledger.begin_run(
        {
            "version": __version__,
            "date_basis": settings.date_basis,
            "packs": [info.label for info in pack.infos],
            "pack_digests": [info.digest for info in pack.infos],
            "paths": [str(p) for p in paths],
        }
    )
    batch: list[Record] = []
    open_accounts: dict[tuple[str, str | None], _Account] = {}

    def store() -> None:
        with ledger.transaction():
            ledger.add(batch)
            ledger.add_accounting([a.closed() for a in open_accounts.values()])
        batch.clear()
        last = next(reversed(open_accounts), None)
        for place in [p for p in open_accounts if p != last]:
            del open_accounts[place]

    for account, item in _by_file(read(paths, limits=settings.source_limits, stdin=stdin)):
        open_accounts[account.path, account.member] = account
        if isinstance(item, RawMessage | HeaderOnly):
            assessed = assessor.assess(item)
            account.add(assessed)
            batch += assessed.records
            observer.message(assessed)
        elif isinstance(item, Skipped):
            account.skip(item)
            observer.skipped(item)
        elif isinstance(item, Note):
            account.notes.append(item.text)
        if len(batch) >= _BATCH:
            store()
    store()
    ledger.assign_campaigns(is_common=lambda host: pack.knowledge.domain_kind(host) in _SHARED_HOSTS)
