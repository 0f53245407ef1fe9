"""What corrections make of facts over time: versions with the days on which they count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from events import facts
from events.corrections import effective, voided

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from events.facts import Fact


def versions(history: Sequence[Fact]) -> list[tuple[Fact, date, date | None]]:
    """Each version of each fact that a correction touches, with the days on which it counts.

    The second day is the first on which it no longer does, None for never. A fact that counts
    on no day has one version, whose days are the same.
    """
    touched = {
        fact.retracts if isinstance(fact, facts.EventRetracted) else fact.amends
        for fact in history
        if isinstance(fact, facts.Correction)
    }
    days = sorted(
        {
            fact.known_on
            for fact in history
            if isinstance(fact, facts.Correction) or fact.id in touched
        }
    )
    spans: dict[tuple[str, bytes], list[Any]] = {}
    last: dict[str, tuple[str, bytes]] = {}
    done: list[list[Any]] = []
    for day in days:
        now = {fact.id: fact for fact in effective(history, as_of=day) if fact.id in touched}
        for id in [id for id in last if id not in now or _key(now[id]) != last[id]]:
            spans.pop(last.pop(id))[2] = day
        for id, fact in now.items():
            if id not in last:
                last[id] = _key(fact)
                spans[last[id]] = [fact, day, None]
                done.append(spans[last[id]])
    counted = {fact.id for fact, _, _ in done}
    void = [
        (fact, fact.known_on, fact.known_on)
        for fact in history
        if fact.id in touched - counted and not isinstance(fact, facts.Correction)
    ]
    return [*((fact, since, until) for fact, since, until in done), *void]


def _key(fact: Fact) -> tuple[str, bytes]:
    return fact.id, msgspec.json.encode(fact)


def fates(history: Sequence[Fact]) -> dict[str, tuple[str | None, str | None]]:
    """The retraction and the last amendment that count today, by the event's id.

    What amends an amendment amends the event behind it as well.
    """
    known = sorted(history, key=lambda fact: fact.known_on)
    corrections = [fact for fact in known if isinstance(fact, facts.Correction)]
    void = voided(corrections)
    retracted: dict[str, str] = {}
    amended: dict[str, str] = {}
    roots: dict[str, str] = {}
    for fact in corrections:
        if isinstance(fact, facts.EventAmended):
            roots[fact.id] = roots.get(fact.amends, fact.amends)
        if fact.id in void:
            continue
        if isinstance(fact, facts.EventAmended):
            amended |= {fact.amends: fact.id, roots[fact.id]: fact.id}
        else:
            retracted[fact.retracts] = fact.id
    return {id: (retracted.get(id), amended.get(id)) for id in {**retracted, **amended}}
