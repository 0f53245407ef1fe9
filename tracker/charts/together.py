"""What all programmes of a unit make together: expected volumes stacked, the total's range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tracker import wording
from tracker.charts import theme
from tracker.charts.canvas import (
    NARROWER,
    WIDE,
    Margin,
    amounts,
    canvas,
    compact,
    cut,
    haloed,
    layer,
    plain,
    spread,
)
from tracker.charts.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.charts.picture import Row, Spec
    from tracker.portfolio import Portfolio, YearTotal

HEIGHT: Final = 260
MOST: Final = 6
"""Programmes that are told apart; the others are one."""
NEAR: Final = 16
"""Pixels between median and P90 below which only the median stands in figures."""
STRENGTHS: Final = (0.95, 0.72, 0.52, 0.36, 0.24, 0.15, 0.08)
"""From the largest to the smallest: one colour, so that no two are taken for each other's
kind, and a line of paper between them."""


def volumes(portfolio: Portfolio, width: int = WIDE) -> list[Picture]:
    """A picture a unit, that of most programmes first; units are never added up."""
    units = sorted(portfolio.totals, key=lambda unit: (-len(_means(portfolio, unit)), unit))
    return [_of(portfolio, unit, width, first=unit == units[0]) for unit in units]


def _of(portfolio: Portfolio, unit: str, width: int, *, first: bool) -> Picture:
    years = portfolio.totals[unit]
    means = _largest(_means(portfolio, unit))
    beside = width >= NARROWER
    margin = Margin(left=52, right=190 if beside else 132, top=22, bottom=24)
    plot = width - margin.left - margin.right
    height = HEIGHT if beside else HEIGHT - 20
    axis = {"labelAngle": 0, "domain": False, "ticks": False, "labelColor": theme.INK}
    scale = {"domain": [one.year for one in years]}
    x: Row = {"field": "year", "type": "ordinal", "scale": scale, "axis": axis}
    y = amounts([one.quantiles[2] for one in years] + [float(one.mean) for one in years])
    thick = min(52.0, 0.62 * plot / len(years))
    blocks = list(_blocks(means, [one.year for one in years]))
    layers = [
        *_stack(blocks, thick, x, y),
        *_range(years, x, y, NEAR / height, medians=beside),
        *_names(blocks, years[-1].year, plot, height, margin, y),
    ]
    return Picture(
        name="volume" if first else f"volume-{unit}",
        title=f"{unit[:1].upper()}{unit[1:]} a year, together",
        caption=(
            "Blocks: each programme's expected volume; these add up. Line: four chances in "
            "five that the total lies within, wider for the markets they share; the dot is "
            "its median."
        ),
        alt=_alt(portfolio, unit, years),
        columns=("year", "programme", "mean", "p10", "p50", "p90"),
        rows=tuple(_rows(_means(portfolio, unit), years)),
        spec=canvas(width, height, margin, layers),
    )


def _means(portfolio: Portfolio, unit: str) -> dict[str, dict[int, int]]:
    """Expected volumes by title and year; titles that are the same get their slug."""
    lines = [line for line in portfolio.lines if line.made and line.unit == unit]
    titles = [line.title for line in lines]
    return {
        line.title if titles.count(line.title) == 1 else f"{line.title} ({line.slug})": {
            year.year: year.mean for year in line.made.volume
        }
        for line in lines
        if line.made
    }


def _largest(means: Mapping[str, Mapping[int, int]]) -> list[tuple[str, Mapping[int, int]]]:
    """The programmes with most, and what the others make together."""
    order = sorted(means.items(), key=lambda one: (-sum(one[1].values()), one[0]))
    order = [one for one in order if any(one[1].values())]
    if len(order) <= MOST + 1:
        return order
    rest: dict[int, int] = {}
    for _, years in order[MOST:]:
        for year, mean in years.items():
            rest[year] = rest.get(year, 0) + mean
    return [*order[:MOST], (f"{len(order) - MOST} others", rest)]


def _blocks(
    means: Sequence[tuple[str, Mapping[int, int]]], years: Sequence[int]
) -> Iterator[Row]:
    for year in years:
        level = 0
        for place, (name, said) in enumerate(means):
            top = level + said.get(year, 0)
            yield {
                "year": year,
                "low": level,
                "y": top,
                "o": STRENGTHS[place],
                "name": name,
            }
            level = top


def _stack(blocks: Sequence[Row], thick: float, x: Row, y: Row) -> Iterator[Spec]:
    rows = [block for block in blocks if block["y"] > block["low"]]
    if rows:
        ends = {"x": x, "y": y | {"field": "low"}, "y2": {"field": "y"}}
        ends["fillOpacity"] = plain("o", "quantitative")
        look = {"fill": theme.SAID, "stroke": theme.PAPER, "strokeWidth": 1, "size": thick}
        yield layer(rows, "bar", ends, **look)


def _range(
    years: Sequence[YearTotal], x: Row, y: Row, near: float, *, medians: bool
) -> Iterator[Spec]:
    """The total's range and median; in figures as far as there is room."""
    near *= y["scale"]["domain"][1]
    rows: list[Row] = [
        {"year": one.year, "low": one.quantiles[0], "y": one.quantiles[1]}
        | {"high": one.quantiles[2], "t": compact(one.quantiles[2])}
        | {"b": compact(one.quantiles[1])}
        for one in years
    ]
    ends = {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}
    yield layer(rows, "rule", ends, color=theme.INK, strokeWidth=1.6)
    yield layer(
        rows,
        "point",
        {"x": x, "y": y},
        fill=theme.PAPER,
        stroke=theme.INK,
        strokeWidth=1.6,
        size=44,
        opacity=1,
    )
    upper = {"x": x, "y": y | {"field": "high"}, "text": {"field": "t"}}
    if apart := [row for row in rows if row["high"] - row["y"] > near]:
        yield from haloed(apart, upper, dy=-8, fontSize=theme.SMALL, color=theme.MUTED)
    if not medians:
        return
    middle = {"x": x, "y": y, "text": {"field": "b"}}
    look = {"dx": 8, "align": "left", "baseline": "middle", "fontWeight": 600}
    yield from haloed(rows, middle, fontSize=theme.SMALL, **look)


