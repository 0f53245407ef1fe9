"""The chances of a start, a row a year: in figures, in words and as a bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from forecasts.amounts import YEARS
from forecasts.distribution import StartDistribution

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.issued import YearIssued
    from tracker.account import Account


@dataclass(frozen=True, kw_only=True)
class Year:
    """P(start by the end of a year) in millionths, and the year's volume."""

    year: int
    chance: int
    base: int | None
    volume: YearIssued | None


@dataclass(frozen=True, kw_only=True)
class Total:
    """A year of a market: a tenth, half and nine tenths of its futures stay below."""

    year: int
    low: float
    middle: float
    high: float


def totals(account: Account) -> Iterator[Total]:
    """The calendar years of a context that has a series of months; none of any other."""
    outlook = account.outlook
    if outlook is None:
        return
    for year in range(outlook.year, outlook.year + len(outlook.totals)):
        low, middle, high = outlook.quantiles(year)
        yield Total(year=year, low=low, middle=middle, high=high)


def chances(account: Account) -> Iterator[Year]:
    """The as-of day's year and those after it; none where there is no forecast."""
    made = account.made
    if made is None:
        return
    start = StartDistribution(as_of=made.as_of, cumulative=made.start)
    base = StartDistribution(as_of=made.as_of, cumulative=made.base) if made.base else None
    volumes = {one.year: one for one in made.volume}
    for year in range(made.as_of.year, made.as_of.year + YEARS):
        end = date(year, 12, 31)
        yield Year(
            year=year,
            chance=start.by_millionths(end),
            base=base.by_millionths(end) if base else None,
            volume=volumes.get(year),
        )
