"""P(start by a date): one curve a forecast, older ones paler, the announced window shaded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from events import edtf
from events.issued import MILLION
from events.programme import Stage
from forecasts.distribution import StartDistribution
from tracker import wording
from tracker.charts import theme
from tracker.charts.canvas import (
    NARROWER,
    WIDE,
    Days,
    Margin,
    canvas,
    faded,
    haloed,
    later,
    layer,
    plain,
    said_on,
    shares,
    spread,
)
from tracker.charts.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.account import Account
    from tracker.charts.picture import Row, Spec

HEIGHT: Final = 250
YEARS: Final = 5
"""Years that are shown behind the as-of day's, or behind the end of the announced window."""
LEAST: Final = 0.2
"""What the scale of probabilities reaches at least."""
LABEL: Final = 34
"""Pixels that the figure of a year takes."""
PALE: Final = (0.75, 0.3)
"""How strong the newest and the oldest of the earlier curves are."""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A forecast's probabilities, and how they are drawn."""

    name: str
    said: StartDistribution
    colour: str
    opacity: float
    thick: float
    dash: tuple[int, ...] = ()
    newest: bool = False

    def points(self, days: Days) -> list[Row]:
        """From certainty that it has not started, on the as-of day, to the last day shown."""
        start = {"x": self.said.as_of.isoformat(), "y": 0.0}
        return [start] + [
            {"x": day.isoformat(), "y": part / MILLION}
            for day, part in zip(self.said.dates, self.said.cumulative, strict=True)
            if day <= days.last
        ]

    def end(self, days: Days) -> float:
        """The probability on the last day shown."""
        return self.said.by_millionths(days.last) / MILLION


def draw(account: Account, width: int = WIDE) -> Picture | None:
    """The curves; None where there is nothing left to forecast and nothing was before."""
    narrow = width < NARROWER
    curves = list(_curves(account))
    if not curves:
        return None
    margin = Margin(left=40, right=108 if narrow else 128, top=22, bottom=22)
    days = _days(account, curves, width - margin.left - margin.right)
    top = max([LEAST, *(1.08 * curve.end(days) for curve in curves)])
    height = HEIGHT - 30 if narrow else HEIGHT
    x = days.encoding()
    y = shares("y", 0, min(top, 1.0))
    layers = [
        *_window(account, days, x),
        *_lines(curves, days, x, y),
        *_as_of(account, days, x),
        *_year_ends(account, days, x, y),
        *_labels(curves, days, y, height, narrow=narrow),
    ]
    return Picture(
        name="start",
        title="When it starts",
        caption=_caption(account),
        alt=_alt(account),
        columns=("as_of", "date", "probability"),
        rows=tuple(_rows(curves)),
        spec=canvas(width, height, margin, layers),
    )


def _curves(account: Account) -> Iterator[Curve]:
    """The base rate, the earlier forecasts, the one of the day: in the order of drawing."""
    earlier = [one for one in account.earlier if one.status == "open"]
    newest = account.made if account.made and account.made.status == "open" else None
    if newest and newest.base:
        yield Curve(
            name="base rate",
            said=StartDistribution(as_of=newest.as_of, cumulative=newest.base),
            colour=theme.MUTED,
            opacity=1,
            thick=1.2,
            dash=(2, 3),
        )
    strong, weak = PALE
    for place, made in enumerate(earlier, 1):
        yield Curve(
            name=wording.brief(made.as_of),
            said=StartDistribution(as_of=made.as_of, cumulative=made.start),
            colour=theme.SAID,
            opacity=weak + (strong - weak) * place / len(earlier),
            thick=1.2,
        )
    if newest:
        yield Curve(
            name=wording.brief(newest.as_of),
            said=StartDistribution(as_of=newest.as_of, cumulative=newest.start),
            colour=theme.SAID,
            opacity=1,
            thick=2.6,
            newest=True,
        )


def _days(account: Account, curves: Sequence[Curve], width: int) -> Days:
    """From the oldest curve's day to some years behind the as-of day and the window."""
    window = _stated(account)
    year = account.as_of.year + (YEARS if curves[-1].newest else 1)
    if window and window[1]:
        year = max(year, window[1].year + 1)
    last = date(min(year, account.as_of.year + 10), 12, 31)
    first = min(curve.said.as_of for curve in curves)
    return Days(first=later(first, -20), last=last, width=width)


def _stated(account: Account) -> tuple[date | None, date | None] | None:
    if account.state.window is None:
        return None
    span = edtf.parse(account.state.window)
    return span.earliest, span.latest


def _window(account: Account, days: Days, x: Row) -> Iterator[Spec]:
    """The announced window; an end that is open fades."""
    stated = _stated(account)
    if stated is None or stated == (None, None) or account.state.window is None:
        return
    slices = [
        {"x": left.isoformat(), "x2": right.isoformat(), "o": 0.16 * strength}
        for left, right, strength in faded(*stated, days)
    ]
    if not slices:
        return
    ends = {"x": x, "x2": {"field": "x2"}, "opacity": plain("o", "quantitative")}
    yield layer(slices, "rect", ends, color=theme.CLAIM)
    edges = [{"x": day.isoformat()} for day in stated if day and days.first < day < days.last]
    if edges:
        yield layer(edges, "rule", {"x": x}, color=theme.CLAIM, strokeDash=theme.DASH)
    words = [{"x": slices[0]["x"], "t": f"stated: {wording.span(account.state.window)}"}]
    text = {"x": x, "y": {"value": -9}, "text": {"field": "t"}}
    look = {"align": "left", "baseline": "middle", "fontSize": theme.SMALL}
    yield layer(words, "text", text, color=theme.CLAIM, **look)


