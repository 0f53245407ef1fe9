"""Past series cut off and carried on by every method: what a stack learns from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Final

import numpy as np

from forecasts import series
from forecasts.dressing import Dressing, wobble
from forecasts.errors import TooLittleHistory
from forecasts.months import YEAR
from forecasts.stack import (
    LEVELS,
    Scored,
    best_weights,
    dressed,
    missed,
    needed_stretch,
    pooled,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from forecasts.series import Way

    Floats = NDArray[np.float64]

FOLDS: Final = 5
LAUNCHES: Final = {3: (3, 4), 6: (5, 6, 7, 8), 12: (12, 13, 14, 16), 24: (20, 22, 24, 26, 28)}
"""Lengths of history that are scored, and the like ones that are learned from."""
MARKETS: Final = {36: (36, 42, 48, 54, 60, 66, 72, 78, 84, 90)}
"""Likewise; from three years on the length says little, so all are scored together."""


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A row a cut: what was seen, how it went on, and how each method carried it on."""

    ways: tuple[Way, ...]
    market: bool
    series: tuple[int, ...]
    seen: tuple[Floats, ...]
    went: tuple[Floats, ...]
    paths: tuple[tuple[Floats | None, ...], ...]
    milliseconds: Floats

    @classmethod
    def together(cls, some: Sequence[Carried]) -> Carried:
        """The cuts of several series, one each."""
        first = some[0]
        return cls(
            ways=first.ways,
            market=first.market,
            series=tuple(place for place, one in enumerate(some) for _ in one.seen),
            seen=tuple(seen for one in some for seen in one.seen),
            went=tuple(went for one in some for went in one.went),
            paths=tuple(paths for one in some for paths in one.paths),
            milliseconds=np.mean([one.milliseconds for one in some], axis=0),
        )

    def over(self, months: range) -> Cuts:
        """Forecasts of the sum of some months ahead, 0 the next one, where they came."""
        came = np.array([len(went) for went in self.went]) >= months.stop
        part = slice(months.start, months.stop)
        real = self._came[came, part].sum(axis=1)
        return Cuts(
            names=tuple(way.name for way in self.ways),
            lengths=np.array([len(seen) for seen in self.seen])[came],
            series=np.array(self.series)[came],
            middles=self._made[came, :, part].sum(axis=2),
            real=real,
            scale=np.maximum(real if self.market else self._means[came] * len(months), 1.0),
            wobble=self._wobbles[came],
            milliseconds=self.milliseconds,
        )

    @cached_property
    def _came(self) -> Floats:
        """How each went on, as long as the longest."""
        longest = max(map(len, self.went))
        return np.array([np.pad(went, (0, longest - len(went))) for went in self.went])

    @cached_property
    def _made(self) -> Floats:
        """What each method made of each cut, a month a number; none where it must not begin."""
        ahead = max(len(path) for made in self.paths for path in made if path is not None)
        none = np.full(ahead, np.nan)
        return np.array(
            [[none if path is None else path for path in made] for made in self.paths]
        )

    @cached_property
    def _means(self) -> Floats:
        """Of whole series."""
        whole = zip(self.seen, self.went, strict=True)
        return np.array([np.concatenate(both).mean() for both in whole])

    @cached_property
    def _wobbles(self) -> Floats:
        return np.array([wobble(seen) if self.market else 1.0 for seen in self.seen])


@dataclass(frozen=True, kw_only=True)
class Cuts:
    """Forecasts of one number each: a row a cut, a column a method in `middles`.

    `scale` makes series of all sizes count alike: the number itself for a market, the
    series' mean over as many months for a launch.
    """

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

    def of_lengths(self, lengths: Sequence[int]) -> Cuts:
        """The cuts of some lengths, and the methods that need no more."""
        keep = np.isin(self.lengths, lengths)
        usable = np.flatnonzero(~np.isnan(self.middles[keep]).any(axis=0))
        return self.where(keep).of_methods(usable.tolist())

    def where(self, keep: NDArray[np.bool_]) -> Cuts:
        """Some of the cuts."""
        return replace(
            self,
            lengths=self.lengths[keep],
            series=self.series[keep],
            middles=self.middles[keep],
            real=self.real[keep],
            scale=self.scale[keep],
            wobble=self.wobble[keep],
        )

    def of_methods(self, places: Sequence[int]) -> Cuts:
        """Some of the methods."""
        return replace(
            self,
            names=tuple(self.names[place] for place in places),
            middles=self.middles[:, list(places)],
            milliseconds=self.milliseconds[list(places)],
        )


def carry(
    past: Mapping[str, Floats],
    ways: Sequence[Way],
    lengths: Iterable[int],
    *,
    ahead: int = YEAR,
    market: bool = False,
) -> Carried:
    """Cut every series at every length that leaves a year, and carry it on by `ahead`."""
    names, cuts = sorted(past), sorted(lengths)
    places = [
        (place, length)
        for place, name in enumerate(names)
        for length in cuts
        if length + YEAR <= len(past[name])
    ]
    seen = [past[names[place]][:length] for place, length in places]
    spent: list[list[float]] = [[] for _ in ways]
    paths = tuple(
        tuple(_path(way, one, ahead, took) for way, took in zip(ways, spent, strict=True))
        for one in seen
    )
    return Carried(
        ways=tuple(ways),
        market=market,
        series=tuple(place for place, _ in places),
        seen=tuple(seen),
        went=tuple(past[names[place]][length:] for place, length in places),
        paths=paths,
        milliseconds=np.array([1e3 * float(np.mean(took or [0.0])) for took in spent]),
    )


def _path(way: Way, seen: Floats, ahead: int, took: list[float]) -> Floats | None:
    """A method's months; the naive ones where it gives up, None where it must not begin."""
    if len(seen) < way.fewest:
        return None
    began = perf_counter()
    try:
        path = way.method(seen, ahead)
    except TooLittleHistory:
        path = series.naive(seen, ahead)
    took.append(perf_counter() - began)
    return path


def learn(cuts: Cuts) -> Dressing:
    """Errors, weights and stretch from past forecasts.

    The stretch is conformal: the (n + 1) / n * 80 % quantile over n series, since cuts
    of one series are no independent witnesses.
    """
    errors = missed(cuts.middles, cuts.real[:, None]) / cuts.wobble[:, None]
    quantiles = np.quantile(errors, LEVELS, axis=0).T
    atoms = [
        dressed(middle, quantiles * width)
        for middle, width in zip(cuts.middles, cuts.wobble, strict=True)
    ]
    past = sums(cuts, quantiles, Scored.nothing(len(cuts.names)))
    (weights,) = best_weights([past])
    needed = [
        needed_stretch(pooled(one, weights), real)
        for one, real in zip(atoms, cuts.real, strict=True)
    ]
    sure = min(0.8 * (1.0 + 1.0 / len(np.unique(cuts.series))), 1.0)
    stretch = float(np.quantile(needed, sure))
    return Dressing(errors=quantiles, weights=weights, stretch=stretch, past=past)


def sums(cuts: Cuts, errors: Floats, past: Scored) -> Scored:
    """`past` and the forecasts of some cuts, as `errors` dress them."""
    atoms = dressed(cuts.middles, errors * cuts.wobble[:, None, None])
    return past.plus(atoms, cuts.real, cuts.scale)
