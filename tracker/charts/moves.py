"""What moved it: a waterfall from the first forecast to the last, a row a part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.issued import MILLION
from tracker import wording
from tracker.charts import theme, waterfall
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

    from forecasts.explain import Move
    from tracker.account import Account
    from tracker.charts.picture import Row, Spec
    from tracker.charts.waterfall import Bar

LOWEST: Final = 0.02
"""What the scale of probabilities reaches at least."""
BAR: Final = 11
"""Pixels that a bar is thick."""


def draw(account: Account, width: int = WIDE) -> Picture | None:
    """The waterfall; None where the move was not asked for or has no parts."""
    move = account.move
    if move is None or not move.parts:
        return None
    titles = {near.slug: near.title for near in account.circle}
    bars = waterfall.bars(move, titles, account.as_of)
    beside = width >= NARROWER
    row = 20 if beside else 33
    left = round(0.45 * width) if beside else 8
    margin = Margin(left=left, right=48, top=6, bottom=24)
    height = row * len(bars) + 4
    plot = width - margin.left - margin.right
    x, y = _scale(bars), pixels("y", height)
    layers = [
        *_steps(bars, row, x, y, beside=beside),
        *_blocks(bars, row, x, y, beside=beside),
        *_words(bars, row, y, margin, plot, beside=beside),
    ]
    return Picture(
        name="moves",
        title="What moved it",
        caption=_caption(move, bars),
        alt=_alt(account, move, bars),
        columns=("day", "part", "delta", "from", "to", "judged", "event"),
        rows=tuple(_row(bar) for bar in bars),
        spec=canvas(width, height, margin, layers),
    )


def _scale(bars: Sequence[Bar]) -> Row:
    """Percent, from nothing to a little above the highest level."""
    low = min(min(bar.low, bar.high) for bar in bars) / MILLION
    top = max(max(bar.low, bar.high) for bar in bars) / MILLION
    return shares("x", min(low, 0.0), max(top, min(1.04 * top, 1.0), LOWEST))


def _top(place: int, row: int, *, beside: bool) -> float:
    """Pixels to the top of a row's bar: below its words where there is no room beside."""
    return place * row + (row - BAR) / 2 if beside else place * row + row - BAR - 3


def _steps(bars: Sequence[Bar], row: int, x: Row, y: Row, *, beside: bool) -> Iterator[Spec]:
    """Thin lines from each level down to the next row."""
    rows = [
        {
            "x": bar.high / MILLION,
            "y": _top(place, row, beside=beside),
            "y2": _top(place + 1, row, beside=beside) + BAR,
        }
        for place, bar in enumerate(bars[:-1])
    ]
    ends = {"x": x, "y": y, "y2": {"field": "y2"}}
    yield layer(rows, "rule", ends, color=theme.MUTED, strokeWidth=1, opacity=0.6)


def _blocks(bars: Sequence[Bar], row: int, x: Row, y: Row, *, beside: bool) -> Iterator[Spec]:
    """Solid where it follows from the record, hollow and dashed where it was judged."""
    rows = [_block(bar, _top(place, row, beside=beside)) for place, bar in enumerate(bars)]
    ends = {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "y2"}}
    look = ends | {"fill": plain("c"), "stroke": plain("c")}
    levels = [one for one in rows if "href" not in one]
    yield layer(levels, "rect", look, strokeWidth=1, fillOpacity=0.95)
    linked = look | {"href": plain("href")}
    for judged in (False, True):
        if some := [one for one in rows if "href" in one and one["judged"] == judged]:
            dash = {"strokeDash": [3, 2]} if judged else {}
            strength = 0.25 if judged else 0.95
            yield layer(some, "rect", linked, strokeWidth=1, fillOpacity=strength, **dash)
    figures = [
        {
            "x": max(bar.low, bar.high) / MILLION,
            "y": _top(place, row, beside=beside) + BAR / 2,
            "t": bar.figure,
            "w": bar.delta is None,
        }
        for place, bar in enumerate(bars)
    ]
    for level in (False, True):
        some = [one for one in figures if one["w"] == level]
        text = {"x": x, "y": y, "text": {"field": "t"}}
        words = {"align": "left", "dx": 5, "baseline": "middle", "fontSize": theme.SMALL}
        yield layer(some, "text", text, fontWeight=600 if level else 400, **words)


def _block(bar: Bar, top: float) -> Row:
    """A bar, and where a page tells of its event."""
    where = {"href": f"#e-{bar.event}"} if bar.event else {}
    block = {
        "x": min(bar.low, bar.high) / MILLION,
        "x2": max(bar.low, bar.high) / MILLION,
        "y": top,
        "y2": top + BAR,
        "c": _colour(bar),
        "judged": bar.judged,
    }
    return block | where


def _colour(bar: Bar) -> str:
    if bar.delta is None:
        return theme.INK
    return theme.SAID if bar.delta > 0 else theme.DOWN


def _words(
    bars: Sequence[Bar], row: int, y: Row, margin: Margin, plot: int, *, beside: bool
) -> Iterator[Spec]:
    """The day and what happened, left of the bar or above it."""
    dated = 80
    room = (margin.left - 14 if beside else plot + margin.right - 4) - dated
    rows = [
        {
            "y": (place + 0.5) * row if beside else place * row + 11,
            "day": bar.day,
            "t": cut(bar.words, room, theme.SMALL),
            "w": bar.delta is None,
        }
        for place, bar in enumerate(bars)
    ]
    left = 2 - margin.left
    look: Row = {"align": "left", "baseline": "middle", "fontSize": theme.SMALL}
    days = {"y": y, "x": {"value": left}, "text": {"field": "day"}}
    yield layer([one for one in rows if one["day"]], "text", days, color=theme.MUTED, **look)
    for level in (False, True):
        some = [one for one in rows if one["w"] == level]
        text = {"y": y, "x": {"value": left + dated}, "text": {"field": "t"}}
        bold = {"fontWeight": 600} if level else {}
        if beside:
            yield layer(some, "text", text, **look | bold)
        else:  # the steps run behind them
            yield from haloed(some, text, **look | bold)


def _row(bar: Bar) -> Row:
    return {
        "day": bar.day,
        "part": bar.words,
        "delta": bar.delta / MILLION if bar.delta is not None else None,
        "from": bar.low / MILLION,
        "to": bar.high / MILLION,
        "judged": bar.judged,
        "event": bar.event,
    }


def _caption(move: Move, bars: Sequence[Bar]) -> str:
    judged = any(bar.judged for bar in bars)
    hollow = " Hollow: judged evidence, not learned from the record." if judged else ""
    return (
        f"P(start by {wording.day(move.by)}), in percentage points; the parts add up to the "
        f"move.{hollow}"
    )


def _alt(account: Account, move: Move, bars: Sequence[Bar]) -> str:
    parts = [bar for bar in bars if bar.delta is not None and bar.day]
    largest = sorted(parts, key=lambda bar: -abs(bar.delta or 0))[:3]
    told = "; ".join(f"{bar.figure} {cut(bar.words, 420)} ({bar.day})" for bar in largest)
    most = f" The largest parts, in points: {told}." if told else ""
    return (
        f"P(start of {account.title} by {wording.day(move.by)}) went from "
        f"{wording.percent(move.before)} at the opening to {wording.percent(move.after)} as of "
        f"{wording.day(account.as_of)}.{most}"
    )
