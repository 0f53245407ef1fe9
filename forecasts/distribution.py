"""A month of start, with *never*: 120 month-ends after the day of the forecast.

Kept in integer millionths, so that what is stored, shown and added up is the same number
on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from events.issued import MILLION
from forecasts.errors import ForecastError
from forecasts.history import Status
from forecasts.months import elapsed, first_month, month_end

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from forecasts.history import Snapshot

MONTHS: Final = 120
"""Ten years: what starts later counts as never."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StartDistribution:
    """What is said on a day about the month in which production starts.

    `cumulative` has 120 integers: millionths of the probability of a start on or before each
    month-end after `as_of`, *never* in the denominator. Raises `ForecastError` when they
    fall, leave 0 to a million, or are not 120.
    """

    as_of: date
    cumulative: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse what is no distribution."""
        bounded = [0, *self.cumulative, MILLION]
        if len(self.cumulative) != MONTHS or bounded != sorted(bounded):
            raise ForecastError(
                f"A start distribution has {MONTHS} millionths that never fall: "
                f"{len(self.cumulative)} given as of {self.as_of}."
            )

    @classmethod
    def rounded(cls, as_of: date, probabilities: Sequence[float] | NDArray[np.float64]) -> Self:
        """From 120 cumulative probabilities as floats; what falls by rounding is levelled."""
        clipped = np.clip(np.asarray(probabilities, dtype=np.float64), 0.0, 1.0)
        whole = np.maximum.accumulate(np.rint(clipped * MILLION).astype(np.int64))
        return cls(as_of=as_of, cumulative=tuple(whole.tolist()))

    @classmethod
    def of_whole_months(cls, as_of: date, within: Sequence[int]) -> Self:
        """From millionths of P(start within 1, 2, ... 120 months of the day), to month-ends."""
        months = np.arange(MONTHS + 1, dtype=np.float64)
        chances = np.array([0, *within], dtype=np.float64) / MILLION
        return cls.rounded(as_of, np.interp(months[1:] - elapsed(as_of), months, chances))

    @classmethod
    def started(cls, as_of: date) -> Self:
        """Of a programme that has started: certain at every date."""
        return cls(as_of=as_of, cumulative=(MILLION,) * MONTHS)

    @classmethod
    def hopeless(cls, as_of: date) -> Self:
        """Of a programme that was given up: never."""
        return cls(as_of=as_of, cumulative=(0,) * MONTHS)

    @property
    def dates(self) -> tuple[date, ...]:
        """The 120 month-ends, the first one strictly after `as_of`."""
        first = first_month(self.as_of)
        return tuple(month_end(first + step) for step in range(MONTHS))

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """P(start on or before each month-end)."""
        return np.array(self.cumulative, dtype=np.float64) / MILLION

    @property
    def monthly(self) -> NDArray[np.float64]:
        """P(start within each of the 120 months); with `never` they add up to one."""
        month: NDArray[np.float64] = monthly([self.cumulative])[0]
        return month

    @property
    def never(self) -> float:
        """P(no start within the 120 months)."""
        return (MILLION - self.cumulative[-1]) / MILLION

    def by_millionths(self, day: date) -> int:
        """Millionths of P(start on or before a day): at the last month-end it has reached."""
        whole = first_month(day) - first_month(self.as_of)
        if whole <= 0:
            return self.cumulative[0] if self.cumulative[0] == MILLION else 0
        return self.cumulative[min(whole, MONTHS) - 1]

    def by(self, day: date) -> float:
        """P(start on or before a day), as of the last month-end on or before it."""
        return self.by_millionths(day) / MILLION

    def quantile(self, q: float) -> date | None:
        """The first month-end with P(start by then) >= q; None where q falls into *never*.

        >>> from datetime import date
        >>> steady = StartDistribution.rounded(date(2024, 6, 30), [n / 200 for n in range(120)])
        >>> str(steady.quantile(0.5))
        '2032-11-30'
        """
        place = int(np.searchsorted(np.array(self.cumulative), round(q * MILLION)))
        return None if place == MONTHS else month_end(first_month(self.as_of) + place)

    @property
    def median_if_it_starts(self) -> date | None:
        """The median month-end among the futures in which it starts within ten years."""
        return self.quantile(self.cumulative[-1] / MILLION / 2) if self.cumulative[-1] else None


def monthly(cumulative: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """P(start within each month) of many distributions, a row each, from millionths."""
    rows = np.array(cumulative, dtype=np.float64)
    parts: NDArray[np.float64] = np.diff(rows, prepend=0.0, axis=1) / MILLION
    return parts


def settled(seen: Snapshot) -> StartDistribution:
    """Of a programme whose start is known to have come, or not to come."""
    if seen.status is Status.CANCELLED:
        return StartDistribution.hopeless(seen.as_of)
    return StartDistribution.started(seen.as_of)
