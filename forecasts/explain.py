"""A move split into parts that add up to it.

The forecast is made again after each thing that happened, in the order in which it became
known: the difference between neighbours is that thing's part. The parts telescope, so they
add up exactly whatever the numbers are; those are integers, so they add up in bytes too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from events import edtf
from events.issued import MILLION
from forecasts.amounts import YEARS
from forecasts.distribution import StartDistribution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.facts import Fact
    from events.issued import ForecastIssued, Kind, YearIssued


@dataclass(frozen=True, kw_only=True)
class Step:
    """What was said after one more thing; `fact` is what happened, where anything did."""

    kind: Kind
    made: ForecastIssued
    fact: Fact | None = None
    taken_away: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """A step's part of the move: millionths of probability, whole units of median volume."""

    kind: Kind
    day: date
    delta: int
    volume_delta: int
    fact: Fact | None
    taken_away: bool


@dataclass(frozen=True, kw_only=True)
class Move:
    """From what was said first to what was said last, and the parts in between.

    `by` is the date of P(start on or before it), in millionths; `year` the calendar year of
    the median volume, in whole units. Both moves are exactly the sums of the parts'. `amounts`
    are that year as it was forecast first and last, None where it was not.
    """

    by: date
    year: int
    before: int
    after: int
    volume_before: int
    volume_after: int
    parts: tuple[Part, ...]
    amounts: tuple[YearIssued | None, YearIssued | None] = (None, None)


def split(first: ForecastIssued, steps: Sequence[Step], *, by: date, year: int) -> Move:
    """The move from the first forecast to that of the last step."""
    said = [first, *(step.made for step in steps)]
    chances = [chance(made, by) for made in said]
    volumes = [median_volume(made, year) for made in said]
    parts = tuple(
        Part(
            kind=step.kind,
            day=step.made.as_of,
            delta=now - before,
            volume_delta=made - made_before,
            fact=step.fact,
            taken_away=step.taken_away,
        )
        for step, (before, now), (made_before, made) in zip(
            steps, pairwise(chances), pairwise(volumes), strict=True
        )
    )
    return Move(
        by=by,
        year=year,
        before=chances[0],
        after=chances[-1],
        volume_before=volumes[0],
        volume_after=volumes[-1],
        parts=parts,
        amounts=(amount(first, year), amount(said[-1], year)),
    )


def chance(made: ForecastIssued, by: date) -> int:
    """Millionths of P(start on or before a day); certain of what has started."""
    if made.status == "started":
        return MILLION
    said = StartDistribution(as_of=made.as_of, cumulative=made.start)
    return said.by_millionths(by)


def median_volume(made: ForecastIssued, year: int) -> int:
    """The median units of a calendar year, 0 for one that the forecast does not reach."""
    told = amount(made, year)
    return told.quantiles[1] if told else 0


def amount(made: ForecastIssued, year: int) -> YearIssued | None:
    """What is said of a calendar year's volume; None where the forecast does not reach it."""
    return next((told for told in made.volume if told.year == year), None)


def horizon(made: ForecastIssued) -> date:
    """The date that a move is told of: the end of the announced window's last year.

    Of "from X" the end of the year after X; where nothing is announced, or it is over, the end
    of the year after the as-of day's; never later than the volumes reach.
    """
    year = made.as_of.year
    stated = edtf.parse(made.announced) if made.announced else None
    if stated and stated.latest and stated.latest > made.as_of:
        year = stated.latest.year
    elif stated and stated.latest is None and stated.earliest:
        year = max(stated.earliest.year, year) + 1
    else:
        year += 1
    return date(min(year, made.as_of.year + YEARS - 1), 12, 31)
