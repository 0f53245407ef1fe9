"""Which programmes' events bear on which forecasts: rivals, and contexts that are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events import facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from events.facts import Fact


def openings(known: Mapping[str, Sequence[Fact]]) -> dict[str, facts.ProgrammeOpened]:
    """The opening of each programme that is known: of several, the first known."""
    found = {
        slug: [fact for fact in told if isinstance(fact, facts.ProgrammeOpened)]
        for slug, told in known.items()
    }
    return {
        slug: min(some, key=lambda one: one.known_on) for slug, some in found.items() if some
    }


def bearing_on(slug: str, opened: Mapping[str, facts.ProgrammeOpened]) -> set[str]:
    """The programmes whose events move `slug`: itself, its rivals, and what any follows."""
    return bearings([slug], opened)[slug]


def bearings(
    wanted: Iterable[str], opened: Mapping[str, facts.ProgrammeOpened]
) -> dict[str, set[str]]:
    """The same of each wanted programme; rivals, who are moved alike, share one set."""
    from forecasts.rivals import circle  # numpy waits until something is to be forecast

    linked, found = rivalry(opened), dict[str, set[str]]()
    for slug in wanted:
        if slug not in found:
            rivals = circle([slug], linked)
            known = [opened[each] for each in rivals if each in opened]
            moving = set(rivals).union(*(opening.follows for opening in known))
            found |= dict.fromkeys(rivals, moving)
    return found


def due(
    changed: Iterable[str], opened: Mapping[str, facts.ProgrammeOpened], among: Iterable[str]
) -> list[str]:
    """The programmes of `among` whose forecast an event of a changed programme may move."""
    moved = set(changed)
    asked = [slug for slug in among if slug in opened]
    moving = bearings(asked, opened)
    return sorted(slug for slug in asked if not moved.isdisjoint(moving[slug]))


def rivalry(opened: Mapping[str, facts.ProgrammeOpened]) -> dict[str, set[str]]:
    """Who names whom as a rival, read both ways."""
    linked: dict[str, set[str]] = {}
    for slug, opening in opened.items():
        for rival in opening.rivals:
            linked.setdefault(slug, set()).add(rival)
            linked.setdefault(rival, set()).add(slug)
    return linked
