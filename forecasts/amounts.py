"""Distributions of a volume: a mass on its least value, the rest on a grid above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

QUANTILES: Final = (0.1, 0.5, 0.9)
YEARS: Final = 5
"""Calendar years of which a forecast tells volumes: the as-of day's and the four after it."""

RATIOS: Final = np.concatenate(([0.0], np.geomspace(1e-5, 40.0, 320)))
"""The grid: volumes as parts of a scale, which is a year at full capacity."""
LOGS: Final = np.log(RATIOS[1:])
MIDDLES: Final = (RATIOS[1:] + RATIOS[:-1]) / 2
WEIGHTS: Final = np.append(-np.diff(MIDDLES, prepend=0.0), MIDDLES[-1])
"""The mean is the cumulative times these: masses lie in the middle between grid points."""


@dataclass(frozen=True, kw_only=True)
class Volumes:
    """The same calendar year of many programmes, a row each.

    `base` is what is certain, `scale` what a grid point of 1 adds to it; `cumulative` is
    P(volume <= base + scale * RATIOS). Between grid points the mass lies evenly.
    """

    year: int
    base: Floats
    scale: Floats
    cumulative: Floats

    @property
    def zero(self) -> Floats:
        """P(volume = 0)."""
        result: Floats = np.where(self.base > 0, 0.0, self.cumulative[:, 0])
        return result

    @property
    def mean(self) -> Floats:
        """Expected volumes."""
        above: Floats = self.cumulative @ WEIGHTS
        return self.base + self.scale * above

    def quantile(self, q: float) -> Floats:
        """The least volumes that are not exceeded with probability q."""
        return self.quantiles((q,))[:, 0]

    def quantiles(self, levels: Sequence[float]) -> Floats:
        """As `quantile`, a column a level: found by halving the grid."""
        rows, wanted = np.arange(len(self.base))[:, None], np.array(levels)[None, :]
        before = np.full((len(rows), len(levels)), -1)
        after = np.full_like(before, len(RATIOS) - 1)
        for _ in range(len(RATIOS).bit_length()):
            middle = (before + after + 1) // 2
            reached = self.cumulative[rows, middle] >= wanted
            after = np.where(reached, middle, after)
            before = np.where(reached, before, np.minimum(middle, after - 1))
        before = np.maximum(before, 0)
        low, high = self.cumulative[rows, before], self.cumulative[rows, after]
        rise = np.where(high > low, high - low, 1.0)
        part = np.clip((wanted - low) / rise, 0.0, 1.0)
        ratio = RATIOS[before] + part * (RATIOS[after] - RATIOS[before])
        above = np.where(after == 0, 0.0, ratio)
        result: Floats = self.base[:, None] + self.scale[:, None] * above
        return result

    def row(self, place: int) -> Volumes:
        """One programme's year by itself."""
        part = slice(place, place + 1)
        return Volumes(
            year=self.year,
            base=self.base[part],
            scale=self.scale[part],
            cumulative=self.cumulative[part],
        )

    def at_least(self, volume: float) -> Floats:
        """P(volume >= `volume`)."""
        ratios = (volume - self.base) / self.scale
        below = [
            float(np.interp(ratio, RATIOS, row)) if ratio > 0 else 0.0
            for ratio, row in zip(ratios, self.cumulative, strict=True)
        ]
        return 1.0 - np.array(below)

    def crps(self, real: float) -> Floats:
        """Continuous ranked probability scores of each row, in units, for one outcome.

        The integral of the square of P(volume <= x) less 1 where x has been reached;
        exact, since between grid points the cumulative is a straight line.
        """
        return np.array(
            [
                _squared(base + scale * RATIOS, row, real)
                for base, scale, row in zip(self.base, self.scale, self.cumulative, strict=True)
            ]
        )


def _squared(values: Floats, cumulative: Floats, real: float) -> float:
    """The integral, with the part outside the grid."""
    inside = float(np.clip(real, values[0], values[-1]))
    at = float(np.interp(inside, values, cumulative))
    below = values < inside
    low = (np.append(values[below], inside), np.append(cumulative[below], at))
    high = (
        np.insert(values[~below], 0, inside),
        1.0 - np.insert(cumulative[~below], 0, at),
    )
    return abs(real - inside) + sum(
        float(np.diff(x) @ (y[1:] ** 2 + y[1:] * y[:-1] + y[:-1] ** 2)) / 3
        for x, y in (low, high)
    )
