"""Weights learned on: what a ledger's own series add to what shipped.

Every series that has gone on for a year after a length that the shipped fit knows is cut
there, as the calibration series were; each method carries on what was seen, and what came
since scores it. The scores join the shipped sums (`forecasts.stack.Scored`), one counting as
much as another, and the weights are those under which the CRPS of all of them is least.

On past series, with two fifths of them shipped and two fifths in the ledger, that brought
the CRPS of the rest from .1164 to .1161 (markets), from .477 to .452 (launches after three
months), and from .2764 to .2768 at the worst (after 24). Only weights are learned; the errors
that dress the methods and the stretch stay as shipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from forecasts import market, own
from forecasts.cuts import LAUNCHES, MARKETS, Carried, carry, sums
from forecasts.months import YEAR
from forecasts.series import MARKET, QUICK, market_ways
from forecasts.stack import best_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from forecasts.cuts import Cuts
    from forecasts.dressing import Dressing
    from forecasts.market import Series

    Floats = NDArray[np.float64]

Weights = tuple[tuple[float, ...], ...]
"""A row a dressing, a column a method."""
Paths = tuple[tuple[float, ...], ...]
"""What each method made of the months after a cut."""

AHEAD: Final = 4 * YEAR
"""Months that are scored, at the most, as in the shipped fit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A market's months as known on a day, and those of the events that bear on it."""

    series: Series
    events: tuple[int, ...] = ()


def launches(past: Mapping[str, Series]) -> dict[int, Weights]:
    """Weights by length of history, of programmes' own months from the start on.

    `past` has what was known on the day, so nothing later can teach; only months before the
    first gap are scored.
    """
    whole = [before_gap(series) for _, series in sorted(past.items()) if series]
    carried = Carried.together([_launch(series) for series in whole]) if whole else None
    asked = [
        (dressing, _over(carried, lead * YEAR, YEAR, LAUNCHES[length]))
        for length, leads in own.shipped().items()
        for lead, dressing in enumerate(leads)
    ]
    weights = iter(_weights(asked))
    return {
        length: tuple(next(weights) for _ in leads) for length, leads in own.shipped().items()
    }


@lru_cache(maxsize=1024)
def _launch(series: Series) -> Carried:
    """One of them: a move asks for all again, and only one is another."""
    lengths = [length for alike in LAUNCHES.values() for length in alike]
    return carry({"": _volumes(series)}, QUICK, lengths, ahead=AHEAD)


def markets(
    past: Mapping[str, Known], carry_on: Callable[[Floats, tuple[int, ...]], Paths]
) -> Weights:
    """Weights for `market.Options`: of each year ahead, then of the fan's first and last month.

    `carry_on` is `paths`, or what remembers its answers: it takes a second a cut. Only the
    longest run of months without a gap is scored.
    """
    carried = _cut(past, carry_on)
    shipped = market.shipped()
    years = [
        (dressing, _over(carried, lead * YEAR, YEAR))
        for lead, dressing in enumerate(shipped["leads"])
    ]
    ends = [
        (dressing, _over(carried, month, 1))
        for month, dressing in zip((0, market.FAN - 1), shipped["months"], strict=True)
    ]
    return tuple(_weights([*years, *ends]))


def paths(seen: Floats, steps: tuple[int, ...]) -> Paths:
    """What each market method makes of the months after those seen; `steps` as in `series`."""
    return _paths(tuple(seen.tolist()), steps)


@lru_cache(maxsize=512)
def _paths(seen: tuple[float, ...], steps: tuple[int, ...]) -> Paths:
    longer = {"": np.array([*seen, *[0.0] * YEAR])}  # a cut has a year after it
    (made,) = carry(longer, market_ways(steps), [len(seen)], ahead=AHEAD, market=True).paths
    return tuple(
        tuple(float(f"{volume:.6g}") for volume in path) for path in made if path is not None
    )


def _cut(
    past: Mapping[str, Known], carry_on: Callable[[Floats, tuple[int, ...]], Paths]
) -> Carried:
    cuts = [
        (place, seen, went, carry_on(seen, steps))
        for place, (_, known) in enumerate(sorted(past.items()))
        for seen, went, steps in _cuts(known)
    ]
    return Carried(
        ways=MARKET,
        market=True,
        series=tuple(place for place, *_ in cuts),
        seen=tuple(seen for _, seen, _, _ in cuts),
        went=tuple(went for _, _, went, _ in cuts),
        paths=tuple(tuple(np.array(path) for path in made) for *_, made in cuts),
        milliseconds=np.zeros(len(MARKET)),
    )


def _cuts(known: Known) -> Iterator[tuple[Floats, Floats, tuple[int, ...]]]:
    """What was seen, how it went on, and the events among what was seen."""
    series = longest(known.series)
    volumes = _volumes(series)
    for length in MARKETS[market.FEWEST]:
        if length + YEAR <= len(volumes):
            steps = [event - series[0][0] for event in known.events]
            seen = tuple(step for step in steps if 0 < step < length)
            yield volumes[:length], volumes[length:], seen


def _over(
    carried: Carried | None, first: int, count: int, lengths: tuple[int, ...] | None = None
) -> Cuts | None:
    """Forecasts of some months' sum, of some lengths; None where no series went on so long."""
    months = range(first, first + count)
    if carried is None or not any(len(went) >= months.stop for went in carried.went):
        return None
    cuts = carried.over(months)
    return cuts if lengths is None else cuts.where(np.isin(cuts.lengths, lengths))


def _weights(asked: Sequence[tuple[Dressing, Cuts | None]]) -> list[tuple[float, ...]]:
    """The shipped weights where nothing was scored, else those of all scores together."""
    learned = {
        place: sums(cuts, dressing.errors, dressing.past)
        for place, (dressing, cuts) in enumerate(asked)
        if cuts is not None and len(cuts.real)
    }
    best = dict(zip(learned, best_weights(list(learned.values())), strict=True))
    return [
        tuple(round(float(weight), 6) for weight in best.get(place, dressing.weights))
        for place, (dressing, _) in enumerate(asked)
    ]


def before_gap(series: Series) -> Series:
    """The months up to the first one that is missing."""
    first = series[0][0]
    return tuple(one for place, one in enumerate(series) if one[0] == first + place)


def longest(series: Series) -> Series:
    """The longest run of months none of which is missing, the first of equals."""
    runs: list[list[tuple[int, float]]] = []
    for month, volume in series:
        if not runs or runs[-1][-1][0] != month - 1:
            runs.append([])
        runs[-1].append((month, volume))
    most = max(runs, key=len, default=[])
    return tuple(most)


def _volumes(series: Series) -> Floats:
    return np.array([volume for _, volume in series])
