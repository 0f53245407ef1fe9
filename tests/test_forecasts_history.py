from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import facts
from events.programme import Stage
from forecasts import history
from forecasts.history import Status, Window

if TYPE_CHECKING:
    from events.facts import Fact


def told(*lines: tuple[str, str, dict[str, Any]]) -> list[Fact]:
    first = {"title": "A plant", "product": "vehicle", "tags": ["startup"]}
    every = [("2022-01-31", "programme-opened", first), *lines]
    return [
        msgspec.convert(
            {
                "id": f"00000000-0000-0000-0000-{number:012d}",
                "programme": "a-plant",
                "occurred": day,
                "known_on": day,
                "type": kind,
            }
            | rest,
            type=facts.Fact,
        )
        for number, (day, kind, rest) in enumerate(every)
    ]


def month(year: int, index: int) -> int:
    return year * 12 + index - 1


ANNOUNCED = (
    "2022-01-31",
    "production-announced",
    {"expected_start": "2025", "capacity_per_year": 100_000},
)
BUILT: tuple[str, str, dict[str, Any]] = ("2023-03-15", "construction-started", {})


def on(lines: list[Fact], *day: int) -> history.Snapshot:
    seen = history.snapshot(lines, date(*day))
    assert seen is not None
    return seen


def test_nothing_is_known_before_the_opening() -> None:
    assert history.snapshot(told(ANNOUNCED), date(2022, 1, 30)) is None


def test_a_context_has_no_start_to_forecast() -> None:
    opened = msgspec.structs.replace(told()[0], kind="context")

    assert history.snapshot([opened], date(2024, 1, 1)) is None


def test_an_announcement_gives_stage_window_and_capacity() -> None:
    seen = on(told(ANNOUNCED), 2022, 6, 30)

    assert seen.status is Status.OPEN
    assert seen.stage is Stage.ANNOUNCED
    assert seen.window == Window(first=month(2025, 1), last=month(2025, 12))
    assert seen.capacity == 100_000


def test_a_later_window_is_a_slip_and_a_narrower_one_is_not() -> None:
    lines = told(
        ANNOUNCED,
        ("2023-06-30", "start-revised", {"expected_start": "2025-07"}),
        ("2024-06-30", "start-revised", {"expected_start": "2026-07"}),
    )

    assert on(lines, 2023, 12, 31).slips == 0
    assert on(lines, 2024, 12, 31).slips == 1
    assert on(lines, 2024, 12, 31).slipped == 7


def test_hearsay_moves_no_stated_window() -> None:
    lines = told(ANNOUNCED, ("2023-06-30", "evidence-for", {"expected_start": "2024"}))

    assert on(lines, 2023, 12, 31).window == Window(first=month(2025, 1), last=month(2025, 12))


def test_hearsay_counts_while_nothing_is_stated() -> None:
    lines = told(("2023-06-30", "evidence-for", {"expected_start": "2024"}))

    assert on(lines, 2023, 12, 31).window == Window(first=month(2024, 1), last=month(2024, 12))


@pytest.mark.parametrize(
    ("edtf", "window"),
    [
        ("../2026-12", Window(first=month(2023, 6), last=month(2026, 12))),
        ("2026-07/..", Window(first=month(2026, 7), last=month(2028, 7))),
        ("[2026,2027]", Window(first=month(2026, 1), last=month(2027, 12))),
        ("../2020", Window(first=month(2020, 12), last=month(2020, 12))),
    ],
)
def test_open_ends_are_closed(edtf: str, window: Window) -> None:
    lines = told(("2023-06-30", "start-revised", {"expected_start": edtf}))

    assert on(lines, 2023, 12, 31).window == window


def test_a_halt_is_a_stage_until_a_step_is_taken() -> None:
    lines = told(ANNOUNCED, ("2022-09-30", "production-paused", {}), BUILT)

    assert on(lines, 2022, 12, 31).stage is Stage.PAUSED
    assert on(lines, 2023, 12, 31).stage is Stage.UNDER_CONSTRUCTION
    assert on(lines, 2023, 12, 31).stage_since == date(2023, 3, 15)


def test_late_news_of_an_earlier_step_ends_no_halt() -> None:
    lines = told(
        ANNOUNCED,
        ("2022-09-30", "production-paused", {}),
        ("2022-10-31", "construction-started", {"occurred": "2022-05"}),
    )

    seen = on(lines, 2022, 12, 31)
    assert seen.stage is Stage.PAUSED
    assert seen.reached is Stage.UNDER_CONSTRUCTION


def test_a_start_is_dated_between_its_bounds_and_never_after_it_was_known() -> None:
    lines = told(ANNOUNCED, BUILT, ("2025-06-30", "production-started", {"occurred": "2025"}))

    end = history.outcome(lines, date(2025, 6, 30))
    assert end.status is Status.STARTED
    assert (end.earliest, end.latest) == (date(2025, 1, 1), date(2025, 6, 30))
    assert history.outcome(lines, date(2025, 6, 29)).status is Status.OPEN


def test_what_ends_after_a_start_had_started() -> None:
    lines = told(
        ANNOUNCED,
        ("2025-06-30", "production-started", {}),
        ("2026-06-30", "production-stopped", {}),
    )

    end = history.outcome(lines, date(2026, 12, 31))
    assert end.status is Status.STOPPED
    assert end.latest == date(2025, 6, 30)


def test_a_cancelled_programme_can_be_taken_up_again() -> None:
    lines = told(ANNOUNCED, ("2022-12-31", "production-cancelled", {}), BUILT)

    assert on(lines, 2022, 12, 31).status is Status.CANCELLED
    assert on(lines, 2023, 12, 31).status is Status.OPEN


KINDS = st.sampled_from(
    [
        "production-considered",
        "production-announced",
        "construction-started",
        "production-paused",
        "production-resumed",
        "production-cancelled",
        "production-started",
        "production-stopped",
        "start-revised",
        "evidence-against",
    ]
)
WINDOWS = st.sampled_from([{}, {"expected_start": "2026"}, {"expected_start": "2027-07"}])
HALTS = ("paused", "resumed", "cancelled", "stopped")


@st.composite
def stories(draw: st.DrawFn) -> list[Fact]:
    days = sorted(draw(st.lists(st.dates(date(2022, 2, 1), date(2026, 1, 1)), max_size=8)))
    return told(
        *(
            (
                day.isoformat(),
                kind := draw(KINDS),
                {} if kind.endswith(HALTS) else draw(WINDOWS),
            )
            for day in days
        )
    )


@given(stories(), st.dates(date(2022, 1, 1), date(2026, 1, 1)))
def test_what_becomes_known_later_changes_nothing(story: list[Fact], day: date) -> None:
    before = [fact for fact in story if fact.known_on <= day]

    assert history.snapshot(story, day) == history.snapshot(before, day)
    assert history.outcome(story, day) == history.outcome(before, day)


@given(stories())
def test_one_walk_sees_what_many_walks_see(story: list[Fact]) -> None:
    days = history.landmarks(date(2021, 1, 1), date(2026, 12, 31))

    walked = {seen.as_of: seen for seen in history.snapshots(story, days)}

    assert all(walked.get(day) == history.snapshot(story, day) for day in days)