def _lines(curves: Sequence[Curve], days: Days, x: Row, y: Row) -> Iterator[Spec]:
    """A layer for all curves that are equally thick: each layer takes its time."""
    for thick, dash in dict.fromkeys((curve.thick, curve.dash) for curve in curves):
        alike = [one for one in curves if (one.thick, one.dash) == (thick, dash)]
        rows = [
            row | {"n": curve.name, "o": curve.opacity}
            for curve in alike
            for row in curve.points(days)
        ]
        apart = {"detail": {"field": "n"}, "opacity": plain("o", "quantitative")}
        look: Row = {"strokeWidth": thick, "color": alike[0].colour}
        look |= {"strokeDash": list(dash)} if dash else {}
        yield layer(rows, "line", {"x": x, "y": y} | apart, **look)


def _as_of(account: Account, days: Days, x: Row) -> Iterator[Spec]:
    """The as-of day; where it has started or is over, the day of that."""
    state = account.state
    over = state.started or (state.halted if account.made is None else None)
    what = Stage.STARTED if state.started else state.stage
    if over:
        span = edtf.parse(over)
        if day := span.latest or span.earliest:
            row = [
                {
                    "x": days.clipped(day).isoformat(),
                    "t": f"{what} {wording.span(over)}",
                }
            ]
            yield layer(row, "rule", {"x": x}, color=theme.INK, strokeWidth=2)
            text = {"x": x, "y": {"value": 8}, "text": {"field": "t"}}
            look = {"align": "left", "dx": 6, "baseline": "middle", "fontSize": theme.SMALL}
            yield layer(row, "text", text, **look)
    yield said_on(account.as_of, x)


def _year_ends(account: Account, days: Days, x: Row, y: Row) -> Iterator[Spec]:
    """The figures that people quote: P(start by the end of each year)."""
    told = year_ends(account, days.last)
    if not told:
        return
    rows: list[Row] = [
        {"x": day.isoformat(), "y": part / MILLION, "t": wording.percent(part)}
        for day, part in told
    ]
    look = {"color": theme.SAID, "size": 34, "opacity": 1, "filled": True}
    yield layer(rows, "point", {"x": x, "y": y}, **look)
    text = {"x": x, "y": y, "text": {"field": "t"}}
    rows = [row for row in rows if row["x"] < days.last.isoformat()]  # the curve's own label
    apart = days.width * 365 / (days.last - days.first).days
    rows = rows[::-1][:: math.ceil(LABEL / apart)]
    yield from haloed(rows, text, dy=-10, fontSize=theme.SMALL, fontWeight=600)


def year_ends(account: Account, last: date) -> list[tuple[date, int]]:
    """Millionths of P(start by the end of each year) up to a day."""
    if account.made is None or account.made.status == "started":
        return []
    said = StartDistribution(as_of=account.as_of, cumulative=account.made.start)
    ends = [date(year, 12, 31) for year in range(account.as_of.year, last.year + 1)]
    return [(day, said.by_millionths(day)) for day in ends if account.as_of < day <= last]


def _labels(
    curves: Sequence[Curve], days: Days, y: Row, height: int, *, narrow: bool
) -> Iterator[Spec]:
    """Each curve's name at its end, moved apart where two would meet; a month where narrow."""
    top = y["scale"]["domain"][1]
    ends = [height * (1 - curve.end(days) / top) for curve in curves]
    places = spread(ends, apart=13, within=(0, height))
    for newest in (False, True):
        rows = [
            {
                "y": top * (1 - place / height),
                "t": f"{wording.percent(round(curve.end(days) * MILLION))} · "
                + (curve.name.partition(" ")[2] if narrow and not curve.dash else curve.name),
            }
            for curve, place in zip(curves, places, strict=True)
            if curve.newest == newest
        ]
        if rows:
            text = {"x": {"value": days.width + 8}, "y": y, "text": {"field": "t"}}
            look = {"align": "left", "baseline": "middle", "fontSize": theme.SMALL}
            look |= {"fontWeight": 600} if newest else {"color": theme.MUTED}
            yield layer(rows, "text", text, **look)


def _rows(curves: Sequence[Curve]) -> Iterator[Row]:
    for curve in reversed(curves):
        for day, part in zip(curve.said.dates, curve.said.cumulative, strict=True):
            yield {
                "as_of": "base rate" if curve.dash else curve.said.as_of.isoformat(),
                "date": day.isoformat(),
                "probability": part / MILLION,
            }


def _caption(account: Account) -> str:
    older = " Thin lines: what was said before, paler the older." if account.earlier else ""
    dotted = " Dotted: the base rate of all programmes." if account.made else ""
    return f"The chance that production has started by a date.{older}{dotted}"


def _alt(account: Account) -> str:
    made, on = account.made, wording.day(account.as_of)
    if made is None:
        return f"{account.title} is {account.state.stage}: nothing is forecast as of {on}."
    if made.status == "started":
        when = wording.span(account.state.started) if account.state.started else "already"
        return f"{account.title} has started, {when}."
    said = StartDistribution(as_of=made.as_of, cumulative=made.start)
    ends = year_ends(account, date(account.as_of.year + 4, 12, 31))
    told = ", ".join(f"{wording.percent(part)} by the end of {day.year}" for day, part in ends)
    median = said.median_if_it_starts
    when = f", as likely before as after {wording.month(median)} if it does" if median else ""
    return (
        f"As of {on} the chance that {account.title} has started is {told}{when}; "
        f"{wording.percent(made.never)} for no start in ten years."
    )
