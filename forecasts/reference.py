"""What the programmes before teach about capacity used: one table a kind of maker."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from events import facts
from forecasts import ramps
from forecasts.history import happened, opening
from forecasts.months import YEAR, month_of
from forecasts.utilisation import Table, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from events.facts import Fact
    from forecasts.utilisation import Kind

    Floats = NDArray[np.float64]

POOL: Final = 3.0
"""Declared: plants of every kind that a kind's own plants are weighed against."""
BANDWIDTH: Final = 0.3
"""Declared: log width of the kernel on each plant's utilisation or capacity."""
LEVELS: Final = np.concatenate(([0.0025], np.linspace(0.025, 0.975, 39), [0.9975]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """A programme with what its volumes say; months as integers."""

    programme: str
    kind: Kind
    unit: str
    brownfield: bool
    capacity: float | None
    start: int | None
    stop: int | None
    years: dict[int, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """A year's volume over capacity and ramp, as a log; a plant's years share a weight."""

    programme: str
    kind: str
    log: float
    weight: float


def past(told: Sequence[Fact]) -> Past | None:
    """What one programme's effective facts amount to; None for a context."""
    opened = opening(told)
    if opened is None:
        return None
    start = [fact for fact in told if isinstance(fact, facts.ProductionStarted)]
    stop = [fact for fact in told if isinstance(fact, facts.ProductionStopped)]
    stated = [
        float(fact.capacity_per_year)
        for fact in told
        if isinstance(fact, facts.Claim) and fact.capacity_per_year
    ]
    return Past(
        programme=opened.programme,
        kind=kind_of(frozenset(opened.tags)),
        unit=opened.unit or "vehicles",
        brownfield=bool(opened.brownfield),
        capacity=stated[0] if stated else None,
        start=month_of(happened(start[0])[0]) if start else None,
        stop=month_of(happened(stop[0])[0]) if stop else None,
        years={
            int(fact.period): float(fact.volume)
            for fact in told
            if isinstance(fact, facts.VolumeReported) and fact.period.isdecimal()
        },
    )


def uses(
    plants: Sequence[Past], taus: Sequence[float], ramp_weights: Sequence[float]
) -> list[Use]:
    """Every full year after the one of the start."""
    found = []
    for one in plants:
        if one.start is None or one.capacity is None:
            continue
        years = [year for year, made in one.years.items() if year > one.start // YEAR and made]
        for year in sorted(years):
            shape = sum(
                weight * ramps.in_year(tau, np.array([one.start]), year, np.ones(YEAR))[0]
                for tau, weight in zip(taus, ramp_weights, strict=True)
            )
            log = float(np.log(one.years[year] / one.capacity / shape))
            found.append(
                Use(programme=one.programme, kind=one.kind, log=log, weight=1 / len(years))
            )
    return found


def quantiles(sample: Sequence[Use], kind: str) -> list[float]:
    """Quantiles of a kind at `LEVELS`, shrunk towards those of all kinds."""
    logs = np.array([use.log for use in sample])
    every = np.array([use.weight for use in sample])
    own = np.where([use.kind == kind for use in sample], every, 0.0)
    pooled = POOL / (POOL + own.sum())
    weights = every / every.sum() * pooled
    if own.any():
        weights += own / own.sum() * (1 - pooled)
    axis = np.linspace(logs.min() - 2, logs.max() + 2, 4_001)
    cdf = _normal((axis[:, None] - logs) / BANDWIDTH) @ (weights / weights.sum())
    values = np.exp(np.interp(LEVELS, cdf, axis))
    return [round(float(value), 6) for value in values]


def table(sample: Sequence[Use], kind: str) -> Table:
    """The same as a distribution."""
    return Table.of(quantiles(sample, kind), LEVELS.tolist())


def _normal(z: Floats) -> Floats:
    """The normal distribution read off a table: thousands of points ask it of each plant."""
    near = np.linspace(-8, 8, 3_201)
    known = [0.5 * (1.0 + erf(one / sqrt(2.0))) for one in near]
    result: Floats = np.interp(z, near, known)
    return result
