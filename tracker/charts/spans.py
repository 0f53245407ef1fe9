"""The marks of a timeline's items: bars that fade and dash, diamonds, the words beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tracker.charts import theme
from tracker.charts.canvas import FADE, later, layer, plainly

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tracker.charts.canvas import Days
    from tracker.charts.lanes import Item
    from tracker.charts.packing import Lane, Placed
    from tracker.charts.picture import Row, Spec

THICK: Final = 8
THIN: Final = 5
LEAST: Final = 3
"""Pixels: how thick a bar is, a folded one, and how long at least."""

FADING: Final = 18
"""Pixels that an open end fades over."""


def marks(lanes: Sequence[Lane], days: Days, x: Row, y: Row) -> Iterator[Spec]:
    """Layers of all items; `x` and `y` are the channels of the days and of the pixels."""
    every = [(lane, one) for lane in lanes for one in lane.placed]
    links = [row for lane, one in every for row in _link(lane, one, days)]
    bars = [row for lane, one in every for row in _bar(lane, one, days)]
    ends = {"x": x, "x2": {"field": "x2"}, "y": y}
    if links:
        look = {"color": theme.MUTED, "strokeWidth": 1, "strokeDash": theme.DOTS}
        yield layer(links, "rule", ends, **look)
    for dashed in (False, True):
        if rows := [row for row in bars if row["dashed"] == dashed]:
            bar = ends | {"y2": {"field": "y2"}}
            bar |= plainly("fill", "fillOpacity", "stroke", "href")
            dash = {"strokeDash": [3, 2]} if dashed else {}
            yield layer(rows, "bar", bar, strokeWidth=1, **dash)
    yield layer(
        [_diamond(lane, one, days) for lane, one in every],
        "point",
        {"x": x, "y": y} | plainly("fill", "stroke", "size", "href"),
        shape="diamond",
        strokeWidth=1.2,
        opacity=1,
    )
    for side, align, apart in (("right", "left", 7), ("left", "right", -7)):
        if said := [_said(lane, one, days) for lane, one in every if one.side == side]:
            look = {"align": align, "baseline": "middle", "dx": apart}
            words = {"x": x, "y": y, "text": {"field": "words"}}
            yield layer(said, "text", words, fontSize=theme.SMALL, **look)


def _colour(item: Item) -> str:
    return theme.CLAIM if item.claim else theme.INK


def _bar(lane: Lane, one: Placed, days: Days) -> Iterator[Row]:
    """The bar of an item, and slices of it where an end is open; none outside of the days."""
    item, middle, thick = one.item, lane.middle(one), THIN if lane.folded else THICK
    first, last = _ends(item, days)
    if one.again or last <= days.first or first >= days.last:
        return
    solid = 0.2 if item.claim else (0.4 if item.approximate else 0.8)
    row: Row = {
        "y": middle - thick / 2,
        "y2": middle + thick / 2,
        "fill": _colour(item),
        "fillOpacity": solid,
        "stroke": _colour(item) if item.claim or item.approximate else "transparent",
        "dashed": item.approximate,
        "href": _evidence(item),
    }
    yield row | _days(first, last, days)
    whole = FADING / len(FADE) * (days.last - days.first).days / days.width
    for step, strength in enumerate(FADE):
        near, far = round(step * whole), round((step + 1) * whole)
        slice_ = row | {"stroke": "transparent", "fillOpacity": strength * solid}
        if item.latest is None:
            yield slice_ | _days(later(last, near), later(last, far), days)
        if item.earliest is None:
            yield slice_ | _days(later(first, -far), later(first, -near), days)


def _evidence(item: Item) -> str:
    """Where a page tells of the event: an anchor of its own."""
    return f"#e-{item.fact.id}"


def _days(first: date, last: date, days: Days) -> Row:
    return {"x": days.clipped(first).isoformat(), "x2": days.clipped(last).isoformat()}


def _ends(item: Item, days: Days) -> tuple[date, date]:
    """The days from which to which a bar is drawn, some pixels long at least."""
    known = [day for day in (item.earliest, item.latest) if day] or [item.known_on]
    least = round(LEAST * (days.last - days.first).days / days.width)
    first, last = min(known), max(known)
    return first, max(last, later(first, least))


def _link(lane: Lane, one: Placed, days: Days) -> Iterator[Row]:
    """A line from the diamond to a bar that lies apart from it, within the days."""
    first, last = _ends(one.item, days)
    if last <= days.first or first >= days.last:
        return
    first, last = days.clipped(first), days.clipped(last)
    known = days.clipped(one.item.known_on)
    if not first <= known <= last:
        near = first if known < first else last
        yield {"x": known.isoformat(), "x2": near.isoformat(), "y": lane.middle(one)}


def _diamond(lane: Lane, one: Placed, days: Days) -> Row:
    return {
        "x": days.clipped(one.item.known_on).isoformat(),
        "y": lane.middle(one),
        "fill": theme.PAPER if one.item.claim else _colour(one.item),
        "stroke": _colour(one.item),
        "size": 30 if lane.folded else 52,
        "href": _evidence(one.item),
    }


def _said(lane: Lane, one: Placed, days: Days) -> Row:
    first, last = (days.clipped(day) for day in _ends(one.item, days))
    known = days.clipped(one.item.known_on)
    edge = max(last, known) if one.side == "right" else min(first, known)
    return {"x": edge.isoformat(), "y": lane.middle(one), "words": one.item.words}
