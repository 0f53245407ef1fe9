"""Two clocks race from the as-of day: whichever strikes first decides.

On the monthly grid h1, h2 are the hazards of start and cancellation, S what is still open:

    h1'(t) = 1 - (1 - h1(t))^theta,   theta ~ LogNormal(0, tau^2)
    S = prod (1 - h1') (1 - h2)
    F_start(t) = sum h1' S (1 - h2/2),   F_cancel(t) = sum h2 S (1 - h1'/2)

theta is a shock that all programmes share (a change of regime), averaged over nine quantiles.
Both clocks may strike within one month; half of such months go to either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from forecasts.distribution import MONTHS
from forecasts.lognormal import survival
from forecasts.months import elapsed

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
    Matrix = NDArray[np.float64]

SOON: Final = 1e-3
"""Months: stands for a clock that does not run yet."""

NINTHS: Final = (
    0.0,
    0.2822161470625081,
    0.5894557978497785,
    0.9674215661017014,
    1.5932188180230502,
)
"""The middles of the upper ninths of a standard normal: written out, since the library that
computes them is loaded for nothing else."""
BATCH: Final = 256
"""Programmes raced at a time: what they need stays in the processor's cache."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Race:
    """Incidence by each of the 120 month-ends, a row a programme."""

    start: Matrix
    cancel: Matrix

    @property
    def pending(self) -> Matrix:
        """What is neither started nor cancelled by each month-end."""
        return 1.0 - self.start - self.cancel


@dataclass(frozen=True, kw_only=True, slots=True)
class Clocks:
    """Where and how wide both clocks of many programmes stand, on the scale of log months.

    `start` has one row a month of each programme's window; `owner` says whose, ascending, so
    that a fuzzy window is a mixture over its months, by `share`, in sum 1. `head` is how many
    months pass before the start clock runs at all. The others have one row a programme.
    """

    start: Vector
    head: Vector
    share: Vector
    owner: NDArray[np.int64]
    start_spread: Vector
    cancel: Vector
    cancel_spread: Vector


def grid(as_of: date) -> Vector:
    """Months from a day to each of the 120 month-ends after it."""
    return np.arange(1, MONTHS + 1, dtype=np.float64) - elapsed(as_of)


def shocks(tau: float) -> Vector:
    """Nine equally likely values of theta."""
    return np.asarray(
        np.exp(tau * np.array([*(-x for x in NINTHS[:0:-1]), *NINTHS])), np.float64
    )


def race(clocks: Clocks, *, as_of: date, tau: float) -> Race:
    """Both incidences of every programme; 120 columns, monotone, with pending they add to 1."""
    count = clocks.cancel.size
    start, cancel = np.empty((count, MONTHS)), np.empty((count, MONTHS))
    months, theta = grid(as_of), shocks(tau)
    for low in range(0, count, BATCH):
        rows = slice(low, min(low + BATCH, count))
        start[rows], cancel[rows] = _batch(clocks, rows, months, theta)
    return Race(start=start, cancel=cancel)


def _batch(clocks: Clocks, rows: slice, grid: Vector, theta: Vector) -> tuple[Matrix, Matrix]:
    bounds = np.searchsorted(clocks.owner, np.arange(rows.start, rows.stop + 1))
    months = slice(bounds[0], bounds[-1])
    spread = clocks.start_spread[clocks.owner[months]]
    run = np.log(np.maximum(grid - clocks.head[months, None], SOON))
    left = survival((run - clocks.start[months, None]) / spread[:, None])
    mixed = np.add.reduceat(left * clocks.share[months, None], bounds[:-1] - bounds[0])
    starts = _hazard(mixed)
    ends = _hazard(
        survival((np.log(grid) - clocks.cancel[rows, None]) / clocks.cancel_spread[rows, None])
    )
    return _incidence(starts, ends, theta)


def _hazard(left: Matrix) -> Matrix:
    """The monthly hazard of a survival curve, 0 to 1."""
    before = np.hstack([np.ones((len(left), 1)), left[:, :-1]])
    return np.clip(1.0 - left / np.maximum(before, 1e-300), 0.0, 1.0)


def _incidence(starts: Matrix, ends: Matrix, theta: Vector) -> tuple[Matrix, Matrix]:
    """F_start and F_cancel, averaged over the shared shock."""
    log_stay = np.log1p(-np.minimum(starts, 1.0 - 1e-12))
    start, cancel = np.zeros_like(starts), np.zeros_like(starts)
    for shock in theta:
        stay = np.exp(shock * log_stay)
        after = np.cumprod(stay * (1.0 - ends), axis=1)
        before = np.hstack([np.ones((len(after), 1)), after[:, :-1]])
        start += before * (1.0 - stay) * (1.0 - ends / 2.0)
        cancel += before * ends * (1.0 + stay) / 2.0
    return np.cumsum(start, axis=1) / theta.size, np.cumsum(cancel, axis=1) / theta.size
