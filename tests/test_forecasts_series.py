import numpy as np
import pytest

from forecasts import backtest_volume, series
from forecasts.cuts import carry, learn
from forecasts.errors import TooLittleHistory
from forecasts.series import MARKET, OWN, QUICK, Way

GROWING = np.array([100.0 + 10 * month for month in range(48)])
SEASONAL = np.array([100.0 + 50 * (month % 12 == 2) for month in range(48)])


@pytest.mark.parametrize("way", QUICK, ids=lambda way: way.name)
@pytest.mark.parametrize("length", [1, 3, 7, 40])
def test_quick_methods_say_something_of_any_history(way: Way, length: int) -> None:
    path = way.method(GROWING[:length], 24)

    assert path.shape == (24,)
    assert np.isfinite(path).all()
    assert (path > 0).all()


@pytest.mark.parametrize("way", [*OWN, *MARKET], ids=lambda way: way.name)
def test_every_method_keeps_a_steady_series_steady(way: Way) -> None:
    path = way.method(np.full(48, 500.0), 12)

    assert path == pytest.approx(np.full(12, 500.0), rel=0.05)


@pytest.mark.parametrize("way", [*OWN, *MARKET], ids=lambda way: way.name)
def test_no_method_falls_over_zeros(way: Way) -> None:
    idle = np.zeros(48)

    path = way.method(idle, 12)

    assert np.isfinite(path).all()
    assert (path >= 0).all()


def test_the_same_month_of_last_year_comes_again() -> None:
    assert series.last_year(SEASONAL, 15).tolist() == [*SEASONAL[-12:], *SEASONAL[:3]]


def test_the_season_is_found() -> None:
    path = series.seasonal_level(SEASONAL, 12)

    assert path[2] > 1.3 * path[1]


def test_a_ramp_is_seen_as_one() -> None:
    young = np.array([5.0, 20.0, 35.0, 48.0])

    assert series.s_curve(young, 12)[-1] > 60


def test_analogs_go_on_as_launches_did_that_looked_alike() -> None:
    doubled = np.array([10.0] * 6 + [20.0] * 12)
    halved = np.array([60.0, 50, 40, 30, 20, 10] + [5.0] * 12)
    carry_on = series.analogs([doubled, doubled, halved])

    assert carry_on(np.full(6, 100.0), 12) == pytest.approx(np.full(12, 200.0))


def test_a_launch_is_no_analog_of_itself() -> None:
    itself = np.array([100.0] * 6 + [900.0] * 12)

    assert series.analogs([itself])(itself[:6], 12) == pytest.approx(np.full(12, 100.0))


def test_a_gap_is_closed_by_a_straight_line() -> None:
    assert series.filled([(5, 10.0), (8, 40.0)]).tolist() == [10, 20, 30, 40]


def test_nothing_is_no_series() -> None:
    with pytest.raises(TooLittleHistory):
        series.filled([])


@pytest.fixture(scope="module")
def launches() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    return {
        f"launch {place}": 1000
        * np.exp(rng.normal() + np.cumsum(rng.normal(0, 0.1, 60)))
        * (1 - np.exp(-(np.arange(60) + 0.5) / 4))
        for place in range(40)
    }


@pytest.mark.slow
def test_the_stack_is_no_worse_than_its_methods_and_its_interval_holds(
    launches: dict[str, np.ndarray],
) -> None:
    cuts = carry(launches, QUICK, (11, 12, 13)).over(range(12))

    rows = {row.method: row for row in backtest_volume.rows("launch", cuts, {12: (11, 12, 13)})}

    singles = [rows[way.name].crps for way in QUICK]
    assert rows["stack"].crps < 1.05 * min(singles)
    assert 0.65 < rows["stack"].coverage < 0.95
    assert sum(rows[way.name].weight or 0 for way in QUICK) == pytest.approx(1)


def test_nothing_of_a_series_helps_to_forecast_it(launches: dict[str, np.ndarray]) -> None:
    cuts = carry(launches, QUICK, (12,)).over(range(12))
    other = dict(launches)
    other["launch 0"] = launches["launch 0"] * np.where(np.arange(60) < 12, 1, 50)

    changed = carry(other, QUICK, (12,)).over(range(12))

    use = cuts.folds != cuts.folds[cuts.series == 0][0]
    before, after = (learn(one.where(use)) for one in (cuts, changed))
    assert np.array_equal(before.errors, after.errors)
    assert before.stretch == after.stretch


def test_a_later_year_is_cut_where_there_is_one(launches: dict[str, np.ndarray]) -> None:
    cuts = carry(launches, QUICK, (12,), ahead=24).over(range(12, 24))

    whole = launches["launch 0"]
    assert cuts.real[cuts.series == 0][0] == pytest.approx(whole[24:36].sum())
