"""An mbox read in parts: from where an earlier reading ended, or by stretches that others read at the same time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from outreach_audit.sources.folders import labels_of
from outreach_audit.sources.limits import Budget, Limits
from outreach_audit.sources.mbox import Part, read_mbox, read_part
from outreach_audit.sources.model import Item
from outreach_audit.sources.names import shown
from outreach_audit.sources.place import Place
from outreach_audit.sources.sniff import Kind, kind_of
from outreach_audit.sources.window import Window


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of an mbox: the messages whose separator lines begin in it.

    Attributes:
        path: the file; absolute.
        source: its name as it is shown.
        labels: what its folder says of it.
        origin: where the reading of the file begins.
        start: where the stretch begins; None at the origin, with what stands there before the first separator.
        stop: where it ends; None at the end of the file.
    """

    path: Path
    source: str
    labels: tuple[str, ...] = ()
    origin: int = 0
    start: int | None = None
    stop: int | None = None


def kind_at(path: Path) -> Kind:
    """The kind of a file, by its content.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb", buffering=0) as file:
        return kind_of(Window(file, file), Place(shown(str(path)), Budget(Limits(), None)))


def is_mbox(path: Path) -> bool:
    """Whether the file is an mbox as it lies there (not compressed), which can be read from any of its messages on.

    Raises:
        OSError: it cannot be read.
    """
    return kind_at(path) is Kind.MBOX


def read_on(path: Path, offset: int, limits: Limits) -> Iterator[Item]:
    """The messages of an mbox from ``offset`` on, where a separator line begins, as ``read`` gives them.

    Args:
        path: the file.
        offset: where the message before it ends.
        limits: budgets for the file.

    Raises:
        OSError: it cannot be opened.
    """
    with path.open("rb", buffering=0) as file:
        file.seek(offset)
        place = Place(shown(str(path)), Budget(limits, None), labels=labels_of(path))
        for item in read_mbox(Window(file), place):
            yield _moved(item, offset)


def read_stretch(stretch: Stretch, part: Part, limits: Limits) -> Iterator[Item]:
    """The messages of a stretch, as ``read`` (or ``read_on`` from its origin) gives them.

    Args:
        stretch: what is read.
        part: says how many messages are read at most, and is filled in; its offsets are those of the file. What must
            be compared is told at `mbox.read_part`.
        limits: budgets for the file.

    Raises:
        OSError: the file cannot be opened.
    """
    place = Place(stretch.source, Budget(limits, None), labels=stretch.labels)
    with stretch.path.open("rb", buffering=0) as file:
        if stretch.start is not None:
            part.start, part.stop = stretch.start, stretch.stop
            yield from read_part(Window(file, file), place, part)
            return
        file.seek(stretch.origin)
        part.stop = None if stretch.stop is None else stretch.stop - stretch.origin
        for item in read_part(Window(file), place, part):
            yield _moved(item, stretch.origin)
        if part.following is not None:
            part.following += stretch.origin


def _moved(item: Item, offset: int) -> Item:
    return replace(item, ref=replace(item.ref, offset=item.ref.offset + offset))
