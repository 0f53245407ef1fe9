import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

import msgspec
import numpy as np
import pytest

from events.facts import Fact
from forecasts import market
from forecasts.amounts import Volumes
from forecasts.errors import TooLittleHistory
from forecasts.market import MarketOutlook, Options, Series
from forecasts.reconcile import ReconciledMonth
from forecasts.utilisation import Plant
from forecasts.volume import before_start

FIRST = 2021 * 12
SERIES: Series = tuple(
    (FIRST + month, 1000.0 + 40 * month + 200 * (month % 12 == 11)) for month in range(42)
)
OPTIONS = Options(year=2024)


@pytest.fixture(scope="module")
def outlook() -> MarketOutlook:
    return market.fit_market(SERIES, OPTIONS)


def months(count: int, basis: str = "reported") -> list[ReconciledMonth]:
    return [
        ReconciledMonth(
            month=date(2021 + place // 12, place % 12 + 1, 1),
            measure="deliveries",
            volume=place,
            basis=basis,  # type: ignore[arg-type]  # one of the three
            reports=(),
        )
        for place in range(count)
    ]


@pytest.mark.slow
def test_the_same_series_and_seed_give_the_same_outlook(outlook: MarketOutlook) -> None:
    assert market.fit_market(SERIES, OPTIONS) == outlook


def test_the_global_generator_is_left_as_it_was() -> None:
    before = np.random.get_state()[1].tolist()  # type: ignore[index]  # noqa: NPY002

    market.fit_market(SERIES, OPTIONS)

    assert np.random.get_state()[1].tolist() == before  # type: ignore[index]  # noqa: NPY002


def test_it_comes_back_from_json_whole(outlook: MarketOutlook) -> None:
    stored = market.encode(outlook)

    assert market.decode(stored) == outlook
    assert json.loads(stored)["year"] == 2024


def test_the_key_hears_of_every_month_and_option() -> None:
    keys = {
        market.market_key(SERIES, OPTIONS),
        market.market_key(SERIES[:-1], OPTIONS),
        market.market_key(SERIES, Options(year=2025)),
        market.market_key(SERIES, Options(year=2024, years=7)),
        market.market_key(SERIES, Options(year=2024, events=(FIRST + 30,))),
    }

    assert len(keys) == 5


def test_events_are_tariffs_incentives_and_shutdowns_with_a_month() -> None:
    lines = (
        ("tariff-imposed", "2024-10-30"),
        ("incentive-ended", "2024-06"),
        ("incentive-granted", "2024"),
        ("noted", "2024-05-01"),
        ("plant-closed", "2023-11-20"),
        ("production-paused", "2024-08-12"),
        ("production-resumed", "2024-09-02"),
    )
    told = [
        msgspec.convert(
            {
                "type": topic,
                "id": str(uuid5(NAMESPACE_OID, topic)),
                "programme": "market",
                "occurred": occurred,
                "known_on": "2024-12-31",
            },
            Fact,
        )
        for topic, occurred in lines
    ]

    assert market.events_of(told) == tuple(2024 * 12 + month for month in (-2, 5, 7, 8, 9))


def test_factors_have_mean_one_and_widen_with_the_years(outlook: MarketOutlook) -> None:
    widths = []
    for year in range(2024, 2029):
        factors = outlook.factors(year)
        assert factors.mean() == pytest.approx(1.0)
        widths.append(float(np.log(factors).std()))

    assert widths == sorted(widths)


def test_years_it_does_not_cover_have_no_factor(outlook: MarketOutlook) -> None:
    assert set(outlook.factors(2035)) == {1.0}


def test_a_market_widens_a_plant_and_keeps_its_mean(outlook: MarketOutlook) -> None:
    plant, scale = Plant(capacity=1000.0), np.array([1000.0])
    starts = np.full((1, 120), 1 / 120)

    def last(by: MarketOutlook | None) -> Volumes:
        return list(before_start(starts, scale, plant, date(2024, 6, 30), by))[-1]

    assert last(outlook).mean[0] == pytest.approx(last(None).mean[0], rel=0.01)
    assert last(outlook).zero[0] == last(None).zero[0]
    assert last(outlook).at_least(3000.0)[0] > last(None).at_least(3000.0)[0]


def test_a_falling_series_is_cut_at_zero() -> None:
    falling: Series = tuple(
        (FIRST + month, max(4000.0 - 100 * month, 1.0)) for month in range(42)
    )

    fitted = market.fit_market(falling, OPTIONS)

    assert min(min(year) for year in fitted.totals) >= 0
    assert all(month.low >= 0 for month in fitted.fan)


def test_the_months_that_are_known_are_certain(outlook: MarketOutlook) -> None:
    known = sum(volume for month, volume in SERIES if month // 12 == 2024)
    this, following = outlook.total(2024), outlook.total(2025)

    assert this[0] > known
    assert this[-1] / this[0] < following[-1] / following[0]


def test_a_year_that_is_over_is_what_it_was() -> None:
    past = market.fit_market(SERIES, Options(year=2022, years=1))

    real = sum(volume for month, volume in SERIES if month // 12 == 2022)
    assert set(past.totals[0]) == {real}
    assert past.at_least(2022, real) == 1.0
    assert past.at_least(2022, real + 1) == 0.0


def test_the_chance_of_a_target_falls_with_its_height(outlook: MarketOutlook) -> None:
    chances = [outlook.at_least(2026, volume) for volume in (0, 2e4, 4e4, 8e4, 1e9)]

    assert chances == sorted(chances, reverse=True)
    assert (chances[0], chances[-1]) == (1.0, 0.0)


def test_the_fan_has_twelve_months_that_follow_the_last(outlook: MarketOutlook) -> None:
    assert [one.month for one in outlook.fan] == list(range(FIRST + 42, FIRST + 54))
    assert all(one.low < one.middle < one.high for one in outlook.fan)


@pytest.mark.slow
def test_a_series_with_a_gap_is_fitted() -> None:
    gappy = tuple(point for point in SERIES if point[0] % 7)

    assert len(market.fit_market(gappy, OPTIONS).totals) == 5


def test_an_idle_market_is_no_error() -> None:
    idle: Series = tuple((month, 0.0) for month, _ in SERIES)

    assert market.fit_market(idle, OPTIONS).factors(2026).mean() == pytest.approx(1.0)


def test_a_short_series_is_refused_in_a_sentence() -> None:
    with pytest.raises(TooLittleHistory, match="36 months or more, this one 35"):
        market.monthly(months(35))


def test_months_of_an_even_spread_are_no_series() -> None:
    with pytest.raises(TooLittleHistory):
        market.monthly(months(60, basis="spread"))


def test_a_spread_may_be_asked_for() -> None:
    assert len(market.monthly(months(60, basis="spread"), spread=True)) == 60


def test_months_become_a_series_in_order() -> None:
    series = market.monthly(reversed(months(40)))

    assert series[:2] == ((FIRST, 0.0), (FIRST + 1, 1.0))


@pytest.mark.slow
def test_another_process_fits_the_same(outlook: MarketOutlook) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        fitted = market.fit_markets({"market": (SERIES, OPTIONS)}, executor)

    assert fitted == {"market": outlook}


def test_no_job_is_no_work() -> None:
    with ThreadPoolExecutor(1) as executor:
        assert market.fit_markets({}, executor) == {}


@pytest.mark.slow
def test_a_fit_says_nothing_and_leaves_nothing_behind(tmp_path: Path) -> None:
    code = (
        "from forecasts import market\n"
        f"market.fit_market({SERIES!r}, market.Options(year=2024))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"TMPDIR": str(tmp_path), "PATH": ""},
    )

    assert (done.stdout, done.stderr) == ("", "")
    assert not list(tmp_path.iterdir())
