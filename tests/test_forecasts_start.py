from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from importlib import resources
from itertools import count, pairwise
from time import perf_counter
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events import facts, journal
from forecasts import belief, history, start
from forecasts.clocks import Learned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.facts import Fact

TODAY = date(2026, 11, 22)
MIRAFIORI = "leapmotor-mirafiori"
BY = date(2027, 12, 31)
DAYS = st.dates(min_value=date(2012, 1, 1), max_value=date(2026, 6, 30))


@cache
def shipped() -> Mapping[str, Sequence[Fact]]:
    told = defaultdict(list)
    for name in ("automotive.ndjson", "leapmotor.ndjson"):
        data = (resources.files("events") / "journals" / name).read_bytes()
        stated, faults = journal.read(data, name, today=TODAY)
        assert not faults
        for each in stated:
            told[each.fact.programme].append(each.fact)
    return {
        slug: tuple(sorted(lines, key=lambda fact: fact.known_on))
        for slug, lines in told.items()
    }


@cache
def learned(day: date) -> Learned:
    return start.learn(shipped(), as_of=day)


def story(*lines: tuple[str, str, dict[str, Any]], slug: str = "x") -> list[Fact]:
    number = count()
    return [
        msgspec.convert(
            {
                "id": f"00000000-0000-0000-0000-{next(number):012d}",
                "programme": slug,
                "occurred": day,
                "known_on": day,
                "type": kind,
            }
            | rest,
            type=facts.Fact,
        )
        for day, kind, rest in lines
    ]


def curve(told: list[Fact], day: date) -> np.ndarray[Any, np.dtype[np.int64]]:
    said = start.forecast(
        {"x": told}, as_of=day, wanted=["x"], learned=learned(date(2024, 6, 30))
    )
    return np.array(said["x"].cumulative)


OPENED = ("2023-01-31", "programme-opened", {"title": "A plant", "product": "vehicle"})


def announced(window: str) -> tuple[str, str, dict[str, Any]]:
    return ("2023-01-31", "production-announced", {"expected_start": window})


def mirafiori(day: date) -> float:
    told = start.forecast(shipped(), as_of=day, wanted=[MIRAFIORI], learned=learned(day))
    return told[MIRAFIORI].by(BY)


def test_mirafiori_is_well_below_even_odds_after_the_first_report() -> None:
    assert 0.05 < mirafiori(date(2024, 2, 20)) < 0.35


def test_mirafiori_falls_with_each_rival_site_and_stays_possible() -> None:
    path = [
        mirafiori(date(2024, 6, 23)),
        mirafiori(date(2024, 6, 24)),
        mirafiori(date(2024, 11, 30)),
    ]
    chosen = [mirafiori(date(2025, 12, 17)), mirafiori(date(2025, 12, 18))]

    assert path == sorted(path, reverse=True)
    assert chosen[0] > chosen[1] > 0.0


@pytest.mark.parametrize("window", ["2026/2027", "2025-11", "2024-Q3/2025", "2024"])
def test_a_day_that_goes_by_is_never_a_leap(window: str) -> None:
    told = story(OPENED, announced(window))
    days = [date(2024, 9, 1) + timedelta(step) for step in range(130)]
    taught = learned(date(2024, 6, 30))

    said = [
        start.forecast({"x": told}, as_of=day, wanted=["x"], learned=taught)["x"].by(BY)
        for day in days
    ]

    moves = [abs(after - before) for before, after in pairwise(said)]
    assert max(moves) < 0.003


def test_a_programme_without_any_date_has_a_forecast() -> None:
    day = date(2024, 12, 31)

    told = start.forecast(
        shipped(), as_of=day, wanted=["leapmotor-eisenach"], learned=learned(day)
    )

    assert 0.01 < told["leapmotor-eisenach"].by(date(2030, 12, 31)) < 0.3


