"""Were we right before: what was said against what came, against the diagonal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from tracker.charts import theme
from tracker.charts.canvas import NARROWER, WIDE, Margin, canvas, haloed, layer, plain
from tracker.charts.picture import Picture
from tracker.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forecasts.scores import Bin
    from tracker.account import Account
    from tracker.charts.picture import Row, Spec
    from tracker.portfolio import Portfolio
    from tracker.track_record import Calibration

SIDE: Final = 300
Z: Final = 1.645
"""Standard errors to either side of a 90 % interval."""

KINDS: Final = {
    "issued": "Forecasts issued in time",
    "hindcast": "Hindcasts: made after their as-of day, from what was known on it",
    "back-test": "The shipped back-test on the reference class: no forecast of this ledger has "
    "been answered yet",
}


def draw(account: Account | Portfolio, width: int = WIDE) -> Picture | None:
    """The reliability of the best record there is; it says which one that is."""
    record = account.record.best
    if not record.bins:
        return None
    right = width - 64 - SIDE if width >= NARROWER else 24
    margin = Margin(left=64, right=right, top=10, bottom=42)
    height = SIDE if width >= NARROWER else width - margin.left - margin.right
    scale = {"domain": [0, 1], "nice": False}
    axis = {"format": ".0%", "values": [0, 0.2, 0.4, 0.6, 0.8, 1.0], "domain": False}
    axis |= {"ticks": False, "grid": True}
    x: Row = {"field": "x", "type": "quantitative", "scale": scale}
    y = x | {"field": "y", "axis": axis | {"title": "came", "titleColor": theme.MUTED}}
    x |= {"axis": axis | {"title": "said", "titleColor": theme.MUTED}}
    layers = [_diagonal(x, y), *_dots(record.bins, x, y)]
    if width >= NARROWER:
        layers += _beside(record, x, y, right / height)
    return Picture(
        name="calibration",
        title="Were we right before?",
        caption=f"{KINDS[record.kind]}. {_caption(record)}",
        alt=_alt(record),
        columns=("from", "to", "said", "came", "low", "high", "forecasts", "programmes"),
        rows=tuple(_row(one) for one in record.bins),
        spec=canvas(width, height, margin, layers),
    )


def _diagonal(x: Row, y: Row) -> Spec:
    ends = [{"x": 0, "y": 0}, {"x": 1, "y": 1}]
    look = {"color": theme.MUTED, "strokeWidth": 1.2, "strokeDash": theme.DASH}
    return layer(ends, "line", {"x": x, "y": y}, **look)


def _dots(bins: Sequence[Bin], x: Row, y: Row) -> Iterator[Spec]:
    """A dot a bin, as large as it has programmes, and what chance alone allows around it."""
    rows: list[Row] = [
        {
            "x": one.said,
            "y": one.came,
            "low": low,
            "high": high,
            "s": 30 + 5 * one.programmes,
            "t": f"n {one.programmes}",
        }
        for one in bins
        for low, high in [interval(one)]
    ]
    ends = {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}
    yield layer(rows, "rule", ends, color=theme.SAID, strokeWidth=1.4, opacity=0.55)
    dot = {"x": x, "y": y, "size": plain("s", "quantitative")}
    yield layer(rows, "point", dot, color=theme.SAID, filled=True, opacity=0.9)
    text = {"x": x, "y": y, "text": {"field": "t"}}
    look = {"align": "left", "dx": 11, "fontSize": theme.SMALL, "color": theme.MUTED}
    for above in (False, True):
        if some := [row for row in rows if (row["y"] < 0.5) == above]:  # noqa: PLR2004 - the middle
            yield from haloed(some, text, dy=-9 if above else 9, **look)


def _beside(record: Calibration, x: Row, y: Row, room: float) -> Iterator[Spec]:
    """Beside the plot, as parts of its side: the Brier scores, ours and the baselines'."""
    told = [
        ("these forecasts", record.brier, theme.SAID),
        ("base rate", record.base_rate, theme.MUTED),
        ("announced date, believed", record.face_value, theme.CLAIM),
    ]
    left, reach = 1.2, max(room - 0.4, 0.2)
    most = max(value for _, value, _ in told) or 1.0
    rows = [
        {
            "x": left,
            "x2": left + reach * value / most,
            "y": 0.8 - 0.17 * place,
            "y2": 0.8 - 0.17 * place - 0.05,
            "over": 0.8 - 0.17 * place + 0.035,
            "t": f"{value:.3f}",
            "name": name,
            "c": colour,
        }
        for place, (name, value, colour) in enumerate(told)
    ]
    bar = {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "y2"}, "color": plain("c")}
    yield layer(rows, "rect", bar)
    small = {"align": "left", "baseline": "middle", "fontSize": theme.SMALL}
    over = {"x": x, "y": y | {"field": "over"}, "text": {"field": "name"}}
    yield layer(rows, "text", over, **small)
    figure = {"x": x | {"field": "x2"}, "y": y, "text": {"field": "t"}}
    yield layer(rows, "text", figure, dx=6, dy=7, fontWeight=600, **small)
    title = [{"x": left, "y": 0.95, "t": "Brier score: lower is better"}]
    words = {"x": x, "y": y, "text": {"field": "t"}}
    yield layer(title, "text", words, color=theme.MUTED, **small)


def interval(one: Bin) -> tuple[float, float]:
    """Wilson's 90 % interval of what came, counting each programme of the bin once.

    Forecasts of one programme share its fate, so programmes are counted, not forecasts.
    """
    n, p = one.programmes, one.came
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _row(one: Bin) -> Row:
    low, high = interval(one)
    return {
        "from": one.low,
        "to": one.high,
        "said": round(one.said, 4),
        "came": round(one.came, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "forecasts": one.forecasts,
        "programmes": one.programmes,
    }


def _caption(record: Calibration) -> str:
    ahead = f"{record.months} months ahead" if record.months else "12 to 60 months ahead"
    return (
        f"P(start) {ahead} against how often it came; on the dashed line we were right. A dot "
        "is as large as it has programmes (n), its line what chance alone allows (90 %)."
    )


def _alt(record: Calibration) -> str:
    told = "; ".join(
        f"said {one.said:.0%}, came {one.came:.0%} (n {one.programmes})" for one in record.bins
    )
    return (
        f"{KINDS[record.kind]}: Brier {record.brier:.3f} over "
        f"{counted(record.programmes, 'programme', 'programmes')}, "
        f"the base rate {record.base_rate:.3f}, the announced date {record.face_value:.3f}. "
        f"{told[:1].upper()}{told[1:]}."
    )
