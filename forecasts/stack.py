"""Forecasts of one number by several methods, dressed with past errors and pooled.

A method's middle is dressed: multiplied with what such forecasts were missed by before.
The dressed forecasts are pooled with weights on the simplex that minimise the CRPS of the
past ones. That is quadratic in the weights,

    CRPS(sum of w_i F_i, y) = sum w_i E|X_i - y| - 1/2 sum w_i w_j E|X_i - X_j|

so all that must be kept of the past are two sums, and a new score is a cheap addition.
Distributions are 25 equally likely numbers, in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ATOMS: Final = 25
LEVELS: Final = (np.arange(ATOMS) + 0.5) / ATOMS
STEPS: Final = 3000
"""Of the exponentiated gradient: past these the weights stand still to three digits."""
AT_ONCE: Final = 256
"""Forecasts whose atoms are compared with one another at a time: some ten megabytes."""
LEAST: Final = 0.02
"""A forecast is said to be missed by a factor of fifty at the most."""


@dataclass(frozen=True, kw_only=True)
class Scored:
    """The sums over past forecasts of which the weights are made, for m methods."""

    near: Floats
    apart: Floats
    count: int

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Scored:
        """From JSON."""
        return cls(
            near=np.array(plain["near"]),
            apart=np.array(plain["apart"]),
            count=int(plain["count"]),
        )

    def plain(self) -> dict[str, Any]:
        """For JSON, to six digits."""
        return {
            "near": np.round(self.near, 6).tolist(),
            "apart": np.round(self.apart, 6).tolist(),
            "count": self.count,
        }

    @classmethod
    def nothing(cls, methods: int) -> Scored:
        """Before any forecast was scored."""
        return cls(near=np.zeros(methods), apart=np.zeros((methods, methods)), count=0)

    def plus(self, atoms: Floats, real: Floats, scale: Floats) -> Scored:
        """With n more, one after another: (n, m, 25) atoms of numbers that came out as `real`.

        `scale` makes series of all sizes count alike.
        """
        shapes, truths = atoms / scale[:, None, None], real / scale
        near = np.abs(shapes - truths[:, None, None]).mean(axis=2)
        apart = (
            np.abs(some[:, :, None, :, None] - some[:, None, :, None, :]).mean(axis=(3, 4))
            for some in np.split(shapes, range(AT_ONCE, len(shapes), AT_ONCE))
        )
        return Scored(
            near=np.add.reduce([self.near, *near]),
            apart=np.add.reduce([self.apart, *np.concatenate(list(apart))]),
            count=self.count + len(real),
        )


def best_weights(pasts: Sequence[Scored]) -> Floats:
    """A row for each: the weights under which its CRPS is least; even before any score.

    All of them in one go, and of as many methods: one by one they take ten times as long.
    """
    if not pasts:
        return np.empty((0, 0))
    counts = np.array([max(past.count, 1) for past in pasts], dtype=np.float64)
    near = np.array([past.near for past in pasts]) / counts[:, None]
    apart = np.array([past.apart for past in pasts]) / counts[:, None, None]
    most = near.max(axis=1, keepdims=True)
    step = np.divide(2.0, most, out=np.zeros_like(most), where=most > 0)
    weights = np.full(near.shape, 1.0 / near.shape[1])
    for _ in range(STEPS):
        slope = near - (apart @ weights[:, :, None])[:, :, 0]
        weights *= np.exp(-step * (slope - slope.min(axis=1, keepdims=True)))
        weights /= weights.sum(axis=1, keepdims=True)
    return weights


def missed(middles: Floats, real: Floats) -> Floats:
    """Logs of the factors by which forecasts were missed."""
    least = np.maximum(middles, 1e-9)
    factors = np.clip(real / least, LEAST, 1.0 / LEAST)
    result: Floats = np.log(factors)
    return result


def dressed(middle: Floats, errors: Floats) -> Floats:
    """Atoms of forecasts: `errors` are quantiles of `missed` at `LEVELS`, on the last axis."""
    atoms: Floats = np.asarray(middle)[..., None] * np.exp(errors)
    return atoms


def pooled(atoms: Floats, weights: Floats, stretch: float = 1.0) -> Floats:
    """Atoms of the weighted pool of (m, 25) atoms, stretched about their median."""
    values = atoms.ravel()
    shares = np.repeat(weights / atoms.shape[1], atoms.shape[1])
    order = np.argsort(values, kind="stable")
    heaped = np.cumsum(shares[order]) - shares[order] / 2
    pool = np.interp(LEVELS, heaped, values[order])
    middle = max(float(pool[ATOMS // 2]), 1e-9)
    result: Floats = middle * (np.maximum(pool, 1e-9) / middle) ** stretch
    return result


def interval(atoms: Floats, share: float = 0.8) -> tuple[float, float]:
    """The ends between which the middle `share` of the atoms lies."""
    low, high = np.interp([(1 - share) / 2, (1 + share) / 2], LEVELS, atoms)
    return float(low), float(high)


def needed_stretch(atoms: Floats, real: float, share: float = 0.8) -> float:
    """The stretch under which `real` would lie on the edge of the interval."""
    low, high = interval(atoms, share)
    middle = max(float(atoms[ATOMS // 2]), 1e-9)
    move = np.log(max(real, middle * LEAST) / middle)
    room = np.log(high / middle) if move > 0 else -np.log(max(low, 1e-9) / middle)
    return float(abs(move) / max(room, 1e-9))


def crps(atoms: Floats, real: float) -> float:
    """Continuous ranked probability score of equally likely numbers in order."""
    count = len(atoms)
    ranks = 2 * np.arange(1, count + 1) - count - 1
    return float(np.abs(atoms - real).mean() - ranks @ atoms / count**2)
