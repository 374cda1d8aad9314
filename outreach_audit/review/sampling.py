"""A random sample of all mail, drawn so that anybody with the same ledger and seed draws the same one."""

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from math import inf, sqrt

from outreach_audit.codes import Folder, Label, Via
from outreach_audit.ledger import Ledger, rows
from outreach_audit.ledger.connection import faults_told
from outreach_audit.ledger.decisions import Sample, put_sample

_ORDER_BYTES = 16

_POPULATION = """
SELECT finding, delivery_key, label, score, institute FROM delivery
WHERE via = :via AND folder != :sent AND id NOT IN (SELECT delivery FROM suppressed)
      AND (:since IS NULL OR date >= :since) AND (:until IS NULL OR date < :until)
"""


class Stratum(StrEnum):
    """Mail that is sampled apart, by what the program said of it."""

    APPROACH = "approach"
    UNCLEAR = "unclear"
    ADVERT = "advert"
    OTHER_SOME = "other_some"
    """Judged ``other``, though more speaks for an approach than against it (score above 0)."""
    OTHER_NONE = "other_none"
    """All the rest of ``other``."""

    @property
    def label(self) -> Label:
        """The verdict of all mail in it."""
        return Label(self.value.partition("_")[0])


def stratum_of(label: Label, score: float) -> Stratum:
    """The stratum of a delivery."""
    if label is Label.OTHER:
        return Stratum.OTHER_SOME if score > 0 else Stratum.OTHER_NONE
    return Stratum(label)


def order_of(seed: str, finding: str) -> bytes:
    """Where a finding stands in the order of a seed: a keyed digest, the same on every machine."""
    key = blake2b(seed.encode("utf-8", "backslashreplace")).digest()
    return blake2b(finding.encode("utf-8", "backslashreplace"), key=key, digest_size=_ORDER_BYTES).digest()


def allocate(sizes: Mapping[Stratum, int], wanted: int) -> dict[Stratum, int]:
    """How many to draw from each stratum: at least one, else in proportion to the square root of its size.

    Where nothing or all of a stratum is an approach, its interval is about ``3.7 * size / drawn`` wide: the sum of that
    over strata is smallest in this proportion. A larger sample takes no fewer from any stratum (Adams' method).

    Args:
        sizes: of the strata; empty ones are left out.
        wanted: how many in all.
    """
    drawn = {stratum: 0 for stratum in Stratum if sizes.get(stratum)}

    def worth(stratum: Stratum) -> float:
        return sqrt(sizes[stratum]) / drawn[stratum] if drawn[stratum] else inf

    for _ in range(min(wanted, sum(sizes.values()))):
        drawn[max((one for one in drawn if drawn[one] < sizes[one]), key=worth)] += 1
    return drawn


@dataclass(slots=True)
class _Drawing:
    """The first members of one stratum in the order of the seed, the last of them on top."""

    most: int
    heap: list[tuple[int, str, str]]

    def offer(self, order: bytes, finding: str, key: str) -> None:
        entry = (-int.from_bytes(order), finding, key)
        if len(self.heap) < self.most:
            heapq.heappush(self.heap, entry)
        elif entry > self.heap[0]:
            heapq.heapreplace(self.heap, entry)


def draw(
    ledger: Ledger, *, size: int, seed: str, now: datetime, since: int | None = None, until: int | None = None
) -> Sample:
    """Draws a sample of the deliveries of a period and stores it; drawn again, it takes the mail of today.

    Within each stratum the members are the first ones in the order of `order_of`: a smaller sample of the same seed is
    part of a larger one, and of mail that came later only some take the places of others. Mail in folders of sent
    mail, which is never an approach, reports, and what is suppressed are left out.

    Args:
        ledger: open for writing.
        size: how many in all (`allocate`).
        seed: any text; state it beside the figures.
        now: the moment of the drawing, in UTC.
        since: the first second from which to draw, since 1970; None for all from the beginning.
        until: the first second from which to draw no more; None for all until the end.

    Returns:
        The sample; its members in the order of the seed, so that strata come mixed.
    """
    populations: Counter[tuple[str, str]] = Counter()
    drawings = {stratum: _Drawing(size, []) for stratum in Stratum}
    values = {"via": Via.DIRECT, "sent": Folder.SENT, "since": since, "until": until}
    with faults_told(ledger.path):
        for finding, key, label, score, institute in ledger.connection.execute(_POPULATION, values):
            stratum = stratum_of(Label(label), score)
            populations[stratum, ledger.text(institute)] += 1
            text = rows.key_text(finding)
            drawings[stratum].offer(order_of(seed, text), text, rows.key_text(key))
    sizes: Counter[Stratum] = Counter()
    for (name, _), number in populations.items():
        sizes[Stratum(name)] += number
    chosen = [
        (*entry, stratum)
        for stratum, number in allocate(sizes, size).items()
        for entry in heapq.nlargest(number, drawings[stratum].heap)
    ]
    members = tuple((stratum.value, key) for *_, key, stratum in sorted(chosen, key=lambda one: (-one[0], one[1])))
    sample = Sample(seed, since, until, now, dict(populations), members)
    put_sample(ledger, sample)
    return sample
