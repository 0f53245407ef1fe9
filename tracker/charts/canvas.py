"""The ground of a picture: its size in pixels, its axes of time, and what is put on it.

Margins are fixed, not fitted to what is drawn: a picture is as wide as it was asked to be, and
where its labels fall is known before it is drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from tracker.charts import theme

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.charts.picture import Row, Spec

WIDE: Final = 720
NARROW: Final = 358
"""Pixels: a column of a page, and of a telephone 390 pixels wide with its margins."""

NARROWER: Final = 520
"""Below so many pixels labels go above what they name, not beside it."""

LETTER: Final = 0.53
"""Of the type's size: the mean width of a letter in the common sans-serif fonts."""

SHORT: Final = 550
"""Days: a shorter stretch has months on its axis."""
LABEL: Final = 45
"""Pixels that a year on the axis takes at least."""

TENTHS: Final = 0.06
"""A stretch of shares below which an axis tells tenths of a percent."""

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
"""The name of the language; nothing is fetched from there."""


@dataclass(frozen=True, kw_only=True)
class Margin:
    """Pixels beside the plot."""

    left: int = 44
    right: int = 16
    top: int = 8
    bottom: int = 24


@dataclass(frozen=True, kw_only=True)
class Days:
    """A stretch of time over the pixels of a plot."""

    first: date
    last: date
    width: int

    def place(self, day: date) -> float:
        """Pixels from the left; outside for what lies outside."""
        return (day - self.first).days / max((self.last - self.first).days, 1) * self.width

    def clipped(self, day: date) -> date:
        """The nearest day inside."""
        return min(max(day, self.first), self.last)

    def with_room(self, pixels: float) -> Days:
        """More days at the end, so that what was at the end has so many pixels beside it."""
        more = (self.last - self.first).days * pixels / (self.width - pixels)
        return replace(self, last=later(self.last, round(more)))

    def encoding(self, field: str = "x", **axis: Any) -> Row:  # noqa: ANN401 - any axis property
        """The horizontal channel of a field that holds ISO days."""
        days = (self.last - self.first).days
        months = days < SHORT
        every = 3 if months else math.ceil(days / 365 * LABEL / self.width)
        shown = {
            "format": "%b %Y" if months else "%Y",
            "tickCount": {"interval": "month" if months else "year", "step": every},
            "grid": True,
            "domain": False,
            "ticks": False,
            "labelFlush": False,
            **axis,
        }
        domain = [_instant(self.first), _instant(self.last)]
        return {
            "field": field,
            "type": "temporal",
            "scale": {"type": "utc", "domain": domain, "nice": False},
            "axis": shown,
        }


def _instant(day: date) -> int:
    """Milliseconds since 1970: what all layers say alike of the ends of their axis."""
    return (day - date(1970, 1, 1)).days * 86_400_000


def canvas(width: int, height: int, margin: Margin, layers: Sequence[Spec]) -> Spec:
    """A whole specification of layers; `width` is that of the picture with its margins."""
    return {
        "$schema": SCHEMA,
        "width": width - margin.left - margin.right,
        "height": height,
        "padding": {
            "left": margin.left,
            "right": margin.right,
            "top": margin.top,
            "bottom": margin.bottom,
        },
        "autosize": {"type": "none"},
        "config": theme.config(),
        "layer": list(_once(layers)),
    }


def _once(layers: Sequence[Spec]) -> Iterator[Spec]:
    """The ends of time are said by one layer of points: said twice they are a conflict."""
    channels = [one["encoding"].get("x", {}) for one in layers]
    timely = [place for place, x in enumerate(channels) if x.get("type") == "temporal"]
    says = next((place for place in timely if "x2" not in layers[place]["encoding"]), None)
    for place, one in enumerate(layers):
        if says is None or place == says or place not in timely:
            yield one
            continue
        x = {"field": channels[place]["field"], "type": "temporal", "scale": {"type": "utc"}}
        yield one | {"encoding": one["encoding"] | {"x": x}}


def layer(values: Sequence[Row], mark: str, encoding: Row, **look: Any) -> Spec:  # noqa: ANN401 - any mark property
    """Marks of one kind for some rows of data."""
    return {
        "data": {"values": list(values)},
        "mark": {"type": mark, **look},
        "encoding": encoding,
    }


def pixels(field: str, height: int) -> Row:
    """The vertical channel of a field that holds pixels from the top."""
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [0, height], "range": [0, height], "nice": False},
        "axis": None,
    }


def plain(field: str, type: str = "nominal") -> Row:
    """A channel that takes its values as they are."""
    return {"field": field, "type": type, "scale": None, "legend": None}


def plainly(*names: str) -> Row:
    """Channels of the same names as their fields; what is a size or a strength is a number."""
    return {
        name: plain(name, "quantitative" if name in {"size", "fillOpacity"} else "nominal")
        for name in names
    }


