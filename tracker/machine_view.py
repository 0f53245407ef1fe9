"""A forecast as scripts read it: the machine's view, which stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forecasts.distribution import StartDistribution

if TYPE_CHECKING:
    from datetime import date

    from events.issued import ForecastIssued


def machine_view(forecast: ForecastIssued) -> dict[str, Any]:
    """The stable form for scripts: the issued integers as decimals."""
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
            "quantiles": {str(q): _iso(said.quantile(q)) for q in (0.1, 0.5, 0.9)},
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


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
