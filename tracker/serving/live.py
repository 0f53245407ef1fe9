"""Two threads behind the pages: one sees what others record, one works ahead while nobody asks.

Each answer that a reader may want next is worked out before it is asked for: the days beside
the one that was shown last, nearest first. It stops between two of them as soon as somebody
asks.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from events.errors import EventsError
from events.pulse import Pulse, pulse_of
from forecasts.errors import ForecastError
from tracker.errors import TrackerError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from datetime import date

    from tracker.serving.views import Views

BEAT: Final = 0.2
"""Seconds between two looks at the ledger."""

IDLE: Final = 0.4
"""Seconds without a question after which is worked ahead."""

AROUND: Final = 12
"""Days on each side of the one shown that are worked out ahead."""

BREATH: Final = 15.0
"""Seconds after which a silent stream says that it is there."""


@dataclass(kw_only=True)
class Live:
    """The threads, and the streams that hear of news."""

    views: Views
    pulse: Pulse = field(init=False)
    asked: float = field(init=False, default=0.0)
    shown: tuple[str, date] | None = field(init=False, default=None)
    width: str = field(init=False, default="")
    _ended: Event = field(init=False, default_factory=Event)
    _listeners: set[asyncio.Queue[int | None]] = field(init=False, default_factory=set)
    _loop: asyncio.AbstractEventLoop | None = field(init=False, default=None)
    _warmed: set[object] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        """Find the ledger's pulse; tell the streams of what a page was sent without."""
        self.views.told = self.tell
        self.pulse = pulse_of(self.views.memory.place.ledger_place)

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the threads; they end with the process."""
        self._loop = loop
        Thread(target=self._watch, name="tracker-watch", daemon=True).start()
        Thread(target=self._ahead, name="tracker-ahead", daemon=True).start()

    def end(self) -> None:
        """End the threads after what they are at, and every stream at once."""
        self._ended.set()
        self._tell(None)

    def tell(self) -> None:
        """Tell every stream where the ledger is."""
        self._tell(self.views.memory.seen().head)

    def question(
        self, slug: str | None = None, as_of: date | None = None, width: str = ""
    ) -> None:
        """Somebody asks: working ahead waits, and goes on from there."""
        self.asked = time.monotonic()
        if slug and as_of:
            self.shown, self.width = (slug, as_of), width

    async def heads(self) -> AsyncIterator[int | None]:
        """The ledger's last position each time that it moves; None as a sign of life."""
        heard: asyncio.Queue[int | None] = asyncio.Queue()
        self._listeners.add(heard)
        try:
            yield self.views.memory.seen().head
            while not self._ended.is_set():
                try:
                    head = await asyncio.wait_for(heard.get(), BREATH)
                except TimeoutError:
                    yield None
                    continue
                if head is None:
                    return
                yield head
        finally:
            self._listeners.discard(heard)

    def _watch(self) -> None:
        while not self._ended.wait(BEAT):
            with suppress(EventsError, TrackerError, OSError):  # the next look may do
                self._look()
        self.pulse.close()

    def _ahead(self) -> None:
        while not self._ended.wait(BEAT):
            with suppress(EventsError, ForecastError, TrackerError, OSError):  # likewise
                if time.monotonic() - self.asked > IDLE:
                    self._work_ahead()

    def _tell(self, head: int | None) -> None:
        if self._loop is None or self._loop.is_closed():
            return
        for heard in list(self._listeners):
            self._loop.call_soon_threadsafe(heard.put_nowait, head)

    def _work_ahead(self) -> None:
        """One page after the other, until somebody asks or the ledger moves."""
        self.views.first(self.views.today())
        for slug, as_of in self._wanted():
            seen = self.views.memory.seen()
            key = seen.head, slug, as_of, self.width
            page = self.views.key(slug, as_of, self.width)
            if key in self._warmed or self.views.memory.has(seen, page):
                continue
            self._warmed.add(key)
            begun = time.monotonic()
            with suppress(EventsError, ForecastError):
                self.views.programme(slug, as_of, self.width)
            moved = self.views.memory.seen() is not seen
            if self.asked > begun or moved or self._ended.is_set():
                return

    def _look(self) -> None:
        """Where the ledger has moved, or other programmes are followed, all are told."""
        memory = self.views.memory
        if self.pulse.changed() or memory.place.followed() != memory.seen().followed:
            self._warmed.clear()
            self._tell(memory.look().head)

    def _wanted(self) -> Iterator[tuple[str, date]]:
        """The days around the one shown, then today's page of each programme followed."""
        seen, today = self.views.memory.seen(), self.views.today()
        if self.shown:
            slug, as_of = self.shown
            days = [day for day, _ in seen.days(slug, today)]
            for day in sorted(days, key=lambda day: abs((day - as_of).days))[: 2 * AROUND]:
                yield slug, day
        for slug in sorted(seen.followed & seen.knowledge.histories.keys()):
            yield slug, today
