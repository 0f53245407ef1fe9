"""Targets as claims: the chance that the year they name comes to what they say.

    needed = targets.years(told, as_of)                     how far an outlook must reach
    targets.of_market(told, as_of, outlook)                 of a context, by its series
    targets.of_programme(told, as_of, volume.forecast(...)) of a plant

"A million a year by 2030" is held to the year 2030: the last that it allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from events import edtf, facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from events.facts import Fact
    from forecasts.market import MarketOutlook
    from forecasts.volume import YearVolume


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What was claimed, by the id of the event that claims it."""

    event: str
    year: int
    volume: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Chance:
    """A target and P(its year comes to its volume or more)."""

    target: Target
    probability: float


def claimed(told: Sequence[Fact], as_of: date) -> Iterator[Target]:
    """The targets known on a day whose year is not over; those without a year are none."""
    for fact in told:
        if not isinstance(fact, facts.TargetAnnounced) or fact.known_on > as_of:
            continue
        latest = edtf.parse(fact.target_by).latest if fact.target_by else None
        if fact.target_volume is not None and latest and latest.year >= as_of.year:
            yield Target(event=fact.id, year=latest.year, volume=float(fact.target_volume))


def years(told: Sequence[Fact], as_of: date) -> int:
    """Calendar years from the day's on that an outlook must have for every target."""
    return max((target.year - as_of.year + 1 for target in claimed(told, as_of)), default=0)


def of_market(told: Sequence[Fact], as_of: date, outlook: MarketOutlook) -> Iterator[Chance]:
    """Of a context programme; raises `KeyError` where the outlook does not reach."""
    for target in claimed(told, as_of):
        probability = outlook.at_least(target.year, target.volume)
        yield Chance(target=target, probability=round(probability, 6))


def of_programme(
    told: Sequence[Fact], as_of: date, volumes: Sequence[YearVolume]
) -> Iterator[Chance]:
    """Of a plant, for targets within the years of its forecast."""
    said = {one.year: one for one in volumes}
    for target in claimed(told, as_of):
        if target.year in said:
            probability = said[target.year].at_least(target.volume)
            yield Chance(target=target, probability=round(probability, 6))
