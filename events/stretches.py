"""Stretches of the calendar that people have names for, each in EDTF."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from events.edtf import MONTHS_OF, days_in, parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of days in the forms that phrases need, all EDTF.

    `first` and `last` are its ends in the precision of its name, `alone` the whole of
    it, `member` the same as a member of a set ("" where EDTF has none), and `deadline`
    its end for who says "by" it: "by the end of 2026" is sharp, "end of 2026" is not.
    `dated` says that its year was said with it, and holds for its neighbours.
    """

    grain: str
    first: str
    last: str
    alone: str
    member: str
    deadline: str
    dated: bool = False

    @property
    def earliest(self) -> date:
        """First day."""
        return _bounds(self.first)[0]

    @property
    def latest(self) -> date:
        """Last day."""
        return _bounds(self.last)[1]


def _bounds(edtf: str) -> tuple[date, date]:
    span = parse(edtf)
    assert span.earliest and span.latest  # noqa: S101, PT018 - no end of a stretch is open
    return span.earliest, span.latest


def between(first: str, last: str, *, grain: str, alone: str = "") -> Stretch:
    """Make the stretch from one EDTF date to another."""
    alone = alone or (first if first == last else f"{first}/{last}")
    member = "" if "/" in alone else alone
    return Stretch(
        grain=grain, first=first, last=last, alone=alone, member=member, deadline=last
    )


def of_year(year: int) -> Stretch:
    """Make a calendar year."""
    return between(f"{year:04}", f"{year:04}", grain="year")


def of_month(year: int, month: int) -> Stretch:
    """Make a month; months past 12, or before 1, count on into other years."""
    text = month_text(year, month)
    return between(text, text, grain="month")


def of_months(year: int, first: int, last: int) -> Stretch:
    """Make the months from one to another of a year, which may run past 12."""
    return between(month_text(year, first), month_text(year, last), grain="months")


def of_code(year: int, code: int) -> Stretch:
    """Make a season, quarter or half by its EDTF code; a half alone reads as months."""
    made = of_months(year, *MONTHS_OF[code])
    alone = made.alone if code in (40, 41) else f"{year:04}-{code}"
    return replace(made, alone=alone, member=f"{year:04}-{code}")


def of_day(day: date) -> Stretch:
    """Make a single day."""
    return between(day.isoformat(), day.isoformat(), grain="day")


def of_days(first: date, last: date) -> Stretch:
    """Make a run of days, both ends included."""
    return between(first.isoformat(), last.isoformat(), grain="days")


def of_decade(year: int) -> Stretch:
    """Make the ten years from a year on; 2030 and its like have an EDTF of their own."""
    alone = "" if year % 10 else f"{year // 10:03}X"
    return between(f"{year:04}", f"{year + 9:04}", grain="decade", alone=alone)


