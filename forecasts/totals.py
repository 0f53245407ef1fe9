"""The total of many programmes in one calendar year, wider for the markets they share.

Given one of a market's equally likely factors its plants are independent, and each plant's
distribution is the one without a market, with what is not yet certain scaled by the
factor. So the total given the factor is a convolution, and over the factors a plain mean.
Plants without a market, and different markets, are taken to be independent.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from forecasts.amounts import RATIOS, Volumes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from forecasts.market import MarketOutlook

    Floats = NDArray[np.float64]

STEPS: Final = 4096
"""Points of the even grid on which totals are added."""
TAIL: Final = 0.999
"""The grid reaches to the sum of these quantiles; what lies beyond is put at its end."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One programme's year as forecast without a market, and the market it follows."""

    volumes: Volumes
    market: MarketOutlook | None = None


def total(parts: Sequence[Part]) -> Volumes:
    """The distribution of the sum; all parts are of one year, and there is one at least."""
    year = parts[0].volumes.year
    markets: defaultdict[MarketOutlook | None, list[Volumes]] = defaultdict(list)
    for part in parts:
        markets[part.market].append(part.volumes)
    reach = sum(
        float(one.quantile(TAIL)[0] - one.base[0])
        * (market.factors(year).max() if market else 1.0)
        for market, many in markets.items()
        for one in many
    )
    grid = np.linspace(0.0, max(reach, 1.0), STEPS)
    waves = np.ones(STEPS + 1, dtype=np.complex128)
    for market, many in markets.items():
        factors = market.factors(year) if market else np.ones(1)
        waves *= np.mean([_sum(many, factor, grid) for factor in factors], axis=0)
    masses = np.fft.irfft(waves, n=2 * STEPS)
    masses = np.append(masses[: STEPS - 1], masses[STEPS - 1 :].sum())
    cumulative = np.minimum(np.maximum.accumulate(np.cumsum(masses)), 1.0)
    return Volumes(
        year=year,
        base=np.array([sum(float(part.volumes.base[0]) for part in parts)]),
        scale=grid[-1:],
        cumulative=np.interp(RATIOS * grid[-1], grid, cumulative)[None, :],
    )


def _sum(many: Sequence[Volumes], factor: float, grid: Floats) -> NDArray[np.complex128]:
    """The transform of the sum of independent volumes, given a market's factor."""
    waves = np.ones(STEPS + 1, dtype=np.complex128)
    for one in many:
        waves *= np.fft.rfft(_masses(one, factor, grid), n=2 * STEPS)
    return waves


def _masses(one: Volumes, factor: float, grid: Floats) -> Floats:
    """Mass on each grid point of what is not certain yet, placed so that means are kept."""
    values = factor * one.scale[0] * RATIOS
    edges = np.append(grid, grid[-1] + grid[1])
    below = np.interp(edges, values, one.cumulative[0])
    area = np.concatenate(([0.0], np.cumsum((below[1:] + below[:-1]) / 2)))
    masses = np.diff(area, n=2, prepend=0.0)
    masses[-1] += 1.0 - masses.sum()
    result: Floats = masses
    return result
