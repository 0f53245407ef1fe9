"""A forecast as scripts read it: the machine's view, which stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from events import edtf
from forecasts.distribution import StartDistribution
from forecasts.months import month_end, month_of

if TYPE_CHECKING:
    from datetime import date

    from events.issued import ForecastIssued

LEVELS: Final = (0.1, 0.5, 0.9)
"""Of the quantiles of the start."""


def machine_view(forecast: ForecastIssued, started: str | None = None) -> dict[str, Any]:
    """The stable form for scripts: the issued integers as decimals.

    `started` is the known start of what has started, as EDTF: all its quantiles are the end of
    that month.
    """
    said = StartDistribution(as_of=forecast.as_of, cumulative=forecast.start)
    quantiles = [said.quantile(level) for level in LEVELS]
    if forecast.status == "started":
        quantiles = [_month_end(started)] * len(LEVELS)
    return {
        "programme": forecast.programme,
        "as_of": forecast.as_of.isoformat(),
        "status": forecast.status,
        "model": forecast.model,
        "start": {
            "by": [
                {"date": day.isoformat(), "probability": part / 1e6}
                for day, part in zip(said.dates, forecast.start, strict=True)
            ],
            "never": forecast.never / 1e6,
            "quantiles": {
                str(level): _iso(day) for level, day in zip(LEVELS, quantiles, strict=True)
            },
        },
        "volume": [
            {
                "year": year.year,
                "zero": year.zero / 1e6,
                "mean": year.mean,
                "quantiles": dict(zip(("0.1", "0.5", "0.9"), year.quantiles, strict=True)),
            }
            for year in forecast.volume
        ],
    }


def _month_end(started: str | None) -> date | None:
    """The end of the last month that an EDTF date allows; None where it allows any."""
    latest = edtf.parse(started).latest if started else None
    return month_end(month_of(latest)) if latest else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
