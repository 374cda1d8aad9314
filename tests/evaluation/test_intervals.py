"""Exact intervals of finite populations, and how often sums of them hold what is true."""

from functools import cache
from math import comb
from random import Random

import pytest

from outreach_audit.evaluation.intervals import Stratum, hypergeometric, total

ROUNDS = 400


def by_definition(hits, sampled, population):
    """All numbers that neither one-sided test of 2.5 % refuses."""
    kept = []
    for number in range(hits, population - (sampled - hits) + 1):
        ways = [comb(number, k) * comb(population - number, sampled - k) for k in range(sampled + 1)]
        whole = comb(population, sampled)
        # whole numbers: 2.5 % is 1 of 40
        if 40 * sum(ways[: hits + 1]) > whole and 40 * sum(ways[hits:]) > whole:
            kept.append(number)
    return kept[0], kept[-1]


def test_the_interval_is_that_of_the_definition():
    for population in range(1, 22):
        for sampled in range(1, population + 1):
            for hits in range(sampled + 1):
                expected = by_definition(hits, sampled, population)
                assert hypergeometric(hits, sampled, population) == expected, (hits, sampled, population)


def test_a_sample_of_all_leaves_no_doubt_and_none_leaves_all():
    assert hypergeometric(7, 60, 60) == (7, 7)
    assert hypergeometric(0, 0, 60) == (0, 60)
    assert hypergeometric(0, 0, 0) == (0, 0)


def test_a_large_population_is_that_of_clopper_and_pearson():
    # 10 of 100: 0.0490 to 0.1762 (Clopper and Pearson's charts; R binom.test)
    low, high = hypergeometric(10, 100, 10_000_000)
    assert (low / 1e7, high / 1e7) == (pytest.approx(0.04900, abs=1e-4), pytest.approx(0.17622, abs=1e-4))
    assert hypergeometric(5_000, 10_000, 10_000_000)[0] == pytest.approx(4_901_900, rel=1e-3)


@cache
def hits(population, number, sampled, seed):
    """The hits of many random samples."""
    rng = Random(seed)
    return [sum(n < number for n in rng.sample(range(population), sampled)) for _ in range(ROUNDS)]


@pytest.mark.parametrize(
    ("strata", "sizes"),
    [
        ([(226, 200)], [60]),
        ([(20, 15), (20, 3)], [10, 10]),
        ([(226, 220), (40, 10), (1200, 3)], [20, 20, 20]),
        ([(226, 215), (40, 4), (20, 1), (300, 9), (3000, 30)], [12] * 5),
        ([(226, 215), (40, 4), (20, 1), (300, 9), (3000, 30)], [40, 40, 20, 40, 40]),
        ([(1000, 10)] * 4, [30] * 4),  # where the narrower method fell to 0.93
        ([(100, 97)] * 8, [12] * 8),  # and here to 0.91
    ],
)
def test_what_is_true_lies_in_the_interval_of_the_total(strata, sizes):
    drawn = [
        hits(population, number, size, place)
        for place, ((population, number), size) in enumerate(zip(strata, sizes, strict=True))
    ]
    truth, held = sum(number for _, number in strata), 0
    for round_ in range(ROUNDS):
        low, high = total(
            Stratum(population, size, drawn[place][round_])
            for place, ((population, _), size) in enumerate(zip(strata, sizes, strict=True))
        )
        held += low <= truth <= high
    # 0.95 less two standard deviations of 400 rounds: the exact interval of one stratum holds at least so often
    assert held / ROUNDS >= 0.928


def test_what_could_not_be_decided_is_taken_at_its_worst_on_both_sides():
    low, high = Stratum(60, 60, 10, open_=5).limits()
    assert (low, high) == (10, 15)
    assert Stratum(100, 20, 5, open_=2).limits() == (hypergeometric(5, 20, 100)[0], hypergeometric(7, 20, 100)[1])


def test_what_is_certain_bounds_the_interval():
    assert Stratum(100, 0, 0, known=30, excluded=50).limits() == (30, 50)
    low, high = Stratum(226, 60, 60, known=220).limits()
    assert (low, high) == (220, 226)
