"""Months as integers, and what of one has gone by."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

YEAR: Final = 12
"""Months of one."""


def month_of(day: date) -> int:
    """The month of a day as an integer: year * 12 + month - 1."""
    return day.year * 12 + day.month - 1


def month_end(month: int) -> date:
    """The last day of a month given as an integer."""
    year, index = divmod(month, 12)
    return date(year, index + 1, monthrange(year, index + 1)[1])


def first_month(as_of: date) -> int:
    """The month that ends first after a day: of the 30th of June it is July."""
    return month_of(as_of + timedelta(days=1))


def elapsed(as_of: date) -> float:
    """How much of the first month has gone by on a day, between 0 and 1."""
    first = as_of + timedelta(days=1)
    return (first.day - 1) / monthrange(first.year, first.month)[1]
