import subprocess
import sys
from datetime import date
from itertools import pairwise
from time import perf_counter
from uuid import NAMESPACE_OID, uuid5

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import facts
from events.facts import Fact
from forecasts import ramps, volume
from forecasts.distribution import StartDistribution
from forecasts.utilisation import Plant, priors

AS_OF = date(2024, 6, 30)
LATER = date(2026, 1, 31)


def tell(story: str) -> list[Fact]:
    """Lines of `known_on type occurred key=value ...`; the plant is opened in 2020."""
    told: list[Fact] = []
    lines = ["2020-01-01 programme-opened 2020-01-01 title=Plant", *story.splitlines()]
    for line in filter(None, map(str.strip, lines)):
        known_on, topic, occurred, *given = line.split()
        keys: dict[str, object] = {
            "id": str(uuid5(NAMESPACE_OID, line)),
            "programme": "plant",
            "type": topic,
            "occurred": occurred,
            "known_on": known_on,
            **dict(pair.split("=") for pair in given),
        }
        told.append(msgspec.convert(keys, facts.Fact, strict=False))
    return told


ANNOUNCED = tell("2024-02-20 production-considered 2024-02-19 capacity_per_year=150000")
STARTED = tell(
    """
    2023-01-10 production-announced 2023-01-10 capacity_per_year=100000
    2024-01-20 production-started 2024-01-15
    """
)
MONTHS = tell(
    "\n".join(
        f"2024-{month + 1:02}-05 volume-reported 2024-{month:02} "
        f"period=2024-{month:02} volume={volume}"
        for month, volume in enumerate([200, 900, 2000, 3000, 3500], 1)
    )
)[1:]

starts = st.lists(st.integers(0, 10**6), min_size=120, max_size=120).map(
    lambda parts: StartDistribution(
        as_of=AS_OF, cumulative=tuple(sorted(part for part in parts))
    )
)


def steady(chance: float) -> StartDistribution:
    return StartDistribution.rounded(AS_OF, np.linspace(0, chance, 120))


@given(starts)
def test_zero_is_at_least_the_chance_of_no_start_by_the_end_of_the_year(
    start: StartDistribution,
) -> None:
    for year in volume.forecast(ANNOUNCED, start):
        assert year.zero >= 10**6 - start.by_millionths(date(year.year, 12, 31)) - 1


@given(starts)
def test_quantiles_rise_and_the_chance_of_reaching_a_volume_falls(
    start: StartDistribution,
) -> None:
    for year in volume.forecast(ANNOUNCED, start):
        assert list(year.quantiles) == sorted(year.quantiles)
        chances = [year.at_least(amount) for amount in (0, 1, 10**3, 10**5, 10**7)]
        assert chances[0] == 1.0
        assert all(a >= b >= 0 for a, b in pairwise(chances))


@given(starts, st.integers(1, 10**6), st.integers(1, 10**6))
def test_more_capacity_means_more_volume(
    start: StartDistribution, one: int, other: int
) -> None:
    small, large = (
        tell(f"2024-02-20 production-considered 2024-02-19 capacity_per_year={capacity}")
        for capacity in sorted((one, other))
    )

    for less, more in zip(
        volume.forecast(small, start), volume.forecast(large, start), strict=True
    ):
        assert less.zero == more.zero
        assert less.mean <= more.mean
        assert all(a <= b for a, b in zip(less.quantiles, more.quantiles, strict=True))


def test_what_became_known_later_changes_nothing() -> None:
    before = volume.forecast([*STARTED, *MONTHS], StartDistribution.started(AS_OF))
    later = tell("2024-07-05 volume-reported 2024-06 period=2024-06 volume=9000")

    after = volume.forecast([*STARTED, *MONTHS, *later[1:]], StartDistribution.started(AS_OF))

    assert after == before


