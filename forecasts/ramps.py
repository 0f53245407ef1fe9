"""How fast a plant runs up: a small library of shapes over its age in months."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@lru_cache(maxsize=1024)
def rates(tau: float, months: int) -> Floats:
    """Monthly rates at ages 0, 1, ..., where ages 12 to 23 are 1 on average.

    g(a) = c * integral from a - 1/2 to a + 1/2 of (1 - exp(-t / tau)) dt, cut at 0: the
    start falls into the middle of its month, and the gap to the full rate closes with a
    time constant of `tau` months.
    """
    age = np.arange(max(months, 24), dtype=np.float64)
    made = _made(age + 0.5, tau) - _made(np.maximum(age - 0.5, 0.0), tau)
    shape: Floats = (made / made[12:24].mean())[:months]
    shape.setflags(write=False)  # whoever asks again is given the same
    return shape


def _made(age: Floats, tau: float) -> Floats:
    result: Floats = age - tau * (1.0 - np.exp(-age / tau))
    return result


def in_year(tau: float, starts: NDArray[np.int64], year: int, weights: Floats) -> Floats:
    """Years' worth of output that a calendar year holds, for each month of start.

    `starts` are months as year * 12 + month - 1; `weights` the plant's calendar, twelve
    numbers that are 1 on average. A plant that starts after the year has 0.
    """
    months = np.arange(year * 12, year * 12 + 12)
    return over(tau, starts, months, weights)


def over(
    tau: float, starts: NDArray[np.int64], months: NDArray[np.int64], weights: Floats
) -> Floats:
    """As `in_year`, for any months."""
    if not len(months) or not len(starts):
        return np.zeros(len(starts))
    age = months[None, :] - starts[:, None]
    shape = rates(tau, max(int(age.max()) + 1, 1))
    monthly = np.where(age >= 0, shape[np.maximum(age, 0)], 0.0)
    result: Floats = monthly @ weights[months % 12] / 12.0
    return result
