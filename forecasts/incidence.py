"""How often and when what was announced has started: the base rate, in numpy alone.

    F(t) = sum over times s <= t of S(s-) d1(s) / n(s)       S(s) = prod (1 - (d1 + d2) / n)

The Aalen-Johansen estimate for all programmes at once; d1 start and d2 are cancelled at a
time, n are still pending before it. Recording an event asks for it once a quarter, and must
load no statistics library for that; the tests hold it to statsmodels' estimator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from forecasts.distribution import MONTHS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from forecasts.features import Lessons

    Vector = NDArray[np.float64]


def base_rate(lessons: Lessons) -> Vector:
    """P(start by the end of each of 120 months), whatever the stage and lead."""
    times, place = np.unique(lessons.months, return_inverse=True)
    if not times.size:
        return np.zeros(MONTHS)
    started = np.bincount(place, lessons.started, times.size)
    gone = np.bincount(place, lessons.cancelled, times.size)
    left = np.bincount(place, minlength=times.size)
    pending = left[::-1].cumsum()[::-1]
    surviving = np.cumprod(1.0 - (started + gone) / pending)
    before = np.concatenate(([1.0], surviving[:-1]))
    curve = np.cumsum(before * started / pending)
    reached = np.searchsorted(times, np.arange(1, MONTHS + 1) + 1e-6, side="right")
    return np.concatenate(([0.0], curve))[reached]
