"""Back-tests scored: a table of methods and horizons, with the gain over the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from forecasts import scores
from forecasts.methods import BASELINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from forecasts.backtest import Answers

    Vector = NDArray[np.float64]
    Matrix = NDArray[np.float64]

HORIZONS: Final = (12, 24, 36, 60)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """How a method did at a horizon.

    The gains are over the baseline, each with its 90 % interval; so is the bias's range.
    """

    method: str
    horizon: int
    forecasts: int
    programmes: int
    started: float
    brier: float
    log: float
    bias: float
    bias_range: tuple[float, float]
    brier_gain: tuple[float, float, float] | None = None
    log_gain: tuple[float, float, float] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class At:
    """The questions that a horizon answers, and whether the start had come."""

    rows: NDArray[np.bool_]
    programme: NDArray[np.str_]
    came: Vector
    months: int

    @classmethod
    def horizon(cls, answers: Answers, horizon: int) -> At:
        """Those followed long enough."""
        rows = answers.followed >= horizon
        return cls(
            rows=rows,
            programme=answers.programme[rows],
            came=(answers.struck[rows] <= horizon).astype(np.float64),
            months=horizon,
        )

    def said(self, curves: Matrix) -> Vector:
        """The probabilities in question."""
        return np.asarray(curves[self.rows, self.months - 1], dtype=np.float64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bootstrap:
    """How often programmes are drawn again, and by which generator."""

    draws: int
    rng: np.random.Generator


def table(
    answers: Answers,
    bootstrap: Bootstrap,
    *,
    horizons: Sequence[int] = HORIZONS,
    baseline: str = BASELINE,
) -> list[Row]:
    """A row a method and horizon that anything was followed for."""
    asked = [At.horizon(answers, horizon) for horizon in horizons]
    return [
        _row(answers, at, name, bootstrap, baseline)
        for name in answers.curves
        for at in asked
        if at.rows.any()
    ]


def _row(answers: Answers, at: At, name: str, bootstrap: Bootstrap, baseline: str) -> Row:
    said, weight = at.said(answers.curves[name]), scores.weights(at.programme)
    brier, log = scores.brier(said, at.came), scores.log_score(said, at.came)
    gains: dict[str, tuple[float, float, float]] = {}
    if baseline in answers.curves and name != baseline:
        theirs = at.said(answers.curves[baseline])
        for kind, ours, other in (
            ("brier_gain", brier, scores.brier(theirs, at.came)),
            ("log_gain", log, scores.log_score(theirs, at.came)),
        ):
            gains[kind] = scores.gain(
                ours, other, at.programme, draws=bootstrap.draws, rng=bootstrap.rng
            )
    return Row(
        method=name,
        horizon=at.months,
        forecasts=said.size,
        programmes=np.unique(at.programme).size,
        started=float(weight @ at.came),
        brier=float(weight @ brier),
        log=float(weight @ log),
        bias=float(weight @ (said - at.came)),
        bias_range=scores.spread(
            said - at.came, at.programme, draws=bootstrap.draws, rng=bootstrap.rng
        ),
        **gains,
    )


def reliability(answers: Answers, name: str, horizon: int) -> list[scores.Bin]:
    """The calibration table of a method at a horizon."""
    at = At.horizon(answers, horizon)
    return scores.calibration(at.said(answers.curves[name]), at.came, at.programme)


def mean_crps(answers: Answers, name: str) -> float:
    """Of a method over all questions, in months, each programme weighing once."""
    each = [
        scores.crps(curve, struck, followed)
        for curve, struck, followed in zip(
            answers.curves[name], answers.struck, answers.followed, strict=True
        )
    ]
    return float(scores.weights(answers.programme) @ np.array(each))
