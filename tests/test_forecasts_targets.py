from datetime import date
from pathlib import Path

import pytest

import events
from events import journal
from events.corrections import effective
from events.facts import Fact
from forecasts import market, targets, volume
from forecasts.distribution import StartDistribution
from forecasts.market import Options
from forecasts.reconcile import of_programme

AS_OF = date(2024, 6, 30)


@pytest.fixture(scope="module")
def italy() -> list[Fact]:
    file = Path(events.__file__).parent / "journals" / "leapmotor.ndjson"
    stated, _ = journal.read(file.read_bytes(), file.name, today=date(2026, 11, 22))
    told = [line.fact for line in stated if line.fact.programme == "stellantis-italy"]
    return effective(told)


def chance(told: list[Fact], as_of: date) -> float:
    known = [fact for fact in told if fact.known_on <= as_of]
    series = market.monthly(of_programme(known).months, spread=True)
    options = Options(year=as_of.year, years=targets.years(known, as_of))
    (one,) = targets.of_market(known, as_of, market.fit_market(series, options))
    return one.probability


def test_a_million_in_italy_is_unlikely_and_gets_less_likely(italy: list[Fact]) -> None:
    then, now = chance(italy, AS_OF), chance(italy, date(2026, 8, 31))

    assert 0.05 < then < 0.4
    assert now < then / 2


def test_a_target_is_held_to_the_last_year_it_allows(italy: list[Fact]) -> None:
    (target,) = targets.claimed(italy, AS_OF)

    assert (target.year, target.volume) == (2030, 1_000_000)
    assert targets.years(italy, AS_OF) == 7


def test_a_target_is_unknown_before_it_is_stated_and_settled_after_its_year(
    italy: list[Fact],
) -> None:
    assert not list(targets.claimed(italy, date(2024, 1, 1)))
    assert not list(targets.claimed(italy, date(2031, 1, 1)))
    assert targets.years(italy, date(2031, 1, 1)) == 0


def test_a_plant_answers_for_the_years_of_its_forecast(italy: list[Fact]) -> None:
    hopeless = volume.forecast(italy, StartDistribution.hopeless(date(2027, 1, 1)))

    (one,) = targets.of_programme(italy, date(2027, 1, 1), hopeless)

    assert one.probability == 0
