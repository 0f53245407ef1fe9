from datetime import date
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

import msgspec
import numpy as np
import pytest

import events
from events import facts, journal
from events.corrections import effective
from events.facts import Fact
from forecasts import backtest_volume, promises, reference, reported, start
from forecasts.distribution import StartDistribution

UNTIL = date(2026, 1, 1)


def tell(slug: str, *lines: dict[str, object]) -> list[Fact]:
    return [
        msgspec.convert(
            {
                "id": str(uuid5(NAMESPACE_OID, f"{slug} {line}")),
                "programme": slug,
                "occurred": str(line["known_on"]),
                **line,
            },
            facts.Fact,
        )
        for line in lines
    ]


def plant(slug: str, volume: int | None, *, started: bool = True) -> list[Fact]:
    told: list[dict[str, object]] = [
        {"type": "programme-opened", "known_on": "2018-01-01", "title": slug},
        {
            "type": "production-announced",
            "known_on": "2018-01-01",
            "expected_start": "2020",
            "capacity_per_year": 1000,
        },
    ]
    if started:
        told.append({"type": "production-started", "known_on": "2020-03-01"})
    if volume is not None:
        told.append(
            {
                "type": "volume-reported",
                "known_on": "2022-01-31",
                "period": "2021",
                "volume": volume,
            }
        )
    return tell(slug, *told)


PAST = {f"plant-{place}": plant(f"plant-{place}", 400 + 50 * place) for place in range(5)} | {
    "never": plant("never", None, started=False),
    "silent": plant("silent", None),
}


def start_of(_: str, day: date) -> StartDistribution:
    return StartDistribution.rounded(day, np.minimum(np.arange(120) / 60, 0.8))


def test_a_promise_is_held_to_the_first_full_year_after_its_window() -> None:
    (first, *_) = promises.promises(PAST, UNTIL)

    assert (first.programme, first.year, first.capacity) == ("never", 2021, 1000)


def test_what_had_not_started_made_nothing_and_what_is_unknown_is_left_out() -> None:
    real = {one.programme: one.real for one in promises.promises(PAST, UNTIL)}

    assert real["never"] == 0
    assert real["silent"] is None
    assert real["plant-2"] == 500
    assert "silent" not in {
        one.promise.programme for one in promises.scored(PAST, start_of, UNTIL)
    }


def test_face_value_is_off_by_what_is_missing() -> None:
    kept = {one.promise.programme: one for one in promises.scored(PAST, start_of, UNTIL)}

    assert kept["plant-2"].face_value == pytest.approx(0.5)
    assert kept["never"].face_value == 1.0
    assert kept["never"].crps < 0.5


def test_a_programme_does_not_teach_its_own_forecast() -> None:
    loud = PAST | {"plant-2": plant("plant-2", 5)}

    before, after = (
        {one.promise.programme: one for one in promises.scored(past, start_of, UNTIL)}
        for past in (PAST, loud)
    )

    assert after["plant-2"].zero == before["plant-2"].zero
    assert after["plant-1"].crps != before["plant-1"].crps


def test_a_kind_is_drawn_towards_all_kinds() -> None:
    plants = [one for told in PAST.values() if (one := reference.past(told))]
    sample = reference.uses(plants, (1.0,), (1.0,))

    own = reference.table(sample, "established").middles.mean()
    stranger = reference.table(sample, "start-up").middles.mean()

    assert own == pytest.approx(stranger)


def test_a_context_is_no_plant() -> None:
    told = tell(
        "market",
        {
            "type": "programme-opened",
            "known_on": "2018-01-01",
            "title": "market",
            "kind": "context",
        },
    )

    assert reference.past(told) is None


def test_a_year_is_forecast_from_the_reports_before_it() -> None:
    told = plant("plant", 500) + tell(
        "plant",
        {
            "type": "volume-reported",
            "known_on": "2023-01-31",
            "period": "2022",
            "volume": 550,
        },
    )

    (one,) = reported.scored({"plant": told})

    assert (one.year, one.again, one.held) == (2022, 0.05, True)
    assert one.crps < 0.3


def test_the_table_has_face_value_and_the_reference_class() -> None:
    kept = list(promises.scored(PAST, start_of, UNTIL))

    face, model = backtest_volume.announcements(kept)

    assert (face.method, model.method) == ("face value", "reference class")
    assert model.crps < face.crps
    assert model.forecasts == len(kept)


@pytest.fixture(scope="module")
def programmes() -> dict[str, list[Fact]]:
    told: dict[str, list[Fact]] = {}
    for name in ("automotive", "leapmotor"):
        file = Path(events.__file__).parent / "journals" / f"{name}.ndjson"
        stated, _ = journal.read(file.read_bytes(), name, today=date(2026, 11, 22))
        for line in stated:
            told.setdefault(line.fact.programme, []).append(line.fact)
    return {slug: effective(history) for slug, history in told.items()}


def test_the_reported_years_of_real_plants_are_forecast_better_than_by_the_last_one(
    programmes: dict[str, list[Fact]],
) -> None:
    years = list(reported.scored(programmes))

    again, model = backtest_volume.running(years)

    assert len(years) >= 25
    assert model.crps < 0.8 * again.crps
    assert 0.75 <= model.coverage <= 0.9


@pytest.mark.slow
def test_real_announcements_at_face_value_are_beaten_four_times(
    programmes: dict[str, list[Fact]],
) -> None:
    def start_of(slug: str, day: date) -> StartDistribution:
        known = {
            name: [fact for fact in told if fact.known_on <= day]
            for name, told in programmes.items()
        }
        known = {name: told for name, told in known.items() if told}
        return start.forecast(known, as_of=day, wanted=[slug])[slug]

    kept = list(promises.scored(programmes, start_of, date(2026, 11, 22)))

    face, model = backtest_volume.announcements(kept)
    assert face.crps > 4 * model.crps
