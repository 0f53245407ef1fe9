"""Dates that count from the day of publication, and those that need it for their year."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from events import stretches
from events.edtf import YEARS, Span
from events.errors import Doubt
from events.stretches import Stretch

_MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}
_DAYS_IN = {"day": 1, "week": 7}
_FRESH = {"month": 31, "part": 75}  # days in which "in June" may as well be the June gone
_A_MONTH = timedelta(days=30)
_FAR = 1200  # months
_OPEN_YEAR = "leaves the year open; write it."


@dataclass(frozen=True, kw_only=True)
class Publication:
    """The day, or only the month, on which the words were said; None when unknown."""

    said: Span | None

    @property
    def first(self) -> date:
        """First day on which it may have been said."""
        return self._ends()[0]

    @property
    def final(self) -> date:
        """Last day on which it may have been said."""
        return self._ends()[1]

    @property
    def day(self) -> date:
        """The very day."""
        first, final = self._ends()
        if first != final:
            raise Doubt("counts from a day; give the day of publication, not only its month.")
        return first

    def month(self, ahead: int = 0) -> str:
        """Month of publication, or one so many months ahead of it, in EDTF."""
        return stretches.month_text(self.first.year, self.first.month + ahead)

    def _ends(self) -> tuple[date, date]:
        if self.said is None:
            raise Doubt("counts from the day it was said; give the day of publication.")
        first, final = self.said.earliest, self.said.latest
        if not first or not final or final - first > _A_MONTH or first.year not in YEARS:
            raise Doubt(
                "counts from the day it was said; give the day or month of publication."
            )
        return first, final


@dataclass(frozen=True, kw_only=True)
class Loose:
    """A stretch that comes once a year, said without the year.

    `kind` is how sure its year is: a month or season is the next one, a part of a month
    or a day only if the last one is long gone, a period of the year only if it is not
    over yet, and what must be dated is never sure.
    """

    make: Callable[[int], Stretch]
    kind: Literal["month", "part", "period", "dated"]


When = Stretch | Loose


def settled(when: When, published: Publication) -> Stretch:
    """Settle the year of a loose stretch: the first that is not over at publication."""
    if isinstance(when, Stretch):
        return when
    if when.kind == "dated":
        raise Doubt(_OPEN_YEAR)
    year, said = published.first.year, published.first
    if when.kind == "period":
        made = when.make(year)
        if made.latest < said:
            raise Doubt(_OPEN_YEAR)
        return made
    running = next(y for y in (year - 1, year, year + 1) if when.make(y).latest >= said)
    if (said - when.make(running - 1).latest).days < _FRESH[when.kind]:
        raise Doubt(_OPEN_YEAR)
    return when.make(running)


def settled_before(when: When, later: Stretch) -> Stretch:
    """Settle a loose stretch by a dated one: the last that begins no later than it does."""
    if isinstance(when, Stretch):
        return when
    if not later.dated:
        raise Doubt(_OPEN_YEAR)
    made = when.make(later.earliest.year)
    return when.make(later.earliest.year - 1) if made.earliest > later.earliest else made


def settled_after(when: When, sooner: Stretch) -> Stretch:
    """Settle a loose stretch by another: the first that begins no sooner than it does."""
    if isinstance(when, Stretch):
        return when
    if not sooner.dated:
        raise Doubt(_OPEN_YEAR)
    made = when.make(sooner.earliest.year)
    return when.make(sooner.earliest.year + 1) if made.earliest < sooner.earliest else made


def gone(loose: Loose, published: Publication) -> Stretch:
    """Settle "last June": the latest that was over at publication."""
    year = published.first.year
    return next(
        made
        for y in range(year, year - 3, -1)
        if (made := loose.make(y)).latest < published.first
    )


def coming(loose: Loose, published: Publication) -> Stretch:
    """Settle "the coming June": the first that begins after publication."""
    year = published.final.year
    return next(
        made
        for y in (year - 1, year, year + 1)
        if (made := loose.make(y)).earliest > published.final
    )


def next_one(loose: Loose, published: Publication) -> Stretch:
    """Settle "next June", which is the coming one to some and next year's to others."""
    made = coming(loose, published)
    if made.earliest.year == published.final.year:
        raise Doubt("may mean this year's or next year's; write the year.")
    return made


