"""Markets and entities: what a monthly series with three years of months will come to.

Five methods carry it on, Prophet and exponential smoothing among them, and are pooled as
the past of 59 markets and brands has taught (`priors/volume_market.json`): a CRPS of .116
of the next year's total, against .130 for the best of them alone and .119 without Prophet.

Plants share their market. What a plant takes from it is M_Y / E[M_Y] to the power of
`BETA`: a factor with mean one that widens the plant's year, and moves all plants of a
market together, since they take the same atom.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from events import edtf, facts
from forecasts import dressing, series
from forecasts.amounts import QUANTILES, YEARS
from forecasts.dressing import Dressing
from forecasts.errors import TooLittleHistory
from forecasts.months import month_of
from forecasts.stack import ATOMS, LEVELS, interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from events.facts import Fact
    from forecasts.reconcile import ReconciledMonth

    Floats = NDArray[np.float64]

FEWEST: Final = 36
"""Months that a series must have: the least with which Prophet earned its place."""
MODEL: Final = "market-stack-2"
"""Changes whenever the same data and options would give other numbers."""
BETA: Final = 0.5
"""How much of its market's surprise a plant shares. Yearly moves of 142 brands follow
their market with 0.85 (standard error 0.07), of 117 models with 0.87 (0.27); a plant
follows a context at one remove, and its own utilisation holds market years already: a
declared share."""
FAN: Final = 12
"""Months of the fan."""

EVENTS: Final = (
    facts.TariffImposed,
    facts.IncentiveGranted,
    facts.IncentiveEnded,
    facts.PlantClosed,
    facts.ProductionPaused,
    facts.ProductionStopped,
    facts.ProductionResumed,
)
"""What may move a market's level from one month to the next; a shutdown is a step down where
it begins and one up where it ends, since monthly data knows no shorter holiday."""

Series = tuple[tuple[int, float], ...]
"""Months (year * 12 + month - 1) and volumes, in order; gaps are allowed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What the numbers depend on besides the data: the years wanted, the known events.

    `events` are months (year * 12 + month - 1) from which on the level may have moved;
    `weights` of the methods stand in for the shipped ones (`forecasts.experience`).
    """

    year: int
    years: int = YEARS
    events: tuple[int, ...] = ()
    weights: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """A month of the fan; `low` to `high` holds it with 80 %."""

    month: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class MarketOutlook:
    """Totals of calendar years from `year` on: 25 equally likely ones each, rising.

    A year that is over is certain. Six significant digits, so that bytes agree.
    """

    model: str
    year: int
    totals: tuple[tuple[float, ...], ...]
    fan: tuple[Month, ...]

    def total(self, year: int) -> Floats:
        """The atoms of a year; raises `KeyError` outside of those wanted."""
        if not self.year <= year < self.year + len(self.totals):
            raise KeyError(year)
        return np.array(self.totals[year - self.year])

    def quantiles(self, year: int) -> tuple[float, float, float]:
        """What a tenth, half and nine tenths of a year's totals stay below."""
        atoms = self.total(year)
        low, middle, high = (float(atoms[round(q * (ATOMS - 1))]) for q in QUANTILES)
        return low, middle, high

    def at_least(self, year: int, volume: float) -> float:
        """P(the year comes to `volume` or more), in between atoms by straight lines."""
        atoms = self.total(year)
        if atoms[0] == atoms[-1]:
            return float(atoms[0] >= volume)
        tail = (atoms[-1] - atoms[-2], atoms[1] - atoms[0])
        values = np.concatenate(([max(atoms[0] - tail[1], 0)], atoms, [atoms[-1] + tail[0]]))
        return 1.0 - float(np.interp(volume, values, [0.0, *LEVELS, 1.0]))

    def factors(self, year: int, beta: float = BETA) -> Floats:
        """Equally likely factors of a plant's year, rising, with mean one.

        Ones for a year that was not asked for, or in which there is no market.
        """
        wanted = self.year <= year < self.year + len(self.totals)
        atoms = self.total(year) if wanted else np.ones(ATOMS)
        if not atoms.any():
            return np.ones(ATOMS)
        shared = np.maximum(atoms / atoms.mean(), 0.01) ** beta
        factors: Floats = shared / shared.mean()
        return factors


