"""Pictures of an account and of a portfolio, as Vega-Lite specifications with their data.

    pictures(account)       timeline, start, volume, moves, calibration, where there is anything
    surveyed(portfolio)     start, volume by unit, moves, calibration

A picture is data: `tracker.drawing` makes SVG and PNG of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tracker.charts import calibration, moves, start, timeline, together, volume
from tracker.charts import portfolio as of_all
from tracker.charts.canvas import NARROW, WIDE
from tracker.charts.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tracker.account import Account
    from tracker.portfolio import Portfolio

__all__ = ["CHARTS", "NARROW", "WIDE", "Picture", "pictures", "surveyed"]

CHARTS: Final[Mapping[str, Callable[[Account, int], Picture | None]]] = {
    "timeline": timeline.draw,
    "start": start.draw,
    "volume": volume.draw,
    "moves": moves.draw,
    "calibration": calibration.draw,
}
"""The pictures of one programme by name, in the order of a page."""


def pictures(account: Account, width: int = WIDE) -> list[Picture]:
    """Every picture that the account has something for, in the order of a page."""
    drawn = (chart(account, width) for chart in CHARTS.values())
    return [picture for picture in drawn if picture]


def surveyed(portfolio: Portfolio, width: int = WIDE) -> list[Picture]:
    """Every picture of a portfolio that there is something for, in the order of a page."""
    drawn = [
        of_all.chances(portfolio, width),
        *together.volumes(portfolio, width),
        of_all.moves(portfolio, width),
        calibration.draw(portfolio, width),
    ]
    return [picture for picture in drawn if picture]
