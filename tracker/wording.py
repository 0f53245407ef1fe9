"""Dates and numbers as people say them, read back from what is stored."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import TYPE_CHECKING, Final

from events import edtf
from events.issued import MILLION

if TYPE_CHECKING:
    from datetime import date

MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
MONTH: Final = re.compile(rf"\b({'|'.join(MONTHS)})\b")
PERCENT: Final = 10_000
TENTH_OF_PERCENT: Final = 1_000


def counted(number: int, one: str, many: str) -> str:
    """So many of something: `1 event`, `1,234 events`."""
    return f"{number:,} {one if number == 1 else many}"


def day(value: date) -> str:
    """14 May 2024."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def brief(value: date) -> str:
    """14 Sep 2024, where there is little room."""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def shortened(words: str) -> str:
    """The same with months of three letters: October to December is Oct to Dec."""
    return MONTH.sub(lambda found: found[0][:3], words)


def span(text: str) -> str:
    """EDTF in words: `[2026,2027]` is 2026 or 2027, `../2030-12` by December 2030."""
    read = edtf.parse(text)
    about = "about " if read.approximate else ""
    inner = text.strip("[]{}")
    if "," in inner and ".." not in inner:
        return about + " or ".join(span(part.strip()) for part in inner.split(","))
    if read.earliest is None and read.latest is None:
        return "some time"
    if read.earliest is None:
        return f"by {about}{_last(read.latest)}"
    if read.latest is None:
        return f"from {about}{_first(read.earliest)}"
    return about + between(read.earliest, read.latest)


def start_stated(text: str) -> str:
    """The stated window: `start stated for 2026 or 2027`, `start stated from July 2026`."""
    said = span(text)
    to = "" if said.startswith(("from ", "by ")) else "for "
    return f"start stated {to}{said}"


def between(earliest: date, latest: date) -> str:
    """The shortest words for the days from one to another, both included."""
    if earliest == latest:
        return day(earliest)
    whole = earliest.day == 1 and latest.day == monthrange(latest.year, latest.month)[1]
    if not whole:
        return f"{day(earliest)} to {day(latest)}"
    first, last = (earliest.year, earliest.month), (latest.year, latest.month)
    if first == last:
        return f"{MONTHS[earliest.month - 1]} {earliest.year}"
    if first[1] == 1 and last[1] == len(MONTHS):
        return f"{first[0]}" if first[0] == last[0] else f"{first[0]} to {last[0]}"
    year = f" {first[0]}" if first[0] != last[0] else ""
    return f"{MONTHS[first[1] - 1]}{year} to {MONTHS[last[1] - 1]} {last[0]}"


def _first(value: date) -> str:
    if (value.month, value.day) == (1, 1):
        return str(value.year)
    return f"{MONTHS[value.month - 1]} {value.year}" if value.day == 1 else day(value)


def _last(value: date | None) -> str:
    if value is None:
        return "some time"
    if value.day != monthrange(value.year, value.month)[1]:
        return day(value)
    return f"{MONTHS[value.month - 1]} {value.year}"


def percent(millionths: int) -> str:
    """A probability: whole per cent, tenths below one, never a false 0 or 100."""
    if 0 < millionths < TENTH_OF_PERCENT:
        return "<0.1 %"
    if 0 < millionths < PERCENT:
        return f"{millionths / PERCENT:.1f} %"
    if MILLION - PERCENT / 2 <= millionths < MILLION:
        return ">99 %"
    return f"{millionths / PERCENT:.0f} %"


def points(millionths: int) -> str:
    """A move in percentage points with its sign; 0.0 has none."""
    said = f"{millionths / PERCENT:+.1f}"
    return "0.0" if said in {"+0.0", "-0.0"} else said


CAUSES: Final = {
    "time": "time went by",
    "others": "what became of other programmes",
    "model": "another version of the model",
    "several": "many events at once",
    "event": "events",
}
"""What moved a forecast where no event is named, by the kind of the part."""

LIKELIHOODS: Final = (
    (50_000, "almost no chance"),
    (200_000, "very unlikely"),
    (450_000, "unlikely"),
    (550_000, "roughly even chance"),
    (800_000, "likely"),
    (950_000, "very likely"),
    (MILLION, "almost certain"),
)
"""Words for probabilities: Intelligence Community Directive 203, section D.6.e.2(a)."""


def likelihood(millionths: int) -> str:
    """The probability in words of ICD 203."""
    return next(words for bound, words in LIKELIHOODS if millionths <= bound)


def month(value: date | None) -> str:
    """October 2027; nothing for none."""
    return f"{MONTHS[value.month - 1]} {value.year}" if value else ""


def median(day: date | None, started: str | None) -> str:
    """A median month where it has not started; else the start: `started October 2020`."""
    return f"started {span(started)}" if started else month(day)


def has_started(started: str | None, halt: str | None) -> str:
    """The sentence on what has started, and on what lies over it now."""
    since = f" ({span(started)})" if started else ""
    now = f" It is {halt} now." if halt else ""
    return f"Production has started{since}.{now}"