def test_contexts_and_the_unopened_have_none_and_outcomes_are_certain() -> None:
    day = date(2024, 12, 31)

    told = start.forecast(shipped(), as_of=day, wanted=sorted(shipped()), learned=learned(day))

    assert "eu-ev-tariffs" not in told
    assert "leapmotor-madrid" not in told
    assert told["leapmotor-tychy-t03"].by(date(2025, 1, 31)) == 1.0
    assert told["leapmotor-tychy-b10"].never == 1.0


@settings(max_examples=15, deadline=None)
@given(DAYS)
def test_what_becomes_known_later_changes_nothing(day: date) -> None:
    before = {
        slug: [fact for fact in lines if fact.known_on <= day]
        for slug, lines in shipped().items()
    }
    wanted = sorted(shipped())

    told = start.forecast(shipped(), as_of=day, wanted=wanted)

    assert told == start.forecast(before, as_of=day, wanted=wanted)


@settings(max_examples=10, deadline=None)
@given(DAYS)
def test_the_same_question_has_the_same_answer(day: date) -> None:
    wanted = sorted(shipped())

    once = start.forecast(shipped(), as_of=day, wanted=wanted)

    assert start.forecast(shipped(), as_of=day, wanted=wanted) == once


def test_one_alone_is_forecast_as_among_many() -> None:
    day = date(2025, 6, 30)
    many = start.forecast(shipped(), as_of=day, wanted=sorted(shipped()), learned=learned(day))

    for slug in (MIRAFIORI, "byd-szeged", "leapmotor-zaragoza"):
        alone = start.forecast(shipped(), as_of=day, wanted=[slug], learned=learned(day))
        assert alone[slug] == many[slug]


MONTHS_AHEAD = st.integers(1, 60)


def window(day: date, ahead: int, width: int) -> str:
    first = day.year * 12 + day.month - 1 + ahead
    last = first + width
    return f"{first // 12}-{first % 12 + 1:02d}/{last // 12}-{last % 12 + 1:02d}"


@settings(deadline=None)
@given(
    DAYS.filter(lambda day: day > date(2023, 3, 1)),
    MONTHS_AHEAD,
    MONTHS_AHEAD,
    st.integers(0, 24),
)
def test_a_later_window_is_a_later_start(day: date, ahead: int, more: int, width: int) -> None:
    soon = curve(story(OPENED, announced(window(day, ahead, width))), day)
    late = curve(story(OPENED, announced(window(day, ahead + more, width))), day)

    assert (late <= soon).all()


@settings(deadline=None)
@given(
    DAYS.filter(lambda day: day > date(2023, 3, 1)),
    MONTHS_AHEAD,
    MONTHS_AHEAD,
    st.integers(0, 24),
)
def test_a_start_further_off_is_never_made_nearer_by_a_slip(
    day: date, ahead: int, more: int, width: int
) -> None:
    told = [OPENED, announced(window(day, ahead, width))]
    slip = (
        day.isoformat(),
        "start-revised",
        {"expected_start": window(day, ahead + more, width)},
    )

    assert (curve(story(*told, slip), day) <= curve(story(*told), day)).all()


