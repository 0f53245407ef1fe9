"""News: a forecast that was issued and lies further than a threshold from the one before."""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from events.corrections import effective
from forecasts.explain import chance, horizon
from tracker import wording
from tracker.bearing import openings
from tracker.causes import LEAST, caption, small

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from events.entries import Entry
    from events.issued import ForecastIssued
    from events.ledger import Ledger
    from tracker.estimator import Knowledge

THRESHOLD: Final = 50_000
"""Millionths from which on a move is news: five percentage points, as in `tracker watch`."""

NEWEST: Final = 100
"""Items of a feed; its readers keep the older ones."""

CAUSES: Final = 12
"""Parts of a move that an item names; `why` has all."""

OURS: Final = UUID("5b0e5f0c-5e0c-5f57-9d3c-0c6c2b3a7a11")
"""The name space of our ids."""


@dataclass(frozen=True, kw_only=True)
class News:
    """One move: millionths of P(start by `by`) before and after, and what moved it.

    Everything in it comes from what the ledger held when the forecast was issued, so an item
    never changes once it was published.
    """

    id: str
    programme: str
    title: str
    as_of: date
    issued_at: datetime
    hindcast: bool
    by: date
    before: int
    after: int
    causes: tuple[str, ...]

    @property
    def headline(self) -> str:
        """The move in one line."""
        behind = f", as of {wording.day(self.as_of)} (hindcast)" if self.hindcast else ""
        return (
            f"{self.title}: P(start by {wording.day(self.by)}) "
            f"{wording.percent(self.before)} → {wording.percent(self.after)}{behind}"
        )

    @property
    def story(self) -> list[str]:
        """The chance in words, and each part of the move."""
        return [f"That is: {wording.likelihood(self.after)}.", *self.causes]


@dataclass(frozen=True, kw_only=True)
class Channel:
    """The news of a workspace, newest first; `id` is the same wherever its ledger lies."""

    id: str
    updated: datetime
    news: tuple[News, ...]


def channel(
    ledger: Ledger,
    knowledge: Knowledge,
    followed: frozenset[str],
    *,
    threshold: int = THRESHOLD,
    now: datetime,
) -> Channel:
    """The newest moves of followed programmes beyond a threshold in millionths.

    `now` is only said of a ledger in which nothing was ever forecast.
    """
    mark = f"{ledger.mark(1):x}"
    issued = [entry for entry in ledger.issued() if entry.forecast.programme in followed]
    found = [
        _told(mark, knowledge, before, entry)
        for before, entry in _moved(issued, threshold)[-NEWEST:]
    ]
    return Channel(
        id=uuid5(OURS, mark).urn,
        updated=max((entry.recorded_at for entry in issued), default=now),
        news=tuple(reversed(found)),
    )


def _moved(issued: Iterable[Entry], threshold: int) -> list[tuple[Entry, Entry]]:
    """Each issued forecast that moved, with the one that spoke of the last day before its own.

    Of what is issued later nothing is seen, so that what was news stays news.
    """
    said: dict[str, list[tuple[date, int, Entry]]] = {}
    found = []
    for entry in issued:
        made = entry.forecast
        earlier = said.setdefault(made.programme, [])
        place = bisect_right(earlier, (made.as_of, entry.position), key=lambda one: one[:2])
        if place:
            before = earlier[place - 1][2]
            by = horizon(made)
            if abs(chance(made, by) - chance(before.forecast, by)) >= threshold:
                found.append((before, entry))
        insort(earlier, (made.as_of, entry.position, entry), key=lambda one: one[:2])
    return found


def _told(mark: str, knowledge: Knowledge, before: Entry, entry: Entry) -> News:
    made = entry.forecast
    by = horizon(made)
    seen = knowledge.until(entry.position)
    return News(
        id=uuid5(OURS, f"{mark} {entry.position}").urn,
        programme=made.programme,
        title=_title(seen, made),
        as_of=made.as_of,
        issued_at=entry.recorded_at,
        hindcast=entry.recorded_at.date() > made.as_of,
        by=by,
        before=chance(before.forecast, by),
        after=chance(made, by),
        causes=tuple(_causes(seen, made)),
    )


def _title(seen: Knowledge, made: ForecastIssued) -> str:
    opened = openings({made.programme: effective(seen.histories[made.programme])})
    return opened[made.programme].title if opened else made.programme


def _causes(seen: Knowledge, made: ForecastIssued) -> Iterator[str]:
    """The parts of the move that was issued, the largest first, small ones summed up."""
    parts = sorted(
        (part for part in (made.move.parts if made.move else ()) if part.delta),
        key=lambda part: -abs(part.delta),
    )
    large = [part for part in parts if abs(part.delta) >= LEAST]
    named = {part.event for part in large[:CAUSES]}
    facts = (fact for history in seen.histories.values() for fact in history)
    told = {fact.id: fact for fact in facts if fact.id in named}
    for part in large[:CAUSES]:
        fact = told[part.event] if part.event else None
        words = caption(part.kind, fact, slug=made.programme, judged=part.judged)
        yield f"{wording.points(part.delta)} points, {part.day}: {words}"
    if further := [part.delta for part in large[CAUSES:]]:
        yield f"{wording.points(sum(further))} points: {len(further)} more, each smaller"
    if rest := [part.delta for part in parts[len(large) :]]:
        yield f"{wording.points(sum(rest))} points: {small(len(rest))}"
