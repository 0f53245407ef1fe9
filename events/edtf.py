"""EDTF (ISO 8601-2, levels 0 to 2) to the earliest and the latest day it allows.

Our own reader: the package `edtf` takes milliseconds a value, ends an open interval
ten years on and accepts intervals that end before they begin.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product

from events.errors import Invalid

LONGEST = 200  # characters: far beyond any honest date, short of a pasted page
YEARS = range(1900, 2200)  # four digits outside are more likely jobs, cars or volts

# First and last month of each code, in the year named; a month past 12 lies in the
# next year. A season 21 to 24 is the northern one, and winter runs from December of
# the year named to February of the next.
_NORTH = {0: (3, 5), 1: (6, 8), 2: (9, 11), 3: (12, 14)}
_SOUTH = {0: (9, 11), 1: (12, 14), 2: (3, 5), 3: (6, 8)}
MONTHS_OF = (
    {21 + season: months for season, months in _NORTH.items()}
    | {25 + season: months for season, months in _NORTH.items()}
    | {29 + season: months for season, months in _SOUTH.items()}
    | {33 + quarter: (1 + 3 * quarter, 3 + 3 * quarter) for quarter in range(4)}
    | {37 + third: (1 + 4 * third, 4 + 4 * third) for third in range(3)}
    | {40: (1, 6), 41: (7, 12)}
)
_MONTHS = range(1, 13)
_CODE_OF = {f"Q{n}": f"{32 + n}" for n in range(1, 5)} | {"H1": "40", "H2": "41"}

_DATE = re.compile(
    r"([?~%]?)([0-9X]{4})([?~%]?)"
    r"(?:-([?~%]?)([0-9X]{2})([?~%]?)(?:-([?~%]?)([0-9X]{2})([?~%]?))?)?"
)
_NICKNAME = re.compile(r"([0-9]{4})-?(Q[1-4]|H[12])([?~%]?)")
_SIGNIFICANT = re.compile(r"([0-9]{4})S([1-4])")
_TIME_OF_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9:]+")
_BEYOND = re.compile(r"Y-?[0-9]+(E[0-9]+)?(S[0-9]+)?|-[0-9]{4}.*|0000.*")
_BLANKS = re.compile(r"\s*(/|,|\.\.|\[|\]|\{|\})\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days a date in EDTF allows, both inclusive; an open or unknown end is None.

    `approximate` says that `~` or `%` stands somewhere in it. It widens nothing, and
    neither does `?`, which doubts the source and leaves the date as sharp as written.
    """

    edtf: str
    earliest: date | None
    latest: date | None
    approximate: bool = False

    @classmethod
    def of_day(cls, day: date) -> "Span":
        """Span exactly one day."""
        return parse(date.isoformat(day))

    def __str__(self) -> str:
        return self.edtf


class _Fault(Exception):
    """What is wrong with a date, as the end of a sentence that begins with it."""


@lru_cache(maxsize=16_384)
def parse(text: str) -> Span:
    """Read EDTF of level 0 to 2, and `2026-Q3` and `2026-H2` for its 2026-35, 2026-41.

    Blanks around it and around separators are dropped, and `X`, `Q`, `H` may be small:
    `edtf` of the answer is the canonical text. Years run from 0001 to 9999.

    >>> parse("2026-Q3")  # doctest: +NORMALIZE_WHITESPACE
    Span(edtf='2026-35', earliest=datetime.date(2026, 7, 1),
         latest=datetime.date(2026, 9, 30), approximate=False)

    Raises Invalid, with the text and the mend in one sentence.
    """
    try:
        return _expression(_tidied(text))
    except _Fault as fault:
        raise Invalid(f"{quoted(text)} {fault}") from None


def quoted(text: str) -> str:
    """Show a text inside a sentence: on one line, short, harmless to a terminal."""
    line = " ".join(text.split())
    line = line if len(line) <= LONGEST else f"{line[:40]}..."
    return '"' + "".join(sign if sign.isprintable() else "?" for sign in line) + '"'


def _tidied(text: str) -> str:
    if len(text) > LONGEST:
        raise _Fault(f"is too long for a date; {LONGEST} characters are enough.")
    text = text.strip()
    if not text.isascii():
        raise _Fault(f"is not EDTF, which has plain digits and signs; {_MEND}")
    return _BLANKS.sub(r"\1", text).upper()


_MEND = "write 2026, 2026-07, 2026-Q3, 2026-07/2026-12, [2026,2027], ../2030 or 2026~."


def _expression(text: str) -> Span:
    if text[:1] + text[-1:] in ("[]", "{}"):
        return _choice(text)
    if "/" in text:
        return _interval(text)
    return _date(text)


def _interval(text: str) -> Span:
    start, end, *more = text.split("/")
    if more:
        raise _Fault("has more than two ends; an interval is written 2026/2027.")
    if {start, end} <= {"", ".."}:
        raise _Fault("names no date; write at least one end, such as ../2030.")
    first = None if start in ("", "..") else _date(start)
    last = None if end in ("", "..") else _date(end)
    return _stretch(first, last, text=f"{first or start}/{last or end}")


