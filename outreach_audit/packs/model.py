"""What a pack holds once it is loaded: concepts found by phrases, signals made of concepts, and the thresholds."""

from dataclasses import dataclass
from enum import StrEnum

from outreach_audit.attribution.knowledge import Knowledge
from outreach_audit.codes import Kind, Trap
from outreach_audit.mail.model import Scope
from outreach_audit.packs.suppressions import Suppression


class Status(StrEnum):
    """How far a signal is trusted; only ``active`` ones count."""

    ACTIVE = "active"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row of a lexicon: a pattern (docs/packs.md) that shows a concept in one language."""

    concept: str
    pattern: str
    language: str
    place: str


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a signal must hit, or must miss."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal: concepts that must stand together, and what that is worth.

    ``near`` are concepts that must all be found within ``window`` neighbouring sentences of one scope
    (an item ``a|b`` is satisfied by either), ``message`` must all be found anywhere in the message, at least ``count``
    different ones ``of`` a set must be found anywhere, ``without`` must be found nowhere in it, ``without_near`` not in
    the sentences that fired. ``weight`` is in points, ``prior`` the points set by judgement from which fitting starts;
    ``counter`` signals have negative weights; ``core`` marks that something is offered to, or asked of, the reader.
    """

    id: str
    title: str
    weight: float
    prior: float = 0.0
    near: tuple[frozenset[str], ...] = ()
    message: tuple[frozenset[str], ...] = ()
    of: frozenset[str] = frozenset()
    count: int = 0
    without: frozenset[str] = frozenset()
    without_near: frozenset[str] = frozenset()
    window: int = 1
    scopes: frozenset[Scope] = frozenset()
    counter: bool = False
    core: bool = False
    trap: Trap | None = None
    status: Status = Status.ACTIVE
    references: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which score on a message is an approach, and from which it is unclear."""

    approach: float
    unclear: float


@dataclass(frozen=True, slots=True)
class PackInfo:
    """Which pack judged: id, version, digest of its files, title, and where it lies."""

    id: str
    version: str
    title: str
    digest: str
    path: str

    @property
    def label(self) -> str:
        """How findings name the pack: ``core 1.0.0``."""
        return f"{self.id} {self.version}"


@dataclass(frozen=True, slots=True)
class Pack:
    """One or more pack folders, loaded and merged.

    ``concepts`` maps each concept id to its title; ``kinds`` maps a kind to the concepts that show it, with points;
    ``suppressions`` are findings that its owner has dealt with.
    """

    infos: tuple[PackInfo, ...]
    concepts: dict[str, str]
    phrases: tuple[Phrase, ...]
    signals: tuple[Signal, ...]
    kinds: dict[Kind, dict[str, float]]
    thresholds: Thresholds
    knowledge: Knowledge
    suppressions: tuple[Suppression, ...] = ()

    @property
    def label(self) -> str:
        """Names and versions of all packs, joined by ``+``."""
        return " + ".join(info.label for info in self.infos)
