"""Why a forecast moved: it is made again after each event that bears on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from events import facts
from events.corrections import effective
from events.errors import Unknown
from events.programme import replay
from forecasts.explain import Move, Step, horizon, split
from tracker.bearing import bearing_on, openings
from tracker.estimator import evaluate
from tracker.learning import learn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from events.facts import Fact
    from events.issued import ForecastIssued
    from tracker.estimator import Knowledge
    from tracker.learning import Lore


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What is seen: of the programmes that bear, some facts; of all others, up to a day."""

    knowledge: Knowledge
    slug: str
    bearing: frozenset[str]
    facts: tuple[Fact, ...]
    others: Mapping[str, Sequence[Fact]]
    lore: Lore

    def say(self, as_of: date) -> ForecastIssued:
        """What is said of the programme on a day."""
        known = dict(self.others)
        for slug in self.bearing:
            told = [fact for fact in self.facts if fact.programme == slug]
            if counting := effective(told, as_of=as_of):
                known[slug] = counting
        state = replay(self.slug, known[self.slug])
        (made,) = evaluate(known, [state], self.lore, as_of=as_of, knowledge=self.knowledge)
        return made

    def with_(self, fact: Fact) -> Scene:
        """One more fact is seen."""
        return replace(self, facts=(*self.facts, fact))

    def without(self, fact: Fact) -> Scene:
        """A fact is not there."""
        return replace(self, facts=tuple(each for each in self.facts if each.id != fact.id))

    def learning(self, day: date) -> Scene:
        """What became of others is seen up to a later day."""
        known = self.knowledge.known(day)
        others = {slug: told for slug, told in known.items() if slug not in self.bearing}
        lore = learn(known, day, self.knowledge.cache)
        return replace(self, others=others, lore=lore)


def scene(knowledge: Knowledge, slug: str, day: date) -> Scene:
    """Everything that was known on a day; raises `Unknown` where the programme was not open."""
    known = knowledge.known(day)
    opened = openings(knowledge.histories)
    if slug not in known:
        raise Unknown(f"{slug} was not open yet on {day}.")
    bearing = frozenset(bearing_on(slug, opened))
    return Scene(
        knowledge=knowledge,
        slug=slug,
        bearing=bearing,
        facts=tuple(
            fact
            for each in sorted(bearing)
            for fact in knowledge.histories.get(each, ())
            if fact.known_on <= day
        ),
        others={each: told for each, told in known.items() if each not in bearing},
        lore=learn(known, day, knowledge.cache),
    )


def why(
    knowledge: Knowledge, slug: str, *, since: date, until: date, by: date | None = None
) -> Move:
    """The move of a programme's forecast from one day to another, event by event.

    Where it was opened after `since`, the move begins on the day it was opened, with the
    opening. Raises `Unknown` where it was not open by `until`.
    """
    opened = _opened_on(knowledge, slug, until)
    seen = scene(knowledge, slug, max(since, opened))
    first = seen.say(max(since, opened))
    steps = list(_steps(seen, first, until))
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
    first = seen.say(on)
    steps = []
    for fact in without:
        seen = seen.without(fact)
        steps.append(Step(kind="event", made=seen.say(on), fact=fact, taken_away=True))
    for fact in supposed:
        seen = seen.with_(fact)
        steps.append(Step(kind="event", made=seen.say(on), fact=fact))
    day = by or horizon(first)
    return split(first, steps, by=day, year=day.year)


def _opened_on(knowledge: Knowledge, slug: str, until: date) -> date:
    for fact in knowledge.known(until).get(slug, ()):
        if isinstance(fact, facts.ProgrammeOpened):
            return fact.known_on
    raise Unknown(f"{slug} was not open yet on {until}.")


def _steps(seen: Scene, said: ForecastIssued, until: date) -> Iterator[Step]:
    """Days that go by, what became of others, and each event that bears, in the order known."""
    for day, news in _news(seen, said.as_of, until):
        if day > said.as_of:
            said = seen.say(day)
            yield Step(kind="time", made=said)
            later = seen.learning(day)
            if later.lore.to_json() != seen.lore.to_json():
                said = later.say(day)
                yield Step(kind="others", made=said)
            seen = later
        for fact in news:
            seen = seen.with_(fact)
            said = seen.say(day)
            yield Step(kind="event", made=said, fact=fact)


def _news(seen: Scene, since: date, until: date) -> Iterator[tuple[date, list[Fact]]]:
    """The days on which something that bears became known, and the last day."""
    told: dict[date, list[Fact]] = {}
    order = seen.knowledge.positions
    for slug in seen.bearing:
        for fact in seen.knowledge.histories.get(slug, ()):
            if since < fact.known_on <= until:
                told.setdefault(fact.known_on, []).append(fact)
    told.setdefault(until, [])
    for day in sorted(told):
        yield day, sorted(told[day], key=lambda fact: order.get(fact.id, 0))
