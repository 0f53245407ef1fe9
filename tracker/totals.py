"""What many programmes make together, calendar year by calendar year.

Medians do not add up, and plants of one market fall short together: so distributions are
added (`forecasts.totals`), a market's factor drawn once for all that follow it. Rivals for
one award are added as if they were independent; their means are right, their sum is a little
too wide.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from events.programme import replay
from forecasts import volume
from forecasts.distribution import StartDistribution
from forecasts.totals import Part, total
from tracker.experience import of_launches
from tracker.learning import Markets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from events.facts import Fact
    from events.issued import ForecastIssued
    from forecasts.amounts import Volumes


def totals(
    known: Mapping[str, Sequence[Fact]],
    made: Sequence[ForecastIssued],
    *,
    as_of: date,
    cache: Path | None = None,
) -> dict[str, tuple[int, list[Volumes]]]:
    """Of each unit, how many programmes there are and their years together, one row each.

    `made` are forecasts as of the day, on the facts `known`; the years are the as-of day's and
    those after it.
    """
    markets = Markets(known, as_of, cache)
    weights = of_launches(known, as_of, cache)
    units: defaultdict[str, list[list[Part]]] = defaultdict(list)
    for one in made:
        told = known[one.programme]
        start = StartDistribution(as_of=as_of, cumulative=one.start)
        market = markets.of(replay(one.programme, told))
        years = volume.forecast(told, start, None, weights)
        parts = [Part(volumes=year.distribution, market=market) for year in years]
        units[volume.plant_of(told, as_of).unit].append(parts)
    return {
        unit: (len(many), [total(parts) for parts in zip(*many, strict=True)])
        for unit, many in sorted(units.items())
    }
