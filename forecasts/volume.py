"""Volumes of calendar years: start x ramp x utilisation x announced capacity.

    forecast(told, start, market=None) -> five YearVolume
    forecast_many(cases) -> the same of each

`told` are the effective facts of one programme, `start` its start distribution as of the
same day (certain where it has started: the facts say since when), `market` the outlook of
a context programme that it follows.

Nothing is drawn. Before a start,

    F(x) = never + sum over months s of P(start in s) * F_s(x / capacity)

is one matrix product for all programmes of a kind. F_s mixes the library's ramps and the
utilisation of announced capacity by kind of maker; at zero it is exact: no start by the
end of the year, or a stop before its beginning. After the start see `forecasts.running`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from events import facts
from events.issued import MILLION
from forecasts import ramps
from forecasts.amounts import LOGS, QUANTILES, RATIOS, YEARS, Volumes
from forecasts.distribution import MONTHS, monthly
from forecasts.history import Status, outcome, snapshot
from forecasts.months import first_month, month_of
from forecasts.reconcile import of_programme
from forecasts.utilisation import Plant, kind_of, priors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from events.facts import Fact
    from forecasts.distribution import StartDistribution
    from forecasts.history import Snapshot
    from forecasts.market import MarketOutlook
    from forecasts.reconcile import ReconciledMonth
    from forecasts.running import Run

    Weights = Mapping[int, Sequence[Sequence[float]]]
    Floats = NDArray[np.float64]
    _Kind = tuple[Plant, date, MarketOutlook | None]

MODEL: Final = "volume-3"
"""Changes whenever the same facts would give other numbers."""
PREFERRED: Final = ("production", "deliveries", "registrations")
"""The measures that stand for a programme's volume, best first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class YearVolume:
    """What is said of one calendar year, in whole units; `zero` in millionths.

    `quantiles` are those of `QUANTILES`. `notes` say what had to be supposed.
    """

    year: int
    zero: int
    mean: int
    quantiles: tuple[int, ...]
    notes: tuple[str, ...] = ()
    together: Volumes = field(repr=False, compare=False)
    place: int = field(default=0, repr=False, compare=False)

    @property
    def distribution(self) -> Volumes:
        """Its own row of those that were computed together."""
        return self.together.row(self.place)

    def at_least(self, volume: float) -> float:
        """P(volume >= `volume`)."""
        return float(self.distribution.at_least(volume)[0])


def forecast(
    told: Sequence[Fact],
    start: StartDistribution,
    market: MarketOutlook | None = None,
    weights: Weights | None = None,
) -> tuple[YearVolume, ...]:
    """The as-of day's calendar year and the four after it, from what was known then."""
    (said,) = forecast_many([Case(told=told, start=start, market=market, weights=weights)])
    return said


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A programme to forecast; `told` are its effective facts.

    `weights` are what a ledger has taught of its methods (`forecasts.experience`).
    """

    told: Sequence[Fact]
    start: StartDistribution
    market: MarketOutlook | None = None
    weights: Weights | None = None


def forecast_many(cases: Sequence[Case]) -> list[tuple[YearVolume, ...]]:
    """As `forecast`, in the order of the cases; those not started a kind at a time."""
    said: dict[int, tuple[YearVolume, ...]] = {}
    kinds: defaultdict[_Kind, list[_Open]] = defaultdict(list)
    for place, case in enumerate(cases):
        as_of = case.start.as_of
        known = [fact for fact in case.told if fact.known_on <= as_of]
        seen = snapshot(known, as_of)
        plant = _plant(known, seen)
        if run := _run(known, seen, plant, case.weights):
            said[place] = _said(list(run.years(YEARS, case.market)), [_notes(plant)])[0]
            continue
        alike = replace(plant, capacity=plant.capacity and 1.0)
        kinds[alike, as_of, case.market].append(
            _Open(place=place, plant=plant, case=case, made=_made(known))
        )
    for kind, waiting in kinds.items():
        told = _said(_before(waiting, *kind), [_notes(one.plant) for one in waiting])
        said |= {one.place: volumes for one, volumes in zip(waiting, told, strict=True)}
    return [said[place] for place in range(len(cases))]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Open:
    """A case that has not started; `made` are trial volumes by calendar year."""

    place: int
    plant: Plant
    case: Case
    made: dict[int, float]


def _before(
    waiting: Sequence[_Open], alike: Plant, as_of: date, market: MarketOutlook | None
) -> list[Volumes]:
    starts = monthly([one.case.start.cumulative for one in waiting])
    scale = np.array([one.plant.scale for one in waiting])
    years = before_start(starts, scale, alike, as_of, market)
    return [
        replace(year, base=np.array([one.made.get(year.year, 0.0) for one in waiting]))
        for year in years
    ]


def _made(known: Sequence[Fact]) -> dict[int, float]:
    """What was reported before a start, by calendar year."""
    made: defaultdict[int, float] = defaultdict(float)
    if any(isinstance(fact, facts.VolumeReported) for fact in known):
        for month in reported_months(known):
            made[month.month.year] += float(month.volume)
    return made


def _said(
    years: Sequence[Volumes], notes: Sequence[tuple[str, ...]]
) -> list[tuple[YearVolume, ...]]:
    """Whole units of each row, year by year."""
    columns = []
    for year in years:
        numbers = zip(
            np.rint(year.zero * MILLION).astype(np.int64).tolist(),
            np.rint(year.mean).astype(np.int64).tolist(),
            np.rint(year.quantiles(QUANTILES)).astype(np.int64).tolist(),
            strict=True,
        )
        columns.append(
            [
                YearVolume(
                    year=year.year,
                    zero=zero,
                    mean=mean,
                    quantiles=tuple(quantiles),
                    notes=notes[row],
                    together=year,
                    place=row,
                )
                for row, (zero, mean, quantiles) in enumerate(numbers)
            ]
        )
    return list(zip(*columns, strict=True))


def _notes(plant: Plant) -> tuple[str, ...]:
    """What had to be supposed."""
    if plant.capacity:
        return ()
    middle = f"{plant.scale:,.0f} {plant.unit} a year"
    return (f"No capacity was announced; that of the reference class, {middle}, is supposed.",)


def plant_of(known: Sequence[Fact], as_of: date) -> Plant:
    """What bears on a programme's volume, as known on a day."""
    return _plant(known, snapshot(known, as_of))


