"""Hide the future and forecast: every method at every origin on the same questions.

At an origin a method sees the lessons of all other programmes as known that day, and the
programme's own snapshot; nothing else. What became of it is taken from `until`, the last day
that the journals reach. Pure: the executor is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from forecasts import evidence, features, history
from forecasts.features import instant
from forecasts.history import Status
from forecasts.methods import ABLATIONS, METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Executor
    from datetime import date

    from numpy.typing import NDArray

    from events.facts import Fact

    Vector = NDArray[np.float64]
    Matrix = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """Questions and every method's answers: a row a programme and origin.

    `followed` is how many months were seen after the origin, `struck` the months to the start,
    infinite without one. `curves` has 120 cumulative probabilities a row, by method.
    """

    programme: NDArray[np.str_]
    origin: NDArray[np.str_]
    followed: Vector
    struck: Vector
    curves: Mapping[str, Matrix]


FEWEST: Final = 10
"""Programmes that must be known for a reference class to be one."""

SHORTEST: Final = 12
"""Months from the last origin to the end of what is known."""


def origins(programmes: Mapping[str, Sequence[Fact]], *, until: date) -> list[date]:
    """The half-years' ends with a reference class, and a year to see what came of it."""
    opened = [history.opening(told) for told in programmes.values()]
    known = sorted(each.known_on for each in opened if each)
    if len(known) < FEWEST:
        return []
    ends = history.landmarks(known[FEWEST - 1], until)
    return [end for end in ends if instant(until) - instant(end) >= SHORTEST]


def run(
    programmes: Mapping[str, Sequence[Fact]],
    *,
    origins: Sequence[date],
    until: date,
    methods: Sequence[str],
    executor: Executor,
) -> Iterator[Answers]:
    """The answers at each origin, as they come; only origins with open programmes have any."""
    ask = partial(at_origin, programmes, until=until, methods=methods)
    return (each for each in executor.map(ask, origins) if each.programme.size)


def at_origin(
    programmes: Mapping[str, Sequence[Fact]],
    origin: date,
    *,
    until: date,
    methods: Sequence[str],
) -> Answers:
    """Every programme open at an origin, each forecast by what all others taught till then."""
    taught = features.lessons(programmes, as_of=origin)
    known = (history.snapshot(told, origin) for _, told in sorted(programmes.items()))
    seen = [each for each in known if each and each.status is Status.OPEN]
    judged = evidence.shifts(programmes, seen)
    asked = replace(features.columns(seen), judged=judged)
    ways = {name: (METHODS | ABLATIONS)[name] for name in methods}
    curves: dict[str, list[Matrix]] = {name: [] for name in methods}
    for slug in asked.programme:
        one = features.chosen(asked, asked.programme == slug)
        others = taught.without(slug)
        for name, way in ways.items():
            curves[name].append(way(one, others, origin))
    ends = [history.outcome(programmes[slug], until) for slug in asked.programme]
    return Answers(
        programme=asked.programme,
        origin=np.full(len(seen), origin.isoformat()),
        followed=np.full(len(seen), round(instant(until) - instant(origin), 6)),
        struck=np.array([_struck(end) for end in ends]) - instant(origin),
        curves={name: np.vstack(told) for name, told in curves.items() if told},
    )


def _struck(end: history.Outcome) -> float:
    """The middle of what is known of the day of a start, infinite without one."""
    if end.status not in (Status.STARTED, Status.STOPPED):
        return np.inf
    return (instant(end.earliest) + instant(end.latest)) / 2.0


def gathered(parts: Sequence[Answers]) -> Answers:
    """The answers of all origins in one."""
    return Answers(
        programme=np.concatenate([part.programme for part in parts]),
        origin=np.concatenate([part.origin for part in parts]),
        followed=np.concatenate([part.followed for part in parts]),
        struck=np.concatenate([part.struck for part in parts]),
        curves={
            name: np.concatenate([part.curves[name] for part in parts])
            for name in parts[0].curves
        },
    )
