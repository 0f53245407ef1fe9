"""The desk where events are entered from a page, with the checks of the command line.

What is sent is read and read back; nothing is recorded before it is confirmed. Every form has
a number of its own, signed by this process: a page elsewhere cannot make one up, and the same
form sent twice is recorded once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field, fields
from threading import Lock
from typing import TYPE_CHECKING, Final

from events.errors import EventsError, Invalid
from forecasts.errors import ForecastError
from tracker import wording
from tracker.entering import decided, enter, odd
from tracker.errors import TrackerError
from tracker.living import moved_by
from tracker.needs import complete
from tracker.tables import harmless
from tracker.wishes import Reading, Statement, Wish, readings, spoken_of, to_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from events.entries import Entry
    from events.lines import Line
    from tracker.workspace import Workspace

REMEMBERED: Final = 200
"""Forms whose answer is kept, for those who send one again."""

OPTION: Final = re.compile(r"--([a-z-]+)")
NAMES: Final = ("programme", "type", *(part.name for part in fields(Statement)))
"""What a form may send."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A form as it was sent: its values by name, and what is wrong with them."""

    values: Mapping[str, str]
    refusal: str | None = None
    readings: tuple[Reading, ...] = ()

    @property
    def faulty(self) -> str | None:
        """The field that the refusal names."""
        if self.refusal is None:
            return None
        if self.refusal.startswith(("PROGRAMME", "TYPE")):
            return self.refusal.split(":")[0].split()[0].lower()
        found = OPTION.match(self.refusal)
        return found[1].replace("-", "_") if found else None


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was recorded, and what is said of it."""

    programme: str
    event: str
    said: str


@dataclass(kw_only=True)
class Desk:
    """One desk a server; recordings go one after the other."""

    place: Workspace
    today: Callable[[], date]
    now: Callable[[], datetime]
    _secret: bytes = field(init=False, default_factory=lambda: secrets.token_bytes(32))
    _done: OrderedDict[str, Done] = field(init=False, default_factory=OrderedDict)
    _one: Lock = field(init=False, default_factory=Lock)

    def number(self) -> str:
        """A new form's number, signed."""
        made = secrets.token_urlsafe(16)
        return f"{made}.{self._signed(made)}"

    def ours(self, number: str) -> bool:
        """Whether this process gave the form out."""
        made, _, signature = number.partition(".")
        return hmac.compare_digest(signature.encode(), self._signed(made).encode())

    def done(self, number: str) -> Done | None:
        """What became of a form that was sent before."""
        return self._done.get(number)

    def read(self, values: Mapping[str, str]) -> Filled:
        """A form looked at: refused, or how its dates are read; nothing is recorded."""
        try:
            wish, line = self._line(values)
            with self.place.ledger() as ledger:
                decided(ledger, line, today=self.today())
        except (EventsError, TrackerError) as error:
            return Filled(values=values, refusal=_sentence(error))
        return Filled(values=values, readings=tuple(readings(wish, line)))

    def record(self, number: str, values: Mapping[str, str]) -> Done | Filled:
        """Record what was confirmed, once for each number."""
        with self._one:
            if number in self._done:
                return self._done[number]
            try:
                _, line = self._line(values)
                with self.place.ledger() as ledger:
                    entry = enter(ledger, line, today=self.today(), now=self.now())
            except (EventsError, TrackerError) as error:
                return Filled(values=values, refusal=_sentence(error))
            said = [*_recorded(entry), *odd(self.place, entry), *self._moved(entry)]
            done = Done(
                programme=entry.fact.programme,
                event=entry.fact.id,
                said=harmless(" ".join(said)),
            )
            self._done[number] = done
            while len(self._done) > REMEMBERED:
                self._done.popitem(last=False)
            return done

    def _line(self, values: Mapping[str, str]) -> tuple[Wish, Line]:
        for name, typed in (("programme", "PROGRAMME"), ("type", "TYPE"), ("when", "--when")):
            if not values.get(name):
                raise Invalid(f"{typed}: it is missing.")
        given = {part.name: values.get(part.name) or None for part in fields(Statement)}
        wish = Wish(**given)  # type: ignore[arg-type] # a statement's fields are all texts
        line = to_line(wish, values["programme"], values["type"], today=self.today())
        complete(wish, values["type"])
        return wish, line

    def _moved(self, entry: Entry) -> list[str]:
        """What became of the forecasts, in the words of `tracker record`."""
        try:
            moved = moved_by(self.place, entry, as_of=self.today(), now=self.now())
        except (EventsError, ForecastError, TrackerError) as error:
            return [str(error)]
        return [f"{' '.join(line.split())}." for line in moved]

    def _signed(self, made: str) -> str:
        return hmac.new(self._secret, made.encode(), hashlib.sha256).hexdigest()


def _recorded(entry: Entry) -> list[str]:
    fact = entry.fact
    what = f"{fact.type.replace('-', ' ')}, {wording.span(fact.occurred)}"
    return [f"Recorded: {what} ({fact.id[:8]})."]


def _sentence(error: Exception) -> str:
    """The sentence of the command line, with the option's name for the journal's key."""
    spoken = spoken_of(error) if isinstance(error, Invalid) else error
    return harmless(str(spoken))
