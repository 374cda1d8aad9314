"""Budgets: how much of one path is read, whatever its containers claim."""

from dataclasses import dataclass

MIB = 1 << 20
RATIO_GRACE = 64 * MIB
"""Expansion below this is never measured against the ratio: small files may compress to almost nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets for one path with everything inside it; each is enforced while reading.

    Attributes:
        message_bytes: a longer message is given cut, and marked as partial.
        held_bytes: a container that must be in memory as a whole (a zip within a zip) may be this large.
        depth: how many containers may lie within each other.
        members: how many members all archives of one path may have together.
        expanded_bytes: how many bytes all decompression of one path may give.
        expanded_ratio: how many times the size of the path that may be.
    """

    message_bytes: int = 48 * MIB
    held_bytes: int = 256 * MIB
    depth: int = 8
    members: int = 1_000_000
    expanded_bytes: int = 1 << 40
    expanded_ratio: int = 300


class BudgetExceededError(Exception):
    """A budget is spent; the message is the sentence for the coverage."""


class Budget:
    """What one path has spent of its limits, counted over all containers in it."""

    def __init__(self, limits: Limits, size: int | None) -> None:
        """Start at nothing spent; ``size`` of the path itself is None where it cannot be known (a pipe)."""
        self.limits = limits
        self.size = size
        self._expanded = 0
        self._members = 0

    def expand(self, count: int) -> None:
        """Count decompressed bytes.

        Raises:
            BudgetExceededError: they are more than the limits allow.
        """
        self._expanded += count
        self._check()

    def _check(self) -> None:
        if self._expanded > self.limits.expanded_bytes:
            raise BudgetExceededError(f"expands to more than {self.limits.expanded_bytes:,} bytes; not read further")
        if self.size is not None and self._expanded > max(RATIO_GRACE, self.limits.expanded_ratio * self.size):
            raise BudgetExceededError(
                f"expands to more than {self.limits.expanded_ratio} times its size; not read further"
            )

    def member(self) -> None:
        """Count one more member of an archive.

        Raises:
            BudgetExceededError: there are more than the limits allow, or the bytes are spent.
        """
        self._check()
        self._members += 1
        if self._members > self.limits.members:
            raise BudgetExceededError(f"holds more than {self.limits.members:,} members; not read further")
