"""How good a start forecast was, once reality has arrived.

    Brier  (p - y)^2                        p = P(start by the horizon), y whether it had come
    log    -log(p if y else 1 - p)          p kept within FLOOR of 0 and 1
    CRPS   sum over months t <= c of (F(t) - 1[T <= t])^2     c the censoring month: what
                                            happened after it is not known, and not scored

Every programme weighs once, however many forecasts were made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

FLOOR: Final = 0.01
"""A certainty that proves wrong costs 4.6, not infinity: baselines say 0 and 1."""

BINS: Final = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


def brier(p: Vector, y: Vector) -> Vector:
    """The squared error of each probability."""
    return np.asarray((p - y) ** 2, dtype=np.float64)


def log_score(p: Vector, y: Vector) -> Vector:
    """The surprise of each outcome, in nats."""
    kept = np.clip(p, FLOOR, 1.0 - FLOOR)
    return np.asarray(-np.where(y > 0.0, np.log(kept), np.log1p(-kept)), np.float64)


def crps(curve: Vector, struck: float, censored: float) -> float:
    """Of one forecast, in months; `struck` is the month of the start, infinite without one."""
    month = np.arange(1, curve.size + 1)
    seen = month <= censored
    return float((((curve - (struck <= month)) ** 2) * seen).sum())


def weights(programmes: NDArray[np.str_]) -> Vector:
    """A weight a forecast, so that every programme weighs the same and all add up to one."""
    _, place, count = np.unique(programmes, return_inverse=True, return_counts=True)
    return np.asarray(1.0 / count[place] / count.size, dtype=np.float64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bin:
    """Forecasts between two probabilities: what was said, what came, of how many."""

    low: float
    high: float
    said: float
    came: float
    forecasts: int
    programmes: int


def calibration(p: Vector, y: Vector, programmes: NDArray[np.str_]) -> list[Bin]:
    """The reliability table; empty bins are left out."""
    weight = weights(programmes)
    bins = []
    for low, high in pairwise(BINS):
        inside = (p >= low) & ((p < high) | (high == BINS[-1]))
        if inside.any():
            share = weight[inside] / weight[inside].sum()
            bins.append(
                Bin(
                    low=low,
                    high=high,
                    said=float(share @ p[inside]),
                    came=float(share @ y[inside]),
                    forecasts=int(inside.sum()),
                    programmes=np.unique(programmes[inside]).size,
                )
            )
    return bins


def gain(
    loss: Vector,
    baseline: Vector,
    programmes: NDArray[np.str_],
    *,
    draws: int,
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    """1 - loss / baseline, with the 5 % and 95 % points of a bootstrap over programmes."""
    slugs, place = np.unique(programmes, return_inverse=True)
    count = np.bincount(place)
    ours, theirs = np.bincount(place, loss) / count, np.bincount(place, baseline) / count
    drawn = rng.integers(0, slugs.size, size=(draws, slugs.size))
    ratios = 1.0 - ours[drawn].sum(axis=1) / theirs[drawn].sum(axis=1)
    low, high = np.quantile(ratios, (0.05, 0.95))
    return float(1.0 - ours.sum() / theirs.sum()), float(low), float(high)


def spread(
    value: Vector, programmes: NDArray[np.str_], *, draws: int, rng: np.random.Generator
) -> tuple[float, float]:
    """The 5 % and 95 % points of a mean over programmes, by bootstrap."""
    slugs, place = np.unique(programmes, return_inverse=True)
    each = np.bincount(place, value) / np.bincount(place)
    drawn = rng.integers(0, slugs.size, size=(draws, slugs.size))
    low, high = np.quantile(each[drawn].mean(axis=1), (0.05, 0.95))
    return float(low), float(high)
