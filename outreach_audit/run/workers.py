"""What runs in a worker process, here or elsewhere: shards become assessed messages. No worker knows the ledger."""

import os
import pickle
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from outreach_audit import __version__
from outreach_audit.errors import OutreachAuditError
from outreach_audit.mail.attachments import ChildReader
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.model import Pack
from outreach_audit.packs.watchlist import Indicator
from outreach_audit.run.accounting import Event
from outreach_audit.run.assess import Assessed, Assessor
from outreach_audit.run.settings import Mailbox, Settings
from outreach_audit.run.shards import MOST_MESSAGES, Handed, Piece, Shard
from outreach_audit.run.watch import Watch
from outreach_audit.sources import HeaderOnly, Item, RawMessage
from outreach_audit.sources.grown import Stretch, read_stretch
from outreach_audit.sources.mbox import Part
from outreach_audit.sources.names import unshown
from outreach_audit.sources.reader import read_file


@dataclass(frozen=True, slots=True)
class Task:
    """How the shards of a run are assessed, and by which program and packs: those of a worker must be the same."""

    settings: Settings
    indicators: tuple[Indicator, ...]
    digests: tuple[str, ...]
    version: str = __version__


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one piece; ``part`` tells of a stretch where its messages begin and end."""

    events: tuple[Event, ...]
    part: Part = field(default_factory=Part)


def packed(pack: Pack, settings: Settings, indicators: Sequence[Indicator]) -> bytes:
    """The task of a run, in the form in which each shard bears it."""
    task = Task(
        # which mailbox a file lies in is told with each piece: a worker may have another working directory
        replace(settings, mailboxes=(), log_columns=dict(settings.log_columns), packs=_absolute(settings.packs)),
        tuple(indicators),
        digests_of(pack),
    )
    return pickle.dumps(task)


def digests_of(pack: Pack) -> tuple[str, ...]:
    """What tells packs apart."""
    return tuple(info.digest for info in pack.infos)


def work(task: bytes, shard: Shard) -> tuple[Outcome, ...]:
    """Assess a shard; packs are loaded with the first of a task.

    Args:
        task: as `packed` gives it.
        shard: what is read.

    Returns:
        One outcome for each piece.

    Raises:
        OutreachAuditError: this worker has another version of the program, or other packs.
    """
    assessor = _assessor(task)
    return tuple(_outcome(assessor, piece, box) for piece, box in shard.pieces)


def items_of(piece: Piece, settings: Settings, part: Part) -> Iterator[Item]:
    """What a piece holds."""
    if isinstance(piece, Handed):
        yield from piece.items
    elif isinstance(piece, Stretch):
        yield from read_stretch(piece, part, settings.source_limits)
    else:
        yield from read_file(piece.path, piece.labels, settings.source_limits, settings.log_columns, piece.source)


def assessed(assessor: Assessor, items: Iterable[Item]) -> Iterator[Event]:
    """Items with their messages assessed."""
    for item in items:
        yield assessor.assess(item) if isinstance(item, RawMessage | HeaderOnly) else item


def _outcome(assessor: Assessor, piece: Piece, box: Mailbox | None) -> Outcome:
    if box is not None:
        here = Path(os.path.abspath(unshown(piece.source)))  # noqa: PTH100 - as Settings.mailbox_of looks for it
        assessor = assessor.with_settings(replace(assessor.settings, mailboxes=(replace(box, path=here),)))
    part = Part(most=MOST_MESSAGES)
    # mails and evidence are for who asks why, and many times the size of the records
    events = tuple(
        replace(event, mails=(), evidence=()) if isinstance(event, Assessed) else event
        for event in assessed(assessor, items_of(piece, assessor.settings, part))
    )
    return Outcome(events, part)


_PRELOADED: dict[tuple[str, ...], Assessor] = {}


def preload(packs: Sequence[Path]) -> None:
    """Make packs ready where workers will be forked from: they begin at once, and share the memory."""
    pack = load_packs(packs)
    _PRELOADED[digests_of(pack)] = Assessor(pack, Settings())


_STATE = threading.local()  # a thread of a cluster's worker has an assessor, and a child process, of its own


def _assessor(packed_task: bytes) -> Assessor:
    if getattr(_STATE, "task", None) != packed_task:
        task: Task = pickle.loads(packed_task)  # noqa: S301 - from the run that started this worker
        _STATE.assessor, _STATE.task = _prepared(task), packed_task
    found: Assessor = _STATE.assessor
    return found


def _prepared(task: Task) -> Assessor:
    if task.version != __version__:
        told = f"a worker has outreach-audit {__version__}, this run {task.version}: install the same everywhere"
        raise OutreachAuditError(told)
    assessor = _PRELOADED.get(task.digests)
    if assessor is None:
        pack = load_packs(task.settings.packs)
        if digests_of(pack) != task.digests:
            raise OutreachAuditError("a worker finds other packs than this run: put the same at the same place")
        assessor = Assessor(pack, task.settings)
    assessor = assessor.with_settings(task.settings).with_reader(ChildReader(task.settings.attachment_limits))
    return assessor.watching(Watch(task.indicators)) if task.indicators else assessor


def _absolute(packs: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(path.absolute() for path in packs)
