"""A context's months: what was reported, and the months to come as a fan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forecasts.months import month_end, month_of
from forecasts.reconcile import of_programme
from tracker import wording
from tracker.charts import theme
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
    said_on,
    stretch,
)
from tracker.charts.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forecasts.market import Month
    from forecasts.reconcile import ReconciledMonth
    from tracker.account import Account
    from tracker.charts.picture import Row, Spec

HEIGHT: Final = 230
SHOWN: Final = 48
"""Months before the as-of day that are shown."""
STRONG: Final = {"reported": 0.9, "differenced": 0.9, "spread": 0.35}
"""How strong a month is: one that is known only in sum is paler."""


def draw(account: Account, width: int = WIDE) -> Picture | None:
    """The months of the measure that most are known of; None where none are."""
    known = _known(account)
    fan = account.outlook.fan if account.outlook else ()
    if not known:
        return None
    margin = Margin(left=52, right=12, top=22, bottom=24)
    height = HEIGHT if width >= NARROWER else HEIGHT - 30
    ends = [month_end(month.month) for month in fan]
    days = stretch(
        [known[0].month, known[-1].month, account.as_of, *ends],
        width - margin.left - margin.right,
    )
    y = amounts([float(one.volume) for one in known] + [one.high for one in fan])
    x = days.encoding()
    thick = max(0.7 * days.width * 30 / max((days.last - days.first).days, 1), 1.5)
    layers = [
        *_fan(fan, x, y),
        *_months(known, thick, x, y),
        said_on(account.as_of, x),
        *_last(known, fan, x, y),
    ]
    return Picture(
        name="volume",
        title=f"{known[0].measure.capitalize()} a month",
        caption=_caption(known, fan),
        alt=_alt(account, known, fan),
        columns=("month", "kind", "p10", "p50", "p90"),
        rows=tuple(_rows(known, fan)),
        spec=canvas(width, height, margin, layers),
    )


def _known(account: Account) -> list[ReconciledMonth]:
    """The months of one measure, in order, of the last years."""
    measures: dict[str, list[ReconciledMonth]] = {}
    for one in of_programme(account.told).months:
        measures.setdefault(one.measure, []).append(one)
    most = max(measures.values(), key=len, default=[])
    since = month_of(account.as_of) - SHOWN
    return sorted(
        (one for one in most if month_of(one.month) >= since), key=lambda one: one.month
    )


def _fan(fan: Sequence[Month], x: Row, y: Row) -> Iterator[Spec]:
    if not fan:
        return
    rows = [
        {"x": _middle(one.month), "low": one.low, "y": one.middle, "high": one.high}
        for one in fan
    ]
    ends = {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}
    yield layer(rows, "area", ends, color=theme.SAID, opacity=0.28)
    yield layer(rows, "line", {"x": x, "y": y}, color=theme.SAID, strokeWidth=2.4)


def _middle(month: int) -> str:
    return month_end(month).replace(day=15).isoformat()


def _months(known: Sequence[ReconciledMonth], thick: float, x: Row, y: Row) -> Iterator[Spec]:
    rows = [
        {
            "x": one.month.replace(day=15).isoformat(),
            "y": float(one.volume),
            "o": STRONG[one.basis],
        }
        for one in known
    ]
    bar = {"x": x, "y": y, "y2": {"datum": 0}, "opacity": plain("o", "quantitative")}
    yield layer(rows, "bar", bar, color=theme.INK, size=thick)


def _last(
    known: Sequence[ReconciledMonth], fan: Sequence[Month], x: Row, y: Row
) -> Iterator[Spec]:
    """The last known month and the last of the fan in figures."""
    rows = [
        {
            "x": known[-1].month.replace(day=15).isoformat(),
            "y": float(known[-1].volume),
            "t": compact(float(known[-1].volume)),
        }
    ]
    if fan:
        end = fan[-1]
        rows.append({"x": _middle(end.month), "y": end.middle, "t": compact(end.middle)})
    text = {"x": x, "y": y, "text": {"field": "t"}}
    yield from haloed(rows, text, dy=-9, fontSize=theme.SMALL, fontWeight=600)


def _rows(known: Sequence[ReconciledMonth], fan: Sequence[Month]) -> Iterator[Row]:
    for one in known:
        row = {"month": f"{one.month:%Y-%m}", "kind": one.basis, "p10": None}
        yield row | {"p50": one.volume, "p90": None}
    for month in fan:
        row = {"month": f"{month_end(month.month):%Y-%m}", "kind": "forecast"}
        yield row | {"p10": month.low, "p50": month.middle, "p90": month.high}


def _caption(known: Sequence[ReconciledMonth], fan: Sequence[Month]) -> str:
    paler = any(one.basis == "spread" for one in known)
    said = "Black: reported" + (
        ", paler where only the sum of several months is known." if paler else "."
    )
    return said + (" Blue: four chances in five, and the median." if fan else "")


def _alt(account: Account, known: Sequence[ReconciledMonth], fan: Sequence[Month]) -> str:
    last = known[-1]
    said = (
        f"{account.title} as of {wording.day(account.as_of)}: {float(last.volume):,.0f} in "
        f"{wording.month(last.month)}, the last of "
        f"{wording.counted(len(known), 'known month', 'known months')}."
    )
    if fan:
        end = fan[-1]
        range_ = f"{end.low:,.0f} / {end.middle:,.0f} / {end.high:,.0f}"
        month = wording.month(month_end(end.month))
        said += f" {month} is forecast at {range_} (P10 / median / P90)."
    return said
