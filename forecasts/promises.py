"""Announced against real: the first full calendar year after the announced start.

What each programme promised with its first window and capacity, and what came of it, where
that is known: a reported volume, or nothing because it had not started by the end of that
year. Utilisation is learned from the other programmes only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from events import edtf, facts
from forecasts import reference, volume
from forecasts.amounts import YEARS
from forecasts.history import Status, outcome
from forecasts.utilisation import priors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from events.facts import Fact
    from forecasts.amounts import Volumes
    from forecasts.distribution import StartDistribution


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """A first announcement with a window and a capacity, and the year it is held to.

    `real` is the volume of that year, None where it is not known.
    """

    programme: str
    day: date
    capacity: float
    year: int
    real: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A promise scored, in parts of the announced capacity."""

    promise: Promise
    crps: float
    face_value: float
    zero: float
    held: bool


def promises(programmes: Mapping[str, Sequence[Fact]], until: date) -> Iterator[Promise]:
    """The first promise of each programme, held to a year that is over by `until`."""
    for slug, told in sorted(programmes.items()):
        claim = next((fact for fact in told if _promises(fact)), None)
        if not isinstance(claim, facts.Claim) or not claim.expected_start:
            continue
        latest = edtf.parse(claim.expected_start).latest
        if latest is None or not claim.known_on.year < latest.year + 1 < until.year:
            continue
        yield Promise(
            programme=slug,
            day=claim.known_on,
            capacity=float(claim.capacity_per_year or 0),
            year=latest.year + 1,
            real=_real(told, latest.year + 1, until),
        )


def _promises(fact: Fact) -> bool:
    return (
        isinstance(fact, facts.Claim)
        and bool(fact.expected_start)
        and bool(fact.capacity_per_year)
    )


def _real(told: Sequence[Fact], year: int, until: date) -> float | None:
    for fact in told:
        if isinstance(fact, facts.VolumeReported) and fact.period == str(year):
            return float(fact.volume)
    became = outcome(told, until)
    idle = became.status in (Status.OPEN, Status.CANCELLED)
    return 0.0 if idle or became.earliest.year > year else None


def scored(
    programmes: Mapping[str, Sequence[Fact]],
    start_of: Callable[[str, date], StartDistribution],
    until: date,
) -> Iterator[Kept]:
    """Each promise whose outcome is known, within the five years of a forecast.

    `start_of` gives a programme's start distribution as of a day, without look-ahead.
    """
    numbers = priors()
    plants = [one for told in programmes.values() if (one := reference.past(told))]
    sample = reference.uses(plants, numbers.taus, numbers.ramp_weights)
    for promise in promises(programmes, until):
        if promise.real is None or promise.year >= promise.day.year + YEARS:
            continue
        known = [one for one in programmes[promise.programme] if one.known_on <= promise.day]
        plant = volume.plant_of(known, promise.day)
        others = [use for use in sample if use.programme != promise.programme]
        learned = replace(plant, learned=reference.table(others, plant.kind))
        start = start_of(promise.programme, promise.day)
        years = volume.before_start(
            start.monthly[None, :], np.array([promise.capacity]), learned, promise.day
        )
        yield _kept(promise, next(one for one in years if one.year == promise.year))


def _kept(promise: Promise, said: Volumes) -> Kept:
    real = promise.real or 0.0
    low, high = (float(said.quantile(q)[0]) for q in (0.1, 0.9))
    return Kept(
        promise=promise,
        crps=float(said.crps(real)[0]) / promise.capacity,
        face_value=abs(real / promise.capacity - 1.0),
        zero=float(said.zero[0]),
        held=low <= real <= high,
    )
