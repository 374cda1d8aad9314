"""Files in the order of the plan, read and assessed here or by many workers, to the same effect.

Workers guess where in an mbox a message begins, and are held to it here: what a stretch gives counts only if it begins
where the one before ended (`sources.mbox.read_part`), else it is read again. So any division gives the same messages.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from outreach_audit.errors import OutreachAuditError
from outreach_audit.run.accounting import Event
from outreach_audit.run.assess import Assessor
from outreach_audit.run.executors import Executor
from outreach_audit.run.settings import Mailbox, Settings
from outreach_audit.run.shards import (
    LARGEST,
    MOST_MESSAGES,
    Handed,
    Piece,
    Shard,
    Whole,
    handed,
    shard_size,
    stretches,
    weight_of,
)
from outreach_audit.run.workers import Outcome, assessed, items_of, work
from outreach_audit.sources import Item, Ref, Skipped
from outreach_audit.sources.grown import Stretch
from outreach_audit.sources.limits import MIB, Budget
from outreach_audit.sources.mbox import Part, differing
from outreach_audit.sources.place import Place

SMALL = 256 * 1024
"""Files up to this size are grouped."""
_MOST_HANDED = 64 * MIB
_MOST_PLANNED = 2000
_PARTS = 8  # of a shard that ended its worker: fewer rounds than halves, and each round ends a worker
_TRIES = 2
_POISON = "reading it ended the process that read it, twice"


@dataclass(slots=True, eq=False)
class Turn:
    """A file whose turn it is.

    Attributes:
        items: reads it here.
        source: its name as it is shown.
        size: in bytes.
        whole: it is small and can be read elsewhere as a whole.
        stretch: it is an mbox and can be read elsewhere in stretches.
    """

    items: Callable[[], Iterable[Item]]
    source: str
    size: int = 0
    whole: Whole | None = None
    stretch: Stretch | None = None


T = TypeVar("T", bound=Turn)


class Here:
    """Files are read and assessed in this process, one message after the other."""

    def __init__(self, assessor: Assessor) -> None:
        self._assessor = assessor

    def each(self, turns: Iterable[T | None]) -> Iterator[tuple[T, Iterator[Event]]]:
        """Each file with what is in it, to be taken in this order; None in ``turns`` means nothing here."""
        for turn in turns:
            if turn is not None:
                yield turn, assessed(self._assessor, turn.items())


@dataclass(slots=True, eq=False)
class _Ticket:
    """A shard, and the future of its outcomes; None where it must be tried alone."""

    shard: Shard
    weight: int
    left: int
    future: Future[tuple[Outcome, ...]] | None = None
    outcomes: tuple[Outcome, ...] | None = None


@dataclass(slots=True)
class _Step(Generic[T]):
    """A piece of a file's turn; the last one ends it."""

    turn: T
    ticket: _Ticket | None = None
    number: int = 0
    last: bool = True


@dataclass(slots=True)
class _Chain:
    """Where the next message of an mbox begins (None: nowhere), and what was counted up to there."""

    expected: int | None = 0
    strict: int = 0
    lenient: int = 0