def monthly(months: Iterable[ReconciledMonth], *, spread: bool = False) -> Series:
    """The months of the measure that has most of them.

    Those of an even spread have no season and are left out, unless `spread` asks for
    them. Raises `TooLittleHistory` below 36 months.
    """
    known: dict[str, dict[int, float]] = {}
    for one in months:
        if spread or one.basis != "spread":
            known.setdefault(one.measure, {})[month_of(one.month)] = float(one.volume)
    most = max(known.values(), key=len, default={})
    if len(most) < FEWEST:
        raise TooLittleHistory(
            f"A market series has {FEWEST} months or more, this one {len(most)}."
        )
    return tuple(sorted(most.items()))


def events_of(told: Iterable[Fact]) -> tuple[int, ...]:
    """The months of known tariffs, incentives and shutdowns, for `Options`; dated to a month.

    `told` are the effective facts, as of the day, of whatever bears on the market.
    """
    spans = (edtf.parse(fact.occurred) for fact in told if isinstance(fact, EVENTS))
    months = {
        month_of(span.earliest)
        for span in spans
        if span.earliest and span.latest and month_of(span.earliest) == month_of(span.latest)
    }
    return tuple(sorted(months))


def market_key(known: Series, options: Options) -> str:
    """What an outlook may be kept under: the hash of its data, options and model."""
    return hashlib.sha256(msgspec.json.encode((MODEL, known, options))).hexdigest()


def encode(outlook: MarketOutlook) -> bytes:
    """As JSON, the same bytes for the same outlook."""
    return msgspec.json.encode(outlook)


def decode(stored: bytes) -> MarketOutlook:
    """Back from JSON."""
    return msgspec.json.decode(stored, type=MarketOutlook)


def fit_market(known: Series, options: Options) -> MarketOutlook:
    """Carry a series on; the same series and options give the same outlook."""
    seen = series.filled(known)
    first, after = known[0][0], known[-1][0] + 1
    ahead = max((options.year + options.years) * 12 - after, FAN)
    ways = series.market_ways([event - first for event in options.events])
    paths = dressing.carried(ways, seen, ahead)
    width = dressing.wobble(seen)
    leads = dressing.weighed(shipped()["leads"], options.weights[:-2])
    ends = dressing.weighed(shipped()["months"], options.weights[-2:])
    totals = []
    for year in range(options.year, options.year + options.years):
        months = np.arange(year * 12, year * 12 + 12)
        past = seen[months[(months >= first) & (months < after)] - first].sum()
        to_come = months[months >= after] - after
        atoms = np.full(ATOMS, past)
        if len(to_come):
            atoms = atoms + dressing.total(paths, leads, to_come, width)
        totals.append(tuple(_six(atom) for atom in atoms))
    return MarketOutlook(
        model=MODEL,
        year=options.year,
        totals=tuple(totals),
        fan=tuple(_month(paths, after, step, width, ends) for step in range(FAN)),
    )


def fit_markets(
    jobs: Mapping[str, tuple[Series, Options]], executor: Executor
) -> dict[str, MarketOutlook]:
    """Many outlooks by name, in the processes of an executor: threads gain nothing.

    Any `concurrent.futures` executor will do, a cluster's as well.
    """
    wanted = list(jobs.values())
    fitted = executor.map(fit_market, *zip(*wanted, strict=True)) if wanted else ()
    return dict(zip(jobs, fitted, strict=True))


def _month(paths: Floats, after: int, step: int, width: float, ends: list[Dressing]) -> Month:
    """A month of the fan: the errors of the first and of the twelfth, and in between."""
    dressed, _ = dressing.between(ends, step / (FAN - 1))
    atoms = dressed.forecast(paths[:, step], width)
    low, high = interval(atoms)
    return Month(
        month=after + step, low=_six(low), middle=_six(atoms[ATOMS // 2]), high=_six(high)
    )


def _six(number: float) -> float:
    return float(f"{number:.6g}")


@lru_cache(maxsize=1)
def shipped() -> dict[str, list[Dressing]]:
    """Dressings of whole years and of single months ahead."""
    file = Path(__file__).parent / "priors" / "volume_market.json"
    fit = json.loads(file.read_text(encoding="utf-8"))
    return {key: [Dressing.of(one) for one in fit[key]] for key in ("leads", "months")}
