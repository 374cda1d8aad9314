"""Where the reading stands: path, member, folder, and the budget of the path."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from outreach_audit.sources.labels import member_labels
from outreach_audit.sources.limits import Budget, Limits
from outreach_audit.sources.model import Note, Ref, Skipped


@dataclass(frozen=True, slots=True)
class Place:
    """One file, or one member of an archive, with what its surroundings say of it.

    ``labels`` come from the folder, ``defects`` from the way to the bytes (a charset conversion), ``mapping`` names
    columns of logs for the fields of ``HeaderOnly``.
    """

    source: str
    budget: Budget
    member: str | None = None
    depth: int = 0
    labels: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)

    @property
    def limits(self) -> Limits:
        """The limits of the whole path."""
        return self.budget.limits

    def ref(self, offset: int = 0, length: int = 0) -> Ref:
        """A reference to these bytes of the place."""
        return Ref(self.source, self.member, offset, length)

    def skipped(self, reason: str, messages: int, offset: int = 0, length: int = 0) -> Skipped:
        """These bytes of the place (or all of it) were not read."""
        return Skipped(self.ref(offset, length), reason, messages)

    def note(self, text: str) -> Note:
        """A fact about the whole place."""
        return Note(self.ref(), text)

    def inside(self, name: str | None = None) -> "Place":
        """The place one container deeper: a member called ``name``, or the decompressed bytes (no name)."""
        if name is None:
            return replace(self, depth=self.depth + 1)
        member = name if self.member is None else f"{self.member}!{name}"
        return replace(self, member=member, depth=self.depth + 1, labels=self.labels + member_labels(name))
