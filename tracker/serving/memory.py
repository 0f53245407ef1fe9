"""What is known, read once; what was made of it, kept until the ledger moves.

A page depends on three things: how far the ledger has come, whose page it is, and the as-of
day. What was made is kept by these, and thrown away with the position. Every method may be
called from any thread.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, Final, TypeVar

from events import facts
from tracker.bearing import bearing_on
from tracker.course import course
from tracker.estimator import Knowledge

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import date

    from events.entries import Entry
    from tracker.course import Course
    from tracker.workspace import Workspace

Made = TypeVar("Made")

KEPT: Final = 400
"""Things made that are kept at once; a page is some hundred kilobytes."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One reading of the ledger: what happened, what was said, who is followed."""

    head: int
    knowledge: Knowledge
    issued: tuple[Entry, ...]
    followed: frozenset[str]

    @classmethod
    def of(cls, place: Workspace) -> Seen:
        """What the ledger of a workspace holds now."""
        with place.ledger() as ledger:
            head = ledger.head()
            return cls(
                head=head,
                knowledge=Knowledge.of(ledger, place),
                issued=tuple(ledger.issued()),
                followed=place.followed(),
            )

    def days(self, slug: str, until: date) -> list[tuple[date, int]]:
        """The days on which something that bears on a programme became known, with how much.

        The first is that of its opening; none where it is not open yet.
        """
        bearing = bearing_on(slug, self.knowledge.opened)
        opened = self.opened_on(slug)
        counted: dict[date, int] = {}
        for each in bearing:
            for fact in self.knowledge.histories.get(each, ()):
                if opened and opened <= fact.known_on <= until:
                    counted[fact.known_on] = counted.get(fact.known_on, 0) + 1
        return sorted(counted.items())

    def titles(self) -> list[tuple[str, str]]:
        """The followed programmes and what they are called, by name."""
        opened = self.knowledge.opened
        named = [(slug, opened[slug].title) for slug in self.followed if slug in opened]
        return sorted(named, key=lambda one: one[1].casefold())

    def opened_on(self, slug: str) -> date | None:
        """The day on which a programme's opening became known."""
        told = self.knowledge.histories.get(slug, ())
        return next(
            (fact.known_on for fact in told if isinstance(fact, facts.ProgrammeOpened)), None
        )


@dataclass(kw_only=True)
class Memory:
    """The last reading and what was made of it; each thing is made by one thread only."""

    place: Workspace
    _seen: Seen | None = field(init=False, default=None)
    _made: OrderedDict[Hashable, Any] = field(init=False, default_factory=OrderedDict)
    _making: dict[Hashable, Lock] = field(init=False, default_factory=dict)
    _courses: dict[str, Course] = field(init=False, default_factory=dict)
    _guard: RLock = field(init=False, default_factory=RLock)

    def seen(self) -> Seen:
        """The last reading; the first one is made here."""
        with self._guard:
            if self._seen is None:
                self._seen = Seen.of(self.place)
            return self._seen

    def look(self) -> Seen:
        """Read the ledger again; what was made of an earlier state of it is forgotten."""
        fresh = Seen.of(self.place)
        with self._guard:
            before = self._seen
            self._seen = fresh
            if before is None or (before.head, before.followed) != (fresh.head, fresh.followed):
                self._made.clear()
                self._making.clear()
            return fresh

    def kept(self, seen: Seen, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made under a key from a reading, or make it now."""
        whole = (seen.head, seen.followed, key)
        with self._guard:
            if whole in self._made:
                self._made.move_to_end(whole)
                made: Made = self._made[whole]
                return made
            lock = self._making.setdefault(whole, Lock())
        with lock:
            with self._guard:
                if whole in self._made:
                    return self._made[whole]  # type: ignore[no-any-return] # another thread made it
            made = make()
            self._keep(whole, made)
        return made

    def has(self, seen: Seen, key: Hashable) -> bool:
        """Whether it would be answered at once."""
        with self._guard:
            return (seen.head, seen.followed, key) in self._made

    def course(self, seen: Seen, slug: str, until: date) -> Course:
        """How the forecast of a programme went; made once for all days, and gone on with."""

        def made() -> Course:
            new = course(seen.knowledge, slug, until, earlier=self._courses.get(slug))
            self._courses[slug] = new
            return new

        return self.kept(seen, ("course", slug, until), made)

    def _keep(self, whole: Hashable, made: object) -> None:
        with self._guard:
            self._made[whole] = made
            self._making.pop(whole, None)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
