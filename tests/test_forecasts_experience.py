from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid5

import msgspec
import numpy as np
import pytest

from events.facts import Fact
from forecasts import experience, market, own, volume
from forecasts.experience import Known
from forecasts.series import MARKET, QUICK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from forecasts.experience import Paths
    from forecasts.market import Series

FIRST = 2018 * 12
NAMES = [way.name for way in QUICK]


def ramp(count: int, tau: float, height: float = 1000.0) -> Series:
    """A launch that climbs to its height, as the S-curve of the library does."""
    rises = height * (1 - np.exp(-(np.arange(count) + 1) / tau))
    return tuple((FIRST + place, float(volume)) for place, volume in enumerate(rises))


def shipped_launches() -> dict[int, tuple[tuple[float, ...], ...]]:
    return {
        length: tuple(tuple(np.round(lead.weights, 6)) for lead in leads)
        for length, leads in own.shipped().items()
    }


def test_without_a_series_the_shipped_weights_stand() -> None:
    assert experience.launches({}) == shipped_launches()
    assert experience.launches({"young": ramp(14, 8.0)}) == shipped_launches()


def test_weights_move_towards_the_method_that_was_right() -> None:
    steep = {f"plant-{tau}": ramp(60, tau) for tau in np.linspace(12, 30, 40)}

    learned = experience.launches(steep)

    curve = NAMES.index("S-curve")
    assert learned[6][0][curve] > shipped_launches()[6][0][curve]


def test_weights_lie_on_the_simplex() -> None:
    learned = experience.launches({"a": ramp(40, 8.0), "b": ramp(30, 2.0)})

    for rows in learned.values():
        for row in rows:
            assert min(row) >= 0
            assert sum(row) == pytest.approx(1.0, abs=1e-5)


def test_months_behind_a_gap_are_not_scored() -> None:
    whole = ramp(40, 8.0)
    gappy = tuple(one for one in whole if one[0] != FIRST + 14)

    assert experience.launches({"a": gappy}) == shipped_launches()


def told(months: int) -> list[Fact]:
    """A plant that starts in January 2018 and reports each month at its end."""
    lines: list[dict[str, object]] = [
        {
            "type": "programme-opened",
            "occurred": "2017",
            "known_on": "2017-06-30",
            "title": "A plant",
            "kind": "production",
        },
        {"type": "production-started", "occurred": "2018-01", "known_on": "2018-01-31"},
    ]
    for place, (month, made) in enumerate(ramp(months, 8.0)):
        day = date(2018, 2, 1) + timedelta(days=31 * place)
        lines.append(
            {
                "type": "volume-reported",
                "occurred": f"{month // 12}-{month % 12 + 1:02}",
                "period": f"{month // 12}-{month % 12 + 1:02}",
                "known_on": day.isoformat(),
                "volume": round(made),
            }
        )
    return [
        msgspec.convert(
            {"id": str(uuid5(NAMESPACE_OID, str(place))), "programme": "plant"} | line, Fact
        )
        for place, line in enumerate(lines)
    ]


def test_what_is_known_later_teaches_nothing() -> None:
    as_of = date(2020, 3, 1)
    then = [fact for fact in told(60) if fact.known_on <= as_of]

    seen = volume.own_months(told(60), as_of)

    assert seen == volume.own_months(then, as_of)
    assert 20 < len(seen) < 30
    assert experience.launches({"plant": seen}) != shipped_launches()


def test_the_market_stack_leans_to_the_method_that_was_right() -> None:
    volumes = tuple((FIRST + place, 1000.0 + 25 * place) for place in range(96))
    real = np.array([volume for _, volume in volumes])

    def carry_on(seen: NDArray[np.float64], steps: tuple[int, ...]) -> Paths:
        assert steps == ()
        went = real[len(seen) : len(seen) + experience.AHEAD]
        right = np.append(went, np.zeros(experience.AHEAD - len(went)))
        return tuple(tuple(right * (1.0 if way.name == "ETS" else 0.6)) for way in MARKET)

    learned = experience.markets({"market": Known(series=volumes)}, carry_on)

    place = [way.name for way in MARKET].index("ETS")
    shipped = market.shipped()
    assert len(learned) == len(shipped["leads"]) + len(shipped["months"])
    assert learned[0][place] > shipped["leads"][0].weights[place]


def test_a_market_of_less_than_four_years_teaches_nothing() -> None:
    series = tuple((FIRST + place, 1000.0) for place in range(47))

    learned = experience.markets({"market": Known(series=series)}, experience.paths)

    first = market.shipped()["leads"][0].weights
    assert learned[0] == tuple(np.round(first, 6))


def test_a_market_is_cut_within_its_longest_run_and_hears_of_events_before_the_cut() -> None:
    series = tuple((FIRST + place, 1000.0) for place in range(60) if place != 5)
    asked: list[tuple[int, tuple[int, ...]]] = []

    def carry_on(seen: NDArray[np.float64], steps: tuple[int, ...]) -> Paths:
        asked.append((len(seen), steps))
        return tuple((1000.0,) * experience.AHEAD for _ in MARKET)

    events = (FIRST + 6 + 20, FIRST + 6 + 40, FIRST + 90)
    experience.markets({"market": Known(series=series, events=events)}, carry_on)

    assert asked == [(36, (20,)), (42, (20, 40))]


@pytest.mark.slow
def test_the_methods_carry_a_cut_on() -> None:
    seen = np.array([1000.0 + 20 * place + 200 * (place % 12 == 7) for place in range(36)])

    made = experience.paths(seen, (20,))

    assert [len(path) for path in made] == [experience.AHEAD] * len(MARKET)
    assert experience.paths(seen, (20,)) is made
