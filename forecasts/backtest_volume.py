"""`tracker backtest --volume`: every way of saying how many, scored on what came.

A past series is cut off at some length, each method says the sum of the next twelve
months, and the stack pools them. Nothing of a series helps to forecast it: errors,
weights and stretch are learned on the four fifths of the series it does not belong to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Final

import numpy as np

from forecasts import series, stack
from forecasts.errors import TooLittleHistory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from forecasts.series import Way

    Floats = NDArray[np.float64]

YEAR: Final = 12
FOLDS: Final = 5
LAUNCHES: Final = {3: (3, 4), 6: (5, 6, 7, 8), 12: (12, 13, 14, 16), 24: (20, 22, 24, 26, 28)}
"""Lengths of history that are scored, and the like ones that are learned from."""
MARKETS: Final = {36: (36, 42, 48, 54, 60, 66, 72, 78, 84, 90)}
"""Likewise; from three years on the length says little, so all are scored together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A method at a length of history.

    `crps` is in parts of a series' mean year (launches) or of the year forecast
    (markets); `coverage` is that of the 80 % interval; `milliseconds` those of one fit;
    `weight` that in the stack, `without` the stack's CRPS without it.
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


@dataclass(frozen=True, kw_only=True)
class Cuts:
    """Series cut off and carried on: a row a cut, a column a method in `middles`."""

    names: tuple[str, ...]
    lengths: NDArray[np.int64]
    series: NDArray[np.int64]
    middles: Floats
    real: Floats
    scale: Floats
    wobble: Floats
    milliseconds: Floats

    @property
    def folds(self) -> NDArray[np.int64]:
        """The fifth of the series that a cut belongs to."""
        return self.series % FOLDS

    def plain(self) -> Cuts:
        """As if all series wobbled alike."""
        return replace(self, wobble=np.ones(len(self.wobble)))

    def where(self, keep: NDArray[np.bool_], methods: Sequence[int]) -> Cuts:
        """Some cuts, some methods."""
        return Cuts(
            names=tuple(self.names[place] for place in methods),
            lengths=self.lengths[keep],
            series=self.series[keep],
            middles=self.middles[keep][:, methods],
            real=self.real[keep],
            scale=self.scale[keep],
            wobble=self.wobble[keep],
            milliseconds=self.milliseconds[list(methods)],
        )


def cut(
    past: Mapping[str, Floats],
    ways: Sequence[Way],
    lengths: Iterable[int],
    *,
    market: bool = False,
    lead: int = 1,
) -> Cuts:
    """Cut every series at every length that leaves the year to be forecast.

    `lead` 1 is the next twelve months, 2 the twelve after them.
    """
    ahead = lead * YEAR
    rows, spent = [], np.zeros((len(ways), 2))
    lengths = sorted(lengths)
    for place, name in enumerate(sorted(past)):
        whole = past[name]
        for length in (one for one in lengths if one + ahead <= len(whole)):
            seen = whole[:length]
            real = float(whole[length + ahead - YEAR : length + ahead].sum())
            middles = np.full(len(ways), np.nan)
            for column, way in enumerate(ways):
                if length >= way.fewest:
                    began = perf_counter()
                    middles[column] = _carried(way, seen, ahead)
                    spent[column] += (perf_counter() - began, 1)
            scale = real if market else float(whole.mean()) * YEAR
            wobble = _wobble(seen) if market else 1.0
            rows.append((length, place, middles, real, scale, wobble))
    columns = list(zip(*rows, strict=True))
    return Cuts(
        names=tuple(way.name for way in ways),
        lengths=np.array(columns[0]),
        series=np.array(columns[1]),
        middles=np.array(columns[2]),
        real=np.array(columns[3]),
        scale=np.maximum(np.array(columns[4]), 1.0),
        wobble=np.array(columns[5]),
        milliseconds=1e3 * spent[:, 0] / np.maximum(spent[:, 1], 1),
    )


def _carried(way: Way, seen: Floats, ahead: int) -> float:
    """The sum of the last year ahead; where a method gives up, the naive one."""
    try:
        return float(way.method(seen, ahead)[-YEAR:].sum())
    except TooLittleHistory:
        return float(series.naive(seen, YEAR).sum())


