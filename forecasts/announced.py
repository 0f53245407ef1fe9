"""The announcement at face value: the window and the capacity, believed.

What a forecast must beat to be worth anything; nobody is asked whether announcements are kept.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from forecasts.amounts import YEARS
from forecasts.baselines import face_value
from forecasts.distribution import StartDistribution, settled
from forecasts.features import columns
from forecasts.history import Status, outcome, snapshot
from forecasts.months import YEAR, first_month, month_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from events.facts import Fact


def at_face_value(told: Sequence[Fact], as_of: date) -> StartDistribution:
    """The start evenly over the announced window; a window that has passed is due at once.

    Where nobody has named a date, over the months in which first dates lie; of what has
    started certain, of what was given up never.
    """
    seen = snapshot(told, as_of)
    if seen is None:
        return StartDistribution.hopeless(as_of)
    if seen.status is not Status.OPEN:
        return settled(seen)
    return StartDistribution.rounded(as_of, face_value(columns([seen]), as_of)[0])


def promised_volumes(told: Sequence[Fact], as_of: date) -> dict[int, int]:
    """Units that each year would see: the announced capacity from the announced start on.

    Of what has started, from its start on: the months of this year that have gone by as well.
    """
    seen = snapshot(told, as_of)
    if seen is None or seen.capacity is None:
        return {}
    ahead = enumerate(at_face_value(told, as_of).probabilities, first_month(as_of))
    promised: dict[int, float] = {}
    for month, made in chain(_gone_by(told, as_of), ahead):
        year = month // YEAR
        promised[year] = promised.get(year, 0.0) + seen.capacity / YEAR * float(made)
    return {year: round(units) for year, units in promised.items() if year < as_of.year + YEARS}


def _gone_by(told: Sequence[Fact], as_of: date) -> Iterator[tuple[int, float]]:
    """The months of this year in which what has started was running already."""
    end = outcome(told, as_of)
    if end.status not in (Status.OPEN, Status.CANCELLED):
        since = max(month_of(end.latest), as_of.year * YEAR)
        yield from ((month, 1.0) for month in range(since, first_month(as_of)))
