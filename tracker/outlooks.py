"""How much: a market's months, targets as chances, the chance of reaching a level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.issued import MILLION
from events.programme import replay
from forecasts import targets, volume
from forecasts.amounts import YEARS
from forecasts.distribution import StartDistribution
from forecasts.months import month_end
from tracker import wording
from tracker.experience import of_launches
from tracker.learning import Markets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from events.facts import Fact
    from events.issued import ForecastIssued


def reaching(
    known: Mapping[str, Sequence[Fact]],
    made: ForecastIssued,
    units: float,
    cache: Path | None,
) -> list[tuple[int, int]]:
    """Millionths of P(at least so many units) in each calendar year of a forecast."""
    told, slug = known[made.programme], made.programme
    market = Markets(known, made.as_of, cache).of(replay(slug, told))
    start = StartDistribution(as_of=made.as_of, cumulative=made.start)
    weights = of_launches(known, made.as_of, cache)
    years = volume.forecast(told, start, market, weights)
    return [(year.year, round(year.at_least(units) * MILLION)) for year in years]


def told_of_market(
    known: Mapping[str, Sequence[Fact]], slug: str, as_of: date, cache: Path | None
) -> Iterator[str]:
    """A context's own series: the months after its last known one, its years, its targets."""
    told = known[slug]
    needed = max(YEARS, targets.years(told, as_of))
    outlook = Markets(known, as_of, cache).outlook(slug, years=needed)
    if outlook is None:
        return
    yield ""
    last = _month(outlook.fan[0].month - 1)
    yield f"The {len(outlook.fan)} months after {last}, the last that is known"
    yield f"{'':17}      P10 /    median /       P90"
    for month in outlook.fan:
        yield f"  {_month(month.month):<15}{_three(month.low, month.middle, month.high)}"
    yield ""
    yield f"{'The years':17}      P10 /    median /       P90"
    for year in range(as_of.year, as_of.year + needed):
        yield f"  {year:<15}{_three(*outlook.quantiles(year))}"
    for chance in targets.of_market(told, as_of, outlook):
        part = round(chance.probability * MILLION)
        yield (
            f"P({chance.target.volume:,.0f} or more in {chance.target.year})  "
            f"{wording.percent(part)}  ({wording.likelihood(part)}): the target of event "
            f"{chance.target.event[:8]}"
        )


def _month(month: int) -> str:
    return wording.month(month_end(month))


def _three(low: float, middle: float, high: float) -> str:
    return f"{low:>9,.0f} / {middle:>9,.0f} / {high:>9,.0f}"
