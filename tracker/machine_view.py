"""A forecast as scripts read it: the machine's view, which stays as it is; a row of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from forecasts.distribution import StartDistribution

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


def machine_view(forecast: ForecastIssued) -> dict[str, Any]:
    """The stable form for scripts: the issued integers as decimals.

    A quantile is the first of the dates by which the start is that likely, also where it has
    started: then it is the first of all.
    """
    said = StartDistribution(as_of=forecast.as_of, cumulative=forecast.start)
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
            "quantiles": {str(level): _iso(said.quantile(level)) for level in LEVELS},
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


def sheet_row(forecast: ForecastIssued, years: Iterable[int]) -> dict[str, Any]:
    """The machine's view in flat columns; None for a year that the forecast does not look at.

    As in a list of programmes, `announced` is EDTF and what has started has no median.
    """
    view = machine_view(forecast)
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


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
