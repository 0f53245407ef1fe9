"""What was said, scored by what came: rows of an issued forecast against its baselines.

A start, a cancellation, or time going by answers a start forecast; the end of a year with its
reports answers a volume. What is not answered yet is not scored. Baselines are those that
were issued with the forecast: nobody knew better then.

    Brier    (p - y)^2
    log      -log of the probability given to what came, p within .01 of 0 and 1
    CRPS     of a start in months, up to the month until which was seen; of a volume from its
             three quantiles: 2/3 of the sum of the pinball losses
    interval the 80 % interval's width, and 10 times what lies outside it
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from events.issued import MILLION
from forecasts import scores
from forecasts.distribution import MONTHS
from forecasts.features import instant
from forecasts.history import Status, opening, outcome
from forecasts.months import first_month
from forecasts.volume import reported_months

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from events.facts import Fact
    from events.issued import ForecastIssued, YearIssued
    from forecasts.history import Outcome

    Vector = NDArray[np.float64]

HORIZONS: Final = (12, 24, 36, 60)
"""Months ahead at which a start forecast is asked."""

LEVELS: Final = (0.1, 0.5, 0.9)
OUTSIDE: Final = 2 / (1 - 0.8)
"""What an interval of 80 % pays for each unit outside it."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """One score of one answer: ours, the base rate's and face value's.

    `horizon` are months ahead for a start, the calendar year for a volume; `said` and `came`
    are the probability and 0 or 1, or the median and the units made.
    """

    question: str
    horizon: int
    score: str
    said: float
    came: float
    value: float
    base_rate: float
    face_value: float


def start_scores(made: ForecastIssued, end: Outcome, *, until: date) -> Iterator[Score]:
    """Brier and log at each answered horizon, and CRPS over all that was seen by `until`.

    A cancellation answers all horizons; a forecast of what had started is not scored.
    """
    for one in start_answers(made, end, until=until):
        chances = np.array([one.said, one.base_rate, one.face_value])
        fate = np.full(chances.size, one.came)
        told = (one.said, one.came)
        yield _score("start", one.horizon, "brier", told, scores.brier(chances, fate).tolist())
        yield _score(
            "start", one.horizon, "log", told, scores.log_score(chances, fate).tolist()
        )
    struck, watched = _struck(end, made.as_of), _watched(made, end, until)
    if made.status != "started" and watched >= 1.0:
        curves = [_curve(cumulative) for cumulative in (made.start, made.base, made.face)]
        values = [scores.crps(curve, struck, watched) for curve in curves]
        yield _score("start", 0, "crps", (0.0, min(struck, MONTHS)), values)


class Answer(NamedTuple):
    """A horizon in months, P(start within it) as three said it, and 0 or 1: what came."""

    horizon: int
    said: float
    base_rate: float
    face_value: float
    came: float


def start_answers(made: ForecastIssued, end: Outcome, *, until: date) -> Iterator[Answer]:
    """Each horizon of a forecast that is answered by `until`; none of what had started."""
    if made.status == "started":
        return
    struck, watched = _struck(end, made.as_of), _watched(made, end, until)
    for horizon in HORIZONS:
        if horizon <= watched or struck <= horizon:
            said, base, face = (
                cumulative[horizon - 1] / MILLION
                for cumulative in (made.start, made.base, made.face)
            )
            yield Answer(horizon, said, base, face, float(struck <= horizon))


def _watched(made: ForecastIssued, end: Outcome, until: date) -> float:
    """The months ahead of which it is known what came of them."""
    if end.status is Status.CANCELLED or np.isfinite(_struck(end, made.as_of)):
        return float(MONTHS)
    return _months(made.as_of, until)


def _score(
    question: str,
    horizon: int,
    name: str,
    told: tuple[float, float],
    values: Sequence[float],
) -> Score:
    value, base, face = (round(float(each), 6) for each in values)
    said, came = told
    return Score(
        question=question,
        horizon=horizon,
        score=name,
        said=said,
        came=came,
        value=value,
        base_rate=base,
        face_value=face,
    )


def _struck(end: Outcome, as_of: date) -> float:
    """Months from the forecast to the month-end of the start, infinite without one."""
    if end.status not in (Status.STARTED, Status.STOPPED):
        return float("inf")
    middle = (instant(end.earliest) + instant(end.latest)) / 2
    return max(float(np.ceil(middle - instant(as_of))), 1.0)


def _months(as_of: date, until: date) -> float:
    """Whole months seen since the forecast."""
    return float(first_month(until) - first_month(as_of))


def _curve(cumulative: Sequence[int]) -> Vector:
    return np.array(cumulative, dtype=np.float64) / MILLION


def volume_scores(made: ForecastIssued, years: Mapping[int, float]) -> Iterator[Score]:
    """CRPS and interval score of each calendar year that is over and was reported.

    `years` are the units made in them. A forecast is asked of years that had not ended.
    """
    for told in made.volume:
        if told.year in years:
            yield from _of_year(told, years[told.year])


def _of_year(told: YearIssued, real: float) -> Iterator[Score]:
    said = (float(told.quantiles[1]), real)
    rivals = [told.quantiles, told.base, (told.face,) * len(LEVELS)]
    for name, loss in (("crps", _pinball), ("interval", _interval)):
        yield _score("volume", told.year, name, said, [loss(each, real) for each in rivals])


def _pinball(quantiles: Sequence[float], real: float) -> float:
    """The CRPS as three quantiles have it."""
    losses = (
        (level - (real < quantile)) * (real - quantile)
        for level, quantile in zip(LEVELS, quantiles, strict=True)
    )
    return 2 / len(LEVELS) * sum(losses)


def _interval(quantiles: Sequence[float], real: float) -> float:
    """The width of the interval, and what reality missed it by."""
    low, high = quantiles[0], quantiles[-1]
    return high - low + OUTSIDE * (max(low - real, 0.0) + max(real - high, 0.0))


def made_in_years(told: Sequence[Fact], *, until: date) -> dict[int, float]:
    """Units made in each calendar year that was over on a day and is known whole.

    Nothing is made before a start. A year is whole when each of its months from the start on
    is reported, by the best measure that has any.
    """
    end, opened = outcome(told, until), opening(told)
    if opened is None:
        return {}
    years = range(opened.known_on.year, until.year)
    if end.status in (Status.OPEN, Status.CANCELLED):
        return dict.fromkeys(years, 0.0)
    months = {
        (one.month.year, one.month.month): float(one.volume) for one in reported_months(told)
    }
    began = (end.earliest.year, end.earliest.month)
    made: dict[int, float] = {}
    for year in years:
        asked = [(year, month) for month in range(1, 13) if (year, month) >= began]
        if all(month in months for month in asked):
            made[year] = sum(months[month] for month in asked)
    return made
