"""Of the programmes that compete for one award about one wins.

Their chances, each on its own p_i, are taken as independent and then reweighted: one winner
counts as before, each further one two fifths:

    P(set of winners) ~ prod p_i prod (1 - p_j) * FURTHER^max(winners - 1, 0)

A rival that produces is a winner already; one that was given up, or has stopped, competes no
more. Nothing of a rival is known before its own opening.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from events.issued import MILLION
from forecasts import history
from forecasts.distribution import StartDistribution

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from events.facts import Fact

FURTHER: Final = 0.4
"""A second award happens: one winner, Tychy, was followed by another, Zaragoza."""


def links(programmes: Mapping[str, Sequence[Fact]], *, as_of: date) -> dict[str, set[str]]:
    """Who names whom as a rival, read both ways, among those open on the day."""
    opened = {slug: history.opening(told) for slug, told in programmes.items()}
    known = {slug: each for slug, each in opened.items() if each and each.known_on <= as_of}
    linked: dict[str, set[str]] = {}
    for slug, each in known.items():
        for rival in each.rivals:
            if rival in known and rival != slug:
                linked.setdefault(slug, set()).add(rival)
                linked.setdefault(rival, set()).add(slug)
    return linked


def circle(wanted: Iterable[str], linked: Mapping[str, set[str]]) -> list[str]:
    """Those wanted and all that compete with them, however indirectly."""
    found = dict.fromkeys(wanted)
    queue = list(found)
    while queue:
        for slug in sorted(linked.get(queue.pop(), ())):
            if slug not in found:
                found[slug] = None
                queue.append(slug)
    return list(found)


def groups(running: Iterable[str], linked: Mapping[str, set[str]]) -> list[list[str]]:
    """Who competes with whom: lists of two or more of those that still run, in their order."""
    place = {slug: at for at, slug in enumerate(running) if slug in linked}
    found: list[list[str]] = []
    grouped: set[str] = set()
    for slug in place:
        if slug not in grouped:
            group = [each for each in circle([slug], linked) if each in place]
            found.append(sorted(group, key=place.__getitem__))
            grouped.update(group)
    return [group for group in found if len(group) > 1]


def coherent(
    told: Mapping[str, StartDistribution], competing: Iterable[Sequence[str]]
) -> dict[str, StartDistribution]:
    """The distributions, those of rivals scaled so that about one wins."""
    fair = dict(told)
    for group in competing:
        alone = np.array([told[slug].cumulative[-1] / MILLION for slug in group])
        for slug, before, after in zip(group, alone, shared(alone), strict=True):
            if 0.0 < before < 1.0:
                fair[slug] = _scaled(told[slug], after / before)
    return fair


def shared(alone: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each one's chance of winning among the others, from its chance alone."""
    after = np.empty_like(alone)
    for place, chance in enumerate(alone):
        others = np.ones(1)
        for rival in np.delete(alone, place):
            others = np.convolve(others, [1.0 - rival, rival])
        winners = np.arange(others.size)
        wins = chance * (others @ FURTHER**winners)
        loses = (1.0 - chance) * (others @ FURTHER ** np.maximum(winners - 1, 0))
        after[place] = wins / (wins + loses)
    return after


def _scaled(told: StartDistribution, share: float) -> StartDistribution:
    parts = [part / MILLION * share for part in told.cumulative]
    return StartDistribution.rounded(told.as_of, parts)
