"""What moved it: a waterfall from the first forecast to the last, a row a part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forecasts.evidence import TABLE
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

    from forecasts.explain import Move, Part
    from tracker.account import Account
    from tracker.charts.picture import Row, Spec

MOST: Final = 12
"""Parts that are told one by one: the largest, in the order in which they came."""
LEAST: Final = 1_000
"""Millionths below which a part is summed up with others."""
MILLION: Final = wording.MILLION
LOWEST: Final = 0.02
"""What the scale of probabilities reaches at least."""
BAR: Final = 11
"""Pixels that a bar is thick."""


KINDS: Final = {
    "time": "time went by",
    "others": "what became of other programmes",
    "model": "another version of the model",
    "several": "many events at once",
    "event": "an event",
}
"""What a part is of where no event is named."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A row of the waterfall, in millionths: from where to where, and of what."""

    words: str
    day: str
    low: int
    high: int
    delta: int | None
    judged: bool = False
    event: str | None = None

    @property
    def figure(self) -> str:
        """Percent of a level, points of a part."""
        if self.delta is None:
            return wording.percent(self.high)
        return wording.points(self.delta)


def draw(account: Account, width: int = WIDE) -> Picture | None:
    """The waterfall; None where the move was not asked for or has no parts."""
    move = account.move
    if move is None or not move.parts:
        return None
    bars = list(_bars(move, account))
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


def _bars(move: Move, account: Account) -> Iterator[Bar]:
    """What was said first, the parts, and what is said now; the bars join and add up.

    Small parts are one bar: in front where they raised it, so that no level falls below what
    a chance can be.
    """
    shown = _largest(move.parts)
    small = len(move.parts) - len(shown)
    rest = move.after - move.before - sum(part.delta for part in shown)
    yield Bar(words="before", day="", low=0, high=move.before, delta=None)
    level = move.before
    if small and rest > 0:
        yield _together(small, level, rest)
        level += rest
    for part in shown:
        yield Bar(
            words=_told(part, account),
            day=wording.brief(part.day),
            low=level,
            high=level + part.delta,
            delta=part.delta,
            judged=part.fact is not None and part.fact.type in TABLE,
            event=part.fact.id if part.fact else None,
        )
        level += part.delta
    if small and rest <= 0:
        yield _together(small, level, rest)
    yield Bar(words="now", day=wording.brief(account.as_of), low=0, high=move.after, delta=None)


def _together(small: int, level: int, rest: int) -> Bar:
    words = f"{small} smaller parts together"
    return Bar(words=words, day="", low=level, high=level + rest, delta=rest)


def _largest(parts: Sequence[Part]) -> list[Part]:
    order = sorted(parts, key=lambda part: -abs(part.delta))[:MOST]
    kept = {id(part) for part in order if abs(part.delta) >= LEAST}
    return [part for part in parts if id(part) in kept]


def _told(part: Part, account: Account) -> str:
    """What happened, in the words of whoever recorded it, or of which programme it was."""
    if part.fact is None:
        return KINDS[part.kind]
    fact = part.fact
    title = {near.slug: near.title for near in account.circle}.get(fact.programme)
    about = f"{title}: " if title and fact.programme != account.slug else ""
    plain_type = fact.type.replace("-", " ")
    return f"{about}{fact.summary or plain_type}"


def _scale(bars: Sequence[Bar]) -> Row:
    """Percent, from nothing to a little above the highest level."""
    low = min(min(bar.low, bar.high) for bar in bars) / MILLION
    top = min(1.04 * max(max(bar.low, bar.high) for bar in bars) / MILLION, 1.0)
    ends = [min(low, 0.0), max(top, LOWEST)]
    scale = {"domain": ends, "nice": False}
    axis = shares(*ends)
    return {"field": "x", "type": "quantitative", "scale": scale, "axis": axis}


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
