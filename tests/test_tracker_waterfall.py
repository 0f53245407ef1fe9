from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from events import facts
from forecasts.explain import Move, Part
from tracker.charts.waterfall import MOST, bars

DAY = date(2024, 6, 30)


def part(place: int, delta: int, *, event: bool) -> Part:
    """The part of an event that says its place, or of time."""
    day = DAY + timedelta(days=place)
    fact = facts.Noted(
        id=f"00000000-0000-0000-0000-{place:012}",
        programme="car-at-x",
        occurred=day.isoformat(),
        known_on=day,
        summary=str(place),
    )
    return Part(
        kind="event" if event else "time",
        day=day,
        delta=delta,
        volume_delta=0,
        fact=fact if event else None,
        taken_away=False,
    )


@st.composite
def moves(draw: st.DrawFn) -> Move:
    """A walk of a chance through events and days."""
    levels = draw(st.lists(st.integers(0, 1_000_000), min_size=2, max_size=60))
    parts = [
        part(place, after - before, event=draw(st.booleans()))
        for place, (before, after) in enumerate(pairwise(levels))
    ]
    return Move(
        by=DAY,
        year=2024,
        before=levels[0],
        after=levels[-1],
        volume_before=0,
        volume_after=0,
        parts=tuple(parts),
    )


@given(moves())
def test_bars_join_and_add_up_and_name_the_largest_events_in_order(move: Move) -> None:
    first, *told, last = bars(move, {}, DAY)

    events = [one for one in told if one.event]
    sizes = sorted((abs(one.delta) for one in move.parts if one.fact), reverse=True)
    assert (first.high, last.high) == (move.before, move.after)
    assert all(before.high == after.low for before, after in pairwise([first, *told]))
    assert sum(one.delta or 0 for one in told) == move.after - move.before
    assert told[-1].high == move.after
    assert len(events) <= MOST
    assert [int(one.words) for one in events] == sorted(int(one.words) for one in events)
    assert sorted((abs(one.delta or 0) for one in events), reverse=True) == sizes[: len(events)]


def test_sums_stand_where_no_level_is_more_than_certain() -> None:
    went = [part(0, -40_000, event=False), part(1, 740_000, event=True)]
    move = Move(
        by=DAY,
        year=2024,
        before=300_000,
        after=1_000_000,
        volume_before=0,
        volume_after=0,
        parts=tuple(went),
    )

    told = bars(move, {"car-at-x": "X"}, DAY)

    assert [one.words for one in told] == ["before", "time went by", "X: 1", "now"]
    assert [one.figure for one in told] == ["30 %", "-4.0", "+74.0", "100 %"]