def _wobble(seen: Floats) -> float:
    """Root of a series' yearly log deviation, drawn towards 0.15 with two years' weight.

    The root of it spread errors best; the whole of it too much.
    """
    years = [seen[end - YEAR : end].sum() for end in range(YEAR, len(seen) + 1, 6)]
    logs = np.log(np.maximum(years, 1.0))
    moves = logs[2:] - logs[:-2]
    return float(((2 * 0.15**2 + moves @ moves) / (2 + len(moves))) ** 0.25)


def rows(kind: str, cuts: Cuts, lengths: Mapping[int, Sequence[int]]) -> Iterator[Row]:
    """Every method and the stack, at every length."""
    for length, alike in lengths.items():
        keep = np.isin(cuts.lengths, alike)
        usable = ~np.isnan(cuts.middles[keep]).any(axis=0)
        some = cuts.where(keep, np.flatnonzero(usable).tolist())
        scored = some.lengths == length if len(lengths) > 1 else some.lengths > 0
        yield from _at_length(kind, length, some, scored)


def _at_length(kind: str, length: int, cuts: Cuts, scored: NDArray[np.bool_]) -> Iterator[Row]:
    """The methods as past errors dress them, the best of them, and the stack.

    The stack widens with a series' own wobble; so does the best method in a row of its
    own, for a fair comparison.
    """
    every = np.full(len(cuts.real), fill_value=True)
    count = int(scored.sum())
    whole = _Folded.of(cuts, scored)
    singles = []
    for column, name in enumerate(cuts.names):
        others = [place for place in range(len(cuts.names)) if place != column]
        alone = cuts.where(every, [column])
        plain = _Folded.of(alone.plain(), scored)
        singles.append((plain.crps, name, alone))
        yield Row(
            kind=kind,
            method=name,
            months=length,
            forecasts=count,
            crps=plain.crps,
            coverage=plain.coverage,
            milliseconds=float(cuts.milliseconds[column]),
            weight=float(whole.weights[column]),
            without=_Folded.of(cuts.where(every, others), scored).crps,
        )
    _, best, alone = min(singles)
    found = {"stack": whole}
    if len(set(cuts.wobble)) > 1:
        found = {f"{best}, own wobble": _Folded.of(alone, scored), **found}
    for name, folded in found.items():
        yield Row(
            kind=kind,
            method=name,
            months=length,
            forecasts=count,
            crps=folded.crps,
            coverage=folded.coverage,
        )


@dataclass(frozen=True, kw_only=True)
class _Folded:
    """Scores of a pool whose numbers come from the other folds."""

    crps: float
    coverage: float
    weights: Floats

    @classmethod
    def of(cls, cuts: Cuts, scored: NDArray[np.bool_]) -> _Folded:
        scores, held, weights = [], [], []
        for fold in range(FOLDS):
            learned = learn(cuts, cuts.folds != fold)
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


@dataclass(frozen=True, kw_only=True)
class Dressing:
    """What past forecasts teach: errors of each method, their weights, the stretch."""

    errors: Floats
    weights: Floats
    stretch: float

    def forecast(self, middles: Floats, wobble: float) -> Floats:
        """Atoms of the pool."""
        atoms = stack.dressed(middles, self.errors * wobble)
        return stack.pooled(atoms, self.weights, self.stretch)


def learn(cuts: Cuts, use: NDArray[np.bool_]) -> Dressing:
    """Errors, weights and stretch from the cuts in use.

    The stretch is conformal: the (n + 1) / n * 80 % quantile over n series, since cuts
    of one series are no independent witnesses.
    """
    middles, real, wobble = cuts.middles[use], cuts.real[use], cuts.wobble[use]
    errors = stack.missed(middles, real[:, None]) / wobble[:, None]
    quantiles = np.quantile(errors, stack.LEVELS, axis=0).T
    past = stack.Scored.nothing(len(cuts.names))
    atoms = [
        stack.dressed(middle, quantiles * one)
        for middle, one in zip(middles, wobble, strict=True)
    ]
    for one, came, scale in zip(atoms, real, cuts.scale[use], strict=True):
        past = past.plus(one, came, scale)
    weights = past.weights()
    needed = [
        stack.needed_stretch(stack.pooled(one, weights), came)
        for one, came in zip(atoms, real, strict=True)
    ]
    sure = min(0.8 * (1.0 + 1.0 / len(np.unique(cuts.series[use]))), 1.0)
    return Dressing(errors=quantiles, weights=weights, stretch=float(np.quantile(needed, sure)))
