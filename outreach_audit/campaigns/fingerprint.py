"""The fingerprint of a template: the same value at every institute that holds a mail built from it.

docs/watchlists.md tells field by field how it is made, so that others can make the same.
"""

import re
from heapq import nsmallest

from outreach_audit.campaigns.masking import mask
from outreach_audit.campaigns.shingles import shingles

MOST_TEXT = 20_000
"""Characters of an offer text that are looked at: as many as a ledger keeps."""

LEAST_RUNS = 12
"""A text with fewer runs says too little to be known again."""

NEAR = 0.6
"""Largest estimated distance of two texts of one template, as between the texts of a campaign."""

_SIZE = 64  # the estimate of a distance of 0.4 (the farthest of one campaign measured) errs by 0.06
_FORM = re.compile("t1:((?:[0-9a-f]{8})+)")
_DIGITS = 8


def fingerprint(text: str) -> str:
    """The fingerprint of the template from which an offer text was built; ``''`` where the text says too little.

    It is ``t1:`` and the 64 smallest checksums of the runs of the masked text, ascending, each as eight hexadecimal
    digits (bottom-k sampling: Broder, On the resemblance and containment of documents, 1997). Names, numbers, dates,
    links and both ends of the letter are masked before, so that they are not in it.

    Args:
        text: the offer text as the program judged it, without the subject.
    """
    runs = shingles(mask(text[:MOST_TEXT]))
    return f"t1:{''.join(f'{run:08x}' for run in nsmallest(_SIZE, runs))}" if len(runs) >= LEAST_RUNS else ""


def checksums(written: str) -> frozenset[int]:
    """The checksums of a fingerprint.

    Raises:
        ValueError: it is none.
    """
    match = _FORM.fullmatch(written)
    digits = match[1] if match else ""
    found = [int(digits[at : at + _DIGITS], 16) for at in range(0, len(digits), _DIGITS)]
    if not LEAST_RUNS <= len(found) <= _SIZE or found != sorted(set(found)):
        raise ValueError("no fingerprint of a template: t1: and 12 to 64 ascending numbers of eight hexadecimal digits")
    return frozenset(found)


def estimated_distance(one: frozenset[int], other: frozenset[int]) -> float:
    """The Jaccard distance of two templates as far as their fingerprints tell: 0 for the same, 1 for nothing shared."""
    sample = nsmallest(_SIZE, one | other)
    return 1 - sum(run in one and run in other for run in sample) / len(sample)
