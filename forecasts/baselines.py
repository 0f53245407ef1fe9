"""What a forecast must beat: the announced date believed, and what became of others.

The Aalen-Johansen estimator is statsmodels', imported when it is asked for: back-tests need
it, forecasts do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from forecasts.distribution import MONTHS
from forecasts.months import elapsed

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from forecasts.features import Columns, Lessons

    Vector = NDArray[np.float64]
    Matrix = NDArray[np.float64]

LEADS: Final = (6.0, 18.0, 36.0)
"""Months to the announced date that part the reference class."""

FEWEST_ROWS, FEWEST_PROGRAMMES = 8, 5
"""A class with less is widened: to its lead, to its stage, to everything. Both figures, and
the bounds of the leads, are among those tried that served this baseline best."""


def face_value(table: Columns, as_of: date) -> Matrix:
    """The announced window believed: evenly over its months, a passed one due at once.

    Leads count from the day, curves from the beginning of the month that ends next.
    """
    due = np.maximum(np.ceil(table.lead + elapsed(as_of)), 1.0)
    months = np.arange(1, MONTHS + 1)
    reached = (due[:, None] <= months).astype(np.float64)
    counts = np.bincount(table.owner)
    weighed = reached * table.share[:, None]
    curves = np.add.reduceat(weighed, np.concatenate(([0], np.cumsum(counts)[:-1])))
    return np.asarray(curves, dtype=np.float64)


def base_rate(table: Columns, others: Lessons) -> Matrix:
    """What became of all others, whatever their stage and lead."""
    curve = incidence(others, np.ones(len(others.columns), dtype=np.bool_))
    return np.tile(curve, (len(table), 1))


def by_stage_and_lead(table: Columns, others: Lessons) -> Matrix:
    """What became of others of the same stage and lead."""
    stage, lead = others.columns.stage, _class(others.columns)
    curves: dict[tuple[str, int], Vector] = {}
    keys = list(zip(table.stage.tolist(), _class(table).tolist(), strict=True))
    for key in dict.fromkeys(keys):
        same_stage, same_lead = stage == key[0], lead == key[1]
        everything = np.ones_like(same_stage)
        wider = (same_stage & same_lead, same_lead, same_stage, everything)
        enough = (each for each in wider if _enough(others, each))
        curves[key] = incidence(others, next(enough, everything))
    return np.array([curves[key] for key in keys])


def _class(table: Columns) -> NDArray[np.int64]:
    """Which of the classes of `LEADS` each row is in.

    From a year's end the middles of the next are 6, 18 and 30 months ahead to the last digit:
    rounded, lest the last bit of a sum decide.
    """
    return np.digitize(np.round(table.mean_lead, 6), LEADS)


def _enough(others: Lessons, rows: NDArray[np.bool_]) -> bool:
    distinct = np.unique(others.columns.programme[rows]).size
    return int(rows.sum()) >= FEWEST_ROWS and distinct >= FEWEST_PROGRAMMES


def incidence(others: Lessons, rows: NDArray[np.bool_]) -> Vector:
    """The Aalen-Johansen estimate of P(start by each of 120 months) of some rows."""
    from statsmodels.duration.survfunc import CumIncidenceRight  # noqa: PLC0415 - heavy, and only back-tests need it

    months = others.months[rows]
    started, cancelled = others.started[rows], others.cancelled[rows]
    if not started.any():
        return np.zeros(MONTHS)
    with np.errstate(divide="ignore", invalid="ignore"):  # its standard errors, unused here
        estimate = CumIncidenceRight(months, np.where(started, 1, np.where(cancelled, 2, 0)))
    times, curve = np.asarray(estimate.times), np.asarray(estimate.cinc[0])
    place = np.searchsorted(times, np.arange(1, MONTHS + 1) + 1e-6, side="right") - 1
    return np.asarray(np.where(place >= 0, curve[np.maximum(place, 0)], 0.0), np.float64)
