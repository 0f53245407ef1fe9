"""Steps through a phrase, token by token, and through the amounts in it."""

from collections.abc import Iterator

from events.lexicon import Meaning
from events.relative import Amount

Steps = Iterator[int]


class Walk:
    """The places of one phrase, given what its tokens mean in one language.

    Every step yields all the places it can lead to, with what it found on the way.
    """

    def __init__(self, meanings: list[list[Meaning]]) -> None:
        self.meanings = meanings

    def take(self, kind: str, at: int) -> Iterator[tuple[int | str, int]]:
        """Take one form in a role, passing over articles and commas before it."""
        for role, end in self.meanings[at] if at < len(self.meanings) else ():
            if role.kind == kind:
                yield role.value, end
            if role.kind == "the" or (role.kind == "article" and kind != "year"):
                yield from self.take(kind, end)

    def directly(self, kind: str, at: int) -> Iterator[tuple[int | str, int]]:
        """Take one form in a role, with no article before it."""
        for role, end in self.meanings[at] if at < len(self.meanings) else ():
            if role.kind == kind:
                yield role.value, end

    def after(self, at: int, *kinds: str) -> Steps:
        """Pass over one token in each of these roles, in this order."""
        if not kinds:
            yield at
            return
        for _, place in self.take(kinds[0], at):
            yield from self.after(place, *kinds[1:])

    def perhaps(self, at: int, *kinds: str) -> Steps:
        """Pass over at most one token in any of these roles."""
        yield at
        for kind in kinds:
            yield from self.after(at, kind)

    def number(self, kind: str, at: int) -> Iterator[tuple[int, int]]:
        """Take a token in a role whose value is a number."""
        for value, place in self.take(kind, at):
            yield int(value), place

    def amount(self, at: int) -> Iterator[tuple[Amount, int]]:
        """Read "two years", "two to three years", "a few weeks"."""
        for (low, high), place in self.counts(at):
            yield from self.amount_of(low, high, place)

    def amount_of(self, low: int, high: int, at: int) -> Iterator[tuple[Amount, int]]:
        """Read the unit of a count, which agrees with it: one year, two years."""
        for unit, end in self.take("unit" if high == 1 else "units", at):
            yield Amount(low, high, str(unit)), end

    def sided(self, kind: str, at: int) -> Iterator[tuple[Amount, int]]:
        """Read an amount with a word such as "next" before, inside or behind it."""
        for start in self.after(at, kind):
            yield from self.amount(start)
        for begin in self.perhaps(at, "the"):
            for (low, high), place in self.counts(begin):
                for start in self.after(place, kind):
                    yield from self.amount_of(low, high, start)
            for amount, place in self.amount(begin):
                yield from ((amount, end) for end in self.after(place, kind))

    def counts(self, at: int) -> Iterator[tuple[tuple[int, int], int]]:
        """Read "two", "two to three", "2-3"; a few are none.

        No article stands before it: "dans les deux ans" is not "dans deux ans".
        """
        for low, place in self.directly("count", at):
            yield (int(low), int(low)), place
            for kind in ("to", "or", "dash"):
                for start in self.after(place, kind):
                    for high, end in self.number("count", start):
                        if int(low) < high:
                            yield (int(low), high), end
        for numbers, end in self.directly("counts", at):
            fewest, most = (int(number) for number in str(numbers).split("-"))
            if fewest < most:
                yield (fewest, most), end
        for _, end in self.directly("few", at):
            yield (0, 0), end