class Crew:
    """Files are read and assessed by workers; a bounded number of shards is underway, or done and waiting."""

    def __init__(self, executor: Executor, task: bytes, settings: Settings) -> None:
        """Prepare.

        Args:
            executor: where the workers are.
            task: for them (`workers.packed`).
            settings: of the run.
        """
        self._executor, self._task, self._settings = executor, task, settings
        self._queue: deque[_Step[Turn]] = deque()
        self._out = self._weight = self._suspects = 0
        self._held = False

    def each(self, turns: Iterable[T | None]) -> Iterator[tuple[T, Iterator[Event]]]:
        """Each file with what is in it, to be taken in this order.

        ``turns`` is asked ahead for more; where it gives None, only once all that came before was taken.
        """
        steps = self._steps(turns)
        while True:
            self._fill(steps)
            if not self._queue:
                if not self._held:
                    return
                self._held = False
                continue
            turn = self._queue[0].turn
            events = self._events(turn, steps)
            yield turn, events  # type: ignore[misc]
            deque(events, 0)  # what the caller did not care for

    def _steps(self, turns: Iterable[T | None]) -> Iterator[_Step[T] | None]:
        """Files as steps; small ones that follow each other share a ticket."""
        group: list[T] = []
        for turn in turns:
            if turn is not None and turn.whole is not None:
                group.append(turn)
                if len(group) >= MOST_MESSAGES or sum(one.size for one in group) >= LARGEST:
                    yield from self._grouped(group)
                    group = []
                continue
            yield from self._grouped(group)
            group = []
            yield from self._of(turn) if turn is not None else (None,)
        yield from self._grouped(group)

    def _grouped(self, group: list[T]) -> Iterator[_Step[T]]:
        pieces = [(turn.whole, self._settings.mailbox_of(turn.source)) for turn in group if turn.whole]
        ticket = _Ticket(Shard(tuple(pieces)), 0, len(group))
        for number, turn in enumerate(group):
            yield _Step(turn, ticket, number)

    def _of(self, turn: T) -> Iterator[_Step[T]]:
        """A file in pieces of its own."""
        box = self._settings.mailbox_of(turn.source)
        pieces: Iterator[Piece]
        if turn.stretch:
            each = shard_size(turn.size - turn.stretch.origin, self._executor.slots)
            pieces = stretches(turn.stretch, turn.size, each)
        else:
            pieces = handed(turn.source, iter(turn.items()))
        for piece in pieces:
            yield _Step(turn, self._ticket(piece, box), last=False)
        yield _Step(turn)

    @staticmethod
    def _ticket(piece: Piece, box: Mailbox | None) -> _Ticket:
        shard = Shard(((piece, box),))
        return _Ticket(shard, weight_of(shard), 1)

    def _fill(self, steps: Iterator[_Step[T] | None]) -> None:
        """Hands out shards until enough are underway."""
        most = 2 * self._executor.slots + 1
        while not (self._held or self._suspects) and self._out < most and len(self._queue) < _MOST_PLANNED:
            if self._weight >= _MOST_HANDED:
                return
            try:
                step = next(steps)
            except StopIteration:
                return
            if step is None:
                self._held = True
                return
            self._queue.append(step)  # type: ignore[arg-type]
            if step.ticket and step.number == 0:
                self._out += 1
                self._weight += step.ticket.weight
                self._submit(step.ticket)

    def _submit(self, ticket: _Ticket) -> None:
        try:
            ticket.future = self._executor.submit(work, self._task, ticket.shard)
        except self._executor.died:
            self._count_suspects()
            ticket.future = self._executor.submit(work, self._task, ticket.shard)

    def _events(self, turn: Turn, steps: Iterator[_Step[T] | None]) -> Iterator[Event]:
        """What is in one file."""
        chain = _Chain(turn.stretch.origin if turn.stretch else 0)
        while True:
            step = self._queue.popleft()
            assert step.turn is turn
            if step.ticket:
                self._fill(steps)
                yield from self._taken(step.ticket, step.number, chain)
                step.ticket.left -= 1
                if not step.ticket.left:
                    self._out -= 1
                    self._weight -= step.ticket.weight
            if step.last:
                break
            self._fill(steps)
        if turn.stretch:
            place = Place(turn.source, Budget(self._settings.source_limits, None))
            for note in differing(place, chain.strict, chain.lenient):
                yield replace(note, ref=place.ref(turn.stretch.origin))

    def _taken(self, ticket: _Ticket, number: int, chain: _Chain) -> Iterator[Event]:
        piece, box = ticket.shard.pieces[number]
        if not isinstance(piece, Stretch):
            yield from self._outcomes(ticket)[number].events
            return
        outcome = self._outcomes(ticket)[0]
        while chain.expected is not None and (piece.stop is None or chain.expected < piece.stop):
            if piece.start is not None and outcome.part.first != chain.expected:
                piece = replace(piece, start=chain.expected)
                outcome = self._again(piece, box)
                if outcome.part.first != chain.expected:
                    reason = "what follows was not read: the file was changed meanwhile"
                    yield Skipped(Ref(piece.source, None, chain.expected), reason, 1)
                    chain.expected = None
                    return
            yield from outcome.events
            chain.strict += outcome.part.strict
            chain.lenient += outcome.part.lenient
            chain.expected = outcome.part.following
            # one that held too many messages is read on
            piece = replace(piece, start=chain.expected)

    def _again(self, piece: Stretch, box: Mailbox | None) -> Outcome:
        ticket = self._ticket(piece, box)
        self._submit(ticket)
        return self._outcomes(ticket)[0]

    def _outcomes(self, ticket: _Ticket) -> tuple[Outcome, ...]:
        """What came of a shard, whatever becomes of workers."""
        if ticket.outcomes is not None:
            return ticket.outcomes
        if ticket.future:
            try:
                ticket.outcomes = ticket.future.result()
            except self._executor.died:
                ticket.future = None
                self._count_suspects()
        else:
            self._suspects -= 1
        if ticket.outcomes is None:
            # it may have died beside another: what dies alone is the cause
            ticket.outcomes = self._alone(ticket.shard)
        if ticket.outcomes is None:
            if self._alone(Shard()) is None:
                raise OutreachAuditError("workers end as soon as they begin: is there memory? --workers 1 needs least")
            ticket.outcomes = tuple(self._isolated(piece, box) for piece, box in ticket.shard.pieces)
        ticket.future = None
        return ticket.outcomes

    def _count_suspects(self) -> None:
        """A worker died: what was underway is tried again, one by one."""
        self._executor.renew()
        for ticket in {id(step.ticket): step.ticket for step in self._queue if step.ticket}.values():
            if ticket.future and ticket.outcomes is None and self._is_lost(ticket.future):
                ticket.future = None
                self._suspects += 1

    def _is_lost(self, future: Future[tuple[Outcome, ...]]) -> bool:
        return future.cancelled() or (future.done() and isinstance(future.exception(), self._executor.died))

    def _alone(self, shard: Shard) -> tuple[Outcome, ...] | None:
        """What comes of a shard while nothing else is underway; None where its worker dies."""
        try:
            return self._executor.submit(work, self._task, shard).result()
        except self._executor.died:
            self._executor.renew()
            return None

    def _isolated(self, piece: Piece, box: Mailbox | None) -> Outcome:
        """What comes of a piece that holds a message which ends each worker: all but that message."""
        part = Part(most=MOST_MESSAGES)
        items = tuple(items_of(piece, self._settings, part))
        return Outcome(tuple(self._divided(Handed(piece.source, items), box)), part)

    def _divided(self, piece: Handed, box: Mailbox | None) -> Iterator[Event]:
        if len(piece.items) == 1:
            for _ in range(_TRIES):
                found = self._alone(Shard(((piece, box),)))
                if found is not None:
                    yield from found[0].events
                    return
            yield Skipped(piece.items[0].ref, _POISON, 1)
            return
        each = -(-len(piece.items) // _PARTS)
        for start in range(0, len(piece.items), each):
            some = Handed(piece.source, piece.items[start : start + each])
            found = self._alone(Shard(((some, box),)))
            if found is not None:
                yield from found[0].events
            else:
                yield from self._divided(some, box)
