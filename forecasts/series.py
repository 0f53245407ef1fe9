"""Ways to carry a monthly series on: each gives the months to come, without a spread.

How wide a forecast must be is learned from how such forecasts have failed before
(`forecasts.stack`); a method only says where the middle lies. statsmodels and Prophet are
imported inside the methods that need them. A method that finds nothing to go on raises
`TooLittleHistory`.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from forecasts import prophecy, ramps
from forecasts.errors import TooLittleHistory
from forecasts.months import YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST: Final = 0.02
"""Logarithms are taken of volumes no smaller than this part of their mean."""
SMOOTHING: Final = 0.4
"""Weight of the newest month in the local level: best of 0.2, 0.3, 0.4, 0.5 on launches."""
TAUS: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
SHAPES: Final = (0.25, 0.2, 0.2, 0.15, 0.1, 0.1)
"""What is thought of each `TAUS` before a launch is seen."""
MONTH_NOISE: Final = 0.5
FORGETTING: Final = 0.92
"""A month back in time counts for this much of the next one, in the S-curve."""


class Method(Protocol):
    """Volumes of a series' months, the first one the start's -> those of the next."""

    def __call__(self, seen: Floats, ahead: int) -> Floats:
        """Carry `seen` on by `ahead` months."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """A method, and the months that it needs."""

    name: str
    fewest: int
    method: Method


def filled(known: Sequence[tuple[int, float]]) -> Floats:
    """Months in order with their gaps closed by straight lines."""
    if not known:
        raise TooLittleHistory("A series needs a month at least.")
    months = [month for month, _ in known]
    axis = np.arange(months[0], months[-1] + 1)
    volumes = np.array([volume for _, volume in known], dtype=np.float64)
    whole: Floats = np.interp(axis, months, volumes)
    return whole


def naive(seen: Floats, ahead: int) -> Floats:
    """The mean of the last half year goes on."""
    return np.full(ahead, seen[-6:].mean())


def last_year(seen: Floats, ahead: int) -> Floats:
    """The last twelve months come again."""
    again: Floats = seen[-YEAR:][np.arange(ahead) % YEAR]
    return again


def growing_year(seen: Floats, ahead: int) -> Floats:
    """The last twelve months, changed by the root of how the last six changed."""
    before = max(seen[-18:-YEAR].sum(), 1.0)
    change = np.clip(seen[-6:].sum() / before, 1 / 3, 3.0)
    path: Floats = last_year(seen, ahead) * change**0.5
    return path


def level(seen: Floats, ahead: int) -> Floats:
    """A local level: as much of the newest month as `SMOOTHING` says."""
    now = seen[0]
    for place, volume in enumerate(seen[1:], 2):
        now += max(SMOOTHING, 1 / place) * (volume - now)
    return np.full(ahead, now)


def seasonal_level(seen: Floats, ahead: int) -> Floats:
    """A local level of the logs, with the months' usual distance from a year's mean."""
    logs = np.log(_positive(seen))
    window = np.convolve(np.ones(len(logs)), np.ones(YEAR), "same")
    distance = logs - np.convolve(logs, np.ones(YEAR), "same") / window
    season = np.array([np.median(distance[month::YEAR]) for month in range(YEAR)])
    season -= season.mean()
    months = np.arange(len(logs) + ahead) % YEAR
    flat = logs - season[months[: len(logs)]]
    now = flat[0]
    for log in flat[1:]:
        now += 0.3 * (log - now)
    path: Floats = np.exp(now + season[months[len(logs) :]])
    return path


def s_curve(seen: Floats, ahead: int) -> Floats:
    """The library's ramps, each at its best height, weighed by how well it fits.

    Newer months count for more. The middle of the shapes is geometric.
    """
    count = len(seen)
    logs = np.log(_positive(seen))
    weights = FORGETTING ** np.arange(count)[::-1]
    fits, paths = [], []
    for tau, shape in zip(TAUS, SHAPES, strict=True):
        ramp = ramps.rates(tau, count + ahead)
        height = np.average(logs - np.log(ramp[:count]), weights=weights)
        misses = weights @ (logs - np.log(ramp[:count]) - height) ** 2
        fits.append(np.log(shape) - 0.5 * misses / MONTH_NOISE**2)
        paths.append(height + np.log(ramp[count:]))
    likely = np.exp(np.array(fits) - max(fits))
    path: Floats = np.exp((likely / likely.sum()) @ np.array(paths))
    return path


def analogs(library: Sequence[Floats]) -> Method:
    """How launches went on that had looked alike, as the median of a library.

    A launch is no analog of itself. Past launches cannot ship, so this is for comparison.
    """

    def carry_on(seen: Floats, ahead: int) -> Floats:
        count = len(seen)
        now = _shape(seen)
        found = [
            (
                np.log(max(other[count : count + ahead].mean() / _last(seen_), 0.01)),
                np.exp(-np.mean((now - _shape(seen_)) ** 2) / 0.3) + 0.05,
            )
            for other in library
            if len(other) >= count + ahead
            and _last(seen_ := other[:count]) > 0
            and not np.array_equal(seen_, seen)
        ]
        if not found:
            return naive(seen, ahead)
        changes, weights = np.array(sorted(found)).T
        heaped = np.cumsum(weights)
        middle = changes[np.searchsorted(heaped, heaped[-1] / 2)]
        return np.full(ahead, _last(seen) * np.exp(middle))

    return carry_on


def _last(seen: Floats) -> float:
    return float(seen[-6:].mean())


def _shape(seen: Floats) -> Floats:
    shape: Floats = np.log(_positive(seen) / max(_last(seen), 0.5))[-YEAR:]
    return shape


def ets(seen: Floats, ahead: int) -> Floats:
    """Exponential smoothing of the logs by statsmodels: level, or with a damped trend.

    With a season from three years of months on. The better one by AICc.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsmodels.tsa.exponential_smoothing.ets import (  # noqa: PLC0415 -- it takes a second
            ETSModel,
        )

        warnings.simplefilter("ignore")  # again: statsmodels has set its own
        logs = np.log(_positive(seen))
        season = {"seasonal": "add", "seasonal_periods": YEAR} if len(seen) >= 3 * YEAR else {}
        fits: list[tuple[float, int, Any]] = []
        for trend in ({}, {"trend": "add", "damped_trend": True}):
            try:
                fit = ETSModel(logs, error="add", **trend, **season).fit(
                    disp=False, maxiter=100
                )
            except (ValueError, NotImplementedError, np.linalg.LinAlgError):
                continue
            fits.append((float(fit.aicc), len(fits), fit))
        if not fits:
            raise TooLittleHistory("No exponential smoothing fits this series.")
        path = np.asarray(min(fits)[2].forecast(ahead), dtype=np.float64)
    within: Floats = np.exp(np.clip(path, logs.min() - 2, logs.max() + 2))
    return within


