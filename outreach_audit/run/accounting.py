"""The running account of one file: what was found in it, and up to where that is settled."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from outreach_audit.codes import Folder, Reading
from outreach_audit.ledger import FileAccount
from outreach_audit.mail.attachments.model import is_missing_reader
from outreach_audit.run.assess import Assessed
from outreach_audit.sources import Note, Skipped

Event = Assessed | Skipped | Note
_READINGS = {reading: reading.value for reading in Reading}


def missing_readers(assessed: Assessed) -> list[str]:
    """What would have to be installed to read the message in full: sentences that name the ``pip install``."""
    return [defect for defect in assessed.defects if is_missing_reader(defect)]


@dataclass(slots=True)
class _Account:
    """The running account of one stretch of a file or member."""

    path: str
    member: str | None
    offset: int = 0
    readings: dict[Reading, int] = field(default_factory=lambda: dict.fromkeys(Reading, 0))
    header_only: int = 0
    skipped: str = ""
    notes: list[str] = field(default_factory=list)
    folders: set[Folder] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None

    @classmethod
    def of(cls, kept: FileAccount) -> "_Account":
        """Goes on with an account that was stored."""
        readings = {reading: getattr(kept, name) for reading, name in _READINGS.items()}
        return cls(
            kept.path, kept.member, kept.offset, readings, kept.header_only, kept.skipped, list(kept.notes),
            set(kept.folders), kept.first_date, kept.last_date,
        )  # fmt: skip

    def add(self, event: Event) -> None:
        """Count a message, what was not read, or a fact about the whole."""
        if isinstance(event, Note):
            self.notes.append(event.text)
        elif isinstance(event, Skipped):
            self.readings[Reading.UNREADABLE] += event.messages
            if event.messages:
                self.notes.append(f"at byte {event.ref.offset}: {event.reason}")
            else:
                self.skipped = event.reason
        else:
            self.readings[event.reading] += 1
            # a gap in the installation, not in a message: one line for all that it concerns
            self.notes += [defect for defect in missing_readers(event) if defect not in self.notes]
            self.header_only += event.header_only
            self.folders.add(event.folder)
            if event.date is not None:
                self.first = min(self.first or event.date, event.date)
                self.last = max(self.last or event.date, event.date)

    def closed(self, length: int = 0) -> FileAccount:
        """The account as it is stored, of ``length`` bytes (0: to the end)."""
        found = sum(self.readings.values())
        return FileAccount(
            path=self.path,
            member=self.member,
            offset=self.offset,
            length=length,
            found=found,
            **{name: self.readings[reading] for reading, name in _READINGS.items()},
            header_only=self.header_only,
            skipped="" if found else self.skipped,
            notes=tuple(self.notes) + ((self.skipped,) if found and self.skipped else ()),
            folders=tuple(sorted(self.folders)),
            first_date=self.first,
            last_date=self.last,
        )


class MailboxAccount:
    """The account of an mbox: of its last message, which may still be being written, and of all before it.

    So a mailbox that grew is read from its last message on, and nothing counts twice.
    """

    def __init__(self, path: str, base: int) -> None:
        """Begin at ``base``, where an earlier reading settled what lies before."""
        self._settled = _Account(path, None, base)
        self._base = self.resume = base
        self._end: int | None = None
        self._tail: list[Event] = []

    def add(self, event: Event) -> None:
        """Count one more."""
        if isinstance(event, Assessed):
            if self._end is not None:
                for settled in self._tail:
                    self._settled.add(settled)
                self._tail, self.resume = [], self._end
            self._end = event.ref.offset + event.ref.length
        if isinstance(event, Note) and self.resume > self._base:
            self._settled.add(event)
        else:
            self._tail.append(event)

    def closed(self) -> list[FileAccount]:
        """The accounts as they stand."""
        tail = _Account(self._settled.path, None, self.resume)
        for event in self._tail:
            tail.add(event)
        settled = [self._settled.closed(self.resume - self._base)] if self.resume > self._base else []
        return [*settled, tail.closed()]


class ContainerAccount:
    """The accounts of any other file, one for each member."""

    resume = 0

    def __init__(self, path: str, known: Callable[[str, str | None], FileAccount | None]) -> None:
        """Begin; ``known`` tells what was stored of a member, and None where that is of no use any more."""
        self._path, self._known = path, known
        self._open: dict[str | None, _Account] = {}

    def add(self, event: Event) -> None:
        """Count one more."""
        member = event.ref.member
        if member not in self._open:
            kept = self._known(self._path, member)
            self._open[member] = _Account.of(kept) if kept else _Account(self._path, member)
        self._open[member].add(event)

    def closed(self) -> list[FileAccount]:
        """The accounts as they stand since this was last asked; what comes after goes on from what was stored."""
        accounts = [account.closed() for account in self._open.values()]
        self._open.clear()
        return accounts
