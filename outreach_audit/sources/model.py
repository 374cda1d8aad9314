"""What a source gives: the bytes of one message, or the reason why something could not be read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ref:
    """Where a message lies.

    ``source`` is the path as it is shown (relative to the working directory where it was given so),
    ``member`` the way inside containers (``a.zip!b.mbox``: ``source='a.zip'``, ``member='b.mbox'``; nested
    members are joined by ``!``), ``offset`` and ``length`` the bytes of the message within the
    decompressed file or member, the ``From_`` line excluded.
    """

    source: str
    member: str | None = None
    offset: int = 0
    length: int = 0

    @property
    def name(self) -> str:
        """The file, and the member within it, as they are shown."""
        return self.source if self.member is None else f"{self.source}!{self.member}"


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message as bytes, undone of the container's quoting (mboxrd ``>From``).

    ``labels`` are what the container says of the folder (Gmail labels, Maildir flags, Outlook folder
    names); ``owner`` is the mailbox owner's address where the container names one; ``defects`` are
    faults of the container that touch this message (a truncated file), as short sentences; ``partial``
    says that something of the message is not in ``content``: cut at a budget, or lost with its file.
    """

    ref: Ref
    content: bytes
    labels: tuple[str, ...] = ()
    owner: str | None = None
    defects: tuple[str, ...] = ()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class HeaderOnly:
    """One message known only from a log: sender, recipient, subject and time."""

    ref: Ref
    sender: str
    recipients: tuple[str, ...]
    subject: str
    date: str
    message_id: str | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was found and not read, with the reason in words a user understands.

    ``messages`` is how many messages it is counted as: 1 for a message that is ``unreadable``,
    0 for a file that is no mail at all (a picture, a settings file).
    """

    ref: Ref
    reason: str
    messages: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """A fact about a whole file that belongs with the coverage (strict and lenient splitting differ)."""

    ref: Ref
    text: str


Item = RawMessage | HeaderOnly | Skipped | Note
