"""What is to be read of a file that an earlier run has seen: nothing, the new part, or all of it again."""

import hashlib
import json
import os
import stat
from dataclasses import asdict, dataclass, replace
from enum import Enum, auto
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from outreach_audit import __version__
from outreach_audit.ledger import Checkpoint
from outreach_audit.ledger.checkpoint import NEVER
from outreach_audit.packs.model import Pack
from outreach_audit.run.settings import Settings
from outreach_audit.sources.grown import is_mbox
from outreach_audit.sources.limits import MIB
from outreach_audit.sources.remote import is_remote, path_of

STRETCH = 64 * 1024
"""So much of either end of a stretch is compared; a shorter file is compared byte by byte."""
_OPTIONAL_READERS = ("aspose", "pypff", "zstandard", "tnefparse", "compressed_rtf")


class Step(Enum):
    """What is to be done with a file."""

    READ = auto()
    """It is not known."""
    LEAVE = auto()
    """It is as it was."""
    GO_ON = auto()
    """An mbox that grew, or whose reading was interrupted: from ``resume`` on."""
    PASS_OVER = auto()
    """Another file whose reading was interrupted: the items that were taken are passed over."""
    REWRITTEN = auto()
    """What was read before has changed: all of it again."""
    REJUDGE = auto()
    """It was judged by other packs or settings: all of it again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it lies there when the reading begins.

    ``where`` is its absolute path, ``source`` the name that records will bear, ``identity`` its device and inode.
    """

    path: Path
    where: str
    source: str
    size: int
    changed: int
    identity: tuple[int, int]


def judged_by(pack: Pack, settings: Settings) -> bytes:
    """A digest of all that a verdict depends on beside the mail: program, packs, settings, installed readers."""
    told = {
        "program": __version__,
        "packs": [info.digest for info in pack.infos],
        # where packs lie says nothing that their digests do not
        "settings": asdict(replace(settings, packs=())),
        "readers": [name for name in _OPTIONAL_READERS if find_spec(name)],
    }
    return hashlib.blake2b(json.dumps(told, sort_keys=True, default=_plain).encode(), digest_size=16).digest()


def absolute(path: str | Path) -> str:
    """The absolute path by which a file is known, links left as they are: two links are two files in two folders."""
    if is_remote(path):
        return str(path)
    return os.path.abspath(path)  # noqa: PTH100 - resolve() follows links, absolute() leaves ``..`` in


def look_at(path: Path, source: str) -> Seen | None:
    """The file as it is now; None where it is no regular file or cannot be looked at."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return Seen(path, absolute(path), source, found.st_size, found.st_mtime_ns, (found.st_dev, found.st_ino))


def next_step(seen: Seen, known: Checkpoint | None, judged: bytes, *, full: bool) -> Step:
    """Decide what is to be read.

    Args:
        seen: the file as it is.
        known: how far it was read before.
        judged: as `judged_by` gives it.
        full: compare every byte that was read, not only the ends.

    Raises:
        OSError: it cannot be read.
    """
    if known is None or known.size == NEVER or (full and known.done and not known.whole):
        return Step.READ
    if known.judged != judged:
        return Step.REJUDGE
    before, same = _compare(seen, known, full=full)
    if same and known.done:
        return Step.LEAVE
    goes_on = known.source == seen.source and before and (same or seen.size > known.size)
    if goes_on and is_mbox(seen.path):
        return Step.GO_ON if known.resume else Step.READ
    if same:
        return Step.PASS_OVER if goes_on else Step.READ
    return Step.REWRITTEN


def _compare(seen: Seen, known: Checkpoint, *, full: bool) -> tuple[bool, bool]:
    """Whether what lay before ``resume`` is unchanged, and whether the whole file is."""
    same_size = seen.size == known.size
    with seen.path.open("rb") as file:
        if full and known.whole:
            before = _whole(file, known.size) == known.whole
            return before, before and same_size
        before = _digest(file, 0, known.resume) == known.before
        rest = same_size and seen.changed == known.changed and _digest(file, known.resume, seen.size) == known.rest
        return before, before and rest


def checkpoint(seen: Seen, resume: int, items: int, judged: bytes, *, done: bool, full: bool) -> Checkpoint:
    """How far the file was read, with the digests by which it is known again.

    Where the file was replaced or cut meanwhile, it is not known again and will be read anew.
    """
    unknown = Checkpoint(seen.where, seen.source, judged=judged)
    try:
        with seen.path.open("rb") as file:
            now = seen.path.stat() if is_remote(seen.path) else os.fstat(file.fileno())
            if (now.st_dev, now.st_ino) != seen.identity or now.st_size < seen.size:
                return unknown
            return replace(
                unknown,
                size=seen.size,
                changed=seen.changed,
                resume=resume,
                items=items,
                done=done,
                before=_digest(file, 0, resume),
                rest=_digest(file, resume, seen.size),
                whole=_whole(file, seen.size) if full and done else b"",
            )
    except OSError:
        return unknown


def is_gone(path: str) -> bool:
    """Whether there is no file of this name any more; one that cannot be looked at may still be there."""
    try:
        if is_remote(path):
            path_of(path).stat()
        else:
            os.stat(path)  # noqa: PTH116 - a Path for each of a million files costs more than the look
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def _digest(file: BinaryIO, start: int, stop: int) -> bytes:
    """A digest of both ends of a stretch, of all of it where it is short."""
    digest = hashlib.blake2b(digest_size=16)
    head = min(start + STRETCH, stop)
    for begin, end in ((start, head), (max(head, stop - STRETCH), stop)):
        if begin < end:
            file.seek(begin)
            digest.update(file.read(end - begin))
    return digest.digest()


def _whole(file: BinaryIO, size: int) -> bytes:
    """A digest of the first ``size`` bytes."""
    digest = hashlib.sha256()
    file.seek(0)
    while size > 0 and (piece := file.read(min(MIB, size))):
        digest.update(piece)
        size -= len(piece)
    return digest.digest()


def _plain(value: object) -> object:
    """What JSON has no form for: sets in order, paths as text."""
    return sorted(value) if isinstance(value, frozenset) else str(value)
