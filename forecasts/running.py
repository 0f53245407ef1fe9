"""Volumes of a plant that has started: what was reported, and what its level says.

The log of a plant's utilisation has the prior of its kind. The last reported year is one
observation of it, as seen through each ramp of the library; the posterior of level and
ramp is in closed form. From there the level wanders back into the prior: a stationary
autoregression whose yearly step is the drift seen in the reference class. Months that
were reported one by one are carried on by themselves as well (`forecasts.own`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, exp, log, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from forecasts import own, ramps
from forecasts.amounts import LOGS, RATIOS, Volumes
from forecasts.months import first_month
from forecasts.utilisation import priors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from forecasts.market import MarketOutlook
    from forecasts.utilisation import Plant

    Floats = NDArray[np.float64]

WINDOW: Final = 12
"""Reported months that make the level."""
MONTH_NOISE: Final = 0.4
"""Log deviation of one month's volume; declared."""
SHAPE_NOISE: Final = (0.1, 1.0, 4.0)
"""Log deviation of a volume from its ramp: what stays, what fades with age, and the
months in which it fades to 1/e; declared."""
SLOWEST: Final = 0.25
"""The least part of the level's variance that lasts a year, whatever the drift."""
OWN: Final = 0.5
"""Weight of the plant's own months carried on, once there are three, against the ramp to
its capacity: what is learned from launches of models knows no capacity. Declared."""
REST: Final = 0.5
"""P(a plant that rests makes nothing more); declared: of three in the journals, two."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """A started plant; `reported` are volumes by month, `start` the month of its start.

    `spread` are the months of which only the sum of several was told. `weights` are those of
    `own.rest_of_year`.
    """

    plant: Plant
    as_of: date
    start: int
    reported: dict[int, float]
    spread: frozenset[int]
    rests: bool
    stopped: bool
    weights: Mapping[int, Sequence[Sequence[float]]] | None = None

    @property
    def single(self) -> dict[int, float]:
        """Months since the start that were told one by one."""
        return {
            month: volume
            for month, volume in self.reported.items()
            if month >= self.start and month not in self.spread
        }

    def years(self, count: int, market: MarketOutlook | None) -> Iterator[Volumes]:
        """The as-of day's year and those after it, `count` in all, one row each."""
        level = _level(self)
        for year in range(self.as_of.year, self.as_of.year + count):
            months = np.arange(year * 12, year * 12 + 12)
            base = sum(self.reported.get(int(month), 0.0) for month in months)
            unknown = months[[int(month) not in self.reported for month in months]]
            yield Volumes(
                year=year,
                base=np.array([base]),
                scale=np.array([self.plant.scale]),
                cumulative=_rest(self, level, year, unknown, market)[None, :],
            )


@dataclass(frozen=True, kw_only=True)
class _Level:
    """Log of utilisation under each ramp, seen around the month `at`.

    `home` and `width` are the means and the variance it wanders back to.
    """

    weights: Floats
    means: Floats
    variance: float
    at: float
    home: Floats
    width: float

    def ahead(self, years: float) -> tuple[Floats, float]:
        """Means and variance some years on."""
        kept = max(1.0 - priors().drift ** 2 / self.width, SLOWEST) ** years
        means = sqrt(kept) * self.means + (1.0 - sqrt(kept)) * self.home
        return means, kept * self.variance + (1.0 - kept) * self.width


def _level(run: Run) -> _Level | None:
    """The posterior after the last reported months that made anything; None before."""
    made = {
        month: volume
        for month, volume in run.reported.items()
        if volume > 0 and month >= run.start
    }
    months = np.array(sorted(made)[-WINDOW:], dtype=np.int64)
    if not len(months):
        return None
    numbers = priors()
    mean, variance = run.plant.used.moments
    seen = log(sum(made[int(month)] for month in months) / run.plant.scale)
    at = float(months.mean())
    stays, fades, fading = SHAPE_NOISE
    shape_noise = stays + fades * exp(-(at - run.start) / fading)
    noise = shape_noise**2 + MONTH_NOISE**2 / len(months)
    surprise = seen - np.log(_shapes(run, months)) - mean
    likely = np.exp(-0.5 * surprise**2 / (variance + noise))
    weights = np.array(numbers.ramp_weights) * likely + 1e-12
    gain = variance / (variance + noise)
    means = mean + gain * surprise
    usual = numbers.utilisation[run.plant.kind].moments
    return _Level(
        weights=weights / weights.sum(),
        means=means,
        variance=variance * (1.0 - gain),
        at=at,
        home=np.full(len(means), mean) if run.plant.capacity else means,
        width=usual[1],
    )


def _rest(
    run: Run,
    level: _Level | None,
    year: int,
    months: NDArray[np.int64],
    market: MarketOutlook | None,
) -> Floats:
    """P(what the unreported months of a year add <= the grid's volume).

    The plant's own months carry their market with them.
    """
    made = _shapes(run, months)
    if run.stopped or not any(made):
        return np.ones(len(RATIOS))
    if level is None:
        result = _by_prior(run, made, market.factors(year) if market else np.ones(1))
    else:
        ahead = max(float(months.mean()) - level.at, 0.0) / 12
        result = _by_level(level, made, ahead, _shared(market, year))
    single = run.single
    if len(single) >= own.FEWEST:
        atoms = own.rest_of_year(single, months, run.weights)
        result = (1.0 - OWN) * result + OWN * own.on_grid(atoms, run.plant.scale)
    alive = _alive(run, year)
    return np.minimum(alive * result + (1.0 - alive), 1.0)


def _by_prior(run: Run, made: list[float], factors: Floats) -> Floats:
    """Nothing was reported: utilisation as of its kind."""
    used = run.plant.used.times(factors) if len(factors) > 1 else run.plant.used
    result = np.zeros(len(RATIOS))
    for weight, shape in zip(priors().ramp_weights, made, strict=True):
        result[1:] += weight * used.cdf(LOGS - log(shape))
    return result


def _by_level(level: _Level, made: list[float], ahead: float, shared: float) -> Floats:
    """A log-normal for each ramp; `shared` is the variance that a market adds."""
    means, variance = level.ahead(ahead)
    spread = sqrt(variance + shared)
    result = np.zeros(len(RATIOS))
    for weight, mean, shape in zip(level.weights, means, made, strict=True):
        result[1:] += weight * _normal((LOGS - log(shape) - mean) / spread)
    return result


def _shapes(run: Run, months: NDArray[np.int64]) -> list[float]:
    numbers = priors()
    season = numbers.season(run.plant.country)
    start = np.array([run.start])
    return [float(ramps.over(tau, start, months, season)[0]) for tau in numbers.taus]


def _shared(market: MarketOutlook | None, year: int) -> float:
    """Variance of the log of the market's factor."""
    return float(np.log(market.factors(year)).var()) if market else 0.0


def _alive(run: Run, year: int) -> float:
    """P(it still makes something in a year)."""
    wait = max(year * 12 - first_month(run.as_of), 0) / 12
    return exp(-priors().stops[run.plant.kind] * wait) * (REST if run.rests else 1.0)


def _normal(z: Floats) -> Floats:
    """The normal distribution by the C library's error function, of which NumPy has none."""
    roots = (z / sqrt(2.0)).tolist()
    return 0.5 * (1.0 + np.fromiter(map(erf, roots), np.float64, len(roots)))