def broad(text: str, size: int = theme.SIZE) -> float:
    """About how many pixels a text takes."""
    return len(text) * LETTER * size


def cut(text: str, pixels: float, size: int = theme.SIZE) -> str:
    """The text as far as it fits, with an ellipsis where it does not."""
    room = max(int(pixels / (LETTER * size)), 2)
    clean = " ".join(text.split())
    return clean if len(clean) <= room else clean[: room - 1].rstrip() + "…"


def later(day: date, days: int) -> date:
    """So many days on, within the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def stretch(days: Sequence[date], width: int) -> Days:
    """From the first to the last of some days, with a little air on both sides."""
    first, last = min(days), max(days)
    air = max((last - first) // 40, timedelta(days=20)).days
    return Days(first=later(first, -air), last=later(last, air), width=width)


FADE: Final = (0.8, 0.62, 0.46, 0.32, 0.2, 0.1)
"""How an open end fades, a slice after the other."""


def faded(
    first: date | None, last: date | None, days: Days, pixels: float = 60
) -> list[tuple[date, date, float]]:
    """A span as slices with their strength: an end that is open fades over so many pixels.

    Slices outside of the days are left out.
    """
    known = [day for day in (first, last) if day]
    whole = pixels / len(FADE) * (days.last - days.first).days / days.width
    slices = [(min(known), max(known), 1.0)] if first and last else []
    for step, strength in enumerate(FADE):
        near, far = round(step * whole), round((step + 1) * whole)
        if last is None:
            slices.append((later(max(known), near), later(max(known), far), strength))
        if first is None:
            slices.append((later(min(known), -far), later(min(known), -near), strength))
    return [
        (days.clipped(left), days.clipped(right), strength)
        for left, right, strength in sorted(slices)
        if right > days.first and left < days.last
    ]


def spread(
    places: Sequence[float], *, apart: float, within: tuple[float, float]
) -> list[float]:
    """Places in the same order, moved as little as keeps so many pixels between them."""
    order = sorted(range(len(places)), key=lambda place: places[place])
    moved = list(places)
    floor = within[0]
    for place in order:
        moved[place] = floor = max(places[place], floor)
        floor += apart
    ceiling = within[1]
    for place in reversed(order):
        moved[place] = ceiling = min(moved[place], ceiling)
        ceiling -= apart
    return moved


def amounts(values: Sequence[float]) -> Row:
    """The vertical channel of units, from nothing to a little above the largest value."""
    return {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [0, 1.14 * max([1.0, *values])], "nice": False},
        "axis": {
            "labelExpr": "datum.value ? format(datum.value, '~s') : '0'",
            "tickCount": 5,
            "domain": False,
            "ticks": False,
            "grid": True,
        },
    }


def shares(field: str, low: float, high: float, *, signed: bool = False) -> Row:
    """The channel of shares in percent, with tenths where whole percents would repeat."""
    digits = 0 if high - low > TENTHS else 1
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False},
        "axis": {
            "format": f"{'+' if signed else ''}.{digits}%",
            "tickCount": 5,
            "domain": False,
            "ticks": False,
            "grid": True,
        },
    }


def said_on(day: date, x: Row) -> Spec:
    """A dashed line at the as-of day."""
    look = {"color": theme.SAID, "strokeWidth": 1.2, "strokeDash": theme.DASH}
    return layer([{"x": day.isoformat()}], "rule", {"x": x}, **look)


def stated(capacity: float | None, plot: int, y: Row) -> Iterator[Spec]:
    """The stated units a year as a dashed line under its name."""
    if not capacity:
        return
    row = [{"y": capacity, "t": f"{capacity:,.10g} a year stated"}]
    yield layer(
        row, "rule", {"y": y}, color=theme.CLAIM, strokeWidth=1.4, strokeDash=theme.DASH
    )
    text = {"y": y, "x": {"value": plot}, "text": {"field": "t"}}
    look = {"align": "right", "dy": -8, "fontSize": theme.SMALL, "color": theme.CLAIM}
    yield from haloed(row, text, **look)


def haloed(rows: Sequence[Row], encoding: Row, **look: Any) -> Iterator[Spec]:  # noqa: ANN401 - any mark property
    """Words that stay readable where lines run behind them."""
    halo = {"stroke": theme.PAPER, "strokeWidth": 3, "strokeJoin": "round"}
    yield layer(rows, "text", encoding, **look | halo)
    yield layer(rows, "text", encoding, **look)


def compact(units: float) -> str:
    """Three digits and a letter: 751, 21.4k, 1.2M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if units >= 0.9995 * size:
            return f"{units / size:.3g}{letter}"
    return f"{units:.3g}"
