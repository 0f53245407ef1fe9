"""Which programmes' events bear on which forecasts: rivals, and contexts that are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events import facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from events.facts import Fact


def openings(known: Mapping[str, Sequence[Fact]]) -> dict[str, facts.ProgrammeOpened]:
    """The opening of each programme that is known."""
    return {
        slug: fact
        for slug, told in known.items()
        for fact in told
        if isinstance(fact, facts.ProgrammeOpened)
    }


def bearing_on(slug: str, opened: Mapping[str, facts.ProgrammeOpened]) -> set[str]:
    """The programmes whose events move `slug`: itself, its rivals, and what any follows.

    Rivalry holds both ways and onwards: about one of a circle wins.
    """
    circle = {slug}
    while True:
        named = {rival for each in circle & opened.keys() for rival in opened[each].rivals}
        naming = {each for each, fact in opened.items() if circle & set(fact.rivals)}
        if named | naming <= circle:
            break
        circle |= named | naming
    followed = {context for each in circle & opened.keys() for context in opened[each].follows}
    return circle | followed


def due(
    changed: Iterable[str], opened: Mapping[str, facts.ProgrammeOpened], among: Iterable[str]
) -> list[str]:
    """The programmes of `among` whose forecast an event of a changed programme may move."""
    moved = set(changed)
    return sorted(slug for slug in among if slug in opened and moved & bearing_on(slug, opened))
