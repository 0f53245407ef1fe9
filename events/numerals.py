"""Tokens with a figure in them, and what each can mean in any language."""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from events.edtf import MONTHS_OF, YEARS

MONTHS = range(1, 13)
DAYS = range(1, 32)


class Role(NamedTuple):
    """One thing a token can mean: `month` 6, `part` early, `edtf` 2026-35."""

    kind: str
    value: int | str = 0


Roles = tuple[Role, ...]

_CODES = {f"{letter}{n}": 32 + n for letter in "qt" for n in range(1, 5)} | {
    f"{letter}{n}": 39 + n for letter in "hs" for n in (1, 2)
}


def meanings(token: str) -> Roles:
    """Give every meaning of a token, none when it has no place in a date.

    A `doubt` is the end of a sentence that says why the token is refused.
    """
    if token.isalpha():
        return ()
    for shape, mean in _MEANING_OF.items():
        if found := re.fullmatch(shape, token):
            return mean(*found.groups())
    return ()


def _doubt(reason: str) -> Roles:
    return (Role("doubt", reason),)


def _real_day(year: str, month: str, day: str) -> Roles:
    try:
        return (Role("edtf", date(int(year), int(month), int(day)).isoformat()),)
    except ValueError:
        return _doubt("names no day of the calendar; write one as 2026-04-25.")


def _day_and_month(a: str, b: str, year: str) -> Roles:
    if int(a) in MONTHS and int(b) in MONTHS and int(a) != int(b):
        first, second = (f"{year}-{int(m):02}-{int(d):02}" for m, d in ((b, a), (a, b)))
        return _doubt(f"is ambiguous: write {first} or {second}.")
    return _real_day(year, b, a) if int(b) in MONTHS else _real_day(year, a, b)


def _day_of_a_short_year(*_: str) -> Roles:
    return _doubt("leaves the year or the order open; write the day as 2026-04-25.")


def _code(code: str) -> Roles:
    code = "".join(sorted(code, reverse=True))
    return (Role("code", _CODES[code]),) if code in _CODES else ()


def _code_and_year(code: str, year: str) -> Roles:
    return tuple(Role("edtf", f"{year:0>4}-{role.value}") for role in _code(code))


def _code_and_short_year(code: str, year: str) -> Roles:
    return _code_and_year(code, f"20{year}")


def _year_and_code(year: str, code: str) -> Roles:
    return _code_and_year(code, year)


def _year_and_more(year: str, sign: str, more: str) -> Roles:
    """Tell 2026-07, a month, from 2026-27 and 2026/27, two years."""
    later = int(f"{year[:2]}{more}")
    month, years = int(more) in MONTHS, later > int(year)
    if month and (sign == "-" or not years):
        return (Role("edtf", f"{year}-{more}"),)
    if years and not month and not is_doubtful_code(year, more):
        return (Role("edtf", f"{year}/{later}"),)
    if years:
        return _doubt(f"is ambiguous: write {year}/{later} for the years, or name the month.")
    return (Role("edtf", f"{year}-{more}"),) if int(more) in MONTHS_OF else ()


def is_doubtful_code(year: str, code: str) -> bool:
    """Say whether a quarter or half in EDTF, such as 2026-35, may be two years as well."""
    return int(code) in range(33, 42) and int(code) > int(year[2:]) + 1


def _years(first: str, last: str) -> Roles:
    if int(last) <= int(first):
        return _doubt("ends before it begins; write the earlier year first.")
    return (Role("edtf", f"{first}/{last}"),) if {int(first), int(last)} <= {*YEARS} else ()


def _year_and_digit(year: str, month: str) -> Roles:
    if int(month) > int(year[3]):
        return _doubt("is ambiguous: write 2026-07 for a month, 2026/2027 for years.")
    return _month_of(month, year) if int(month) else ()


def _month_of(month: str, year: str) -> Roles:
    return (Role("edtf", f"{year}-{int(month):02}"),) if int(month) in MONTHS else ()


def _decade(year: str) -> Roles:
    known = int(year) in YEARS and int(year) % 10 == 0
    return (Role("decade", int(year)),) if known else ()


def _ordinal(number: str) -> Roles:
    day = (Role("dayno", int(number)),) if int(number) in DAYS else ()
    return (Role("ordinal", int(number)), *day)


def _short_year(year: str) -> Roles:
    return (Role("shortyear", int(f"20{year}")),)


def _year(year: str) -> Roles:
    return (Role("year", int(year)),) if int(year) in YEARS else ()


def _number(number: str) -> Roles:
    day = (Role("dayno", int(number)),) if int(number) in DAYS else ()
    return day if number.startswith("0") else (*day, Role("count", int(number)))


def _few_numbers(numbers: str) -> Roles:
    return (Role("counts", numbers),)


_MEANING_OF: dict[str, Callable[..., Roles]] = {
    r"([0-9]{4})[./-]([0-9]{1,2})[./-]([0-9]{1,2})": _real_day,
    r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})": _day_and_month,
    r"[0-9]+[./-][0-9]+[./-][0-9]+": _day_of_a_short_year,
    r"([0-9]{4})[/-]?([qhst][1-4])": _year_and_code,
    r"([qhst][1-4]|[1-4][qhst])[/'-]?(20[0-9]{2})": _code_and_year,
    r"([qhst][1-4])[/'-]([0-9]{2})": _code_and_short_year,
    r"([1-4][qhst])[/'-]?([0-9]{2})": _code_and_short_year,
    r"([qhst][1-4]|[1-4][qhst])": _code,
    r"([0-9]{4})([/-])([0-9]{2})": _year_and_more,
    r"([0-9]{4})[/-]([0-9])": _year_and_digit,
    r"([0-9]{4})[/-]([0-9]{4})": _years,
    r"([0-9]{1,2})[./-]([0-9]{4})": _month_of,
    r"([0-9]{4})(?:'?s|-?er)": _decade,
    # English, Italian, French and Spanish endings; a dot in German and Polish
    r"([0-9]{1,2})(?:st|nd|rd|th|o|a|er|ere|e|eme|ro|do|to|\.)": _ordinal,
    r"'([0-9]{2})": _short_year,
    r"([0-9]{4})": _year,
    r"([0-9]{1,3})": _number,
    r"([1-9][0-9]?-[1-9][0-9]?)": _few_numbers,
}
FIGURES = "|".join(
    # An ordinal's dot needs a word after it: a dot may as well end a sentence.
    re.sub(r"\((?!\?)", "(?:", shape).replace(r"to|\.", r"to|\.(?=\s*[a-z])")
    for shape in _MEANING_OF
)
