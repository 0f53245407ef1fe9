"""All followed programmes: how likely each starts, what they make together, what moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.issued import MILLION
from events.programme import Stage
from tracker import wording
from tracker.charts import theme
from tracker.charts.canvas import (
    NARROWER,
    WIDE,
    Margin,
    canvas,
    cut,
    haloed,
    layer,
    pixels,
    plain,
    shares,
)
from tracker.charts.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.charts.picture import Row, Spec
    from tracker.portfolio import Line, Portfolio

MOST: Final = 40
"""Programmes that a picture has room for: the likeliest, or those that moved most."""
MOVED: Final = 12
SMALL: Final = 500
"""Millionths below which a chance has not moved."""
BAR: Final = 10


def chances(portfolio: Portfolio, width: int = WIDE) -> Picture | None:
    """P(start) by the end of two years, a row a programme; started ones are certain."""
    every = sorted(
        ((line, *_two(line, portfolio)) for line in portfolio.lines if line.made),
        key=lambda told: (bool(told[0].state.started), -told[1], -told[2], told[0].slug),
    )
    said, rest = every[:MOST], len(every[MOST:])
    if not said:
        return None
    table = _Rows([_named(line) for line, _, _ in said], width, right=96)
    first, second = portfolio.by
    return Picture(
        name="start",
        title="Which start, and how likely",
        caption=f"Filled: P(start by the end of {first.year}). Hollow: by the end of "
        f"{second.year}." + (f" {rest} more are not shown." if rest else ""),
        alt=_chances_said(portfolio, said),
        columns=("programme", "title", "stage", "by_first", "by_second"),
        rows=tuple(
            {
                "programme": line.slug,
                "title": line.title,
                "stage": str(line.state.stage),
                "by_first": near / MILLION,
                "by_second": far / MILLION,
            }
            for line, near, far in said
        ),
        spec=canvas(width, table.height, table.margin, list(_dots(said, table))),
    )


def _dots(said: Sequence[tuple[Line, int, int]], table: _Rows) -> Iterator[Spec]:
    """From the filled dot of the first year to the hollow one of the second, and figures."""
    x, y = shares("x", 0, 1), pixels("y", table.height)
    rows = [
        {
            "x": near / MILLION,
            "x2": far / MILLION,
            "y": middle,
            "t": _figures(line, near, far),
        }
        for (line, near, far), middle in zip(said, table.middles, strict=True)
    ]
    yield from table.names(y)
    ends = {"x": x, "x2": {"field": "x2"}, "y": y}
    yield layer(rows, "rule", ends, color=theme.SAID, strokeWidth=2, opacity=0.5)
    dot: Row = {"stroke": theme.SAID, "opacity": 1, "strokeWidth": 1.6, "size": 54}
    yield layer(rows, "point", {"x": x | {"field": "x2"}, "y": y}, fill=theme.PAPER, **dot)
    yield layer(rows, "point", {"x": x, "y": y}, fill=theme.SAID, **dot)
    text = {"x": {"value": table.plot + 10}, "y": y, "text": {"field": "t"}}
    look = {"align": "left", "baseline": "middle", "fontSize": theme.SMALL}
    yield layer(rows, "text", text, **look)


def _two(line: Line, portfolio: Portfolio) -> tuple[int, int]:
    first, second = portfolio.by
    return line.chance(first) or 0, line.chance(second) or 0


def _figures(line: Line, near: int, far: int) -> str:
    if line.state.started:
        return "started"
    return f"{wording.percent(near)} · {wording.percent(far)}".replace(" %", "%")


def _named(line: Line) -> tuple[str, str]:
    stage = line.state.stage
    return line.title, "" if stage is Stage.STARTED else str(stage)


def _chances_said(portfolio: Portfolio, said: Sequence[tuple[Line, int, int]]) -> str:
    first, _ = portfolio.by
    told = "; ".join(
        f"{line.title} {'started' if line.state.started else wording.percent(near)}"
        for line, near, _ in said
    )
    on = wording.day(portfolio.as_of)
    return f"P(start by the end of {first.year}) as of {on}: {told}."


def moves(portfolio: Portfolio, width: int = WIDE) -> Picture | None:
    """By how much the chances have moved of late, the largest moves first."""
    by, _ = portfolio.by
    told = [(line, line.moved(by) or 0) for line in portfolio.lines]
    moved = sorted(
        ((line, delta) for line, delta in told if abs(delta) >= SMALL),
        key=lambda one: -abs(one[1]),
    )[:MOVED]
    if not moved:
        return None
    table = _Rows([_named(line) for line, _ in moved], width, right=16)
    since = wording.day(portfolio.since)
    return Picture(
        name="moves",
        title="Lately moved",
        caption=f"P(start by the end of {by.year}) since {since}, in percentage points.",
        alt=f"P(start by the end of {by.year}) has moved since {since}, in points: "
        + "; ".join(f"{line.title} {wording.points(delta)}" for line, delta in moved)
        + ".",
        columns=("programme", "title", "delta"),
        rows=tuple(
            {"programme": line.slug, "title": line.title, "delta": delta / MILLION}
            for line, delta in moved
        ),
        spec=canvas(width, table.height, table.margin, list(_bars(moved, table))),
    )


def _bars(moved: Sequence[tuple[Line, int]], table: _Rows) -> Iterator[Spec]:
    """A bar from nothing to each move, its figure at the end of it."""
    deltas = [delta / MILLION for _, delta in moved]
    air = 0.2 * (max(0.0, *deltas) - min(0.0, *deltas))
    x = shares("x", min(0.0, *deltas) - air, max(0.0, *deltas) + air, signed=True)
    y = pixels("y", table.height)
    rows = [
        {
            "x": delta / MILLION,
            "y": middle - BAR / 2,
            "y2": middle + BAR / 2,
            "m": middle,
            "t": wording.points(delta),
            "c": theme.SAID if delta > 0 else theme.DOWN,
            "up": delta > 0,
        }
        for (_, delta), middle in zip(moved, table.middles, strict=True)
    ]
    yield from table.names(y)
    bar = {"x": x, "x2": {"datum": 0}, "y": y, "y2": {"field": "y2"}, "color": plain("c")}
    yield layer(rows, "rect", bar)
    for up in (False, True):
        if some := [row for row in rows if row["up"] == up]:
            text = {"x": x, "y": y | {"field": "m"}, "text": {"field": "t"}}
            look = {"align": "left" if up else "right", "dx": 5 if up else -5}
            yield from haloed(some, text, **look, baseline="middle", fontSize=theme.SMALL)


class _Rows:
    """Rows with a name and a word each: beside the plot, or above it where that is narrow."""

    def __init__(self, named: Sequence[tuple[str, str]], width: int, *, right: int) -> None:
        self.beside = width >= NARROWER
        self.row = 22 if self.beside else 34
        self.margin = Margin(left=330 if self.beside else 8, right=right, top=6, bottom=24)
        self.plot = width - self.margin.left - self.margin.right
        self.height = self.row * len(named) + 4
        drop = 0.5 * self.row if self.beside else self.row - 10
        self.middles = [place * self.row + drop for place in range(len(named))]
        self.named = named

    def names(self, y: Row) -> Iterator[Spec]:
        """The names, and the words muted at the end of their room."""
        left = 2 - self.margin.left
        right = -12 if self.beside else self.plot + self.margin.right - 6
        word = 112
        rows = [
            {
                "y": middle if self.beside else middle - 16,
                "t": cut(name, right - left - (word if said else 0), theme.SMALL),
                "w": said,
            }
            for (name, said), middle in zip(self.named, self.middles, strict=True)
        ]
        look = {"baseline": "middle", "fontSize": theme.SMALL}
        text = {"y": y, "x": {"value": left}, "text": {"field": "t"}}
        yield layer(rows, "text", text, align="left", **look)
        text = {"y": y, "x": {"value": right}, "text": {"field": "w"}}
        yield layer(rows, "text", text, align="right", color=theme.MUTED, **look)
