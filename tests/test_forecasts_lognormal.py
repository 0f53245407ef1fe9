from __future__ import annotations

from datetime import date
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from forecasts.distribution import MONTHS
from forecasts.lognormal import Prior, Sample, fit, log_survival, survival
from forecasts.race import Clocks, race, shocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2040, 12, 31))
POSITIONS = st.floats(-2.0, 8.0)
WIDTHS = st.floats(0.05, 3.0)


def sample(rng: np.random.Generator) -> Sample:
    x = np.column_stack([np.ones(400), rng.normal(size=400)])
    log_time = x @ [3.0, 0.5] + 0.8 * rng.normal(size=400)
    end = np.full(400, 3.2)
    return Sample(
        x=x,
        log_time=np.minimum(log_time, end),
        seen=log_time < end,
        weight=np.ones(400),
    )


def loose() -> Prior:
    return Prior(
        mean=np.zeros(2), precision=np.full(2, 0.01), log_sigma=0.0, sigma_precision=0.01
    )


def test_survival_agrees_with_scipy_far_into_both_tails() -> None:
    z = np.linspace(-30.0, 30.0, 2001)

    assert survival(z) == pytest.approx(stats.norm.sf(z), rel=3e-7, abs=1e-300)
    assert log_survival(z) == pytest.approx(stats.norm.logsf(z), rel=1e-6, abs=2e-7)


def test_the_fit_finds_the_mode_that_scipy_finds() -> None:
    drawn, prior = sample(np.random.default_rng(1)), loose()

    clock = fit(drawn, prior, doubt=1.0)

    def loss(theta: NDArray[np.float64]) -> float:
        z = (drawn.log_time - drawn.x @ theta[:2]) / np.exp(theta[2])
        seen = stats.norm.logpdf(z) - theta[2]
        gain = np.where(drawn.seen, seen, stats.norm.logsf(z)).sum()
        return float(0.005 * (theta**2).sum() - gain)

    mode = optimize.minimize(loss, np.array([1.0, 0.0, 0.0]), method="BFGS").x
    assert clock.coefficients == pytest.approx(mode[:2], abs=1e-4)
    assert clock.sigma == pytest.approx(np.exp(mode[2]), abs=1e-4)


def test_censoring_is_no_event() -> None:
    drawn = sample(np.random.default_rng(2))

    clock = fit(drawn, loose(), doubt=1.0)

    assert drawn.seen.mean() < 0.7
    assert clock.coefficients == pytest.approx([3.0, 0.5], abs=0.15)


def test_without_data_the_prior_stands() -> None:
    empty = Sample(
        x=np.empty((0, 2)),
        log_time=np.empty(0),
        seen=np.empty(0, dtype=np.bool_),
        weight=np.empty(0),
    )
    prior = Prior(
        mean=np.array([1.0, 2.0]),
        precision=np.array([1.0, 4.0]),
        log_sigma=0.0,
        sigma_precision=1.0,
    )

    clock = fit(empty, prior, doubt=1.0)

    assert clock.coefficients.tolist() == [1.0, 2.0]
    assert clock.spread(np.array([[1.0, 0.0]])) == pytest.approx([2.0**0.5])


def clocks(start: float, cancel: float, width: float) -> Clocks:
    return Clocks(
        start=np.array([start]),
        head=np.zeros(1),
        share=np.ones(1),
        owner=np.array([0]),
        start_spread=np.array([width]),
        cancel=np.array([cancel]),
        cancel_spread=np.array([width]),
    )


@given(DAYS, POSITIONS, POSITIONS, WIDTHS, st.floats(0.0, 1.0))
def test_start_cancel_and_pending_add_up_to_one(
    as_of: date, start: float, cancel: float, width: float, tau: float
) -> None:
    curves = race(clocks(start, cancel, width), as_of=as_of, tau=tau)

    for curve in (curves.start, curves.cancel):
        assert curve.shape == (1, MONTHS)
        assert (np.diff(curve) >= 0.0).all()
        assert curve.min() >= 0.0
    assert curves.pending.min() >= -1e-12


@given(DAYS, POSITIONS, POSITIONS, WIDTHS, st.floats(0.0, 3.0))
def test_a_later_clock_starts_later(
    as_of: date, start: float, cancel: float, width: float, more: float
) -> None:
    soon = race(clocks(start, cancel, width), as_of=as_of, tau=0.6)
    late = race(clocks(start + more, cancel, width), as_of=as_of, tau=0.6)

    half_a_millionth = 5e-7  # nothing finer is ever issued
    assert (late.start <= soon.start + half_a_millionth).all()


def test_a_window_is_a_mixture_over_its_months() -> None:
    both = Clocks(
        start=np.array([2.0, 4.0]),
        head=np.zeros(2),
        share=np.full(2, 0.5),
        owner=np.array([0, 0]),
        start_spread=np.array([0.1]),
        cancel=np.array([20.0]),
        cancel_spread=np.array([0.1]),
    )
    day = date(2024, 6, 30)

    curve = race(both, as_of=day, tau=0.0).start[0]

    assert curve[20] == pytest.approx(0.5)
    assert curve[80] == pytest.approx(1.0, abs=1e-4)


def test_the_shocks_are_the_middles_of_the_ninths_of_a_normal() -> None:
    normal = NormalDist()

    middles = [normal.inv_cdf((ninth + 0.5) / 9) for ninth in range(9)]
    assert np.log(shocks(1.0)).tolist() == pytest.approx(middles, abs=1e-15)