def _plant(known: Sequence[Fact], seen: Snapshot | None) -> Plant:
    units = (fact.unit for fact in known if isinstance(fact, facts.ProgrammeOpened))
    return Plant(
        unit=next(units, None) or "vehicles",
        kind=kind_of(seen.tags if seen else frozenset()),
        country=seen.country if seen else None,
        brownfield=bool(seen and seen.brownfield),
        capacity=(seen.capacity if seen else None) or None,
    )


def _run(
    known: Sequence[Fact], seen: Snapshot | None, plant: Plant, weights: Weights | None = None
) -> Run | None:
    """What is known of a plant since its start; None of one that has not started."""
    if seen is None or seen.status in (Status.OPEN, Status.CANCELLED):
        return None
    from forecasts.running import Run

    began = outcome(known, seen.as_of)
    months = reported_months(known)
    return Run(
        plant=plant,
        as_of=seen.as_of,
        start=(month_of(began.earliest) + month_of(began.latest)) // 2,
        reported={month_of(one.month): float(one.volume) for one in months},
        spread=frozenset(month_of(one.month) for one in months if one.basis == "spread"),
        rests=seen.stage == "paused",
        stopped=seen.status is Status.STOPPED,
        weights=weights,
    )


def own_months(told: Sequence[Fact], as_of: date) -> tuple[tuple[int, float], ...]:
    """The months of a started programme, told one by one since its start, by a day."""
    known = [fact for fact in told if fact.known_on <= as_of]
    seen = snapshot(known, as_of)
    run = _run(known, seen, _plant(known, seen))
    return tuple(sorted(run.single.items())) if run else ()


def reported_months(told: Iterable[Fact]) -> tuple[ReconciledMonth, ...]:
    """The months that stand for a programme's volume: those of the best measure with any."""
    months = of_programme(told).months
    measures = {month.measure for month in months}
    best = next((measure for measure in PREFERRED if measure in measures), None)
    return tuple(month for month in months if month.measure == best)


def before_start(
    starts: Floats,
    scale: Floats,
    plant: Plant,
    as_of: date,
    market: MarketOutlook | None = None,
) -> Iterator[Volumes]:
    """Years of many programmes of a kind.

    `starts` has a row a programme: P(start in each of the 120 months), as
    `StartDistribution.monthly`; `scale` their capacities. `plant` is any one of them:
    the unit, kind, country, and whether a capacity was announced at all, are theirs.
    """
    alike = replace(plant, capacity=plant.capacity and 1.0)
    first = first_month(as_of)
    never = np.maximum(1.0 - starts.sum(axis=1, keepdims=True), 0.0)
    for year in range(as_of.year, as_of.year + YEARS):
        soon = min(max(year * 12 + 12 - first, 0), MONTHS)
        given = given_start(alike, range(first, first + soon), year, market)
        cumulative: Floats = starts[:, :soon] @ given
        cumulative += starts[:, soon:].sum(axis=1, keepdims=True) + never
        np.minimum(cumulative, 1.0, out=cumulative)
        yield Volumes(year=year, base=np.zeros(len(scale)), scale=scale, cumulative=cumulative)


@lru_cache(maxsize=256)
def given_start(plant: Plant, starts: range, year: int, market: MarketOutlook | None) -> Floats:
    """F_s on the grid, a row a month of start."""
    numbers = priors()
    used = plant.used if market is None else plant.used.times(market.factors(year))
    months = np.array(starts, dtype=np.int64)
    season = numbers.season(plant.country)
    result = np.zeros((len(months), len(RATIOS)))
    for tau, weight in zip(numbers.taus, numbers.ramp_weights, strict=True):
        made = ramps.in_year(tau, months, year, season)
        with np.errstate(divide="ignore"):
            result[:, 1:] += weight * used.cdf(LOGS - np.log(made)[:, None])
    waits = np.maximum(year * 12 - months, 0) / 12
    alive = np.exp(-numbers.stops[plant.kind] * waits)[:, None]
    lasting: Floats = alive * result + (1.0 - alive)
    lasting.setflags(write=False)
    return lasting
