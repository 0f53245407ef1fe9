"""What is seen of some programmes at one moment of their story, and what is said then.

A scene is a step of a walk through what became known: with one more fact, with one taken
away, or on a later day it is another scene. What a step does not touch is carried over, and
what was said once of the same facts is remembered: a move is hundreds of steps, and rivals
share theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from events import facts
from events.corrections import effective
from events.programme import replay
from forecasts import start
from forecasts.history import is_running
from tracker.estimator import said
from tracker.experience import of_launches
from tracker.learning import Markets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from events.facts import Fact
    from events.issued import ForecastIssued
    from forecasts.distribution import StartDistribution
    from forecasts.experience import Weights
    from tracker.estimator import Knowledge
    from tracker.learning import Lore


class Volumes:
    """What the facts teach of volumes: markets, and the weights of methods."""

    def __init__(
        self, known: Mapping[str, Sequence[Fact]], day: date, cache: Path | None
    ) -> None:
        self._known = known
        self._day = day
        self._cache = cache
        self._markets: dict[int, Markets] = {}

    def markets(self, as_of: date) -> Markets:
        """The outlooks of one calendar year on."""
        if as_of.year not in self._markets:
            self._markets[as_of.year] = Markets(self._known, as_of, self._cache)
        return self._markets[as_of.year]

    @cached_property
    def weights(self) -> Mapping[int, Weights] | None:
        """The weights of own months."""
        return of_launches(self._known, self._day, self._cache)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Of the programmes that bear, some facts; of all others, what was known on a day.

    `told` are the facts seen of each programme that bears, corrections among them; `known` the
    facts that count, of all programmes; `learned_on` the day up to which others are seen.
    """

    knowledge: Knowledge
    told: Mapping[str, tuple[Fact, ...]]
    known: Mapping[str, Sequence[Fact]]
    learned_on: date
    lore: Lore
    volumes: Volumes

    @classmethod
    def on(cls, knowledge: Knowledge, bearing: frozenset[str], day: date) -> Scene:
        """Everything that was known on a day."""
        known = knowledge.known(day)
        histories = knowledge.histories
        return cls(
            knowledge=knowledge,
            told={
                slug: tuple(fact for fact in histories.get(slug, ()) if fact.known_on <= day)
                for slug in sorted(bearing)
            },
            known=known,
            learned_on=day,
            lore=knowledge.lore(day),
            volumes=knowledge.lately(
                "volumes", day, lambda: Volumes(known, day, knowledge.cache)
            ),
        )

    def with_(self, fact: Fact) -> Scene:
        """One more fact is seen."""
        return self._telling(fact.programme, (*self.told[fact.programme], fact))

    def without(self, fact: Fact) -> Scene:
        """A fact is not there."""
        rest = (each for each in self.told[fact.programme] if each.id != fact.id)
        return self._telling(fact.programme, tuple(rest))

    def learning(self, day: date) -> Scene:
        """What became of others is seen up to a later day."""
        later = self.knowledge.known(day)
        known: dict[str, Sequence[Fact]] = {
            slug: told for slug, told in later.items() if slug not in self.told
        }
        known |= {slug: self.known[slug] for slug in self.told if slug in self.known}
        return self._knowing(known, learned_on=day, lore=self.knowledge.lore(day))

    def teaches_otherwise(self, before: Scene) -> bool:
        """Whether what was learned of other programmes is not what it was."""
        learned = (self.lore.to_json(), id(self.volumes))
        return learned != (before.lore.to_json(), id(before.volumes))

    def say(self, slug: str, as_of: date) -> ForecastIssued:
        """What is said of a programme on a day, with nothing beside it.

        Raises `KeyError` where it is not open, or is context.
        """
        memory = self.knowledge.memory
        key = self._seen, self.learned_on, as_of, slug
        if key not in memory:
            told = self.known[slug]
            state = replay(slug, told)
            market = self.volumes.markets(as_of).of(state)
            starts = self._starts(as_of)
            weights = self.volumes.weights if is_running(told, as_of) else None
            memory[key] = said(state, told, starts[slug], market, weights)
        made: ForecastIssued = memory[key]
        return made

    def _starts(self, as_of: date) -> Mapping[str, StartDistribution]:
        """Of all programmes that bear: one award makes them one question."""
        memory = self.knowledge.memory
        key = self._seen, self.learned_on, as_of
        if key not in memory:
            memory[key] = start.forecast(
                self.known,
                as_of=as_of,
                wanted=[slug for slug in self.told if slug in self.known],
                learned=self.lore.learned,
                judged=self.knowledge.judged,
            )
        starts: Mapping[str, StartDistribution] = memory[key]
        return starts

    @cached_property
    def _seen(self) -> frozenset[str]:
        """The ids of the facts seen: the same ones of one ledger say the same."""
        return frozenset(fact.id for told in self.told.values() for fact in told)

    def _telling(self, slug: str, told: tuple[Fact, ...]) -> Scene:
        """A programme's facts are others."""
        known = dict(self.known)
        if counting := effective(told):
            known[slug] = counting
        else:
            known.pop(slug, None)
        return replace(self._knowing(known), told={**self.told, slug: told})

    def _knowing(
        self,
        known: Mapping[str, Sequence[Fact]],
        *,
        learned_on: date | None = None,
        lore: Lore | None = None,
    ) -> Scene:
        """Other facts count; what they teach of volumes is kept where that is the same."""
        day = learned_on or self.learned_on
        same = _teach_the_same(self.known, known)
        return replace(
            self,
            known=known,
            learned_on=day,
            lore=lore or self.lore,
            volumes=self.volumes if same else Volumes(known, day, self.knowledge.cache),
        )


def _teach_the_same(
    before: Mapping[str, Sequence[Fact]], after: Mapping[str, Sequence[Fact]]
) -> bool:
    """Whether no programme differs that has reports, or is context."""
    for slug in before.keys() | after.keys():
        was, now = before.get(slug, ()), after.get(slug, ())
        if was is not now and was != now and (_teaches(was) or _teaches(now)):
            return False
    return True


def _teaches(told: Sequence[Fact]) -> bool:
    return any(
        isinstance(fact, facts.VolumeReported)
        or (isinstance(fact, facts.ProgrammeOpened) and fact.kind == "context")
        for fact in told
    )