def _names(
    blocks: Sequence[Row], last: int, plot: int, height: int, margin: Margin, y: Row
) -> Iterator[Spec]:
    """The programmes at the right, at the height of their block of the last year."""
    top = y["scale"]["domain"][1]
    shown = [block for block in blocks if block["year"] == last]
    if not shown:
        return
    middles = [height * (1 - (one["low"] + one["y"]) / 2 / top) for one in shown]
    rows = [
        {
            "y": top * (1 - place / height),
            "t": cut(str(one["name"]), margin.right - 34, theme.SMALL),
            "o": one["o"],
        }
        for one, place in zip(
            shown, spread(middles, apart=15, within=(6, height - 4)), strict=True
        )
    ]
    key = {"x": {"value": plot + 12}, "y": y, "fillOpacity": plain("o", "quantitative")}
    look = {"shape": "square", "size": 70, "fill": theme.SAID, "stroke": theme.SAID}
    yield layer(rows, "point", key, strokeWidth=0.6, opacity=1, **look)
    text = {"x": {"value": plot + 22}, "y": y, "text": {"field": "t"}}
    yield layer(rows, "text", text, align="left", baseline="middle", fontSize=theme.SMALL)


def _rows(means: Mapping[str, Mapping[int, int]], years: Sequence[YearTotal]) -> Iterator[Row]:
    empty: Row = dict.fromkeys(("p10", "p50", "p90"))
    for one in years:
        low, middle, high = one.quantiles
        total = {"p10": low, "p50": middle, "p90": high}
        yield {"year": one.year, "programme": "together", "mean": one.mean} | total
        for name, said in means.items():
            yield {"year": one.year, "programme": name, "mean": said.get(one.year, 0)} | empty


def _alt(portfolio: Portfolio, unit: str, years: Sequence[YearTotal]) -> str:
    told = "; ".join(
        f"{one.year}: {' / '.join(f'{part:,}' for part in one.quantiles)}" for one in years
    )
    on = wording.day(portfolio.as_of)
    return (
        f"As of {on} the followed programmes together make, in {unit} at P10 / median / P90, "
        f"{told}."
    )
