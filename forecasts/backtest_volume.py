"""`tracker backtest --volume`: every way of saying how many, scored on what came.

    [
        *launches(ramps), *markets(series),
        *announcements([*promises.scored(programmes, start_of, until)]),
        *running([*reported.scored(programmes)]),
    ]

A past series is cut off at some length, each method says the sum of the next twelve
months, and the stack pools them. Nothing of a series helps to forecast it: errors,
weights and stretch are learned on the four fifths of the series it does not belong to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from forecasts import stack
from forecasts.cuts import FOLDS, LAUNCHES, MARKETS, carry, learn, sums
from forecasts.months import YEAR
from forecasts.prophecy import draws
from forecasts.series import MARKET, OWN, Way, analogs, naive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from forecasts.cuts import Cuts
    from forecasts.dressing import Dressing
    from forecasts.promises import Kept
    from forecasts.reported import Year

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A method at a length of history.

    `crps` is in parts of a series' mean year (launches) or of the year forecast
    (markets); `coverage` is that of the 80 % interval; `milliseconds` those of one fit;
    `weight` that in the stack, `without` the stack's CRPS without it; `cut` is how many of
    its own draws lay below zero, and were cut.
    """

    kind: str
    method: str
    months: int
    forecasts: int
    crps: float
    coverage: float
    milliseconds: float | None = None
    weight: float | None = None
    without: float | None = None
    cut: int | None = None


def launches(past: Mapping[str, Floats]) -> Iterator[Row]:
    """Programmes' own months, from the month of the start on, by name.

    The library of the analogs is all other launches: they alone are helped by the fold
    they are scored in, and still are no better than the level.
    """
    lengths = [length for alike in LAUNCHES.values() for length in alike]
    ways = (*OWN, Way(name="analogs", fewest=1, method=analogs(list(past.values()))))
    yield from rows("launch", carry(past, ways, lengths).over(range(YEAR)), LAUNCHES)
    yield from prophet_alone("launch", past, list(LAUNCHES), market=False)


def markets(past: Mapping[str, Floats]) -> Iterator[Row]:
    """Markets and entities by name; some minutes of smoothing and Prophet."""
    (lengths,) = MARKETS.values()
    carried = carry(past, MARKET, lengths, market=True)
    yield from rows("market", carried.over(range(YEAR)), MARKETS)
    yield from prophet_alone("market", past, lengths, market=True)


def prophet_alone(
    kind: str, past: Mapping[str, Floats], lengths: Sequence[int], *, market: bool
) -> Iterator[Row]:
    """Prophet as it comes, with an interval of its own: linear, of the plain volumes."""
    way = Way(name="Prophet alone", fewest=1, method=naive)
    carried = carry(past, [way], lengths, market=market)
    cuts, began = carried.over(range(YEAR)), perf_counter()
    drawn = [draws(seen, YEAR, seed=0) for seen in carried.seen]
    levels = np.quantile([one.paths.sum(axis=1) for one in drawn], stack.LEVELS, axis=1).T
    spent = 1e3 * (perf_counter() - began) / len(levels)
    for length in lengths if not market else lengths[:1]:
        places = np.flatnonzero(cuts.lengths == length) if not market else range(len(levels))
        scored = [(levels[one], cuts.real[one], cuts.scale[one]) for one in places]
        inside = [low <= y <= high for a, y, _ in scored for low, high in [stack.interval(a)]]
        yield Row(
            kind=kind,
            method=way.name,
            months=length,
            forecasts=len(scored),
            crps=float(np.mean([stack.crps(a, y) / scale for a, y, scale in scored])),
            coverage=float(np.mean(inside)),
            milliseconds=spent,
            cut=sum(drawn[one].negative for one in places),
        )


def announcements(kept: Sequence[Kept]) -> Iterator[Row]:
    """Announced against real, in parts of the announced capacity."""
    for method, scores, held in (
        ("face value", [one.face_value for one in kept], [one.face_value == 0 for one in kept]),
        ("reference class", [one.crps for one in kept], [one.held for one in kept]),
    ):
        yield Row(
            kind="announced",
            method=method,
            months=0,
            forecasts=len(kept),
            crps=float(np.mean(scores)),
            coverage=float(np.mean(held)),
        )


