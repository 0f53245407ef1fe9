"""Reports of overlapping periods become months, and what does not fit is listed.

The reports of one measure form a forest over the boundaries of months, grown from the
strongest: a finer report before a coarser one, then the better grade, then the later
known. A report that closes a ring is not needed; it agrees with the chain it closes,
within the rounding of the figures on it, or it is a disagreement.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from events import edtf, facts
from forecasts.boundaries import Count, Forest
from forecasts.history import happened
from forecasts.months import month_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.facts import Fact, VolumeReported

Basis = Literal["reported", "differenced", "spread"]

GRAIN: Final = 1_000_000
"""Parts of a unit that are told apart where volumes are not whole (GWh)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReconciledMonth:
    """What one month made: `spread` where only the sum of several months is known."""

    month: date
    measure: str
    volume: int | float
    basis: Basis
    reports: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Disagreement:
    """Reports that cannot all be true, or that fit no month; the first lost.

    `volumes` are the reported figures, in the order of `reports`.
    """

    measure: str
    period: str
    reports: tuple[str, ...]
    volumes: tuple[int | float, ...]
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciled:
    """One programme's months, by measure and month, and what disagrees."""

    months: tuple[ReconciledMonth, ...]
    disagreements: tuple[Disagreement, ...]


def of_programme(told: Iterable[Fact]) -> Reconciled:
    """Months of one programme's effective facts; its start, if told, opens the spread."""
    reports: list[VolumeReported] = []
    since: date | None = None
    for fact in told:
        if isinstance(fact, facts.VolumeReported):
            reports.append(fact)
        elif isinstance(fact, facts.ProductionStarted) and since is None:
            since = happened(fact)[0]
    return _reconciled(tuple(reports), since)


@lru_cache(maxsize=1024)
def _reconciled(reports: tuple[VolumeReported, ...], since: date | None) -> Reconciled:
    """The same again where nothing was reported since: moves ask hundreds of times."""
    return reconcile(reports, since=since)


def reconcile(reports: Iterable[VolumeReported], *, since: date | None = None) -> Reconciled:
    """Months of one programme's reports, each measure by itself, in any order.

    The parts of a report add up to it exactly: whole volumes stay whole, others are
    counted in millionths. What a coarse period leaves, after its known months, is
    spread evenly; over the months from the day `since` on, where it reaches them.
    """
    start = month_of(since) if since else 0
    measures: defaultdict[str, list[VolumeReported]] = defaultdict(list)
    for report in reports:
        measures[measure_of(report)].append(report)
    months: list[ReconciledMonth] = []
    disagreements: list[Disagreement] = []
    for measure in sorted(measures):
        one = _Measure(measures[measure], start)
        months += one.months()
        disagreements += one.disagreements
    return Reconciled(months=tuple(months), disagreements=tuple(disagreements))


def measure_of(report: VolumeReported) -> str:
    """What was counted; where a report does not say, production."""
    return report.measure or "production"


class _Month(NamedTuple):
    units: int
    basis: Basis
    reports: tuple[str, ...]