def this_one(loose: Loose, published: Publication) -> Stretch:
    """Settle "this June": the one of the year of publication, or a winter running in it."""
    year = published.first.year
    made, running = loose.make(year), loose.make(year - 1)
    if made.latest.year == year:
        return made
    if running.latest >= published.final:
        return running
    if (made.earliest - published.final).days > 100:  # noqa: PLR2004 - winter said in spring
        raise Doubt(_OPEN_YEAR)
    return made


def unit_at(unit: str, offset: int, published: Publication) -> Stretch:
    """Give this (0), the next (1) or the last (-1) year, half, quarter, month, week."""
    year, month = published.first.year, published.first.month
    match unit:
        case "year":
            return stretches.of_year(year + offset)
        case "half":
            halves, half = divmod((month - 1) // 6 + offset, 2)
            return stretches.of_code(year + halves, 40 + half)
        case "quarter":
            years, quarter = divmod((month - 1) // 3 + offset, 4)
            return stretches.of_code(year + years, 33 + quarter)
        case "month":
            return stretches.of_month(year, month + offset)
        case "week":
            return stretches.of_week(published.day + timedelta(weeks=offset))
        case "decade" if offset == 1:
            return replace(stretches.of_decade(year // 10 * 10 + 10), grain="next decade")
        case "decade" if offset == 0 and year % 10:
            return stretches.of_present_decade(year)
    raise Doubt("names no stretch of the calendar; write its dates.")


def weekday_at(weekday: int, offset: int, published: Publication) -> Stretch:
    """Give the last (-1) or the coming (1) Monday (0) to Sunday (6), never the same day."""
    day = published.day
    away = (day.weekday() - weekday) % 7 or 7
    back = (weekday - day.weekday()) % 7 or 7
    return stretches.of_day(day + timedelta(days=back if offset > 0 else -away))


class Amount(NamedTuple):
    """So many units, or from `low` to `high`; 0 of them is a few."""

    low: int
    high: int
    unit: str


def away(amount: Amount, direction: int, published: Publication) -> Stretch:
    """Give the day or month so long after (1) or before (-1) publication.

    Days are exact, weeks and longer approximate; months and years give a month.
    """
    if not amount.high:
        if direction < 0:
            raise Doubt("is too vague to count back; write the month.")
        return _few(amount, published)
    near, far = sorted(direction * count for count in (amount.low, amount.high))
    first, last = (_moved(count, amount.unit, published) for count in (near, far))
    made = stretches.between(first, last, grain="distance")
    return made if amount.unit == "day" and near == far else stretches.fuzzy(made)


def within(amount: Amount, direction: int, published: Publication) -> Stretch:
    """Give the days or months from publication to so long after (1), or before (-1)."""
    if not amount.high:
        if direction < 0:
            raise Doubt("is too vague to count back; write the month.")
        return _few(amount, published)
    here = _moved(0, amount.unit, published)
    there = _moved(direction * amount.high, amount.unit, published)
    return stretches.between(*sorted((here, there)), grain="distance")


def _few(amount: Amount, published: Publication) -> Stretch:
    """A few weeks are over by the second month after; of other units nobody knows."""
    if amount.unit != "week":
        raise Doubt("is too vague; write the date that it means at the latest.")
    return stretches.between(published.month(), f"{published.month(2)}~", grain="distance")


def _moved(count: int, unit: str, published: Publication) -> str:
    if abs(count) * _MONTHS_IN.get(unit, 1) > _FAR:
        raise Doubt("is too far away; write the year.")
    if unit in _DAYS_IN:
        return (published.day + timedelta(days=count * _DAYS_IN[unit])).isoformat()
    return published.month(count * _MONTHS_IN[unit])


def rest_of(stretch: Stretch, published: Publication) -> Stretch:
    """Give "later this year": from publication to the end of it."""
    if stretch.grain in ("month", "week"):
        return stretches.of_days(published.day, stretch.latest)
    last = stretches.month_text(stretch.latest.year, stretch.latest.month)
    return stretches.between(published.month(), last, grain="distance")


def elapsed_of(stretch: Stretch, published: Publication) -> Stretch:
    """Give "earlier this year": from its beginning to publication."""
    if stretch.grain in ("month", "week"):
        return stretches.of_days(stretch.earliest, published.day)
    first = stretches.month_text(stretch.earliest.year, stretch.earliest.month)
    return stretches.between(first, published.month(), grain="distance")
