"""How mail is divided among workers: what one of them is given at a time, planned without reading it all."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach_audit.run.settings import Mailbox
from outreach_audit.sources import Item, RawMessage
from outreach_audit.sources.grown import Stretch
from outreach_audit.sources.limits import MIB

SMALLEST, LARGEST = MIB // 4, 4 * MIB
"""Bytes of a shard: so few that all workers have something to do, so many that handing them over costs little."""
MOST_MESSAGES = 500
"""So many messages a shard gives, and so many files are grouped to one, at most: its result is held in memory."""
_SHARDS_EACH = 8  # of a file, for each worker: the last ones to end wait for little


@dataclass(frozen=True, slots=True)
class Whole:
    """A small file that is read as a whole: its absolute path, its name as it is shown, what its folder says of it."""

    path: Path
    source: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handed:
    """Items that were read already: what lies in archives and packed files, which nobody can begin in the middle of."""

    source: str
    items: tuple[Item, ...] = ()


Piece = Stretch | Whole | Handed


@dataclass(frozen=True, slots=True)
class Shard:
    """What one worker does at a time: one piece, or several small files, each with what is known of its mailbox."""

    pieces: tuple[tuple[Piece, Mailbox | None], ...] = ()


def shard_size(size: int, workers: int) -> int:
    """How many bytes of a file of this size make a shard."""
    return max(SMALLEST, min(LARGEST, size // (_SHARDS_EACH * workers)))


def stretches(of: Stretch, size: int, each: int) -> Iterator[Stretch]:
    """A whole file, or what lies behind its origin, as stretches of ``each`` bytes.

    Args:
        of: from its origin to the end of the file.
        size: of the file; what is behind it (the file may grow meanwhile) belongs to the last stretch.
        each: bytes of one.
    """
    for start in (None, *range(of.origin + each, size, each)):
        stop = (of.origin if start is None else start) + each
        yield Stretch(of.path, of.source, of.labels, of.origin, start, stop if stop < size else None)


def handed(source: str, items: Iterator[Item]) -> Iterator[Handed]:
    """Items in portions that are bounded by bytes (one message may be larger) and number."""
    portion: list[Item] = []
    weight = 0
    for item in items:
        portion.append(item)
        weight += len(item.content) if isinstance(item, RawMessage) else 0
        if weight >= LARGEST or len(portion) >= MOST_MESSAGES:
            yield Handed(source, tuple(portion))
            portion, weight = [], 0
    if portion:
        yield Handed(source, tuple(portion))


def weight_of(shard: Shard) -> int:
    """The bytes of mail that are handed over with a shard."""
    return sum(
        len(item.content)
        for piece, _ in shard.pieces
        if isinstance(piece, Handed)
        for item in piece.items
        if isinstance(item, RawMessage)
    )
