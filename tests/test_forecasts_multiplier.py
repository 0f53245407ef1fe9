from __future__ import annotations

import functools
import json
import subprocess
import sys
from collections import defaultdict
from datetime import date
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events import journal
from forecasts import multiplier
from forecasts.clocks import Learned, basis

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from events.facts import Fact

TODAY = date(2026, 11, 22)
MIRAFIORI = "leapmotor-mirafiori"
DAYS = st.dates(min_value=date(2012, 1, 1), max_value=date(2026, 6, 30))


@functools.cache
def shipped() -> Mapping[str, Sequence[Fact]]:
    told = defaultdict(list)
    for name in ("automotive.ndjson", "leapmotor.ndjson"):
        data = (resources.files("events") / "journals" / name).read_bytes()
        stated, faults = journal.read(data, name, today=TODAY)
        assert not faults
        for each in stated:
            told[each.fact.programme].append(each.fact)
    ordered = {
        slug: tuple(sorted(lines, key=lambda fact: fact.known_on))
        for slug, lines in told.items()
    }
    return MappingProxyType(ordered)


def test_every_open_production_programme_has_a_forecast() -> None:
    day = date(2024, 12, 31)

    told = multiplier.forecast(shipped(), as_of=day, wanted=sorted(shipped()))

    assert "leapmotor-eisenach" in told
    assert "eu-ev-tariffs" not in told
    assert "leapmotor-madrid" not in told
    assert told["leapmotor-tychy-t03"].by(date(2025, 1, 31)) == 1.0
    assert told["leapmotor-tychy-b10"].never == 1.0


def test_mirafiori_is_well_below_even_odds_and_not_hopeless() -> None:
    for day in (date(2024, 2, 29), date(2024, 6, 30)):
        told = multiplier.forecast(shipped(), as_of=day, wanted=[MIRAFIORI])

        assert 0.02 < told[MIRAFIORI].by(date(2027, 12, 31)) < 0.35


def test_without_any_reference_there_is_still_a_forecast() -> None:
    alone = {MIRAFIORI: shipped()[MIRAFIORI]}

    told = multiplier.forecast(alone, as_of=date(2024, 3, 1), wanted=[MIRAFIORI])

    assert 0.0 < told[MIRAFIORI].by(date(2028, 12, 31)) < 0.5


@settings(max_examples=15, deadline=None)
@given(DAYS)
def test_what_becomes_known_later_changes_nothing(day: date) -> None:
    before = {
        slug: [fact for fact in lines if fact.known_on <= day]
        for slug, lines in shipped().items()
    }
    wanted = sorted(shipped())

    told = multiplier.forecast(shipped(), as_of=day, wanted=wanted)

    assert told == multiplier.forecast(before, as_of=day, wanted=wanted)


@settings(max_examples=20, deadline=None)
@given(DAYS, st.integers(1, 60))
def test_a_later_window_starts_later(day: date, months: int) -> None:
    learned = multiplier.learn(shipped(), as_of=day)
    opened, announced = shipped()["honda-alliston-ev"][:2]

    def curve(window: str) -> NDArray[np.float64]:
        early = [
            msgspec.structs.replace(opened, known_on=date(2011, 1, 1)),
            msgspec.structs.replace(
                announced, known_on=date(2011, 1, 1), expected_start=window
            ),
        ]
        told = multiplier.forecast({"x": early}, as_of=day, wanted=["x"], learned=learned)
        return next(iter(told.values())).probabilities

    later = day.year * 12 + day.month + months
    soon = curve(f"{day.year + 1}")
    late = curve(f"{later // 12 + 1}-{later % 12 + 1:02d}/{later // 12 + 2}-12")
    assert (late <= soon + 1e-6).all()


def test_learned_numbers_survive_json() -> None:
    learned = multiplier.learn(shipped(), as_of=date(2024, 6, 30))

    again = Learned.from_json(json.loads(json.dumps(learned.to_json())))

    wanted = [MIRAFIORI, "dongfeng-italy"]
    day = date(2024, 6, 30)
    assert multiplier.forecast(
        shipped(), as_of=day, wanted=wanted, learned=again
    ) == multiplier.forecast(shipped(), as_of=day, wanted=wanted)


def test_recording_between_quarter_ends_asks_for_no_new_fit() -> None:
    day = date(2024, 8, 15)
    before = {
        slug: [fact for fact in lines if fact.known_on <= date(2024, 6, 30)]
        for slug, lines in shipped().items()
    }

    assert basis(day) == date(2024, 6, 30)
    assert (
        multiplier.learn(shipped(), as_of=day).to_json()
        == multiplier.learn(before, as_of=day).to_json()
    )


@pytest.mark.parametrize("module", ["multiplier"])
def test_the_path_of_record_imports_no_heavy_library(module: str) -> None:
    code = f"import sys, forecasts.{module}; print(*sys.modules)"

    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert not {"scipy", "pandas", "rich"} & set(out.stdout.split())
