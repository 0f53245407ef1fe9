"""What corrections make of facts over time: versions with the days on which they count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from events import facts
from events.corrections import effective

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from events.facts import Fact


def versions(history: Sequence[Fact]) -> list[tuple[Fact, date, date | None]]:
    """Each version of each fact that a correction touches, with the days on which it counts.

    The second day is the first on which it no longer does, None for never. A version that
    counts on no day is left out.
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
    return [(fact, since, until) for fact, since, until in done]


def _key(fact: Fact) -> tuple[str, bytes]:
    return fact.id, msgspec.json.encode(fact)


def fates(history: Sequence[Fact]) -> dict[str, tuple[str | None, str | None]]:
    """The retraction and the last amendment that count today, by the event's id."""
    retracted = {fact.retracts for fact in history if isinstance(fact, facts.EventRetracted)}
    found: dict[str, tuple[str | None, str | None]] = {}
    for fact in sorted(history, key=lambda fact: fact.known_on):
        if fact.id in retracted:
            continue
        match fact:
            case facts.EventRetracted(retracts=id):
                found[id] = (fact.id, found.get(id, (None, None))[1])
            case facts.EventAmended(amends=id):
                found[id] = (found.get(id, (None, None))[0], fact.id)
            case _:
                pass
    return found