def test_the_years_are_that_of_the_day_and_the_four_after_it() -> None:
    years = [year.year for year in volume.forecast(ANNOUNCED, steady(0.5))]

    assert years == [2024, 2025, 2026, 2027, 2028]


def test_on_the_last_day_of_a_year_nothing_more_is_made_in_it() -> None:
    last = date(2024, 12, 31)
    start = StartDistribution.rounded(last, np.linspace(0.1, 0.9, 120))

    this, following, *_ = volume.forecast(ANNOUNCED, start)

    assert (this.year, this.zero, this.mean) == (2024, 10**6, 0)
    assert following.zero < 10**6


def test_a_programme_that_never_starts_makes_nothing() -> None:
    for year in volume.forecast(ANNOUNCED, StartDistribution.hopeless(AS_OF)):
        assert (year.zero, year.mean, year.quantiles) == (10**6, 0, (0, 0, 0))


def test_without_a_capacity_the_usual_ones_are_supposed_and_it_is_said() -> None:
    told = tell("2024-02-20 production-considered 2024-02-19")

    unknown = volume.forecast(told, steady(0.9))[-1]
    known = volume.forecast(ANNOUNCED, steady(0.9))[-1]

    assert "No capacity was announced" in unknown.notes[0]
    assert not known.notes
    assert unknown.quantiles[2] > known.quantiles[2]


def test_reported_months_of_this_year_are_counted_in() -> None:
    (year, *_) = volume.forecast([*STARTED, *MONTHS], StartDistribution.started(AS_OF))

    assert year.zero == 0
    assert year.quantiles[0] > 9600
    assert year.at_least(9600) == 1.0


def test_own_months_narrow_the_years_to_come() -> None:
    started = StartDistribution.started(AS_OF)

    blind = volume.forecast(STARTED, started)[1].quantiles
    seeing = volume.forecast([*STARTED, *MONTHS], started)[1].quantiles

    assert seeing[2] / seeing[0] < blind[2] / blind[0]


def test_cars_made_before_the_start_say_nothing_of_the_level() -> None:
    line = "2024-01-10 volume-reported 2023-12 period=2023-12 volume=3"
    trial = tell(line)[1:]
    started = StartDistribution.started(AS_OF)

    trialled = volume.forecast([*STARTED, *trial], started)

    assert trialled == volume.forecast(STARTED, started)


def test_forty_years_of_months_are_forecast() -> None:
    years = tell(
        "1980-01-01 production-announced 1980-01-01 capacity_per_year=12000\n"
        "1984-01-01 production-started 1984-01-01\n"
        + "\n".join(
            f"2024-06-01 volume-reported {year}-{month:02} period={year}-{month:02} volume=1000"
            for year in range(1984, 2024)
            for month in range(1, 13)
        )
    )

    following = volume.forecast(years, StartDistribution.started(AS_OF))[1]

    assert following.quantiles[0] < 12_000 < following.quantiles[2]


def test_a_stopped_plant_makes_what_was_reported() -> None:
    stop = tell("2024-06-01 production-stopped 2024-05-31")[1:]

    first, second, *_ = volume.forecast(
        [*STARTED, *MONTHS, *stop], StartDistribution.hopeless(AS_OF)
    )

    assert first.quantiles == (9600, 9600, 9600)
    assert (second.zero, second.quantiles) == (10**6, (0, 0, 0))


def test_a_plant_that_rests_may_have_ended() -> None:
    pause = tell("2024-06-01 production-paused 2024-05-31")[1:]

    years = volume.forecast([*STARTED, *MONTHS, *pause], StartDistribution.started(AS_OF))

    assert years[1].zero >= 500_000


def test_production_is_preferred_to_deliveries() -> None:
    told = tell(
        """
        2024-02-05 volume-reported 2024-01 period=2024-01 volume=7 measure=deliveries
        2024-02-05 volume-reported 2024-01 period=2024-01 volume=9 measure=production
        """
    )

    assert [month.volume for month in volume.reported_months(told)] == [9]