class _Measure:
    """The reports of one measure on their way to months."""

    def __init__(self, reports: list[VolumeReported], start: int) -> None:
        whole = all(float(report.volume).is_integer() for report in reports)
        self._grain = 1 if whole else GRAIN
        self._measure = measure_of(reports[0])
        self._start = start
        self.disagreements: list[Disagreement] = []
        self._counts = sorted(self._placed(reports), key=lambda count: count.rank)
        self._months: dict[int, _Month] = {}

    def months(self) -> Iterator[ReconciledMonth]:
        """Fill the months, the shortest stretches first, guesses from guesses last."""
        forest, crossing = self._grown(), []
        for first, after, units in sorted(forest.stretches(), key=_by_length):
            stretch = range(first, after)
            if self._guessed(stretch):
                crossing.append((stretch, units))
            else:
                self._fill(forest.chain(first, after), stretch, units)
        for stretch, units in crossing:
            self._fill(forest.chain(stretch.start, stretch.stop), stretch, units)
        for month, (units, basis, reports) in sorted(self._months.items()):
            yield ReconciledMonth(
                month=date(month // 12, month % 12 + 1, 1),
                measure=self._measure,
                volume=self._volume(units),
                basis=basis,
                reports=reports,
            )

    def _placed(self, reports: list[VolumeReported]) -> Iterator[Count]:
        for report in sorted(reports, key=lambda report: report.id):
            bounds = _bounds(report.period)
            if bounds is None:
                self._refuse(
                    f"{report.period} is not made of whole months, so its "
                    f"{_figure(report.volume)} {self._measure} are in no month.",
                    [report],
                )
            else:
                yield Count(*bounds, round(report.volume * self._grain), report)

    def _grown(self) -> Forest:
        """The forest of the strongest counts in which no stretch is negative."""
        while True:
            forest, rings = Forest(), []
            for count in self._counts:
                gap = forest.gap(count)
                if gap is None:
                    forest.join(count)
                elif abs(gap) > count.slack:
                    rings.append((count, gap))
            doubted = {
                self._doubted(forest.chain(first, after), units).report.id
                for first, after, units in forest.stretches()
                if units < 0
            }
            if not doubted:
                self._compare(forest, rings)
                return forest
            self._counts = [count for count in self._counts if count.report.id not in doubted]

    def _doubted(self, chain: list[Count], units: int) -> Count:
        """The weakest count of a chain that makes less than nothing."""
        weakest = max(chain, key=lambda count: count.rank)
        if -units > sum(count.slack for count in chain):
            others = [count.report for count in chain if count is not weakest]
            self._refuse(
                f"{self._said(weakest)}, but then the other reports leave less than "
                "nothing for a part of it.",
                [weakest.report, *others],
            )
        return weakest

    def _compare(self, forest: Forest, rings: list[tuple[Count, int]]) -> None:
        """List the counts that miss the chain they close by more than rounding."""
        for count, gap in rings:
            chain = forest.chain(count.first, count.after)
            if abs(gap) > count.slack + sum(other.slack for other in chain):
                made = self._volume(count.units - gap)
                how = "as" if len(chain) == 1 else "but finer reports make"
                self._refuse(
                    f"{self._said(count)}, {how} {made:,}.",
                    [count.report, *(other.report for other in chain)],
                )

    def _guessed(self, stretch: range) -> bool:
        """Whether a month of it has its volume from an even spread."""
        months = (self._months.get(month) for month in stretch)
        return any(month is not None and month.basis == "spread" for month in months)

    def _fill(self, chain: list[Count], stretch: range, units: int) -> None:
        """Give what the known months leave of a stretch to its unknown ones."""
        if len(stretch) == len(chain) == 1 and stretch.start not in self._months:
            self._months[stretch.start] = _Month(units, "reported", (chain[0].report.id,))
            return
        known = [self._months[month] for month in stretch if month in self._months]
        unknown = [month for month in stretch if month not in self._months]
        unknown = [month for month in unknown if month >= self._start] or unknown
        rest = units - sum(month.units for month in known)
        reports = [count.report.id for count in chain]
        reports += [report for month in known for report in month.reports]
        if rest < 0 or (rest and not unknown):
            if abs(rest) > sum(count.slack for count in chain):
                self._overfull(chain, stretch, units, units - rest)
            return
        guessed = len(unknown) > 1 or self._guessed(stretch)
        differenced = len(stretch) > 1 or len(chain) > 1
        basis: Basis = "spread" if guessed else "differenced" if differenced else "reported"
        for part, month in enumerate(unknown):
            share = (part + 1) * rest // len(unknown) - part * rest // len(unknown)
            self._months[month] = _Month(share, basis, tuple(dict.fromkeys(reports)))

    def _overfull(self, chain: list[Count], stretch: range, units: int, known: int) -> None:
        within = {
            report
            for month in stretch
            if month in self._months
            for report in self._months[month].reports
        }
        named = [count.report for count in chain]
        named += [
            count.report
            for count in self._counts
            if count.report.id in within and count not in chain
        ]
        period = f"{_month(stretch.start)}/{_month(stretch.stop - 1)}"
        made = f"{period} has {self._volume(units):,} {self._measure}"
        self._refuse(
            f"{made}, which an even spread of the periods that it overlaps in part "
            f"does not meet: {self._volume(known):,}."
            if self._guessed(stretch)
            else f"{made} by the reports of longer periods, but its known months make "
            f"{self._volume(known):,}.",
            named,
        )

    def _said(self, count: Count) -> str:
        report = count.report
        return f"{report.period} is reported as {_figure(report.volume)} {self._measure}"

    def _volume(self, units: int) -> int | float:
        return units if self._grain == 1 else units / self._grain

    def _refuse(self, sentence: str, reports: list[VolumeReported]) -> None:
        self.disagreements.append(
            Disagreement(
                measure=self._measure,
                period=reports[0].period,
                reports=tuple(report.id for report in reports),
                volumes=tuple(report.volume for report in reports),
                sentence=sentence,
            )
        )


def _figure(volume: float) -> str:
    """A reported volume for people, the same whether a whole one was written with a point."""
    return f"{int(volume) if float(volume).is_integer() else volume:,}"


def _by_length(stretch: tuple[int, int, int]) -> tuple[int, int]:
    first, after, _ = stretch
    return after - first, first


def _month(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"


@lru_cache(maxsize=65_536)
def _bounds(period: str) -> tuple[int, int] | None:
    """The boundaries before and after a period of whole months; None for any other."""
    span = edtf.parse(period)
    if span.earliest is None or span.latest in (None, date.max) or period[0] in "[{":
        return None
    after = span.latest + timedelta(days=1)
    if span.earliest.day != 1 or after.day != 1:
        return None
    return month_of(span.earliest), month_of(after)