def running(years: Sequence[Year]) -> Iterator[Row]:
    """Started plants from their yearly reports, in parts of the announced capacity."""
    for method, scores, held in (
        ("last year again", [one.again for one in years], [one.again == 0 for one in years]),
        ("ramp and level", [one.crps for one in years], [one.held for one in years]),
    ):
        yield Row(
            kind="running",
            method=method,
            months=12 * years[0].lead,
            forecasts=len(years),
            crps=float(np.mean(scores)),
            coverage=float(np.mean(held)),
        )


def rows(kind: str, cuts: Cuts, lengths: Mapping[int, Sequence[int]]) -> Iterator[Row]:
    """Every method and the stack, at every length."""
    for length, alike in lengths.items():
        some = cuts.of_lengths(alike)
        scored = some.lengths == length if len(lengths) > 1 else some.lengths > 0
        yield from _at_length(kind, length, some, scored)


def _at_length(kind: str, length: int, cuts: Cuts, scored: NDArray[np.bool_]) -> Iterator[Row]:
    """The methods as past errors dress them, then what is pooled of them."""
    row = partial(Row, kind=kind, months=length, forecasts=int(scored.sum()))
    columns = range(len(cuts.names))
    singles = [_Folded.of(cuts.of_methods([one]).plain(), scored) for one in columns]
    whole = _Folded.of(cuts, scored)
    for column, single in zip(columns, singles, strict=True):
        others = cuts.of_methods([one for one in columns if one != column])
        yield row(
            method=cuts.names[column],
            crps=single.crps,
            coverage=single.coverage,
            milliseconds=float(cuts.milliseconds[column]),
            weight=float(whole.weights[column]),
            without=_Folded.of(others, scored).crps,
        )
    best = min(columns, key=lambda column: (singles[column].crps, cuts.names[column]))
    for name, folded in _pools(cuts, scored, whole, best):
        yield row(method=name, crps=folded.crps, coverage=folded.coverage)


def _pools(
    cuts: Cuts, scored: NDArray[np.bool_], whole: _Folded, best: int
) -> Iterator[tuple[str, _Folded]]:
    """The best method, and the stack.

    The stack widens with a series' own wobble; so does the best method in a row of its
    own, for a fair comparison. The last two rows show what weights learned on are worth:
    two fifths of the series stand for those that shipped, two for a ledger's own.
    """
    if len(set(cuts.wobble)) > 1:
        yield f"{cuts.names[best]}, own wobble", _Folded.of(cuts.of_methods([best]), scored)
    yield "stack", whole
    yield "stack of two fifths", _Folded.of(cuts, scored, _shipped)
    yield "and a ledger of two", _Folded.of(cuts, scored, _taught)


def _others(cuts: Cuts, fold: int) -> Dressing:
    """What all other folds teach."""
    return learn(cuts.where(cuts.folds != fold))


def _shipped(cuts: Cuts, fold: int) -> Dressing:
    """What the two folds behind one teach."""
    return learn(cuts.where(np.isin((cuts.folds - fold) % FOLDS, (1, 2))))


def _taught(cuts: Cuts, fold: int) -> Dressing:
    """The same, with weights learned on as `forecasts.experience` does, from two more."""
    shipped, own = _shipped(cuts, fold), np.isin((cuts.folds - fold) % FOLDS, (3, 4))
    past = sums(cuts.where(own), shipped.errors, shipped.past)
    (weights,) = stack.best_weights([past])
    return replace(shipped, weights=weights)


@dataclass(frozen=True, kw_only=True)
class _Folded:
    """Scores of a pool whose numbers come from the other folds."""

    crps: float
    coverage: float
    weights: Floats

    @classmethod
    def of(
        cls,
        cuts: Cuts,
        scored: NDArray[np.bool_],
        taught: Callable[[Cuts, int], Dressing] = _others,
    ) -> _Folded:
        scores, held, weights = [], [], []
        for fold in range(FOLDS):
            learned = taught(cuts, fold)
            weights.append(learned.weights)
            for place in np.flatnonzero(scored & (cuts.folds == fold)):
                atoms = learned.forecast(cuts.middles[place], cuts.wobble[place])
                low, high = stack.interval(atoms)
                real = cuts.real[place]
                scores.append(stack.crps(atoms, real) / cuts.scale[place])
                held.append(low <= real <= high)
        return cls(
            crps=float(np.mean(scores)),
            coverage=float(np.mean(held)),
            weights=np.mean(weights, axis=0),
        )
