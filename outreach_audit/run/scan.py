"""One run over mailboxes: read what is new, assess, store, and account for every message (docs/ledger.md)."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

from outreach_audit import __version__
from outreach_audit.attribution.knowledge import DomainKind
from outreach_audit.ledger import Checkpoint, FileAccount, Ledger, Record
from outreach_audit.ledger.checkpoint import NEVER
from outreach_audit.ledger.judged import define
from outreach_audit.packs.definition import definition_of
from outreach_audit.packs.model import Pack
from outreach_audit.packs.watchlist import Indicator
from outreach_audit.run.accounting import ContainerAccount, Event, MailboxAccount, missing_readers
from outreach_audit.run.assess import Assessed, Assessor
from outreach_audit.run.crew import SMALL, Crew, Here, Turn
from outreach_audit.run.executors import Executor
from outreach_audit.run.marks import mark, set_watchlist
from outreach_audit.run.resume import Seen, Step, absolute, checkpoint, is_gone, judged_by, look_at, next_step
from outreach_audit.run.settings import Settings
from outreach_audit.run.shards import Whole
from outreach_audit.run.workers import packed
from outreach_audit.sources import Skipped, read
from outreach_audit.sources.folders import is_in_maildir_tmp, labels_of, walk
from outreach_audit.sources.grown import Stretch, kind_at, read_on
from outreach_audit.sources.names import shown, unshown
from outreach_audit.sources.reader import STDIN
from outreach_audit.sources.remote import path_of
from outreach_audit.sources.sniff import Kind

BATCH = 500
"""So many records, or accounts of files, are stored in one transaction."""
_WHOLE = frozenset({Step.READ, Step.REWRITTEN, Step.REJUDGE})
_ALONE = frozenset({Kind.EML, Kind.EMLX, Kind.MSG, Kind.MBOX})
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
    watchlist: Sequence[Indicator] | None = None,
    today: date | None = None,
    executor: Executor | None = None,
    gauge: Callable[[int], None] | None = None,
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
        watchlist: the indicators in force from now on; None for those that the ledger holds of an earlier run.
        today: decides which suppressions have expired; default: the day it is (UTC).
        executor: where messages are read and assessed; None for this process. The outcome is the same.
        gauge: is told how many bytes of files are done with.

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
    define(ledger, definition_of(pack))
    watch = set_watchlist(ledger, watchlist)
    if watch.indicators:
        assessor = assessor.watching(watch)
    judged = judged_by(pack, settings)
    run = _Run(ledger, settings, observer or Silent(), judged, _Options(full_digest, batch, gauge))
    crew = Crew(executor, packed(pack, settings, watch.indicators), settings) if executor else Here(assessor)
    for reading, events in crew.each(run.readings(paths, stdin, f"{STDIN} (run {number})")):
        run.take(reading, events)
    run.store()
    run.drop_what_is_gone([absolute(path) for path in paths if str(path) != STDIN])
    run.tell()
    if run.changed or not settled:
        assign_campaigns(ledger, pack)
    for remark in mark(ledger, watch, pack.suppressions, today or datetime.now(UTC).date()):
        run.say(remark)
    ledger.finish_run(number)


def assign_campaigns(ledger: Ledger, pack: Pack) -> None:
    """Assigns the campaigns of a ledger anew; hosts that many share join nothing."""
    ledger.assign_campaigns(is_common=lambda host: pack.knowledge.domain_kind(host) in _SHARED_HOSTS)


@dataclass(frozen=True, slots=True)
class _Options:
    """How files are known again, and how many records are stored in one transaction."""

    full_digest: bool
    batch: int
    gauge: Callable[[int], None] | None = None


@dataclass(slots=True, eq=False)
class _Reading(Turn):
    """A file whose turn it is, or will be: nothing is said or stored of it before.

    ``drop`` says from where on what was known of it is to be taken back, None where that is done or not needed;
    ``renamed`` is the name that it had before; ``refused`` why it is not read at all.
    """

    seen: Seen | None = None
    step: Step = Step.READ
    drop: int | None = None
    taken: int = 0
    renamed: str | None = None
    refused: Skipped | None = None
    said: set[str] = field(default_factory=set)
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
        self, ledger: Ledger, settings: Settings, observer: Observer, judged: bytes, options: _Options
    ) -> None:
        self.changed = False
        self._ledger, self._observer, self._judged = ledger, observer, judged
        self._options = options
        self._limits, self._columns = settings.source_limits, settings.log_columns
        self._pending = _Pending()
        self._planned: set[str] = set()
        self._bytes = 0
        self._refused: set[str] = set()
        self._steps = Counter[Step]()

    def readings(self, paths: Sequence[str | Path], stdin: BinaryIO | None, name: str) -> Iterator[_Reading | None]:
        """What is to be read, planned ahead of the reading; None where all before must have been taken first.

        ``name`` is that of standard input: nothing tells it from that of another run.
        """
        for path in paths:
            if str(path) == STDIN:
                items = partial(read, [STDIN], limits=self._limits, stdin=stdin, mapping=self._columns)
                yield _Reading(items, STDIN, account=ContainerAccount(name, self._ledger.account))
                continue
            top = path_of(path)
            for entry in walk(top) if top.is_dir() else [(top, ())]:
                if isinstance(entry, Skipped):
                    yield _Reading(tuple, entry.ref.source, refused=entry)
                else:
                    yield from self._planned_file(entry[0])

    def _planned_file(self, path: Path) -> Iterator[_Reading | None]:
        where = absolute(path)
        if {where, shown(str(path))} & self._planned or where in self._pending.checkpoints:
            yield None
            if where in self._pending.checkpoints:
                self.store()
        if self._ledger.path_of(shown(str(path))) not in {None, where}:
            # the same name from another working directory: only the absolute one tells the two files apart
            path = path_of(where)
        seen = look_at(path, shown(str(path)))
        known = self._ledger.checkpoint(where)
        try:
            step = next_step(seen, known, self._judged, full=self._options.full_digest) if seen else None
            kind = kind_at(path) if step in _WHOLE else None
        except OSError:
            step = None
        if seen is None or step is None:
            item = next(iter(read([path], limits=self._limits, mapping=self._columns)))
            changed = Skipped(item.ref, "changed while it was opened; the next run reads it", 0)
            yield _Reading(tuple, item.ref.source, refused=item if isinstance(item, Skipped) else changed)
            return
        self._planned |= {where, seen.source}
        yield self._reading(seen, known, step, kind)
        if known and known.source != seen.source:
            yield None

    def _reading(self, seen: Seen, known: Checkpoint | None, step: Step, kind: Kind | None) -> _Reading:
        reading = _Reading(tuple, seen.source, seen.size, seen=seen, step=step)
        if step is Step.LEAVE:
            return reading
        resume = known.resume if known and step is Step.GO_ON else 0
        if step is Step.GO_ON:
            reading.items = partial(read_on, seen.path, resume, self._limits)
        else:
            reading.items = partial(read, [seen.path], limits=self._limits, mapping=self._columns)
        if step is Step.PASS_OVER and known:
            reading.taken, whole = known.items, reading.items
            reading.items = lambda: islice(whole(), known.items, None)
        else:
            reading.drop = resume
        if known and known.source != seen.source:
            reading.renamed = known.source
        if kind is Kind.MBOX or step is Step.GO_ON:
            reading.account = MailboxAccount(seen.source, resume)
            reading.stretch = Stretch(path_of(seen.where), seen.source, labels_of(seen.path), resume)
        else:
            reading.account = ContainerAccount(
                seen.source,
                # what an earlier reading left is of no use until it has been taken back
                lambda path, member: self._ledger.account(path, member) if reading.drop is None else None,
            )
        if kind in _ALONE and seen.size <= SMALL and not is_in_maildir_tmp(seen.path):
            reading.whole = Whole(path_of(seen.where), seen.source, labels_of(seen.path))
        return reading

    def take(self, reading: _Reading, events: Iterable[Event]) -> None:
        """Stores what is in a file, batch by batch."""
        if reading.refused:
            self._refuse(reading.refused)
            return
        if reading.seen:
            self._count(reading.step)
        if reading.account:
            if reading.renamed is not None:
                self._pending.drops.append((reading.renamed, 0))
            self._take(reading, reading.account, events)
        self._bytes += reading.size
        self._tell_bytes(0)
        if reading.seen:
            self._planned -= {reading.seen.where, reading.source}

    def _take(self, reading: _Reading, account: MailboxAccount | ContainerAccount, events: Iterable[Event]) -> None:
        for event in events:
            reading.taken += 1
            account.add(event)
            if isinstance(event, Assessed):
                for missing in set(missing_readers(event)) - reading.said:
                    reading.said.add(missing)
                    self._observer.say(f"{event.ref.name}: {missing}")
                self._pending.records += event.records
                self._observer.message(event)
            elif isinstance(event, Skipped):
                self._observer.skipped(event)
            else:
                self._observer.say(f"{event.ref.name}: {event.text}")
            if event.ref.member is None:
                self._tell_bytes(event.ref.offset + event.ref.length)
            if len(self._pending.records) >= self._options.batch:
                self._put(reading, account, done=False)
                self.store()
        self._put(reading, account, done=True)
        if len(self._pending.accounts) >= self._options.batch:
            self.store()

    def _tell_bytes(self, within: int) -> None:
        if self._options.gauge:
            self._options.gauge(self._bytes + within)

    def _put(self, reading: _Reading, account: MailboxAccount | ContainerAccount, *, done: bool) -> None:
        """Adds how far a file was read to what is stored next."""
        self._pending.accounts += account.closed()
        if reading.seen is None:
            return
        if reading.drop is not None:
            self._pending.drops.append((reading.seen.source, reading.drop))
            reading.drop = None
        self._pending.checkpoints[reading.seen.where] = checkpoint(
            reading.seen, account.resume, reading.taken, self._judged, done=done, full=self._options.full_digest
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

    def say(self, text: str) -> None:
        """A remark on the run as a whole."""
        self._observer.say(text)

    def tell(self) -> None:
        """Says what was not read, or not only read on."""
        if left := self._steps[Step.LEAVE]:
            self._observer.say(f"not read again, since they are as they were: {left:,} files")
        if rewritten := self._steps[Step.REWRITTEN]:
            self._observer.say(
                f"read again from the beginning, since what was read before has changed: {rewritten:,} files"
            )