def of_present_decade(year: int) -> Stretch:
    """Make the decade that people in a year call theirs: it ends with 2030, not 2029."""
    return of_decade((year - 1) // 10 * 10 + 1)


def of_week(day: date) -> Stretch:
    """Make the week, Monday to Sunday, that a day is in."""
    monday = day - timedelta(days=day.weekday())
    return replace(of_days(monday, monday + timedelta(days=6)), grain="week")


def of_edtf(text: str) -> Stretch:
    """Make what stands in a phrase in figures: 2026-07, 2026-07-15, 2026-35, 2026/2027."""
    first, slash, last = text.partition("/")
    if slash:
        return between(first, last, grain="span")
    year, *more = (int(part) for part in text.split("-"))
    if len(more) == 2:  # noqa: PLR2004 - a month and a day
        return of_day(date(year, *more))
    return of_month(year, more[0]) if more[0] <= 12 else of_code(year, more[0])  # noqa: PLR2004 - a year has 12


def month_text(year: int, month: int) -> str:
    """Write a month in EDTF; months count on past 12 and back past 1."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return f"{year:04}-{month:02}"


def week_of_month(year: int, month: int, ordinal: int) -> Stretch | None:
    """Make the n-th week of a month, or its last for 0; None when there is no such week.

    A week belongs to the month of its Thursday, as in ISO 8601 to the year of it.
    """
    days = (date(year, month, day) for day in range(1, days_in(year, month) + 1))
    thursdays = [day for day in days if day.weekday() == 3]  # noqa: PLR2004 - Thursday
    if ordinal > len(thursdays):
        return None
    return of_week(thursdays[ordinal - 1])


def fuzzy(stretch: Stretch) -> Stretch:
    """Mark every date of a stretch approximate."""
    return replace(
        stretch,
        first=_marked(stretch.first),
        last=_marked(stretch.last),
        alone="/".join(_marked(end) for end in stretch.alone.split("/")),
        member=stretch.member and _marked(stretch.member),
        deadline=_marked(stretch.deadline),
    )


def _marked(edtf: str) -> str:
    return edtf if edtf.endswith("~") else f"{edtf}~"


def before(edtf: str) -> str:
    """Name the day, month or year before one, in the same precision."""
    return _neighbour(edtf, -1)


def after(edtf: str) -> str:
    """Name the day, month or year after one, in the same precision."""
    return _neighbour(edtf, 1)


def _neighbour(edtf: str, step: int) -> str:
    plain = edtf.rstrip("~")
    mark = edtf[len(plain) :]
    parts = [int(part) for part in plain.split("-")]
    match parts:
        case [year]:
            return f"{year + step:04}{mark}"
        case [year, month]:
            return month_text(year, month + step) + mark
        case _:
            return (date(*parts) + timedelta(days=step)).isoformat() + mark


def half_of(stretch: Stretch, half: int) -> Stretch | None:
    """Make the first or second half of a month or decade."""
    start, end = stretch.earliest, stretch.latest
    match stretch.grain, half:
        case "month", 1:
            return of_days(start, start.replace(day=15))
        case "month", 2:
            return of_days(start.replace(day=16), end)
        case "decade", 1 | 2:
            first = start.year + 5 * (half - 1)
            return between(f"{first}", f"{first + 4}", grain="years")
    return None


def part_of(stretch: Stretch, part: str) -> Stretch | None:
    """Make the early, mid or late part of a stretch, or its end; None where none is said.

    The windows are the ones that readers of real announcements agreed on: early in a
    year is January or February, its end December, early in a month up to the 10th, its
    middle the 15th, late from the 20th on. All are approximate, and a deadline at an
    end is sharp.
    """
    make = _PARTS.get(stretch.grain)
    return make(stretch, part) if make else None


def _ended(made: Stretch, part: str, deadline: str) -> Stretch:
    return replace(fuzzy(made), deadline=deadline) if part == "end" else fuzzy(made)


def _part_of_year(year: Stretch, part: str) -> Stretch:
    first, last = {"early": (1, 2), "mid": (6, 7), "late": (11, 12), "end": (12, 12)}[part]
    made = _ended(of_months(year.earliest.year, first, last), part, f"{year.last}-12")
    # "By mid-2026" asks for the first half of it.
    return replace(made, deadline=f"{year.last}-06~") if part == "mid" else made


def _part_of_months(months: Stretch, part: str) -> Stretch:
    start, end = months.earliest, months.latest
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    first, last = {
        "early": (0, 0),
        "mid": ((count - 1) // 2, count // 2),
        "late": (count - 1, count - 1),
        "end": (count - 1, count - 1),
    }[part]
    made = of_months(start.year, start.month + first, start.month + last)
    return _ended(made, part, made.last)


def _part_of_month(month: Stretch, part: str) -> Stretch:
    start, end = month.earliest, month.latest
    first, last = {
        "early": (1, 10),
        "mid": (15, 15),
        "late": (20, end.day),
        "end": (20, end.day),
    }[part]
    made = of_days(start.replace(day=first), start.replace(day=last))
    return _ended(made, part, month.last)


def _part_of_decade(decade: Stretch, part: str) -> Stretch:
    start, end = decade.earliest.year, decade.latest.year
    tens = start // 10 * 10
    first, last = {
        "early": (start, tens + 3),
        "mid": (tens + 4, tens + 6),
        "late": (tens + 7, end),
        "end": (tens + 9, end),
    }[part]
    return _ended(between(f"{first}", f"{last}", grain="years"), part, f"{last}-12")


def _part_of_week(week: Stretch, part: str) -> Stretch | None:
    if part != "end":
        return None
    made = of_days(week.latest - timedelta(days=2), week.latest)
    return _ended(made, part, week.last)


_PARTS: dict[str, Callable[[Stretch, str], Stretch | None]] = {
    "year": _part_of_year,
    "months": _part_of_months,
    "month": _part_of_month,
    "decade": _part_of_decade,
    "week": _part_of_week,
}
