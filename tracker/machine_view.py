"""A forecast as scripts read it: the machine's view, which stays as it is; a row of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from events import edtf
from forecasts.distribution import StartDistribution
from forecasts.months import month_end, month_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from events.issued import ForecastIssued

LEVELS: Final = (0.1, 0.5, 0.9)
"""Of the quantiles of the start."""

PERCENTILES: Final = {"0.1": "p10", "0.5": "p50", "0.9": "p90"}
"""The columns of a sheet for the levels of quantiles."""

AMOUNTS: Final = ("zero", "mean", *PERCENTILES.values())
"""What a sheet has of a year's volume."""


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


def sheet_columns(years: Iterable[int]) -> list[str]:
    """The columns of a sheet of forecasts that look at calendar years."""
    years = list(years)
    return [
        *("programme", "as_of", "status", "model", "announced"),
        *(f"by_{year}" for year in years),
        *("never", *(f"start_{name}" for name in PERCENTILES.values()), "median_if_it_starts"),
        *(f"volume_{year}_{name}" for year in years for name in AMOUNTS),
    ]


def sheet_row(
    forecast: ForecastIssued, started: str | None, years: Iterable[int]
) -> dict[str, Any]:
    """The machine's view in flat columns; None for a year that the forecast does not look at.

    As in a list of programmes, `announced` is EDTF and what has started has no median.
    """
    view = machine_view(forecast, started)
    start = view["start"]
    said = StartDistribution(as_of=forecast.as_of, cumulative=forecast.start)
    row = {name: view[name] for name in ("programme", "as_of", "status", "model")}
    row |= {
        "announced": forecast.announced,
        "never": start["never"],
        "median_if_it_starts": _iso(
            None if forecast.status == "started" else said.median_if_it_starts
        ),
    }
    row |= {f"start_{name}": start["quantiles"][level] for level, name in PERCENTILES.items()}
    by = {one["date"]: one["probability"] for one in start["by"]}
    volumes = {one["year"]: one for one in view["volume"]}
    for year in years:
        row[f"by_{year}"] = by.get(f"{year}-12-31")
        one = volumes.get(year, {})
        units = one.get("quantiles", {})
        told = one | {name: units.get(level) for level, name in PERCENTILES.items()}
        row |= {f"volume_{year}_{name}": told.get(name) for name in AMOUNTS}
    return row


def _month_end(started: str | None) -> date | None:
    """The end of the last month that an EDTF date allows; None where it allows any."""
    latest = edtf.parse(started).latest if started else None
    return month_end(month_of(latest)) if latest else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
