"""After the first reports: each reported year forecast from what was known of those before.

The day of each forecast is that on which a yearly report became known, so the report that
resolves it is not seen. The shipped priors know the reference class; a plant's own years
are a small part of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from events import facts
from forecasts import volume
from forecasts.amounts import YEARS
from forecasts.distribution import StartDistribution
from forecasts.history import Status, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from events.facts import Fact, VolumeReported


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """A reported year and how it was forecast, in parts of the announced capacity.

    `lead` 1 is the year after the last one reported; `again` is how far off that one is.
    """

    programme: str
    year: int
    lead: int
    crps: float
    again: float
    held: bool


def scored(programmes: Mapping[str, Sequence[Fact]], lead: int = 1) -> Iterator[Year]:
    """Every pair of reported years `lead` apart of plants that had started."""
    for slug, told in sorted(programmes.items()):
        years = {
            int(fact.period): fact
            for fact in told
            if isinstance(fact, facts.VolumeReported) and fact.period.isdecimal()
        }
        for year, last in sorted(years.items()):
            real = years.get(year + lead)
            if real is not None and (one := _scored(slug, told, last, real, lead)):
                yield one


def _scored(
    slug: str, told: Sequence[Fact], last: VolumeReported, real: VolumeReported, lead: int
) -> Year | None:
    """One pair; None where it could not be forecast on that day."""
    day, year = last.known_on, int(real.period)
    known = [fact for fact in told if fact.known_on <= day]
    seen = snapshot(known, day)
    if seen is None or seen.status is not Status.STARTED or not seen.capacity:
        return None
    if real.known_on <= day or not day.year <= year < day.year + YEARS:
        return None
    said = volume.forecast(known, StartDistribution.started(day))
    one = next(one for one in said if one.year == year)
    return Year(
        programme=slug,
        year=year,
        lead=lead,
        crps=float(one.distribution.crps(real.volume)[0]) / seen.capacity,
        again=abs(real.volume - last.volume) / seen.capacity,
        held=one.quantiles[0] <= real.volume <= one.quantiles[2],
    )
