"""How words for times stand together, whatever the language.

Every rule yields each way to read the phrase from one place on, as a meaning and the
place after it. Only what accounts for every word will count. A meaning is worked out
later, against the day of publication.
"""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Literal

from events import meanings, relative, stretches
from events.meanings import Time, Year
from events.relative import Loose
from events.walk import Walk

Times = Iterator[tuple[Time, int]]

# The EDTF code before the first, and how many there are in a year.
_ORDINAL_CODES = {"quarter": (32, 4), "half": (39, 2), "third": (36, 3)}
_LIKE_A_YEAR = range(24, 30)
_WINTER = 24
_LAST_MONTH = 12


def nth(ordinal: int, unit: str) -> Loose | None:
    """Give the n-th quarter or half of a year, or the n-th month "of 2026"."""
    base, most = _ORDINAL_CODES.get(unit, (0, 0))
    if 1 <= ordinal <= most:
        return Loose(make=partial(meanings.code, base + ordinal), kind="period")
    if unit == "month" and 1 <= ordinal <= _LAST_MONTH:
        return Loose(make=partial(meanings.month, ordinal), kind="dated")
    return None


class Grammar(Walk):
    """The rules for times in one phrase."""

    def time(self, at: int) -> Times:
        """Read a time: "mid-2026", "the third quarter", "last Thursday", "in two years"."""
        for start in self.perhaps(at, "in"):
            yield from self._time(start)
        for place in self.after(at, "around"):
            for time, end in self.time(place):
                yield partial(meanings.around, time), end

    def _time(self, at: int) -> Times:
        return chain(
            self._year(at),
            self._in_figures(at),
            self._of_a_year(at),
            self._part(at),
            self._half(at),
            self._day(at),
            self._week(at),
            self._decade(at),
            self._unit(at),
            self._neighbour(at),
            self._distance(at),
        )

    # Years

    def _year(self, at: int) -> Times:
        for year, end in self.year(at):
            yield partial(meanings.year_of, year), end

    def year(self, at: int) -> Iterator[tuple[Year, int]]:
        """Read a year: "2026", "the year 2026", "next year", "the year after next"."""
        for start in self.perhaps(at, "yearword"):
            for number, place in chain(
                self.number("year", start), self.number("shortyear", start)
            ):
                for end in self.perhaps(place, "yearword"):
                    yield partial(meanings.fixed, number), end
        for offset, end in self._shifted("year", at):
            yield partial(meanings.years_away, offset), end
        for offset, end in self.number("yearoffset", at):
            yield partial(meanings.years_away, offset), end

    def _the_year(self, at: int) -> Iterator[tuple[Year, int]]:
        """Read "the year", which is the year of publication inside a longer phrase."""
        yield from self.year(at)
        for unit, end in self.take("unit", at):
            if unit == "year":
                yield partial(meanings.years_away, 0), end

    def _shifted(self, unit: str, at: int) -> Iterator[tuple[int, int]]:
        """Read "this", "next" or "last" before or behind a unit, as 0, 1 or -1."""
        offsets = {"this": 0, "next": 1, "coming": 1, "last": -1}
        if unit not in _ORDINAL_CODES:  # the last quarter may be the fourth
            offsets["lately"] = -1
        for kind, offset in offsets.items():
            for place in self.after(at, kind):
                for said, end in self.take("unit", place):
                    if said == unit:
                        yield offset, end
        for said, place in self.take("unit", at):
            for kind, offset in (*offsets.items(), ("lastbehind", -1)):
                if said == unit:
                    yield from ((offset, end) for end in self.after(place, kind))

    # What comes once a year

    def _of_a_year(self, at: int) -> Times:
        for loose, place in self._yearly(at):
            yield from self.perhaps_of_a_year(loose, place)
        for year, place in self.year(at):
            for loose, end in self._yearly(place):
                yield partial(meanings.in_year, loose, year), end
        yield from self._winter(at)
        yield from self._first_months(at)

    def perhaps_of_a_year(self, loose: Loose, at: int) -> Times:
        """Read on after what comes once a year: "of 2026", "next year" or nothing."""
        yield partial(meanings.as_is, loose), at
        for start in self.perhaps(at, "of", "in", "dash", "slash"):
            for year, end in self._the_year(start):
                yield partial(meanings.in_year, loose, year), end

    def _yearly(self, at: int) -> Iterator[tuple[Loose, int]]:
        for month, end in self.number("month", at):
            yield Loose(make=partial(meanings.month, month), kind="month"), end
        for code, end in self.number("season", at):
            yield Loose(make=partial(meanings.code, code), kind="month"), end
        yield from self._period(at)

    def _period(self, at: int) -> Iterator[tuple[Loose, int]]:
        for code, end in self.number("code", at):
            yield Loose(make=partial(meanings.code, code), kind="period"), end
        for ordinal, place in self.number("ordinal", at):
            yield from self._counted(ordinal, place, "month", *_ORDINAL_CODES)
        # "3 kwartał" counts like "third": behind "three", the unit would be plural.
        for number, place in self.number("dayno", at):
            yield from self._counted(number, place, *_ORDINAL_CODES)
        for place in self.after(at, "final"):
            for unit, end in self.take("unit", place):
                if unit in _ORDINAL_CODES:
                    code = sum(_ORDINAL_CODES[str(unit)])
                    yield Loose(make=partial(meanings.code, code), kind="dated"), end

    def _counted(self, ordinal: int, at: int, *units: str) -> Iterator[tuple[Loose, int]]:
        for unit, end in self.take("unit", at):
            if unit in units and (loose := nth(ordinal, str(unit))):
                yield loose, end

    def _winter(self, at: int) -> Times:
        """Read "winter 2026/27"."""
        for code, place in self.number("season", at):
            for text, end in self.take("edtf", place):
                first, slash, last = str(text).partition("/")
                if slash and code == _WINTER and int(last) == int(first) + 1:
                    yield partial(meanings.as_is, stretches.of_code(int(first), _WINTER)), end

    def _first_months(self, at: int) -> Times:
        """Read "the first nine months of 2026" and "the last two quarters of the year"."""
        for kind, side in (("firstmany", 1), ("lastmany", -1)):
            for amount, place in self.sided(kind, at):
                for then in self.perhaps(place, "of", "in"):
                    for year, end in self._the_year(then):
                        yield partial(meanings.side_of_year, side, amount, year), end

    # Parts

    def _part(self, at: int) -> Times:
        for part, place in self.take("part", at):
            yield from self.part_of(str(part), place)

    def part_of(self, part: str, at: int) -> Times:
        """Read what follows "early" or "the end": "of 2026", "June", "the decade"."""
        for start in self.perhaps(at, "of", "dash"):
            for time, end in self._whole(start):
                yield partial(meanings.part, part, time), end
            for unit, end in self.take("unit", start):
                yield partial(meanings.part_of_unit, part, str(unit)), end

    def _whole(self, at: int) -> Times:
        return chain(self._year(at), self._of_a_year(at), self._decade(at), self._unit(at))

    def _half(self, at: int) -> Times:
        """Read "the second half of June" and "the first half of the 2030s"."""
        for half, place in self.number("ordinal", at):
            for unit, then in self.take("unit", place):
                if unit in ("half", "fortnight"):
                    for start in self.perhaps(then, "of"):
                        for time, end in self._whole(start):
                            yield partial(meanings.half, half, time), end

    # Days, weeks, decades

    def _day(self, at: int) -> Times:
        yield from self._dated_day(at)
        for weekday, place in self.number("weekday", at):
            for time, end in self._dated_day(place):
                yield partial(meanings.on_weekday, weekday, time), end
        for offset, end in self.number("day", at):
            yield partial(meanings.day_away, offset), end

    def _dated_day(self, at: int) -> Times:
        for loose, place in self._day_and_month(at):
            yield partial(meanings.as_is, loose), place
            for start in self.perhaps(place, "of"):
                for year, end in self.year(start):
                    yield partial(meanings.in_year, loose, year), end

    def _day_and_month(self, at: int) -> Iterator[tuple[Loose, int]]:
        for day, place in self.number("dayno", at):
            for start in self.perhaps(place, "of"):
                for month, end in self.number("month", start):
                    yield Loose(make=partial(meanings.date_of, month, day), kind="part"), end
        for month, place in self.number("monthfirst", at):
            for day, end in self.number("dayno", place):
                # "June 26" may be 2026 to its writer, "June 26th" and "June 12" not.
                plain = any(role.kind == "count" for role, _ in self.meanings[end - 1])
                unsure = plain and day in _LIKE_A_YEAR
                kind: Literal["dated", "part"] = "dated" if unsure else "part"
                yield Loose(make=partial(meanings.date_of, month, day), kind=kind), end

    def _week(self, at: int) -> Times:
        ordinals = list(self.number("ordinal", at))
        ordinals += [(0, end) for end in self.after(at, "final")]
        for ordinal, place in ordinals:
            for unit, then in self.take("unit", place):
                for start in self.perhaps(then, "of", "in") if unit == "week" else ():
                    for time, end in chain(self._of_a_year(start), self._unit(start)):
                        yield partial(meanings.week_of, ordinal, time), end
        for place in self.after(at, "weekno"):
            for week, then in self.number("count", place):
                for start in self.perhaps(then, "of", "slash"):
                    for year, end in self.year(start):
                        yield partial(meanings.week_number, week, year), end

    def _decade(self, at: int) -> Times:
        for year, place in self.number("decade", at):
            for end in self.perhaps(place, "yearsword"):
                yield partial(meanings.as_is, stretches.of_decade(year)), end
        for place in self.after(at, "yearsword"):
            for year, end in self.number("year", place):
                if year % 10 == 0:
                    yield partial(meanings.as_is, stretches.of_decade(year)), end

    # Against the day of publication

    def whole_of_now(self, at: int) -> Times:
        """Read "this year" and "the year", behind "later" or "earlier"."""
        for unit, end in self.take("unit", at):
            yield partial(meanings.unit_away, str(unit), 0), end
            yield from (
                (partial(meanings.unit_away, str(unit), 0), behind)
                for behind in self.after(end, "this")
            )
        for place in self.after(at, "this"):
            for unit, end in self.take("unit", place):
                yield partial(meanings.unit_away, str(unit), 0), end

    def _unit(self, at: int) -> Times:
        for unit in ("half", "quarter", "month", "week", "decade"):
            for offset, end in self._shifted(unit, at):
                yield partial(meanings.unit_away, unit, offset), end

    def _neighbour(self, at: int) -> Times:
        """Read "last Thursday", "this summer", "next June", in either order."""
        kinds = ("this", "next", "coming", "last", "lately")
        for kind in kinds:
            for place in self.after(at, kind):
                for named, end in self._named(place):
                    yield partial(meanings.chosen, kind, named), end
        for named, place in self._named(at):
            for kind in (*kinds, "lastbehind"):
                for end in self.after(place, kind):
                    yield partial(meanings.chosen, kind, named), end

    def _named(self, at: int) -> Iterator[tuple[Loose | int, int]]:
        yield from self.number("weekday", at)
        yield from ((loose, end) for loose, end in self._yearly(at) if loose.kind == "month")

    def _distance(self, at: int) -> Times:
        """Read "in two years" and "two years ago"."""
        for kind, direction in (("ahead", 1), ("since", -1)):
            for place in self.after(at, kind):
                for amount, end in self.amount(place):
                    yield partial(relative.away, amount, direction), end
        for amount, place in self.amount(at):
            for kind, direction in (("hence", 1), ("ago", -1)):
                for end in self.after(place, kind):
                    yield partial(relative.away, amount, direction), end

    def _in_figures(self, at: int) -> Times:
        for start in self.perhaps(at, "yearspan"):
            for text, end in self.take("edtf", start):
                yield partial(meanings.as_is, stretches.of_edtf(str(text))), end
