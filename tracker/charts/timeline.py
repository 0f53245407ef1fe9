"""The story as spans: when each thing happened or is to happen, and when it became known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tracker import wording
from tracker.charts import theme
from tracker.charts.canvas import (
    NARROWER,
    WIDE,
    Margin,
    canvas,
    cut,
    later,
    layer,
    pixels,
    plain,
    stretch,
)
from tracker.charts.lanes import Item, items
from tracker.charts.packing import arranged, lacking
from tracker.charts.picture import Picture
from tracker.charts.spans import marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tracker.account import Account
    from tracker.charts.canvas import Days
    from tracker.charts.packing import Lane
    from tracker.charts.picture import Row, Spec

AHEAD: Final = 366 * 10
"""Days after the as-of day that are shown at most."""
BACK: Final = 366 * 4
"""Days before the programme was opened that are shown at most."""

ROOM: Final = 0.45
"""The most of the width that is left free for words at the end."""

COLUMNS: Final = (
    "lane",
    "known_on",
    "earliest",
    "latest",
    "approximate",
    "claim",
    "type",
    "words",
    "summary",
    "event",
)

CAPTION: Final = (
    "Bar: from the earliest to the latest day that the words allow; it fades where an end is "
    "open, and is dashed where it is approximate. Filled: it happened. Hollow: somebody says "
    "so. Diamond: the day it became known."
)


def draw(account: Account, width: int = WIDE) -> Picture | None:
    """The timeline; None where nothing but the opening is known."""
    own = list(items(account.told))
    if not own:
        return None
    beside = width >= NARROWER
    margin = Margin(left=170 if beside else 4, right=12, top=20, bottom=22)
    days = _days(account, own, width - margin.left - margin.right)
    lanes = arranged(own, account.circle, days, above=0 if beside else 15)
    height = round(lanes[-1].top + lanes[-1].height)
    x, y = days.encoding(), pixels("y", height)
    layers = [
        *_names(lanes, days, margin, y, beside=beside),
        *marks(lanes, days, x, y),
        *_as_of(account.as_of, x, days),
    ]
    return Picture(
        name="timeline",
        title="Timeline",
        caption=CAPTION,
        alt=_alt(account, own),
        columns=COLUMNS,
        rows=tuple(_rows(account)),
        spec=canvas(width, height, margin, layers),
    )


def _days(account: Account, own: Sequence[Item], width: int) -> Days:
    """From the first to the last day of the programme's own story, and room for its words."""
    opened = account.told[0].known_on
    first, last = later(opened, -BACK), later(account.as_of, AHEAD)
    seen = [day for item in own for day in (item.earliest, item.latest, item.known_on) if day]
    days = stretch(
        [min(max(day, first), last) for day in [*seen, opened, account.as_of]], width
    )
    return days.with_room(min(lacking(own, days), ROOM * width))


def _names(
    lanes: Sequence[Lane], days: Days, margin: Margin, y: Row, *, beside: bool
) -> Iterator[Spec]:
    """The lanes' names, and a line above each lane of its own and each heading."""
    room = margin.left - 14 if beside else days.width
    named = [
        {
            "y": lane.top + lane.row / 2 + 3 if beside or not lane.placed else lane.top - 6,
            "name": cut(lane.name, room, theme.SMALL),
            "line": lane.top if beside or not lane.placed else lane.top - 15,
            "colour": theme.MUTED if lane.folded and lane.placed else theme.INK,
        }
        for lane in lanes
    ]
    ruled = [row for row in named if row["colour"] == theme.INK]
    ends = {"x": {"value": -margin.left}, "x2": {"value": days.width}}
    yield layer(ruled, "rule", ends | {"y": y | {"field": "line"}}, color=theme.FAINT)
    words = {"y": y, "text": {"field": "name"}, "color": plain("colour")}
    look = {"align": "left", "baseline": "middle", "fontSize": theme.SMALL}
    yield layer(named, "text", words | {"x": {"value": 2 - margin.left}}, **look)


def _as_of(day: date, x: Row, days: Days) -> Iterator[Spec]:
    row = [{"x": day.isoformat(), "words": f"as of {wording.day(day)}"}]
    yield layer(row, "rule", {"x": x}, color=theme.SAID, strokeWidth=1.2, strokeDash=theme.DASH)
    ahead = days.place(day) < days.width / 2
    yield layer(
        row,
        "text",
        {"x": x, "y": {"value": -9}, "text": {"field": "words"}},
        align="left" if ahead else "right",
        dx=-4 if ahead else 4,
        baseline="middle",
        fontSize=theme.SMALL,
        color=theme.SAID,
    )


def _rows(account: Account) -> Iterator[Row]:
    for item in items(account.told):
        yield _row(item.lane, item)
    for near in account.circle:
        for item in items(near.told):
            yield _row(f"{near.role} {near.slug}", item)


def _row(lane: str, item: Item) -> Row:
    return {
        "lane": lane,
        "known_on": item.known_on.isoformat(),
        "earliest": item.earliest.isoformat() if item.earliest else None,
        "latest": item.latest.isoformat() if item.latest else None,
        "approximate": item.approximate,
        "claim": item.claim,
        "type": item.fact.type,
        "words": item.words,
        "summary": item.fact.summary,
        "event": item.fact.id,
    }


def _alt(account: Account, own: Sequence[Item]) -> str:
    known = len({item.fact.id for item in own})
    said = len({item.fact.id for item in own if item.claim})
    stage = "" if account.state.is_context else f", stage {account.state.stage}"
    stated = account.state.window
    window = f", {wording.start_stated(stated)}" if stated else ""
    claims = wording.counted(said, "claim", "claims") + " among them"
    if known == said == 1:
        claims = "a claim"
    newest = wording.day(max(item.known_on for item in own))
    near = len(account.circle)
    others = wording.counted(near, "rival or context", "rivals and contexts")
    folded = f" Events of {others} are folded in." if near else ""
    return (
        f"{account.title} as of {wording.day(account.as_of)}{stage}{window}: "
        f"{wording.counted(known, 'event', 'events')}, "
        f"{claims}, the newest known on {newest}.{folded}"
    )