def _stretch(first: Span | None, last: Span | None, *, text: str) -> Span:
    earliest = first.earliest if first else None
    latest = last.latest if last else None
    if earliest and latest and latest < earliest:
        raise _Fault("ends before it begins; write the earlier date first.")
    approximate = any(end.approximate for end in (first, last) if end)
    return Span(edtf=text, earliest=earliest, latest=latest, approximate=approximate)


def _choice(text: str) -> Span:
    """Read one of a set, `[..]`, or all of one, `{..}`: the bounds are the same."""
    members = [_member(member) for member in text[1:-1].split(",")]
    begins = [member.earliest for member in members]
    ends = [member.latest for member in members]
    if None in begins[1:] or None in ends[:-1]:
        raise _Fault("is open in its middle; `..` opens the first or last member.")
    return Span(
        edtf=f"{text[0]}{','.join(member.edtf for member in members)}{text[-1]}",
        earliest=min((day for day in begins if day), default=None) if begins[0] else None,
        latest=max((day for day in ends if day), default=None) if ends[-1] else None,
        approximate=any(member.approximate for member in members),
    )


def _member(text: str) -> Span:
    start, dots, end = text.partition("..")
    if not dots:
        return _date(text)
    if not start and not end:
        raise _Fault("names no date; write at least one, such as [..2030].")
    first = _date(start) if start else None
    last = _date(end) if end else None
    return _stretch(first, last, text=f"{first or ''}..{last or ''}")


def _date(text: str) -> Span:
    if nickname := _NICKNAME.fullmatch(text):
        text = f"{nickname[1]}-{_CODE_OF[nickname[2]]}{nickname[3]}"
    found = _DATE.fullmatch(text)
    if not found or found[2] == "0000":
        return _unusual(text)
    before, year, _, _, month, _, _, day, _ = found.groups()
    if any(found[part] and found[part + 2] for part in (1, 4, 7)):
        raise _Fault("marks one part twice; write one of ?, ~ and %.")
    if before and not month:
        text = f"{year}{before}"
    first, last = _bounds(year, month, day)
    approximate = "~" in text or "%" in text
    return Span(edtf=text, earliest=first, latest=last, approximate=approximate)


def _unusual(text: str) -> Span:
    """Read 1950S2, a year good to two digits; say what else it is that is refused."""
    significant = _SIGNIFICANT.fullmatch(text)
    if significant and significant[1] != "0000":
        kept = significant[1][: int(significant[2])]
        first, last = _bounds(kept.ljust(4, "X"), None, None)
        return Span(edtf=text, earliest=first, latest=last)
    if timed := _TIME_OF_DAY.match(text):
        raise _Fault(f"carries a time of day; write the day alone, {timed[1]}.")
    if _BEYOND.fullmatch(text):
        raise _Fault("lies outside the years 0001 to 9999; write a year of four digits.")
    raise _Fault(f"is not EDTF; {_MEND}")


def _bounds(year: str, month: str | None, day: str | None) -> tuple[date, date]:
    if "X" in f"{year}{month}{day}":
        return _bounds_unspecified(year, month, day)
    if month is None:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    if int(month) in MONTHS_OF:
        if day:
            raise _Fault("has a day of a season; write a month from 01 to 12 with it.")
        return _bounds_of_months(int(year), *MONTHS_OF[int(month)])
    if int(month) not in _MONTHS:
        raise _Fault(
            "has no such month: write 01 to 12, 21 to 24 for a season, 33 to 36 for "
            "a quarter, 40 or 41 for a half."
        )
    if day is None:
        return _bounds_of_months(int(year), int(month), int(month))
    if not 1 <= int(day) <= days_in(int(year), int(month)):
        most = days_in(int(year), int(month))
        raise _Fault(f"has no such day: {year}-{month} runs from 01 to {most}.")
    return (only := date(int(year), int(month), int(day))), only


def _bounds_of_months(year: int, first: int, last: int) -> tuple[date, date]:
    end, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    if end > date.max.year:
        raise _Fault("lies outside the years 0001 to 9999; write an earlier year.")
    return date(year, first, 1), date(end, end_month, days_in(end, end_month))


def _bounds_unspecified(year: str, month: str | None, day: str | None) -> tuple[date, date]:
    """Find the first and the last real day with these digits, whatever each X is."""
    first = next(_days(year, month or "XX", day or "XX", "0123456789"), None)
    last = next(_days(year, month or "XX", day or "XX", "9876543210"), None)
    if first is None or last is None:
        raise _Fault("fits no day of any year; write 2026-XX or 2026-07-XX.")
    return first, last


def _days(year: str, month: str, day: str, digits: str) -> Iterator[date]:
    for y, m in product(_numbers(year, digits), list(_numbers(month, digits))):
        if y and m in _MONTHS:
            most = days_in(y, m)
            yield from (date(y, m, d) for d in _numbers(day, digits) if 0 < d <= most)


def _numbers(pattern: str, digits: str) -> Iterable[int]:
    choices = (digits if sign == "X" else sign for sign in pattern)
    return (int("".join(choice)) for choice in product(*choices))


def days_in(year: int, month: int) -> int:
    """Count the days of a month."""
    return monthrange(year, month)[1]
