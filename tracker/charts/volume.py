"""How many a year: the years' ranges beside what was reported and what was stated."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from events import edtf, facts
from events.issued import MILLION
from forecasts.months import YEAR
from forecasts.volume import reported_months
from tracker import wording
from tracker.charts import months, theme
from tracker.charts.canvas import (
    NARROWER,
    WIDE,
    Margin,
    amounts,
    canvas,
    compact,
    haloed,
    layer,
    plain,
    stated,
)
from tracker.charts.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.facts import Fact
    from events.issued import YearIssued
    from forecasts.reconcile import ReconciledMonth
    from tracker.account import Account
    from tracker.charts.picture import Row, Spec

HEIGHT: Final = 250
BEFORE: Final = 5
"""Reported years that are shown before the as-of day's."""
NEAR: Final = 24
"""Pixels between median and P90 below which both figures stand together."""


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What is known to have been made in a calendar year: in so many months of it.

    `about` where a report reaches over the year's end, and was shared out evenly.
    """

    year: int
    units: float
    months: int
    about: bool

    @property
    def words(self) -> str:
        """The figure, marked where it is not the whole year or not told by itself."""
        part = "" if self.months == YEAR else f" in {self.months} mo."
        return f"{'about ' if self.about else ''}{compact(self.units)}{part}"


def draw(account: Account, width: int = WIDE) -> Picture | None:
    """The years of a programme, the months of a context; None where nothing is known of any."""
    if account.state.is_context:
        return months.draw(account, width)
    reported = _reported(account)
    said = account.made.volume if account.made else ()
    if not said and not reported:
        return None
    years = sorted({one.year for one in reported} | {one.year for one in said})
    margin = Margin(left=52, right=12, top=22, bottom=40)
    plot = width - margin.left - margin.right
    height = HEIGHT if width >= NARROWER else HEIGHT - 30
    axis = {"labelAngle": 0, "domain": False, "ticks": False, "labelColor": theme.INK}
    x = {"field": "year", "type": "ordinal", "scale": {"domain": years}, "axis": axis}
    y = amounts(
        [one.units for one in reported]
        + [one.quantiles[2] for one in said]
        + [float(account.state.capacity or 0)]
    )
    thick = min(46.0, 0.62 * plot / len(years))
    layers = [
        *_ranges(said, thick, x, y),
        *_made(reported, thick, x, y),
        *stated(account.state.capacity, plot, y),
        *_figures(reported, said, x, y, height),
        *_none(said, height, x),
    ]
    return Picture(
        name="volume",
        title="How many a year",
        caption=_caption(account, reported),
        alt=_alt(account, reported),
        columns=("year", "kind", "months", "p10", "p50", "p90", "mean", "none"),
        rows=tuple(_rows(reported, said)),
        spec=canvas(width, height, margin, layers),
    )


def _reported(account: Account) -> list[Reported]:
    """The years of which reports are known, oldest first."""
    across = set(_across(account.told))
    found: dict[int, list[ReconciledMonth]] = {}
    for one in reported_months(account.told):
        found.setdefault(one.month.year, []).append(one)
    return [
        Reported(
            year=year,
            units=sum(float(one.volume) for one in known),
            months=len(known),
            about=any(across.intersection(one.reports) for one in known),
        )
        for year, known in sorted(found.items())
        if year >= account.as_of.year - BEFORE
    ]


def _across(told: Sequence[Fact]) -> Iterator[str]:
    """Reports of periods that reach over a year's end: their share of a year is supposed."""
    for fact in told:
        if isinstance(fact, facts.VolumeReported):
            span = edtf.parse(fact.period)
            if span.earliest and span.latest and span.earliest.year != span.latest.year:
                yield fact.id


def _ranges(said: Sequence[YearIssued], thick: float, x: Row, y: Row) -> Iterator[Spec]:
    """A bar from P10 to P90, a line at the median."""
    if not said:
        return
    rows = [
        {"year": one.year, "low": low, "y": middle, "high": high}
        for one in said
        for low, middle, high in [one.quantiles]
    ]
    ends = {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}
    look = {"color": theme.SAID, "opacity": 0.3, "size": thick, "cornerRadius": 1}
    yield layer([row for row in rows if row["high"]], "bar", ends, **look)
    middle = {"color": theme.SAID, "thickness": 3, "size": thick}
    yield layer(rows, "tick", {"x": x, "y": y}, **middle)


