"""What each address answers, as text: worked out in threads, never in the event loop."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Thread
from typing import TYPE_CHECKING, Final

from events.errors import EventsError
from forecasts.errors import ForecastError
from tracker import charts
from tracker.account import gather
from tracker.errors import no_programme
from tracker.estimator import estimate
from tracker.feeds import atom, json_feed, news, starts
from tracker.nothing import open_on
from tracker.page import overview, programme
from tracker.page.frame import csv
from tracker.page.place import PAGES, Place
from tracker.portfolio import survey

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from tracker.account import Account
    from tracker.course import Course
    from tracker.portfolio import Portfolio
    from tracker.serving.memory import Memory, Seen


SOON: Final = 0.6
"""Seconds for which a page waits for what moved the forecast; then it comes without."""


@dataclass(kw_only=True)
class Views:
    """The pages and feeds of one workspace; `today` and `now` are the clock.

    `told` is called when something is ready that a page has been sent without.
    """

    memory: Memory
    told: Callable[[], None] = lambda: None
    today: Callable[[], date]
    now: Callable[[], datetime]

    def place(self, seen: Seen) -> Place:
        """Where these pages stand."""
        return Place(live=True, today=self.today(), head=seen.head, cache=seen.knowledge.cache)

    def first(self, as_of: date, width: str = "") -> str:
        """The first page: every programme that is followed."""
        seen = self.memory.seen()
        return self.memory.kept(
            seen,
            ("first", as_of, width, self.today()),
            lambda: overview.page(
                self._survey(seen, as_of),
                replace(self.place(seen), width=width),
                days=self.days_of_all(seen),
            ),
        )

    def _survey(self, seen: Seen, as_of: date) -> Portfolio:
        return self.memory.kept(
            seen,
            ("survey", as_of),
            lambda: survey(seen.knowledge, seen.followed, as_of=as_of, issued=seen.issued),
        )

    def days_of_all(self, seen: Seen) -> list[tuple[date, int]]:
        """The days on which anything became known of what is followed, and today."""
        counted: dict[date, int] = {}
        for slug in seen.followed:
            for fact in seen.knowledge.histories.get(slug, ()):
                counted[fact.known_on] = counted.get(fact.known_on, 0) + 1
        counted.setdefault(self.today(), 0)
        return sorted(counted.items())

    def programme(
        self, slug: str, as_of: date, width: str = "", said: str | None = None
    ) -> str:
        """A programme's page; `said` is what was just done, and makes it a page of its own.

        `width` is that of the drawings, where the reader says that one is enough.
        """
        seen = self._seen(slug)
        key = self.key(slug, as_of, width)
        if said is None and self.memory.has(seen, key):
            return self.memory.kept(seen, key, str)
        moved = self._course(seen, slug, as_of)
        if said is not None or moved is None:
            return self._programme(seen, slug, as_of, width, said)
        return self.memory.kept(
            seen, key, lambda: self._programme(seen, slug, as_of, width, None)
        )

    def key(self, slug: str, as_of: date, width: str = "") -> tuple[object, ...]:
        """Under which a programme's page is kept."""
        return ("page", slug, as_of, width, self.today())

    def _programme(
        self, seen: Seen, slug: str, as_of: date, width: str, said: str | None
    ) -> str:
        days = dict(seen.days(slug, max(self.today(), as_of)))
        days.setdefault(as_of, 0)
        days.setdefault(self.today(), 0)
        account = self.account(seen, slug, as_of)
        ready = account.made is None or account.move is not None
        return programme.page(
            account,
            replace(self.place(seen), ready=ready, width=width),
            histories=seen.knowledge.histories,
            judged=seen.knowledge.judged,
            days=sorted(days.items()),
            said=said,
        )

    def account(self, seen: Seen, slug: str, as_of: date) -> Account:
        """A programme's account; its move where the course is known, which all days share."""
        told = self.memory.kept(
            seen,
            ("account", slug, as_of),
            lambda: gather(seen.knowledge, slug, as_of=as_of, issued=seen.issued, moved=False),
        )
        last = max(self.today(), as_of)
        if told.made is None or not self.memory.has(seen, ("course", slug, last)):
            return told
        return replace(told, move=self.memory.course(seen, slug, last).move(as_of))

    def _course(self, seen: Seen, slug: str, as_of: date) -> Course | None:
        """The course, if it is there soon; else it is made behind, and everybody is told."""
        last = max(self.today(), as_of)
        if self.memory.has(seen, ("course", slug, last)):
            return self.memory.course(seen, slug, last)
        if self.account(seen, slug, as_of).made is None:
            return None
        making = Thread(
            target=self._make_course,
            args=(seen, slug, last),
            name="tracker-course",
            daemon=True,
        )
        making.start()
        making.join(SOON)
        return None if making.is_alive() else self.memory.course(seen, slug, last)

    def _make_course(self, seen: Seen, slug: str, last: date) -> None:
        begun = time.monotonic()
        with suppress(EventsError, ForecastError):  # the page says so itself
            self.memory.course(seen, slug, last)
            if time.monotonic() - begun > SOON:
                self.told()

    def table(self, slug: str | None, name: str, as_of: date) -> str | None:
        """A picture's data as CSV; None where the page has no such picture."""
        if slug is None:
            pictures = charts.surveyed(self._survey(self.memory.seen(), as_of))
        else:
            seen = self._seen(slug)
            self._course(seen, slug, as_of)
            pictures = charts.pictures(self.account(seen, slug, as_of))
        found = next((one for one in pictures if one.name == name), None)
        return csv(found.columns, found.rows) if found else None

    def atom(self, base: str, token: str | None) -> bytes:
        """The moves as Atom; `base` is our own address.

        Like every feed it raises `Unknown` while nothing is followed that is open.
        """
        own = f"{base}/feed.atom" + (f"?token={token}" if token else "")
        return atom.atom(self._channel(), page=lambda item: self._page(base, item), own=own)

    def json_feed(self, base: str, token: str | None) -> bytes:
        """The moves as JSON Feed."""
        own = f"{base}/feed.json" + (f"?token={token}" if token else "")
        return json_feed.json_feed(
            self._channel(), page=lambda item: self._page(base, item), own=own
        )

    def starts(self) -> bytes:
        """The expected starts as a calendar, as of today."""
        seen, today = self.memory.seen(), self.today()

        def told() -> bytes:
            opened = open_on(seen.knowledge.histories, seen.followed, today)
            return starts.calendar(
                seen.knowledge, estimate(seen.knowledge, opened, as_of=today)
            )

        return self.memory.kept(seen, ("starts", today), told)

    def _channel(self) -> news.Channel:
        seen = self.memory.seen()

        def told() -> news.Channel:
            open_on(seen.knowledge.histories, seen.followed, self.today())
            with self.memory.place.ledger() as ledger:
                return news.channel(ledger, seen.knowledge, seen.followed, now=self.now())

        return self.memory.kept(seen, ("channel",), told)

    @staticmethod
    def _page(base: str, item: news.News) -> str:
        return f"{base}{PAGES}/{item.programme}?as_of={item.as_of}"

    def _seen(self, slug: str) -> Seen:
        """A reading that has a programme: where the last one has not, a new one may."""
        seen = self.memory.seen()
        if slug not in seen.knowledge.histories:
            seen = self.memory.look()
        if slug not in seen.knowledge.histories:
            raise no_programme(slug, seen.knowledge.histories)
        return seen
