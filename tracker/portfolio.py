"""What a picture or a page tells of all followed programmes as of a day, gathered once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from events.issued import MILLION
from events.programme import replay
from forecasts.amounts import QUANTILES
from forecasts.explain import chance
from tracker.account import by_day
from tracker.estimator import estimate
from tracker.totals import totals
from tracker.track_record import track_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from events.entries import Entry
    from events.facts import Fact
    from events.issued import ForecastIssued
    from events.programme import Programme
    from tracker.estimator import Knowledge
    from tracker.track_record import TrackRecord

LATELY: Final = 91
"""Days over which a move is told."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One followed programme: its state, what is said on the day and what was said before it.

    `made` is None of context and of what is over, `before` also of what was not open yet.
    """

    slug: str
    title: str
    state: Programme
    made: ForecastIssued | None
    before: ForecastIssued | None

    @property
    def unit(self) -> str:
        """What is counted."""
        return (self.state.opening.unit if self.state.opening else None) or "units"

    def chance(self, by: date) -> int | None:
        """Millionths of P(start on or before a day)."""
        return chance(self.made, by) if self.made else None

    def moved(self, by: date) -> int | None:
        """By how many millionths that chance has moved; None where nothing was said before."""
        if self.made is None or self.before is None:
            return None
        return chance(self.made, by) - chance(self.before, by)


@dataclass(frozen=True, kw_only=True)
class YearTotal:
    """What all programmes of a unit make in a calendar year, in whole units.

    `zero` is in millionths, `quantiles` are those of .1, .5 and .9: of the sum, not sums.
    """

    year: int
    zero: int
    mean: int
    quantiles: tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Portfolio:
    """All followed programmes as known on a day, production first, then context, by slug.

    `since` is the day with which the moves compare, `by` the two year-ends of which chances
    are told, `totals` the years of each unit with a forecast.
    """

    as_of: date
    since: date
    lines: tuple[Line, ...]
    totals: Mapping[str, tuple[YearTotal, ...]]
    record: TrackRecord

    @property
    def by(self) -> tuple[date, date]:
        """The ends of the next year and of the one after it."""
        return date(self.as_of.year + 1, 12, 31), date(self.as_of.year + 2, 12, 31)


def survey(
    knowledge: Knowledge,
    followed: Iterable[str],
    *,
    as_of: date,
    issued: Sequence[Entry] = (),
) -> Portfolio:
    """The portfolio of the programmes that are followed and were open on the day."""
    knowledge = by_day(knowledge, as_of)
    known = knowledge.known(as_of)
    slugs = [slug for slug in sorted(followed) if slug in known]
    since = as_of - timedelta(days=LATELY)
    made = {one.programme: one for one in estimate(knowledge, slugs, as_of=as_of)}
    before = {one.programme: one for one in estimate(knowledge, slugs, as_of=since)}
    states = sorted(
        (replay(slug, known[slug]) for slug in slugs), key=lambda state: state.is_context
    )
    return Portfolio(
        as_of=as_of,
        since=since,
        lines=tuple(
            Line(
                slug=state.slug,
                title=state.opening.title if state.opening else state.slug,
                state=state,
                made=made.get(state.slug),
                before=before.get(state.slug),
            )
            for state in states
        ),
        totals=dict(_totals(knowledge, known, list(made.values()), as_of)),
        record=track_record(issued, knowledge.histories, as_of=as_of),
    )


def _totals(
    knowledge: Knowledge,
    known: Mapping[str, Sequence[Fact]],
    made: Sequence[ForecastIssued],
    as_of: date,
) -> Iterator[tuple[str, tuple[YearTotal, ...]]]:
    for unit, (_, years) in totals(known, made, as_of=as_of, cache=knowledge.cache).items():
        yield (
            unit,
            tuple(
                YearTotal(
                    year=year.year,
                    zero=round(float(year.zero[0]) * MILLION),
                    mean=round(float(year.mean[0])),
                    quantiles=_three(year.quantiles(QUANTILES)[0]),
                )
                for year in years
            ),
        )


def _three(quantiles: Iterable[float]) -> tuple[int, int, int]:
    low, middle, high = (round(float(units)) for units in quantiles)
    return low, middle, high