def _figures(
    reported: Sequence[Reported], said: Sequence[YearIssued], x: Row, y: Row, height: int
) -> Iterator[Spec]:
    """What was reported, the medians, and P90 where there is room."""
    near = NEAR / height * y["scale"]["domain"][1]
    medians = {one.year: one.quantiles[1] for one in said}
    made: list[Row] = []
    above: list[Row] = []
    for one in reported:
        meets = abs(one.units - medians.get(one.year, math.inf)) < near
        (above if meets else made).append({"year": one.year, "y": one.units, "t": one.words})
    middles, uppers = [], []
    for year in said:
        _, middle, high = year.quantiles
        middles.append({"year": year.year, "y": middle, "t": _middle(middle, high, near)})
        if high - middle > near:
            uppers.append({"year": year.year, "y": high, "t": compact(high)})
    text = {"x": x, "y": y, "text": {"field": "t"}}
    muted, bold = {"color": theme.MUTED}, {"fontWeight": 600}
    looks: tuple[Row, ...] = ({"dy": -8}, {"dy": -22}, {"dy": -8} | muted, {"dy": -8} | bold)
    for rows, look in zip((made, above, uppers, middles), looks, strict=True):
        if rows:
            yield from haloed(rows, text, fontSize=theme.SMALL, **look)


def _middle(middle: int, high: int, near: float) -> str:
    """The median in figures, and P90 with it where there is no room for it above."""
    if 0 < high - middle <= near:
        return f"{compact(middle)} to {compact(high)}"
    return compact(middle)


def _made(reported: Sequence[Reported], thick: float, x: Row, y: Row) -> Iterator[Spec]:
    """A narrow solid bar a reported year; paler where only some of its months are known."""
    if not reported:
        return
    rows = [
        {
            "year": one.year,
            "y": one.units,
            "o": 0.9 if one.months == YEAR and not one.about else 0.5,
        }
        for one in reported
    ]
    bar = {"x": x, "y": y, "y2": {"datum": 0}, "opacity": plain("o", "quantitative")}
    yield layer(rows, "bar", bar, color=theme.INK, size=0.42 * thick)


def _none(said: Sequence[YearIssued], height: int, x: Row) -> Iterator[Spec]:
    """Below each year, the chance that nothing is made in it."""
    rows = [
        {"year": one.year, "t": f"none: {wording.percent(one.zero)}"}
        for one in said
        if one.zero
    ]
    if rows:
        text = {"x": x, "y": {"value": height + 29}, "text": {"field": "t"}}
        yield layer(rows, "text", text, fontSize=theme.SMALL - 1, color=theme.MUTED)


def _rows(reported: Sequence[Reported], said: Sequence[YearIssued]) -> Iterator[Row]:
    empty: Row = dict.fromkeys(("months", "p10", "p50", "p90", "mean", "none"))
    for one in reported:
        yield (
            {"year": one.year, "kind": "reported"}
            | empty
            | {
                "months": one.months,
                "p50": one.units,
            }
        )
    for year in said:
        low, middle, high = year.quantiles
        yield (
            {"year": year.year, "kind": "forecast"}
            | empty
            | {
                "p10": low,
                "p50": middle,
                "p90": high,
                "mean": year.mean,
                "none": year.zero / MILLION,
            }
        )


def _caption(account: Account, reported: Sequence[Reported]) -> str:
    parts = []
    if account.made:
        parts.append(
            "Blue: four chances in five that the year lies within; the line is the median. "
            "None: the chance that nothing is made."
        )
    if reported:
        partly = any(one.months < YEAR or one.about for one in reported)
        paler = ", paler where only some months are known or a sum was shared out"
        parts.append(f"Black: reported{paler if partly else ''}.")
    return " ".join(parts)


def _alt(account: Account, reported: Sequence[Reported]) -> str:
    unit, parts = account.unit, []
    if reported:
        last = reported[-1]
        of = (
            ""
            if last.months == YEAR
            else f" in {wording.counted(last.months, 'month', 'months')}"
        )
        parts.append(f"{last.units:,.10g} {unit} are reported for {last.year}{of}")
    if account.made:
        told = "; ".join(
            f"{one.year}: {' / '.join(f'{part:,}' for part in one.quantiles)}"
            for one in account.made.volume
        )
        parts.append(f"{unit} a year at P10 / median / P90 are {told}")
    if account.state.capacity:
        parts.append(f"{account.state.capacity:,.10g} {unit} a year are stated")
    return f"{account.title} as of {wording.day(account.as_of)}: {'. '.join(parts)}."