def prophet_flat(seen: Floats, ahead: int) -> Floats:
    """Prophet without a trend on the last six months: for young programmes."""
    return prophecy.trend(seen[-6:], ahead, flat=True)


def _positive(seen: Floats) -> Floats:
    result: Floats = np.maximum(seen, max(float(seen.mean()) * LEAST, 0.5))
    return result


QUICK: Final = (
    Way(name="naive", fewest=1, method=naive),
    Way(name="local level", fewest=1, method=level),
    Way(name="S-curve", fewest=1, method=s_curve),
)
"""For a programme's own months in daily use: what ETS and Prophet add to these on
launches (a CRPS of .276 against .277 at twelve months, .279 against .281 at twenty-four)
is less than a second of imports is worth after each report."""

OWN: Final = (
    *QUICK,
    Way(name="ETS", fewest=7, method=ets),
    Way(name="Prophet", fewest=12, method=prophet_flat),
)
"""All of them, as they are compared."""


def market_ways(steps: Sequence[int] = ()) -> tuple[Way, ...]:
    """For markets and entities with three years of months or more.

    `steps` are the months, 0 the first, from which on known events may have moved the
    level; Prophet alone hears of them.
    """
    trend = partial(prophecy.trend, steps=tuple(steps))
    return (
        Way(name="last year", fewest=12, method=last_year),
        Way(name="last year, growing", fewest=18, method=growing_year),
        Way(name="seasonal level", fewest=24, method=seasonal_level),
        Way(name="ETS", fewest=36, method=ets),
        Way(name="Prophet", fewest=36, method=trend),
    )


MARKET: Final = market_ways()
"""The same where no event is known."""