@settings(deadline=None)
@given(st.integers(0, 60))
def test_waiting_in_silence_makes_no_start_likelier_within_a_year(months: int) -> None:
    told = story(OPENED, announced("2024"))
    first, later = 2025 * 12 + months, 2025 * 12 + months + 1

    def within_a_year(month: int) -> int:
        return int(curve(told, date(month // 12, month % 12 + 1, 1))[11])

    assert within_a_year(later) <= within_a_year(first) + 2_000


KINDS = st.sampled_from(
    [
        "production-considered",
        "production-announced",
        "construction-started",
        "production-paused",
        "production-cancelled",
        "production-started",
        "production-stopped",
        "start-revised",
        "site-ruled-out",
        "noted",
    ]
)
WINDOWS = st.sampled_from(["1999", "2026", "../2027", "2030/..", "2024-06/2190", "9000"])
NO_CLAIM = ("noted", "production-paused", "production-cancelled", "production-stopped")


@st.composite
def stories(draw: st.DrawFn) -> list[Fact]:
    days = draw(st.lists(st.dates(date(2023, 2, 1), date(2026, 1, 1)), max_size=6))
    lines: list[tuple[str, str, dict[str, Any]]] = [OPENED]
    for day in sorted(days):
        kind = draw(KINDS)
        claim = {} if kind in NO_CLAIM else {"expected_start": draw(WINDOWS)}
        lines.append((day.isoformat(), kind, claim))
    return story(*lines)


@settings(deadline=None)
@given(stories(), st.dates(date(2023, 1, 31), date(2027, 1, 1)))
def test_whatever_happened_there_is_a_forecast(told: list[Fact], day: date) -> None:
    said = curve(told, day)

    assert (np.diff(said, prepend=0) >= 0).all()
    assert said[-1] <= 1_000_000


@settings(deadline=None)
@given(
    stories(),
    st.dates(date(2023, 2, 1), date(2027, 1, 1)),
    st.dates(date(2023, 2, 1), date(2027, 1, 1)),
)
def test_a_note_changes_no_forecast(told: list[Fact], noted: date, day: date) -> None:
    note = story(OPENED, (noted.isoformat(), "noted", {}))[1:]
    with_it = sorted([*told, *note], key=lambda fact: fact.known_on)

    assert (curve(with_it, day) == curve(told, day)).all()


def test_a_step_forward_settles_what_was_said_before_it() -> None:
    doubt = ("2023-06-30", "site-ruled-out", {"source": {"grade": "A1"}})
    step: tuple[str, str, dict[str, Any]] = ("2023-07-31", "construction-started", {})
    day = date(2024, 1, 31)

    assert (
        curve(story(OPENED, announced("2025"), doubt), day)[60]
        < curve(story(OPENED, announced("2025")), day)[60]
    )
    assert (
        curve(story(OPENED, announced("2025"), doubt, step), day)
        == curve(story(OPENED, announced("2025"), step), day)
    ).all()


def test_learned_numbers_survive_json() -> None:
    day = date(2024, 6, 30)

    again = Learned.from_json(json.loads(json.dumps(learned(day).to_json())))

    wanted = sorted(shipped())
    assert start.forecast(shipped(), as_of=day, wanted=wanted, learned=again) == start.forecast(
        shipped(), as_of=day, wanted=wanted
    )


def test_the_shipped_prior_speaks_of_the_columns_of_the_model() -> None:
    told = belief.shipped()

    assert told.names == start.NAMES
    for clock in (told.start, told.cancel):
        assert clock.mean.size == clock.precision.size == len(start.NAMES)


def test_slopes_that_keep_later_later_have_the_right_sign() -> None:
    place = {name: start.NAMES.index(name) for name in ("lead", "late")}

    for year in range(2012, 2027):
        told = learned(date(year, 6, 30))
        for at in place.values():
            assert told.start.coefficients[at] > max(told.cancel.coefficients[at], 0.0)


def test_nobody_learns_from_itself_in_hindsight() -> None:
    day = date(2020, 6, 30)
    slug = "rivian-normal"
    assert history.outcome(shipped()[slug], day).status is history.Status.OPEN

    never = {**shipped(), slug: shipped()[slug][:2]}

    assert start.learn(never, as_of=date(2019, 12, 31)).to_json() == (
        start.learn(shipped(), as_of=date(2019, 12, 31)).to_json()
    )


def test_the_path_of_record_imports_no_heavy_library() -> None:
    code = "import sys, forecasts.start; print(*sys.modules)"

    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert not {"scipy", "pandas", "rich"} & set(out.stdout.split())


@pytest.mark.slow
def test_ten_thousand_programmes_take_seconds() -> None:
    day = date(2023, 12, 31)
    slugs = sorted(shipped())
    many = {
        f"x-{number}": [
            msgspec.structs.replace(fact, programme=f"x-{number}")
            for fact in shipped()[slugs[number % len(slugs)]]
        ]
        for number in range(10_000)
    }

    began = perf_counter()
    start.forecast(many, as_of=day, wanted=list(many), learned=learned(day))

    assert perf_counter() - began < 6.0
