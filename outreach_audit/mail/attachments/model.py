"""What goes into and comes out of reading one attachment, and the limits that hold on the way."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

_CHARSET = re.compile(r";\s{0,9}charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_.:-]{1,60})", re.IGNORECASE)


class State(StrEnum):
    """Whether the text of an attachment could be had (``Attachment.state`` of ``mail/model.py``)."""

    TEXT = "text"
    NONE = "none"
    ENCRYPTED = "encrypted"
    IMAGE_ONLY = "image_only"
    REFUSED = "refused"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Extracted:
    """What an attachment gave.

    Attributes:
        state: a value of ``State``.
        text: free of NUL and lone surrogates; ``''`` unless ``state`` is ``text``.
        note: one short sentence where something was not read, else ``''``.
        messages: the messages in it, each as its bytes (RFC 5322).
    """

    state: str
    text: str = ""
    note: str = ""
    messages: tuple[bytes, ...] = ()


def is_missing_reader(note: str) -> bool:
    """Whether a note says that a reader is not installed, and which ``pip install`` brings it."""
    return "pip install 'outreach-audit[" in note


@dataclass(frozen=True, slots=True)
class File:
    """A file as it came: an attachment, or a member of one. ``content_type`` may carry parameters."""

    name: str
    content_type: str
    data: bytes

    @property
    def media_type(self) -> str:
        """The content type without parameters, in lower case."""
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The ``charset`` parameter of the content type."""
        declared = _CHARSET.search(self.content_type)
        return declared[1] if declared else None


class UnreadableError(Exception):
    """A reader gives up; ``outcome`` is what to say of the file."""

    def __init__(self, outcome: Extracted) -> None:
        super().__init__(outcome.note)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one attachment may take. What goes beyond is refused or cut, and a note says so.

    The bounds on content come first: they give the same answer on every machine. Those on processor time,
    memory and wall-clock time are the net below, for what the first did not foresee.

    Attributes:
        input_bytes: the largest attachment that is read at all; so many bytes of messages come out of one.
        text_chars: where its text is cut.
        expanded_bytes: what all members of an archive may unfold to, together.
        members: how many members of an archive are read, and messages of a mailbox.
        pages: how many pages of a PDF are read.
        cpu_seconds: processor time of the child for all attachments of a message, up to a second less (POSIX only).
        wall_seconds: time after which the child is ended; wide, since a busy machine is no fault of the attachment.
        memory_bytes: memory of the child (POSIX only).
    """

    input_bytes: int = 25_000_000
    text_chars: int = 500_000
    expanded_bytes: int = 60_000_000
    members: int = 200
    pages: int = 100
    cpu_seconds: int = 4
    wall_seconds: float = 10.0
    memory_bytes: int = 256_000_000


class AttachmentReader(Protocol):
    """Reads attachments one after the other; total: returns for every input."""

    def begin(self) -> None:
        """A message begins: what may be spent on its attachments is whole again."""

    def read(self, name: str, content_type: str, data: bytes) -> Extracted:
        """The text of one attachment; ``content_type`` may carry a charset, and may be ``''``."""
        ...
