from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.issued import MILLION
from forecasts.distribution import MONTHS, StartDistribution
from forecasts.errors import ForecastError

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2040, 12, 31))
CURVES = st.lists(st.floats(0, 1), min_size=MONTHS, max_size=MONTHS).map(sorted)


def test_of_a_month_end_the_first_date_is_the_next_month_end() -> None:
    curve = StartDistribution.hopeless(date(2024, 6, 30))

    assert curve.dates[0] == date(2024, 7, 31)
    assert curve.dates[-1] == date(2034, 6, 30)


def test_in_mid_month_the_first_date_is_that_months_end() -> None:
    assert StartDistribution.hopeless(date(2024, 6, 15)).dates[0] == date(2024, 6, 30)


def test_a_probability_holds_from_its_month_end_on() -> None:
    curve = StartDistribution.rounded(date(2024, 6, 30), [0.1] + [0.4] * 119)

    assert curve.by(date(2024, 7, 30)) == 0.0
    assert curve.by(date(2024, 7, 31)) == 0.1
    assert curve.by(date(2024, 8, 31)) == 0.4
    assert curve.by(date(2099, 1, 1)) == 0.4


def test_a_quantile_beyond_the_horizon_falls_into_never() -> None:
    curve = StartDistribution.rounded(date(2024, 6, 30), [0.1] + [0.4] * 119)

    assert curve.quantile(0.1) == date(2024, 7, 31)
    assert curve.quantile(0.25) == date(2024, 8, 31)
    assert curve.quantile(0.5) is None
    assert curve.median_if_it_starts == date(2024, 8, 31)


def test_a_started_programme_is_certain_and_a_cancelled_one_never_starts() -> None:
    day = date(2024, 6, 30)

    assert StartDistribution.started(day).by(date(2024, 7, 1)) == 1.0
    assert StartDistribution.hopeless(day).never == 1.0
    assert StartDistribution.hopeless(day).median_if_it_starts is None


@pytest.mark.parametrize(
    "cumulative", [(0,) * 119, (1, *(0,) * 119), (MILLION + 1,) * 120, (-1,) * 120]
)
def test_what_is_no_distribution_is_refused(cumulative: tuple[int, ...]) -> None:
    with pytest.raises(ForecastError, match="120 millionths that never fall"):
        StartDistribution(as_of=date(2024, 6, 30), cumulative=cumulative)


@given(DAYS, CURVES)
def test_months_and_never_add_up_to_one(day: date, curve: list[float]) -> None:
    told = StartDistribution.rounded(day, curve)

    assert told.monthly.sum() + told.never == pytest.approx(1.0)
    assert round((1 - told.never) * MILLION) == told.cumulative[-1]


@given(DAYS, CURVES, st.floats(0.01, 0.99))
def test_by_a_quantile_as_much_is_reached(day: date, curve: list[float], q: float) -> None:
    told = StartDistribution.rounded(day, curve)

    reached = told.quantile(q)

    if reached is None:
        assert told.cumulative[-1] < round(q * MILLION)
    else:
        assert told.by_millionths(reached) >= round(q * MILLION)


@given(DAYS, CURVES)
def test_what_comes_within_whole_months_comes_by_the_month_ends_between(
    day: date, chances: list[float]
) -> None:
    within = StartDistribution.rounded(day, chances).cumulative

    curve = StartDistribution.of_whole_months(day, within).cumulative

    if (day + timedelta(days=1)).day == 1:
        assert curve == within
    else:
        assert all(
            before <= one <= now
            for before, one, now in zip((0, *within), curve, within, strict=False)
        )
