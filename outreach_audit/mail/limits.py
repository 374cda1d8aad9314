"""Budgets for the reading of one message, and the record of what they cut off."""

from dataclasses import dataclass, field

_MAX_DEFECTS = 40
RICH_TOKENS = 1_000_000
"""Words, groups and runs of RTF that are read, all texts in RTF of a message together: some 2 s of work."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may cost at most; beyond a limit the rest is left unread and said so.

    The defaults pass ordinary mail with room to spare: large mail systems refuse messages above some
    50 MB, and hardly any program writes more than a few hundred parts or addresses.

    Attributes:
        message_bytes: Bytes of the message as it lies in its container.
        header_bytes: Bytes of the header of one part; longer headers are read up to there.
        header_fields: Header fields of one part.
        parts: MIME parts, nested ones included.
        depth: Levels of nesting, of multiparts and attached messages together.
        text_chars: Characters of text, all parts and attachments together.
        text_lines: Lines of that text.
        links: Links kept.
        recipients: Addresses read from one header field.
        attachment_bytes: Decoded bytes of attachments and encoded messages, all together.
        largest_attachment: Decoded bytes of one of them.
        inner: Messages handed on, attached or inline.
    """

    message_bytes: int = 60_000_000
    header_bytes: int = 1_000_000
    header_fields: int = 2_000
    parts: int = 1_000
    depth: int = 24
    text_chars: int = 2_000_000
    text_lines: int = 50_000
    links: int = 5_000
    recipients: int = 10_000
    attachment_bytes: int = 36_000_000
    largest_attachment: int = 25_000_000
    inner: int = 100


@dataclass(slots=True)
class Faults:
    """The defects met while one message is read; ``partial`` once something was left unread."""

    sentences: list[str] = field(default_factory=list)
    partial: bool = False

    def note(self, sentence: str) -> None:
        """Record a fault of syntax: everything could still be read."""
        if sentence not in self.sentences and len(self.sentences) < _MAX_DEFECTS:
            self.sentences.append(sentence)

    def lose(self, sentence: str) -> None:
        """Record that something was not read."""
        self.partial = True
        self.note(sentence)


@dataclass(slots=True)
class Budget:
    """What is left of the limits that all parts of a message share."""

    limits: Limits
    chars: int = field(init=False)
    lines: int = field(init=False)
    links: int = field(init=False)
    attachment_bytes: int = field(init=False)
    inner: int = field(init=False)
    rich_tokens: int = RICH_TOKENS

    def __post_init__(self) -> None:
        self.chars = self.limits.text_chars
        self.lines = self.limits.text_lines
        self.links = self.limits.links
        self.attachment_bytes = self.limits.attachment_bytes
        self.inner = self.limits.inner

    def text(self, text: str, faults: Faults) -> str:
        """The text as far as the budget reaches."""
        if len(text) > self.chars:
            self.cut(faults)
            text = text[: self.chars]
        self.chars -= len(text)
        breaks = text.count("\n")
        if breaks > self.lines:
            faults.lose(f"text beyond {self.limits.text_lines} lines was not read")
            text = "\n".join(text.split("\n", self.lines)[: self.lines])
        self.lines = max(0, self.lines - breaks)
        return text

    def cut(self, faults: Faults) -> None:
        """Record that text was left unread."""
        faults.lose(f"text beyond {self.limits.text_chars} characters was not read")
