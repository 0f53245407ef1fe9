"""Why a forecast moved: it is made again after each event that bears on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from events.errors import Invalid
from events.programme import opening_of
from forecasts.distribution import StartDistribution
from forecasts.explain import Move, Step, horizon, split
from tracker.bearing import bearing_on
from tracker.errors import not_open
from tracker.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from events import facts
    from events.facts import Fact
    from events.issued import ForecastIssued
    from tracker.estimator import Knowledge


MANY: Final = 200
"""News of one move beyond which they are not told apart: each takes a few milliseconds."""


def scene(knowledge: Knowledge, slug: str, day: date) -> Scene:
    """Everything that was known on a day; raises `Unknown` where the programme was not open."""
    if slug not in knowledge.known(day):
        raise not_open(slug, day)
    return Scene.on(knowledge, frozenset(bearing_on(slug, knowledge.opened)), day)


def why(
    knowledge: Knowledge, slug: str, *, since: date, until: date, by: date | None = None
) -> Move:
    """The move of a programme's forecast from one day to another, event by event.

    It begins at the end of `since`. Where the programme was not open yet by then, it begins
    with the opening alone, before what else became known on that day. Raises `Unknown` where it
    was not open by `until`, `Invalid` where that is before `since` or the first forecast
    does not reach `by`.
    """
    opening = opening_by(knowledge, slug, until)
    if since > until:
        raise Invalid(f"--since: {since} is later than {until}, the last day told of.")
    if since < opening.known_on:
        seen, news = at_opening(knowledge, slug, opening)
    else:
        seen, news = scene(knowledge, slug, since), []
    first = seen.say(slug, max(since, opening.known_on))
    _within_reach(first, by)
    seen, steps = on_day(seen, slug, first, first.as_of, news)
    steps += _steps(seen, slug, first, until)
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
    """The move had these facts happened, and those not; nothing is recorded.

    Raises `Invalid` where the forecast does not reach `by`.
    """
    seen = scene(knowledge, slug, on)
    first = seen.say(slug, on)
    _within_reach(first, by)
    steps = []
    for fact in without:
        seen = seen.without(fact)
        steps.append(Step(kind="event", made=seen.say(slug, on), fact=fact, taken_away=True))
    for fact in supposed:
        seen = seen.with_(fact)
        steps.append(Step(kind="event", made=seen.say(slug, on), fact=fact))
    day = by or horizon(first)
    return split(first, steps, by=day, year=day.year)


def _within_reach(first: ForecastIssued, by: date | None) -> None:
    last = StartDistribution(as_of=first.as_of, cumulative=first.start).dates[-1]
    if by and not first.as_of <= by <= last:
        raise Invalid(
            f"--by: nothing is said of {by} as of {first.as_of}, when this begins. "
            f"Name a day from then to {last}."
        )


def between(knowledge: Knowledge, before: ForecastIssued, after: ForecastIssued) -> Move:
    """The move from one issued forecast to a later one, made of this knowledge.

    What was recorded since but known by then comes first, event by event; then as in `why`.
    """
    slug, day = after.programme, horizon(after)
    seen = scene(knowledge.until(before.cutoff), slug, before.as_of)
    late = _late(knowledge, seen, before)
    news = [
        fact for _, told in news_of(knowledge, seen, before.as_of, after.as_of) for fact in told
    ]
    if len(late) + len(news) > MANY:
        steps = [Step(kind="several", made=after)]
    else:
        steps = list(_between(knowledge, seen, late, before, after))
    if not steps or not steps[-1].made.same_numbers(after):
        steps.append(Step(kind="others", made=after))
    return split(before, steps, by=day, year=day.year)


def _between(
    knowledge: Knowledge,
    seen: Scene,
    late: Iterable[Fact],
    before: ForecastIssued,
    after: ForecastIssued,
) -> Iterator[Step]:
    """Another model, what came late, what was learned of others, then the days since."""
    slug, said = after.programme, before
    if (before.model, before.judged) != (after.model, after.judged):
        said = seen.say(slug, before.as_of)
        yield Step(kind="model", made=said)
    for fact in late:
        seen = seen.with_(fact)
        said = seen.say(slug, before.as_of)
        yield Step(kind="event", made=said, fact=fact)
    seen = replace(seen, knowledge=knowledge)
    yield from _steps(seen, slug, said, after.as_of)


def _late(knowledge: Knowledge, seen: Scene, before: ForecastIssued) -> list[Fact]:
    """Facts that bear, were known by the day of a forecast, and recorded since."""
    order = knowledge.positions
    facts_since = (
        fact
        for slug in seen.told
        for fact in knowledge.histories.get(slug, ())
        if fact.known_on <= before.as_of and order[fact.id] > before.cutoff
    )
    return sorted(facts_since, key=lambda fact: order[fact.id])


def opening_by(knowledge: Knowledge, slug: str, until: date) -> facts.ProgrammeOpened:
    """The opening of a programme; raises `Unknown` where it became known later."""
    opening = opening_of(knowledge.known(until).get(slug, ()))
    if opening is None:
        raise not_open(slug, until)
    return opening


def at_opening(
    knowledge: Knowledge, slug: str, opening: facts.ProgrammeOpened
) -> tuple[Scene, list[Fact]]:
    """What was seen when a programme was opened, and what followed on the same day."""
    seen, order = scene(knowledge, slug, opening.known_on), knowledge.positions
    behind = order.get(opening.id, 0)
    news = [
        fact
        for told in seen.told.values()
        for fact in told
        if fact.known_on == opening.known_on and order.get(fact.id, 0) > behind
    ]
    news.sort(key=lambda fact: order.get(fact.id, 0))
    for fact in reversed(news):
        seen = seen.without(fact)
    return seen, news


def _steps(seen: Scene, slug: str, said: ForecastIssued, until: date) -> Iterator[Step]:
    """Days that go by, what became of others, and each event that bears, in the order known."""
    for day, news in news_of(seen.knowledge, seen, said.as_of, until):
        seen, steps = on_day(seen, slug, said, day, news)
        yield from steps
        said = steps[-1].made if steps else said


def on_day(
    seen: Scene, slug: str, said: ForecastIssued, day: date, news: Iterable[Fact]
) -> tuple[Scene, list[Step]]:
    """What is seen at the end of a day, and what it brought, step by step."""
    steps = []
    if day > said.as_of:
        steps.append(Step(kind="time", made=seen.say(slug, day)))
        later = seen.learning(day)
        if later.teaches_otherwise(seen):
            steps.append(Step(kind="others", made=later.say(slug, day)))
        seen = later
    for fact in news:
        seen = seen.with_(fact)
        steps.append(Step(kind="event", made=seen.say(slug, day), fact=fact))
    return seen, steps


def news_of(
    knowledge: Knowledge, seen: Scene, since: date, until: date
) -> Iterator[tuple[date, list[Fact]]]:
    """The days on which something that bears became known, and the last day."""
    told: dict[date, list[Fact]] = {}
    order = knowledge.positions
    for slug in seen.told:
        for fact in knowledge.histories.get(slug, ()):
            if since < fact.known_on <= until:
                told.setdefault(fact.known_on, []).append(fact)
    told.setdefault(until, [])
    for day in sorted(told):
        yield day, sorted(told[day], key=lambda fact: order.get(fact.id, 0))
