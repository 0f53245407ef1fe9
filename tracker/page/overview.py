"""The first page: every followed programme in a line, and what they make together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tracker import charts
from tracker.page.drawings import BROAD, COLUMN, in_widths
from tracker.page.frame import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from tracker.charts import Picture
    from tracker.page.drawings import Drawn
    from tracker.page.place import Place
    from tracker.portfolio import Portfolio

BESIDE: Final = ("volume", "calibration")
"""Pictures that stand beside words, and are as wide as on a programme's page."""


def draw(told: Portfolio, place: Place) -> list[Drawn]:
    """Every picture of the portfolio, in the widths of the place."""
    wanted: dict[str, dict[str, Picture | None]] = {}
    for width in place.widths:
        narrow, wide = _pictures(told, width)
        for name, picture in wide.items():
            beside = name.startswith(BESIDE)
            wanted.setdefault(name, {})[width] = narrow[name] if beside else picture
    drawn = (in_widths(one, place, None, told.as_of) for one in wanted.values())
    return [one for one in drawn if one]


def _pictures(told: Portfolio, width: str) -> Iterator[dict[str, Picture]]:
    """All pictures as wide as a column, then as wide as the page."""
    for pixels in (COLUMN, BROAD) if width == "wide" else (charts.NARROW, charts.NARROW):
        yield {picture.name: picture for picture in charts.surveyed(told, pixels)}


def page(told: Portfolio, place: Place, *, days: Iterable[tuple[date, int]] = ()) -> str:
    """The page; `days` are those to choose from with the number of things then known."""
    return render(
        "overview.html",
        told=told,
        place=place,
        production=[one for one in told.lines if not one.state.is_context],
        context=[one for one in told.lines if one.state.is_context],
        drawn=draw(told, place),
        days=list(days),
    )
