"""Intervals for shares."""

from math import sqrt

_Z95 = 1.959963984540054


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson, JASA 22, 1927).

    Args:
        hits: how many.
        of: of how many; 0 gives the whole range.

    Returns:
        Lower and upper limit, between 0 and 1.
    """
    if not of:
        return 0.0, 1.0
    share = hits / of
    square = _Z95 * _Z95
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z95 * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)
