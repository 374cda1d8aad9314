"""Going on in an mbox where an earlier reading ended."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from outreach_audit.sources.folders import labels_of
from outreach_audit.sources.limits import Budget, Limits
from outreach_audit.sources.mbox import read_mbox
from outreach_audit.sources.model import Item
from outreach_audit.sources.names import shown
from outreach_audit.sources.place import Place
from outreach_audit.sources.sniff import Kind, kind_of
from outreach_audit.sources.window import Window


def is_mbox(path: Path) -> bool:
    """Whether the file is an mbox as it lies there (not compressed), which can be read from any of its messages on.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb", buffering=0) as file:
        return kind_of(Window(file, file), Place(shown(str(path)), Budget(Limits(), None))) is Kind.MBOX


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
            yield replace(item, ref=replace(item.ref, offset=item.ref.offset + offset))
