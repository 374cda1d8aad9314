"""Fitting the weights of signals to labelled mail: one number a signal, its sign kept.

Logistic regression with a pull towards the weights at hand (a Gaussian prior), by projected gradient descent: a signal
that speaks for an approach never comes to speak against it, however few examples there are. Names, languages and
countries are no features, so that no weight can depend on them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log1p

_STEPS = 600
_RATE = 0.05
_SMALLEST = 0.05  # points; a signal that weighs less says nothing and should be deleted


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled message: the signals that fired, whether it is an approach, and how much it counts."""

    fired: frozenset[str]
    positive: bool
    worth: float = 1.0


@dataclass(frozen=True, slots=True)
class Fit:
    """Fitted weights by signal, and the score from which on an approach is the likelier."""

    weights: dict[str, float]
    threshold: float
    loss: float


def _loss(margin: float) -> float:
    return log1p(exp(-margin)) if margin > 0 else -margin + log1p(exp(margin))


def fit(
    samples: Sequence[Sample], prior: Mapping[str, float], threshold: float, *, pull: float = 0.6, steps: int = _STEPS
) -> Fit:
    """Fit weights.

    Args:
        samples: messages that have the core of an offer (others are no approaches whatever their score).
        prior: the weights at hand; their signs are kept.
        threshold: the score of indifference at hand.
        pull: how strongly weights are held at the prior (the inverse variance of the Gaussian).
        steps: of gradient descent.

    Returns:
        The fitted weights of all signals of ``prior``.
    """
    weights = dict(prior)
    bias = -threshold
    total = sum(s.worth for s in samples) or 1.0
    loss = 0.0
    velocity: dict[str, float] = dict.fromkeys(weights, 0.0)
    velocity_bias = 0.0
    for _ in range(steps):
        gradient = {name: pull * (weights[name] - prior[name]) for name in weights}
        gradient_bias = pull * 0.1 * (bias + threshold)
        loss = 0.0
        for sample in samples:
            score = bias + sum(weights[name] for name in sample.fired)
            sign = 1.0 if sample.positive else -1.0
            loss += sample.worth * _loss(sign * score)
            push = -sign * sample.worth / (1.0 + exp(min(60.0, sign * score)))
            gradient_bias += push
            for name in sample.fired:
                gradient[name] += push
        for name in prior:
            velocity[name] = 0.9 * velocity[name] - _RATE / total * 10 * gradient[name]
            moved = weights[name] + velocity[name]
            weights[name] = max(_SMALLEST, moved) if prior[name] > 0 else min(-_SMALLEST, moved)
        velocity_bias = 0.9 * velocity_bias - _RATE / total * 10 * gradient_bias
        bias += velocity_bias
    return Fit({name: round(value, 2) for name, value in weights.items()}, round(-bias, 2), loss / total)
