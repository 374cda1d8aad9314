"""How far a file was read, and by what it is known again."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NEVER = -1
"""The size of what could not be opened: no file has it, so that it is tried again in every run."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where the reading of one file stands; stored in one transaction with what was read.

    Attributes:
        path: the absolute path, by which the file is found again from every working directory.
        source: the path as it stands in the records of the file.
        size: in bytes, when the reading began.
        changed: when the file was last modified, in nanoseconds since 1970.
        resume: of an mbox, where its last message begins: all before it is settled. 0: from the beginning.
        items: how many items of the file were taken, to pass over where the reading was interrupted.
        done: whether the file was read to its end.
        before: digest of what lies before ``resume``.
        rest: digest of the rest.
        whole: digest of the whole file, ``b''`` unless asked for.
        judged: digest of packs and settings by which the messages were judged.
    """

    path: str
    source: str
    size: int = NEVER
    changed: int = 0
    resume: int = 0
    items: int = 0
    done: bool = False
    before: bytes = b""
    rest: bytes = b""
    whole: bytes = b""
    judged: bytes = b""


def to_checkpoint(row: Sequence[Any]) -> Checkpoint:
    """The checkpoint of a row, its source as text."""
    path, source, size, changed, resume, items, done, *digests = row
    return Checkpoint(os.fsdecode(path), source, size, changed, resume, items, bool(done), *digests)
