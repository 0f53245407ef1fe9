"""What a phrase claims of its times: from, by, not before, between, one or the other.

The whole phrase must be accounted for: words that may lead in, then one claim.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain

from events import assertions
from events.grammar import Grammar, Times, nth
from events.meanings import Time
from events.relative import Amount, Publication
from events.walk import Steps

Claim = Callable[[Publication], str]
Claims = Iterator[tuple[Claim, int]]
Pair = tuple[Time, Time]

_RANGE = ("to", "dash", "slash")
_DIRECTIONS = {"nextmany": 1, "lastmany": -1}


class Phrase(Grammar):
    """The rules for a whole phrase."""

    def claims(self) -> Iterator[Claim]:
        """Give every reading that accounts for every word."""
        for start in self._led_in(0):
            for claim, end in self._claim(start):
                if end == len(self.meanings):
                    yield claim

    def _led_in(self, at: int) -> Steps:
        yield at
        for place in self.after(at, "lead"):
            yield from self._led_in(place)

    def _claim(self, at: int) -> Claims:
        yield from self._one_or_more(at)
        yield from self._open_ended(at)
        yield from self._deadline(at)
        yield from self._excluded(at)
        yield from self._range(at)
        yield from self._distances(at)
        # "Already from 2026" is from 2026: another claim takes the word's own away.
        for start in self.after(at, "asearly"):
            yield from self._open_ended(start)
            yield from self._deadline(start)
            yield from self._range(start)

    # One time, or one of several

    def _one_or_more(self, at: int) -> Claims:
        for times, end in self._choice(at):
            yield partial(assertions.one_of, times), end
        for start in self.perhaps(at, "in"):
            for pair, end in self._twins("or", start):
                yield partial(assertions.one_of, list(pair)), end
        for start in self.after(at, "asearly"):
            for times, end in self._choice(start):
                yield partial(assertions.as_early_as, times), end

    def _choice(self, at: int) -> Iterator[tuple[list[Time], int]]:
        for time, place in self.time(at):
            yield [time], place
            for others, end in self._others(place):
                yield [time, *others], end

    def _others(self, at: int) -> Iterator[tuple[list[Time], int]]:
        for start in self.after(at, "or"):
            for time, end in self.time(start):
                yield [time], end
        for start in chain(self.after(at, "comma"), self.after(at, "or")):
            for time, place in self.time(start):
                for others, end in self._others(place):
                    yield [time, *others], end

    # Open on one side

    def _open_ended(self, at: int) -> Claims:
        for start in self.after(at, "from"):
            for times, place in self._choice(start):
                for end in self.perhaps(place, "onward"):
                    yield partial(assertions.starting, times), end
        for start in self.after(at, "fromto"):
            for time, place in self.time(start):
                for end in self.after(place, "onward"):
                    yield partial(assertions.not_before, [time]), end
        for times, end in self._marked(at, ("notbefore", "earliest"), ("earliest",)):
            yield partial(assertions.not_before, times), end
        for time, place in self.time(at):
            for end in chain(self.after(place, "onward"), self.after(place, "orlater")):
                yield partial(assertions.not_before, [time]), end

    def _deadline(self, at: int) -> Claims:
        for start in self._due(at):
            for times, end in self._choice(start):
                yield partial(assertions.by, times), end
        for start in self.perhaps(at, "by"):
            for time, place in self.time(start):
                for end in chain(self.after(place, "latest"), self.after(place, "orearlier")):
                    yield partial(assertions.by, [time]), end
        yield from self._fallen_back(at)
        yield from self._floor_and_ceiling(at)
        for times, end in self._marked(at, ("until",), ()):
            yield partial(assertions.until, times), end

    def _fallen_back(self, at: int) -> Claims:
        """Read "by year-end or, at the latest, early 2027" and "2026, at the latest 2027"."""
        for time, place in self.time(at):
            for later, end in self._at_the_latest(place):
                yield partial(assertions.between, (time, later)), end
        for start in self.after(at, "by"):
            for time, place in self.time(start):
                for later, end in self._at_the_latest(place):
                    yield partial(assertions.by_or_by, time, later), end

    def _floor_and_ceiling(self, at: int) -> Claims:
        """Read "not before 2027 and no later than 2029", in words or at either end."""
        for floor, place in self._at_the_earliest(at):
            for then in self.perhaps(place, "and"):
                for start in self._due(then):
                    for ceiling, end in self.time(start):
                        yield partial(assertions.between, (floor, ceiling)), end
                for ceiling, end in self._at_the_latest(then):
                    yield partial(assertions.between, (floor, ceiling)), end

    def _at_the_earliest(self, at: int) -> Times:
        for start in chain(self.after(at, "notbefore"), self.after(at, "earliest")):
            yield from self.time(start)
        for time, place in self.time(at):
            yield from ((time, end) for end in self.after(place, "earliest"))

    def _due(self, at: int) -> Steps:
        """Read "by", "at the latest" or both, in either order."""
        yield from self.after(at, "by")
        yield from self.after(at, "by", "latest")
        for place in self.after(at, "latest"):
            yield from self.perhaps(place, "by")

    def _at_the_latest(self, at: int) -> Times:
        for turn in self.perhaps(at, "or"):
            for place in self.after(turn, "latest"):
                for start in self.perhaps(place, "by"):
                    yield from self.time(start)
            for start in self.perhaps(turn, "by"):
                for time, place in self.time(start):
                    yield from ((time, end) for end in self.after(place, "latest"))

    def _marked(
        self, at: int, before: tuple[str, ...], behind: tuple[str, ...]
    ) -> Iterator[tuple[list[Time], int]]:
        """Read times with a word before or behind them."""
        for kind in before:
            for start in self.after(at, kind):
                yield from self._choice(start)
        for kind in behind:
            for times, place in self._choice(at):
                yield from ((times, end) for end in self.after(place, kind))

    def _excluded(self, at: int) -> Claims:
        for start in self.after(at, "before"):
            for time, end in self.time(start):
                yield partial(assertions.before, time), end
        for start in self.after(at, "after"):
            for time, end in self.time(start):
                yield partial(assertions.after, time), end

    # From one to another

    def _range(self, at: int) -> Claims:
        for start in self.after(at, "between"):
            yield from self._bounded(start, "and")
            for time, end in self.time(start):
                yield partial(assertions.whole, time), end
        for start in chain(self.after(at, "from"), self.after(at, "fromto")):
            for connector in (*_RANGE, "until"):
                yield from self._bounded(start, connector)
        for connector in _RANGE:
            yield from self._bounded(at, connector)
        for begin in self.perhaps(at, "in"):
            for start in self.after(begin, "yearspan"):
                for connector in (*_RANGE, "and"):
                    yield from self._bounded(start, connector)
        yield from self._turn(at)

    def _turn(self, at: int) -> Claims:
        """Read "the turn of the year" or of two neighbours: 2026 and 2027, "2026/27"."""
        for begin in self.perhaps(at, "in", "around"):
            for end in self.after(begin, "yearturn"):
                yield assertions.turn_of_the_year, end
            for place in self.after(begin, "turn"):
                for start in self.perhaps(place, "of", "in"):
                    for pair, end in self._pair(start, "and"):
                        yield partial(assertions.turn, pair), end
                    for years, end in self.take("edtf", start):
                        yield partial(assertions.turn_of_years, str(years)), end

    def _bounded(self, at: int, connector: str) -> Claims:
        for pair, end in self._pair(at, connector):
            yield partial(assertions.between, pair), end

    def _pair(self, at: int, connector: str) -> Iterator[tuple[Pair, int]]:
        for first, place in self.time(at):
            for start in self.after(place, connector):
                yield from (((first, last), end) for last, end in self.time(start))
        for start in self.perhaps(at, "in"):
            yield from self._twins(connector, start)

    def _twins(self, connector: str, at: int) -> Iterator[tuple[Pair, int]]:
        """Read two times that share their end: "second or third quarter of 2026"."""
        for part, place in self.take("part", at):
            for start in self.after(place, connector):
                for other, then in self.take("part", start):
                    yield from _together(
                        self.part_of(str(part), then), self.part_of(str(other), then)
                    )
        for ordinal, place in self.number("ordinal", at):
            for start in self.after(place, connector):
                yield from self._nth_twins(ordinal, start)

    def _nth_twins(self, ordinal: int, at: int) -> Iterator[tuple[Pair, int]]:
        for other, place in self.number("ordinal", at):
            for unit, end in self.take("unit", place):
                first, last = nth(ordinal, str(unit)), nth(other, str(unit))
                if first and last:
                    yield from _together(
                        self.perhaps_of_a_year(first, end), self.perhaps_of_a_year(last, end)
                    )

    # So long from now

    def _distances(self, at: int) -> Claims:
        for amount, direction, end in self._windows(at):
            yield partial(assertions.within, amount, direction), end
        for kind in ("later", "earlier"):
            for start in self.after(at, kind):
                for then in self.perhaps(start, "in", "of"):
                    for whole, end in self.whole_of_now(then):
                        yield partial(assertions.part_of_now, kind, whole), end

    def _windows(self, at: int) -> Iterator[tuple[Amount, int, int]]:
        """Read "within two years", "the next six months", "the past two years"."""
        for start in self.after(at, "within"):
            for amount, end in self.amount(start):
                yield amount, 1, end
            for kind in ("next", "coming"):
                for place in self.after(start, kind):
                    yield from (
                        (Amount(1, 1, str(unit)), 1, end)
                        for unit, end in self.take("unit", place)
                    )
        for amount, end in self.amount(at):
            if not amount.high:
                yield amount, 1, end
        for start in self.perhaps(at, "in", "within", "ahead"):
            for kind, direction in _DIRECTIONS.items():
                for amount, end in self.sided(kind, start):
                    yield amount, direction, end


def _together(firsts: Times, lasts: Times) -> Iterator[tuple[Pair, int]]:
    """Pair two readings of the same words, which end alike."""
    for (first, end), (last, _) in zip(firsts, lasts, strict=True):
        yield (first, last), end
