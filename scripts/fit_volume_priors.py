"""Fit the volume model's numbers and print them as `forecasts/priors/volume.json`.

    python scripts/fit_volume_priors.py CALIBRATION_FOLDER > forecasts/priors/volume.json

From the shipped reference journal: announced capacities, starts, stops and yearly
volumes. From `ramps.csv`: how the first year of a launch compares with the second.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from events import journal
from events.corrections import effective
from forecasts import ramps
from forecasts.months import YEAR, month_of
from forecasts.reference import LEVELS, Past, Use, past, quantiles, uses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from events import facts

    Floats = NDArray[np.float64]

END: Final = month_of(date(2026, 11, 1))
"""The month up to which the reference journal tells stops."""
TAUS: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Months in which a ramp closes all but 1/e of its gap: the library's shapes."""
NOISE: Final = 0.3
"""Declared: log deviation of a year's volume from its ramp, for the ramps' weights."""
LAUNCH_WEIGHT: Final = 0.2
"""Declared: a launch's registrations tell this much of what a plant's year tells."""
EVENLY: Final = 2.0
"""Declared: plants that every shape is given beforehand."""
FLOOR: Final = 0.01
"""Declared: stops a plant-year at the least; the journal seldom tells a later stop."""
STOP_YEARS: Final = 40.0
"""Declared: plant-years of every kind that a kind's own stops are weighed against."""
SEASONS: Final = {"IT": {8: 0.42}}
"""A month's share of a usual month, by country; the others make up for it."""


def main(calibration: Path, journal_file: Path) -> None:
    """Print the fit."""
    reference = plants(journal_file)
    weights = ramp_weights(reference, pd.read_csv(calibration / "ramps.csv"))
    used = uses(reference, TAUS, weights.tolist())
    fit = {
        "provenance": {
            "fitted by": "scripts/fit_volume_priors.py",
            "utilisation, capacity, stops": f"{journal_file.name}, "
            f"{sum(bool(plant.years) for plant in reference)} plants with volumes",
            "ramps": "the same, and ramps.csv: registrations and deliveries of launches",
        },
        "ramps": [
            {"tau": tau, "weight": round(weight, 6)}
            for tau, weight in zip(TAUS, weights, strict=True)
        ],
        "levels": [round(level, 6) for level in LEVELS],
        "utilisation": {
            kind: quantiles(used, kind) for kind in ("established", "start-up", "abroad")
        },
        "capacity": {
            unit: {
                site: quantiles(capacities(reference, unit), site)
                for site in ("brownfield", "greenfield")
            }
            for unit in ("vehicles", "GWh")
        },
        "stops": stops(reference),
        "drift": drift(used),
        "seasons": {land: season(dips) for land, dips in SEASONS.items()},
    }
    print(json.dumps(fit, indent=1))


def plants(journal_file: Path) -> list[Past]:
    """Every production programme of a journal."""
    stated, _ = journal.read(journal_file.read_bytes(), journal_file.name, today=date.max)
    told: defaultdict[str, list[facts.Fact]] = defaultdict(list)
    for line in stated:
        told[line.fact.programme].append(line.fact)
    every = (past(effective(history)) for history in told.values())
    return [one for one in every if one]


def ramp_weights(reference: list[Past], launches: pd.DataFrame) -> Floats:
    """Weights of the shapes by EM on log ratios of a first to a second year."""
    ratios, weights = [], []
    for one in reference:
        for year in one.years:
            if one.start is not None and year == one.start // 12 + 1:
                later = one.years.get(year + 1)
                if later:
                    shape = [ratio(tau, one.start, year) for tau in TAUS]
                    ratios.append(np.log(one.years[year] / later) - np.log(shape))
                    weights.append(1.0)
    for _, launch in launches[launches.freq == "M"].groupby("series"):
        first = launch.value[launch.months_since_start.between(0, 11)]
        second = launch.value[launch.months_since_start.between(12, 23)]
        if len(second) == YEAR and second.sum():
            shape = [ramps.rates(tau, YEAR).mean() for tau in TAUS]
            ratios.append(np.log(first.mean() / second.mean()) - np.log(shape))
            weights.append(LAUNCH_WEIGHT)
    likely = np.exp(-0.5 * (np.array(ratios) / NOISE) ** 2) + 1e-6
    share = np.full(len(TAUS), 1.0 / len(TAUS))
    for _ in range(500):
        belongs = likely * share
        belongs /= belongs.sum(axis=1, keepdims=True)
        share = np.array(weights) @ belongs + EVENLY
        share /= share.sum()
    return share


def ratio(tau: float, start: int, year: int) -> float:
    """A calendar year's output of a shape against the next one's."""
    starts, flat = np.array([start]), np.ones(YEAR)
    first, second = (
        ramps.in_year(tau, starts, calendar, flat)[0] for calendar in (year, year + 1)
    )
    return float(first / second)


def drift(used: list[Use]) -> float:
    """Log deviation of a plant's utilisation from one year to the next."""
    moves = [
        later.log - earlier.log
        for earlier, later in pairwise(used)
        if earlier.programme == later.programme
    ]
    return round(float(np.sqrt(np.square(moves).mean())), 6)


def capacities(reference: list[Past], unit: str) -> list[Use]:
    """Announced capacities of a unit, in the place of utilisations."""
    return [
        Use(
            programme=one.programme,
            kind="brownfield" if one.brownfield else "greenfield",
            log=float(np.log(one.capacity)),
            weight=1.0,
        )
        for one in reference
        if one.unit == unit and one.capacity
    ]


def stops(reference: list[Past]) -> dict[str, float]:
    """Stops a plant-year after the start, by kind, shrunk towards all kinds."""
    years: defaultdict[str, float] = defaultdict(float)
    seen: defaultdict[str, int] = defaultdict(int)
    for one in reference:
        if one.start is not None:
            years[one.kind] += ((one.stop or END) - one.start) / YEAR
            seen[one.kind] += one.stop is not None
    rate = sum(seen.values()) / sum(years.values())
    return {
        kind: round(
            max((seen[kind] + rate * STOP_YEARS) / (years[kind] + STOP_YEARS), FLOOR), 6
        )
        for kind in sorted(years)
    }


def season(dips: dict[int, float]) -> list[float]:
    """Twelve weights that are 1 on average, with the given months as shares of the usual."""
    shares = np.array([dips.get(month, 1.0) for month in range(1, YEAR + 1)])
    return [round(float(weight), 6) for weight in shares / shares.mean()]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parents[1] / "events/journals/automotive.ndjson")
