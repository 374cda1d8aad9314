"""One run over mailboxes: read what is new, assess, store, and account for every message (docs/ledger.md)."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

from outreach_audit import __version__
from outreach_audit.attribution.knowledge import DomainKind
from outreach_audit.ledger import Checkpoint, FileAccount, Ledger, Record
from outreach_audit.ledger.checkpoint import NEVER
from outreach_audit.packs.model import Pack
from outreach_audit.run.accounting import ContainerAccount, MailboxAccount
from outreach_audit.run.assess import Assessed, Assessor
from outreach_audit.run.resume import Seen, Step, absolute, checkpoint, is_gone, judged_by, look_at, next_step
from outreach_audit.run.settings import Settings
from outreach_audit.sources import HeaderOnly, Item, RawMessage, Skipped, read
from outreach_audit.sources.folders import walk
from outreach_audit.sources.grown import is_mbox, read_on
from outreach_audit.sources.names import shown, unshown
from outreach_audit.sources.reader import STDIN

BATCH = 500
"""So many records, or accounts of files, are stored in one transaction."""
_WHOLE = frozenset({Step.READ, Step.REWRITTEN, Step.REJUDGE})
_SHARED_HOSTS = frozenset({DomainKind.FREEMAIL, DomainKind.PLATFORM, DomainKind.BULK_MAILER, DomainKind.LIST_HOST})


class Observer(Protocol):
    """Told how a run goes on; the library itself prints nothing."""

    def message(self, assessed: Assessed) -> None:
        """One more message was assessed."""

    def skipped(self, skipped: Skipped) -> None:
        """Something was not read."""

    def say(self, text: str) -> None:
        """A remark on the run as a whole."""


class Silent:
    """An observer that says nothing."""

    def message(self, assessed: Assessed) -> None:
        """Ignore."""

    def skipped(self, skipped: Skipped) -> None:
        """Ignore."""

    def say(self, text: str) -> None:
        """Ignore."""


def scan(
    paths: Sequence[str | Path],
    ledger: Ledger,
    pack: Pack,
    assessor: Assessor,
    *,
    observer: Observer | None = None,
    stdin: BinaryIO | None = None,
    full_digest: bool = False,
    batch: int = BATCH,
) -> None:
    """Read and assess what is new at ``paths`` and store it.

    Args:
        paths: files and directories, ``-`` for an mbox on standard input.
        ledger: where records, accounts and checkpoints go, in batches of one transaction each.
        pack: the packs in use (for hosts that show no campaign).
        assessor: assesses each message.
        observer: is told of each message.
        stdin: what ``-`` reads.
        full_digest: know files again by every byte, not only by size, time and both ends.
        batch: how many records are stored in one transaction.

    Raises:
        OutreachAuditError: the ledger cannot be written; what was finished is in it.
    """
    settings: Settings = assessor.settings
    settled = ledger.is_settled()
    number = ledger.begin_run(
        {
            "version": __version__,
            "date_basis": settings.date_basis,
            "packs": [info.label for info in pack.infos],
            "pack_digests": [info.digest for info in pack.infos],
            "paths": [str(p) for p in paths],
        }
    )
    judged = judged_by(pack, settings)
    run = _Run(ledger, assessor, observer or Silent(), judged, _Options(full_digest, batch))
    for path in paths:
        if str(path) == STDIN:
            run.read_stdin(stdin, f"{STDIN} (run {number})")
        else:
            run.read_path(Path(path))
    run.store()
    run.drop_what_is_gone([absolute(path) for path in paths if str(path) != STDIN])
    run.tell()
    if run.changed or not settled:
        ledger.assign_campaigns(is_common=lambda host: pack.knowledge.domain_kind(host) in _SHARED_HOSTS)
    ledger.finish_run(number)


@dataclass(frozen=True, slots=True)
class _Options:
    """How files are known again, and how many records are stored in one transaction."""

    full_digest: bool
    batch: int


@dataclass(slots=True)
class _Reading:
    """A file that is being read.

    ``drop`` says from where on what was known of it is to be taken back, None where that is done or not needed.
    """

    seen: Seen | None = None
    drop: int | None = None
    items: int = 0
    account: MailboxAccount | ContainerAccount | None = None


@dataclass(slots=True)
class _Pending:
    """What the next transaction stores."""

    drops: list[tuple[str, int]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    accounts: list[FileAccount] = field(default_factory=list)
    checkpoints: dict[str, Checkpoint] = field(default_factory=dict)


class _Run:
    """What is underway in one run."""

    def __init__(
        self, ledger: Ledger, assessor: Assessor, observer: Observer, judged: bytes, options: _Options
    ) -> None:
        self.changed = False
        self._ledger, self._assessor, self._observer, self._judged = ledger, assessor, observer, judged
        self._options = options
        self._limits = assessor.settings.source_limits
        self._pending = _Pending()
        self._refused: set[str] = set()
        self._steps = Counter[Step]()

    def read_path(self, path: Path) -> None:
        """Read a file, or all files of a directory."""
        for entry in walk(path) if path.is_dir() else [(path, ())]:
            if isinstance(entry, Skipped):
                self._refuse(entry)
            else:
                self._read_file(entry[0])

    def read_stdin(self, stdin: BinaryIO | None, name: str) -> None:
        """Read standard input: nothing tells it from that of another run, so its account has a name of its own."""
        reading = _Reading(account=ContainerAccount(name, self._ledger.account))
        self._take(reading, read([STDIN], limits=self._limits, stdin=stdin))

    def _read_file(self, path: Path) -> None:
        where = absolute(path)
        if where in self._pending.checkpoints:
            self.store()
        if self._ledger.path_of(shown(str(path))) not in {None, where}:
            # the same name from another working directory: only the absolute one tells the two files apart
            path = Path(where)
        seen = look_at(path, shown(str(path)))
        known = self._ledger.checkpoint(where)
        try:
            step = next_step(seen, known, self._judged, full=self._options.full_digest) if seen else None
            splits = step in _WHOLE and is_mbox(path)
        except OSError:
            step = None
        if seen is None or step is None:
            item = next(iter(read([path], limits=self._limits)))
            changed = Skipped(item.ref, "changed while it was opened; the next run reads it", 0)
            self._refuse(item if isinstance(item, Skipped) else changed)
            return
        self._count(step)
        if step is not Step.LEAVE:
            self._begin(seen, known, step, splits=splits)

    def _begin(self, seen: Seen, known: Checkpoint | None, step: Step, *, splits: bool) -> None:
        reading = _Reading(seen)
        resume = known.resume if known and step is Step.GO_ON else 0
        if step is Step.GO_ON:
            items = read_on(seen.path, resume, self._limits)
        else:
            items = read([seen.path], limits=self._limits)
        if step is Step.PASS_OVER and known:
            reading.items = known.items
            items = islice(items, known.items, None)
        else:
            reading.drop = resume
        if known and known.source != seen.source:
            self._pending.drops.append((known.source, 0))
        if splits or step is Step.GO_ON:
            reading.account = MailboxAccount(seen.source, resume)
        else:
            reading.account = ContainerAccount(
                seen.source,
                # what an earlier reading left is of no use until it has been taken back
                lambda path, member: self._ledger.account(path, member) if reading.drop is None else None,
            )
        self._take(reading, items)

    def _take(self, reading: _Reading, items: Iterable[Item]) -> None:
        account = reading.account
        assert account is not None
        for item in items:
            reading.items += 1
            if isinstance(item, RawMessage | HeaderOnly):
                assessed = self._assessor.assess(item)
                account.add(assessed)
                self._pending.records += assessed.records
                self._observer.message(assessed)
            else:
                account.add(item)
                if isinstance(item, Skipped):
                    self._observer.skipped(item)
            if len(self._pending.records) >= self._options.batch:
                self._put(reading, account, done=False)
                self.store()
        self._put(reading, account, done=True)
        if len(self._pending.accounts) >= self._options.batch:
            self.store()

    def _put(self, reading: _Reading, account: MailboxAccount | ContainerAccount, *, done: bool) -> None:
        """Adds how far a file was read to what is stored next."""
        self._pending.accounts += account.closed()
        if reading.seen is None:
            return
        if reading.drop is not None:
            self._pending.drops.append((reading.seen.source, reading.drop))
            reading.drop = None
        self._pending.checkpoints[reading.seen.where] = checkpoint(
            reading.seen, account.resume, reading.items, self._judged, done=done, full=self._options.full_digest
        )

    def _refuse(self, skipped: Skipped) -> None:
        """A directory that was not entered, or a file that cannot be opened: what was found in it before stays."""
        self._observer.skipped(skipped)
        where = absolute(unshown(skipped.ref.source))
        self._refused.add(where)
        known = self._ledger.checkpoint(where)
        if known is None or known.size == NEVER:
            account = ContainerAccount(skipped.ref.source, lambda *_: None)
            account.add(skipped)
            self._pending.accounts += account.closed()
            self._pending.checkpoints[where] = Checkpoint(where, skipped.ref.source)

    def store(self) -> None:
        """Stores all that is pending, together or not at all."""
        pending, self._pending = self._pending, _Pending()
        with self._ledger.transaction():
            for source, offset in pending.drops:
                self._ledger.drop(source, offset)
            self._ledger.add(pending.records)
            self._ledger.add_accounting(pending.accounts)
            self._ledger.set_checkpoints(pending.checkpoints.values())
        self.changed = self.changed or bool(pending.drops or pending.records)

    def drop_what_is_gone(self, roots: Sequence[str]) -> None:
        """Takes back files that are gone and add nothing: renamed, moved or compressed, they were read where they are.

        What could not be opened before and was not met again below ``roots`` is no gap any more.
        """
        gone = [
            known.source
            for known in self._ledger.checkpoints()
            if is_gone(known.path)
            or (known.size == NEVER and any(known.path == r or known.path.startswith(r + os.sep) for r in roots))
            if known.path not in self._refused
        ]
        with self._ledger.transaction():
            for source in gone:
                if self._ledger.is_superseded(source):
                    self._ledger.drop(source)
                    self.changed = True

    def _count(self, step: Step) -> None:
        self._steps[step] += 1
        if step is Step.REJUDGE and self._steps[step] == 1:
            self._observer.say(
                "packs, settings or program are not those of an earlier run: what was read then is read again"
            )

    def tell(self) -> None:
        """Says what was not read, or not only read on."""
        if left := self._steps[Step.LEAVE]:
            self._observer.say(f"not read again, since they are as they were: {left:,} files")
        if rewritten := self._steps[Step.REWRITTEN]:
            self._observer.say(
                f"read again from the beginning, since what was read before has changed: {rewritten:,} files"
            )
