"""What a rule of the grammar means, once the day of publication is known."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from events import relative, stretches
from events.errors import Doubt
from events.relative import Amount, Loose, Publication, When, settled
from events.stretches import Stretch

Time = Callable[[Publication], When]
Year = Callable[[Publication], int]

_NO_DAY = "names no day of the calendar; write one as 2026-04-25."
_NO_PART = "names no part of the calendar; write its dates."
_QUITE_GONE = {"early": 7, "mid": 9}  # from this month on, "mid-year" may be the next one
_MONTHS_IN = {"month": 1, "quarter": 3}


def fixed(year: int, _: Publication) -> int:
    """Mean a year that is named."""
    return year


def years_away(offset: int, published: Publication) -> int:
    """Mean a year so many away from the year of publication."""
    return published.first.year + offset


def year_of(year: Year, published: Publication) -> Stretch:
    """Mean the whole of a year."""
    return stretches.of_year(year(published))


def as_is(when: When, _: Publication) -> When:
    """Mean what needs no day of publication, or waits for its year."""
    return when


def in_year(loose: Loose, year: Year, published: Publication) -> Stretch:
    """Mean what comes once a year, in the year named."""
    return replace(loose.make(year(published)), dated=True)


def month(number: int, year: int) -> Stretch:
    """Make a month of a year."""
    return stretches.of_month(year, number)


def code(number: int, year: int) -> Stretch:
    """Make a season, quarter or half of a year, by its EDTF code."""
    return stretches.of_code(year, number)


def date_of(month: int, day: int, year: int) -> Stretch:
    """Make a day of a year, if it has one."""
    try:
        return stretches.of_day(date(year, month, day))
    except ValueError:
        raise Doubt(_NO_DAY) from None


def around(time: Time, published: Publication) -> When:
    """Mean about that time."""
    return _each(time(published), stretches.fuzzy)


def part(name: str, time: Time, published: Publication) -> When:
    """Mean the early, mid or late part of a time, or its end."""
    return _each(time(published), lambda whole: stretches.part_of(whole, name))


def half(number: int, time: Time, published: Publication) -> When:
    """Mean the first or second half of a month or decade."""
    return _each(time(published), lambda whole: stretches.half_of(whole, number))


def week_of(number: int, time: Time, published: Publication) -> When:
    """Mean the n-th week of a month, or for 0 its last."""
    return _each(time(published), lambda whole: _week(whole, number))


def _week(whole: Stretch, number: int) -> Stretch | None:
    if whole.grain != "month":
        return None
    return stretches.week_of_month(whole.earliest.year, whole.earliest.month, number)


def _each(when: When, change: Callable[[Stretch], Stretch | None]) -> When:
    """Change a stretch, or every year's of a loose one, which is a part from then on."""

    def changed(whole: Stretch) -> Stretch:
        made = change(whole)
        if made is None:
            raise Doubt(_NO_PART)
        return made

    if isinstance(when, Stretch):
        return replace(changed(when), dated=when.dated)
    kind = "part" if when.kind == "month" else when.kind
    return Loose(make=lambda year: changed(when.make(year)), kind=kind)


def part_of_unit(name: str, unit: str, published: Publication) -> Stretch:
    """Mean "the end of the year": this one's, unless that part is too long gone."""
    month = published.first.month
    if unit == "year" and month >= _QUITE_GONE.get(name, 13):
        raise Doubt("may mean this year's or next year's; write the year.")
    if unit == "month" and name in _QUITE_GONE and published.day.day > 15:  # noqa: PLR2004 - half a month has gone
        raise Doubt("may mean this month's or next month's; write the month.")
    made = stretches.part_of(relative.unit_at(unit, 0, published), name)
    if made is None:
        raise Doubt(_NO_PART)
    return made


def side_of_year(side: int, amount: Amount, year: Year, published: Publication) -> Stretch:
    """Mean the first (1) or last (-1) so many months or quarters of a year."""
    months = amount.high * _MONTHS_IN.get(amount.unit, 0)
    if amount.low != amount.high or not 1 <= months <= 12:  # noqa: PLR2004 - a year has 12
        raise Doubt(_NO_PART)
    first, last = (1, months) if side > 0 else (13 - months, 12)
    return stretches.of_months(year(published), first, last)


def on_weekday(weekday: int, time: Time, published: Publication) -> Stretch:
    """Mean "Thursday, 15 February", which must be one."""
    day = settled(time(published), published)
    if day.earliest.weekday() != weekday:
        raise Doubt(f"names the wrong weekday: {day.first} is a {day.earliest:%A}.")
    return day


def day_away(offset: int, published: Publication) -> Stretch:
    """Mean the day so many away from publication."""
    return stretches.of_day(published.day + timedelta(days=offset))


def week_number(week: int, year: Year, published: Publication) -> Stretch:
    """Mean a week by its number in ISO 8601."""
    try:
        return stretches.of_week(date.fromisocalendar(year(published), week, 1))
    except ValueError:
        raise Doubt("names no week of that year; it has 52 or 53.") from None


def unit_away(unit: str, offset: int, published: Publication) -> Stretch:
    """Mean this (0), the next (1) or the last (-1) unit of the calendar."""
    return relative.unit_at(unit, offset, published)


def chosen(kind: str, named: Loose | int, published: Publication) -> Stretch:
    """Mean "last Thursday" and "this summer": a weekday, or what comes once a year."""
    if isinstance(named, int):
        return _weekday(kind, named, published)
    match kind:
        case "this":
            return relative.this_one(named, published)
        case "coming":
            return relative.coming(named, published)
        case "next":
            return relative.next_one(named, published)
        case _:
            return relative.gone(named, published)


def _weekday(kind: str, weekday: int, published: Publication) -> Stretch:
    if kind in ("this", "next"):
        raise Doubt("may mean this week's or next week's; write the day.")
    return relative.weekday_at(weekday, 1 if kind == "coming" else -1, published)
