"""What is known of a plant before its own figures: how much of its capacity it uses.

The numbers are fitted by `scripts/fit_volume_priors.py` and shipped in
`priors/volume.json`, with their provenance.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Kind = Literal["established", "start-up", "abroad"]

TAIL: Final = 0.5
"""Log distance from the outermost quantiles to where nothing is left: declared."""


def kind_of(tags: frozenset[str]) -> Kind:
    """The kind of maker, by the tags of a programme's opening."""
    if "startup" in tags:
        return "start-up"
    return "abroad" if "chinese-oem-abroad" in tags else "established"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A distribution of positive numbers: logarithms at rising levels from 0 to 1."""

    logs: tuple[float, ...]
    levels: tuple[float, ...]

    @classmethod
    def of(cls, quantiles: list[float], levels: list[float]) -> Table:
        """From positive quantiles; beyond the outermost the mass thins out to nothing."""
        logs = [float(log) for log in np.log(quantiles)]
        return cls(logs=(logs[0] - TAIL, *logs, logs[-1] + TAIL), levels=(0.0, *levels, 1.0))

    def cdf(self, log: Floats) -> Floats:
        """P(log of the number <= log)."""
        return np.interp(log, self.logs, self.levels)

    def times(self, factors: Floats) -> Table:
        """Of the product with one of equally likely positive factors."""
        shifts = np.log(factors)
        axis = np.linspace(self.logs[0] + shifts.min(), self.logs[-1] + shifts.max(), 241)
        cdf = self.cdf(axis[:, None] - shifts).mean(axis=1)
        return Table(logs=tuple(axis.tolist()), levels=tuple(cdf.tolist()))

    @property
    def middles(self) -> Floats:
        """Twenty-five equally likely numbers that stand for it."""
        levels = (np.arange(25) + 0.5) / 25
        return np.exp(np.interp(levels, self.levels, self.logs))

    @cached_property
    def median(self) -> float:
        """The middle of `middles`, which rise."""
        return float(self.middles[12])  # not np.median, which loads masked arrays

    @property
    def moments(self) -> tuple[float, float]:
        """Mean and variance of the logarithm."""
        logs = np.log(self.middles)
        return float(logs.mean()), float(logs.var())


@dataclass(frozen=True, kw_only=True)
class Priors:
    """The shipped numbers.

    `stops` are stops a plant-year; `drift` is the log deviation by which a plant's
    utilisation moves in a year.
    """

    taus: tuple[float, ...]
    ramp_weights: tuple[float, ...]
    utilisation: dict[str, Table]
    capacity: dict[tuple[str, str], Table]
    stops: dict[str, float]
    drift: float
    seasons: dict[str, tuple[float, ...]]

    def season(self, country: str | None) -> Floats:
        """The plant's calendar: January to December, 1 on average."""
        return np.array(self.seasons.get(country or "", (1.0,) * 12))


@lru_cache(maxsize=1)
def priors() -> Priors:
    """The numbers that ship with the package."""
    shipped = Path(__file__).parent / "priors" / "volume.json"
    fit = json.loads(shipped.read_text(encoding="utf-8"))
    levels = fit["levels"]
    ramps = fit["ramps"]
    whole = sum(ramp["weight"] for ramp in ramps)
    return Priors(
        taus=tuple(ramp["tau"] for ramp in ramps),
        ramp_weights=tuple(ramp["weight"] / whole for ramp in ramps),
        utilisation={
            kind: Table.of(quantiles, levels) for kind, quantiles in fit["utilisation"].items()
        },
        capacity={
            (unit, site): Table.of(quantiles, levels)
            for unit, sites in fit["capacity"].items()
            for site, quantiles in sites.items()
        },
        stops=fit["stops"],
        drift=fit["drift"],
        seasons={land: tuple(weights) for land, weights in fit["seasons"].items()},
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Plant:
    """What bears on a plant's volume before its own figures do.

    `capacity` is None where none was announced; `learned` stands in for the shipped
    utilisation of its kind.
    """

    unit: str = "vehicles"
    kind: Kind = "established"
    country: str | None = None
    brownfield: bool = False
    capacity: float | None = None
    learned: Table | None = None

    @property
    def scale(self) -> float:
        """A year at full capacity: as announced, else the median of its unit and site."""
        if self.capacity is not None:
            return self.capacity
        return self._capacities.median

    @property
    def used(self) -> Table:
        """A full year's volume over `scale`."""
        table = self.learned or priors().utilisation[self.kind]
        if self.capacity is not None:
            return table
        return table.times(self._capacities.middles / self.scale)

    @property
    def _capacities(self) -> Table:
        known, site = priors().capacity, "brownfield" if self.brownfield else "greenfield"
        return known.get((self.unit, site), known["vehicles", site])
