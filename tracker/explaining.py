"""Why a forecast moved: it is made again after each event that bears on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events import facts
from events.errors import Unknown
from forecasts.explain import Move, Step, horizon, split
from tracker.bearing import bearing_on, openings
from tracker.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from events.facts import Fact
    from events.issued import ForecastIssued
    from tracker.estimator import Knowledge


def scene(knowledge: Knowledge, slug: str, day: date) -> Scene:
    """Everything that was known on a day; raises `Unknown` where the programme was not open."""
    opened = openings(knowledge.histories)
    if slug not in knowledge.known(day):
        raise Unknown(f"{slug} was not open yet on {day}.")
    return Scene.on(knowledge, frozenset(bearing_on(slug, opened)), day)


def why(
    knowledge: Knowledge, slug: str, *, since: date, until: date, by: date | None = None
) -> Move:
    """The move of a programme's forecast from one day to another, event by event.

    Where it was opened after `since`, the move begins on the day it was opened, with the
    opening. Raises `Unknown` where it was not open by `until`.
    """
    opened = _opened_on(knowledge, slug, until)
    seen = scene(knowledge, slug, max(since, opened))
    first = seen.say(slug, max(since, opened))
    steps = list(_steps(seen, slug, first, until))
    last = steps[-1].made if steps else first
    day = by or horizon(last)
    return split(first, steps, by=day, year=day.year)


def whatif(
    knowledge: Knowledge,
    slug: str,
    *,
    supposed: Iterable[Fact],
    without: Iterable[Fact],
    on: date,
    by: date | None = None,
) -> Move:
    """The move had these facts happened, and those not; nothing is recorded."""
    seen = scene(knowledge, slug, on)
    first = seen.say(slug, on)
    steps = []
    for fact in without:
        seen = seen.without(fact)
        steps.append(Step(kind="event", made=seen.say(slug, on), fact=fact, taken_away=True))
    for fact in supposed:
        seen = seen.with_(fact)
        steps.append(Step(kind="event", made=seen.say(slug, on), fact=fact))
    day = by or horizon(first)
    return split(first, steps, by=day, year=day.year)


def _opened_on(knowledge: Knowledge, slug: str, until: date) -> date:
    for fact in knowledge.known(until).get(slug, ()):
        if isinstance(fact, facts.ProgrammeOpened):
            return fact.known_on
    raise Unknown(f"{slug} was not open yet on {until}.")


def _steps(seen: Scene, slug: str, said: ForecastIssued, until: date) -> Iterator[Step]:
    """Days that go by, what became of others, and each event that bears, in the order known."""
    for day, news in _news(seen, said.as_of, until):
        if day > said.as_of:
            said = seen.say(slug, day)
            yield Step(kind="time", made=said)
            later = seen.learning(day)
            if later.lore.to_json() != seen.lore.to_json():
                said = later.say(slug, day)
                yield Step(kind="others", made=said)
            seen = later
        for fact in news:
            seen = seen.with_(fact)
            said = seen.say(slug, day)
            yield Step(kind="event", made=said, fact=fact)


def _news(seen: Scene, since: date, until: date) -> Iterator[tuple[date, list[Fact]]]:
    """The days on which something that bears became known, and the last day."""
    told: dict[date, list[Fact]] = {}
    order = seen.knowledge.positions
    for slug in seen.told:
        for fact in seen.knowledge.histories.get(slug, ()):
            if since < fact.known_on <= until:
                told.setdefault(fact.known_on, []).append(fact)
    told.setdefault(until, [])
    for day in sorted(told):
        yield day, sorted(told[day], key=lambda fact: order.get(fact.id, 0))
