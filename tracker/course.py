"""How a forecast went from the opening on: made again at each step once, told of any day.

`tracker.explaining.why` makes all steps up to a day. A step sees only what was known by its
own day, so those up to an earlier day are the first of them, and what becomes known later
changes none of them: a page that moves from day to day, and one that goes on after an event
was recorded, need no more than one course.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from events.issued import ForecastIssued, Kind
from forecasts import belief
from forecasts.explain import Move, Step, horizon, split
from tracker.bearing import bearing_on
from tracker.estimator import MODEL
from tracker.explaining import at_opening, news_of, on_day, opening_by, scene
from tracker.keeping import digest, kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from tracker.estimator import Knowledge


KEPT: Final = 4
"""Courses of a programme that the cache keeps."""

FORM: Final = 2
"""Of what is kept: from 2 on a course begins with the opening alone."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """The first forecast and every step up to the last day on which something became known."""

    knowledge: Knowledge
    slug: str
    first: ForecastIssued
    steps: tuple[Step, ...]

    def move(self, until: date) -> Move:
        """The move from the opening to a day, exactly as `why` tells it.

        The day is one from the opening on; what is known after the course is not in it.
        """
        end = bisect_right(self.steps, until, key=_day)
        steps = list(self.steps[:end])
        said = steps[-1].made if steps else self.first
        if until > said.as_of:
            seen = scene(self.knowledge, self.slug, said.as_of)
            steps += on_day(seen, self.slug, said, until, ())[1]
        last = steps[-1].made if steps else self.first
        by = horizon(last)
        return split(self.first, steps, by=by, year=by.year)


def course(
    knowledge: Knowledge, slug: str, until: date, *, earlier: Course | None = None
) -> Course:
    """Everything that moved a programme's forecast up to a day.

    What holds of an `earlier` course, made when the ledger held less, is taken from it; else
    from the cache. Raises `Unknown` where the programme was not open by the day.
    """
    opening_by(knowledge, slug, until)
    kept_steps = _still(earlier, knowledge) if earlier and earlier.slug == slug else None
    if kept_steps is not None and earlier is not None:
        return _from(knowledge, slug, until, earlier.first, kept_steps)

    def made() -> bytes:
        new = _from(knowledge, slug, until, None, ())
        return msgspec.json.encode(_Plain.of(new))

    name = f"course-{slug}-{_key(knowledge, slug, until)}.json"
    stored = kept(knowledge.cache, name, made)
    _sweep(knowledge.cache, slug)
    return msgspec.json.decode(stored, type=_Plain).course(knowledge, slug)


def _sweep(cache: Path | None, slug: str) -> None:
    """Leave the newest few courses of a programme: each is half a megabyte, and outlived."""
    named = cache.glob(f"course-{slug}-{'[0-9a-f]' * 16}.json") if cache else ()
    with suppress(OSError):  # another process sweeps as well
        for file in sorted(named, key=lambda one: one.stat().st_mtime)[:-KEPT]:
            file.unlink()


def _from(
    knowledge: Knowledge,
    slug: str,
    until: date,
    first: ForecastIssued | None,
    before: Sequence[Step],
) -> Course:
    """Go on from some steps, or from the opening."""
    steps = list(before)
    if first is None:
        opening = opening_by(knowledge, slug, until)
        seen, news = at_opening(knowledge, slug, opening)
        first = seen.say(slug, opening.known_on)
        steps = on_day(seen, slug, first, first.as_of, news)[1]
    said = steps[-1].made if steps else first
    seen = scene(knowledge, slug, said.as_of)
    for day, news in news_of(knowledge, seen, said.as_of, until):
        if news:  # the last day needs no step of its own
            seen, brought = on_day(seen, slug, said, day, news)
            steps += brought
            said = steps[-1].made
    return Course(knowledge=knowledge, slug=slug, first=first, steps=tuple(steps))


def _still(earlier: Course, knowledge: Knowledge) -> tuple[Step, ...] | None:
    """The steps that the ledger's new facts leave as they were; None where none may stay.

    A new opening may change which programmes bear; a new fact changes what was seen from its
    day on.
    """
    before, slug = earlier.knowledge, earlier.slug
    bearing = [bearing_on(slug, one.opened) for one in (before, knowledge)]
    same = (before.judgement, before.cache) == (knowledge.judgement, knowledge.cache)
    new = [
        fact.known_on
        for history in knowledge.histories.values()
        for fact in history
        if fact.id not in before.positions
    ]
    lost = before.positions.keys() - knowledge.positions.keys()
    if bearing[0] != bearing[1] or not same or lost:
        return None
    first = min(new, default=None)
    if first is None:
        return earlier.steps
    if first <= earlier.first.as_of:
        return None
    return earlier.steps[: bisect_left(earlier.steps, first, key=_day)]


def _day(step: Step) -> date:
    return step.made.as_of


def _key(knowledge: Knowledge, slug: str, until: date) -> str:
    """The hash of everything that a course is made from."""
    seen = [
        [fact for fact in history if fact.known_on <= until]
        for _, history in sorted(knowledge.histories.items())
    ]
    return digest([FORM, MODEL, belief.text(), knowledge.judgement, slug, seen])


class _PlainStep(msgspec.Struct, frozen=True):
    """A step as the cache keeps it."""

    kind: Kind
    made: ForecastIssued
    fact: str | None


class _Plain(msgspec.Struct, frozen=True):
    """A course as the cache keeps it; facts are in the ledger."""

    first: ForecastIssued
    steps: list[_PlainStep]

    @classmethod
    def of(cls, course: Course) -> _Plain:
        """Without what the ledger has."""
        return cls(
            first=course.first,
            steps=[
                _PlainStep(one.kind, one.made, one.fact.id if one.fact else None)
                for one in course.steps
            ],
        )

    def course(self, knowledge: Knowledge, slug: str) -> Course:
        """With the facts again."""
        facts = {fact.id: fact for history in knowledge.histories.values() for fact in history}
        steps = (
            Step(kind=one.kind, made=one.made, fact=facts[one.fact] if one.fact else None)
            for one in self.steps
        )
        return Course(knowledge=knowledge, slug=slug, first=self.first, steps=tuple(steps))