def test_august_in_italy_makes_less_than_half_of_a_usual_month() -> None:
    season = priors().season("IT")

    assert season[7] / season[6] == pytest.approx(0.42)
    assert season.mean() == pytest.approx(1.0, abs=1e-6)


def test_a_plant_abroad_of_august_holidays_has_an_even_year() -> None:
    assert set(priors().season("CZ")) == {1.0}


def test_the_same_facts_give_the_same_numbers() -> None:
    told = [*STARTED, *MONTHS]
    first = volume.forecast(told, StartDistribution.started(AS_OF))
    volume.given_start.cache_clear()

    assert volume.forecast(told, StartDistribution.started(AS_OF)) == first


def test_a_forecast_imports_nothing_heavy() -> None:
    heavy = {"pandas", "scipy", "prophet", "statsmodels", "matplotlib"}
    code = "import sys; from forecasts import volume, market; print(*sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert not heavy & set(done.stdout.split())


def test_many_programmes_at_once_are_as_each_by_itself() -> None:
    unknown = tell("2024-02-20 production-considered 2024-02-19")
    cases = [
        volume.Case(told=ANNOUNCED, start=steady(0.2)),
        volume.Case(told=[*STARTED, *MONTHS], start=StartDistribution.started(AS_OF)),
        volume.Case(told=unknown, start=steady(0.6)),
        volume.Case(told=ANNOUNCED, start=steady(0.95)),
    ]

    together = volume.forecast_many(cases)

    assert together == [volume.forecast(case.told, case.start) for case in cases]


def test_trial_cars_of_a_plant_that_has_not_started_count_in_their_year() -> None:
    line = "2024-06-05 volume-reported 2024-05 period=2024-05 volume=30"

    this, following, *_ = volume.forecast([*ANNOUNCED, *tell(line)[1:]], steady(0.1))

    assert (this.zero, this.quantiles[0]) == (0, 30)
    assert following.zero > 0


@pytest.mark.slow
def test_ten_thousand_programmes_take_less_than_a_second() -> None:
    plant = volume.plant_of(ANNOUNCED, AS_OF)
    rows, scale = np.tile(steady(0.7).monthly, (10_000, 1)), np.full(10_000, 1e5)
    began = perf_counter()

    for year in volume.before_start(rows, scale, plant, AS_OF):
        assert len(year.mean) == len(year.zero) == len(year.quantile(0.9)) == 10_000

    assert perf_counter() - began < 1.0


def test_the_mixture_agrees_with_drawing() -> None:
    rng = np.random.default_rng(7)
    plant, start = Plant(capacity=1000.0), steady(0.8)
    numbers = priors()
    count = 100_000
    never = 1 - start.monthly.sum()
    month = rng.choice(121, count, p=[*start.monthly, never])
    tau = rng.choice(len(numbers.taus), count, p=np.array(numbers.ramp_weights))
    used = plant.used
    level = np.exp(np.interp(rng.random(count), used.levels, used.logs))
    year = 2028

    first = 2024 * 12 + 6
    shape = np.array(
        [
            ramps.in_year(one, np.arange(first, first + 120), year, np.ones(12))
            for one in numbers.taus
        ]
    )
    made = np.where(month < 120, shape[tau, np.minimum(month, 119)], 0) * level * 1000
    wait = np.maximum(year * 12 - first - month, 0) / 12
    made *= rng.random(count) < np.exp(-numbers.stops["established"] * wait)

    exact = list(volume.before_start(start.monthly[None, :], np.array([1000.0]), plant, AS_OF))[
        4
    ]
    assert exact.zero[0] == pytest.approx((made == 0).mean(), abs=0.005)
    assert exact.mean[0] == pytest.approx(made.mean(), rel=0.02)
    for q in (0.5, 0.9):
        assert exact.quantile(q)[0] == pytest.approx(np.quantile(made, q), rel=0.03)
