"""One programme in a screenful: will it start, when, how many, and how is that known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from events import facts
from events.issued import MILLION
from events.programme import Programme, replay
from events.sources import grade
from forecasts.amounts import YEARS
from forecasts.distribution import StartDistribution
from tracker import wording
from tracker.bars import Bar, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.facts import Fact
    from events.issued import ForecastIssued

NEWEST: Final = 8
"""Events that are shown as evidence; `tracker timeline` has all."""


def portray(
    slug: str,
    told: Sequence[Fact],
    made: ForecastIssued | None,
    on: date,
    amounts: Sequence[str] = (),
) -> Iterator[str | Row]:
    """The lines of the portrait; `told` are the facts that counted on the day.

    `amounts` are lines of `tracker.outlooks`, put between the forecast and the evidence.
    """
    state = replay(slug, told)
    yield from _head(state, on)
    if made is None and not amounts:
        yield ""
        yield f"Nothing to forecast: it is {'context' if state.is_context else state.stage}."
    elif made is not None:
        yield from _start(state, made)
        yield from _volumes(made)
    yield from amounts
    yield from _evidence(slug, told)


def _head(state: Programme, on: date) -> Iterator[str]:
    opening = state.opening
    yield f"{opening.title if opening else state.slug}   ({state.slug}, as of {on})"
    whose = [*opening.organisations, opening.site, opening.country] if opening else []
    if any(whose):
        yield " · ".join(filter(None, whose))
    stated = []
    if not state.is_context:
        stated.append(f"stage {state.stage}")
    if state.window:
        stated.append(wording.start_stated(state.window))
    if state.capacity:
        unit = (opening.unit if opening else None) or "units"
        stated.append(f"{state.capacity:,.10g} {unit} a year stated")
    if stated:
        yield ", ".join(stated)


def _start(state: Programme, made: ForecastIssued) -> Iterator[str | Row]:
    yield ""
    if made.status == "started":
        yield wording.has_started(state.started, state.halt)
        return
    start = StartDistribution(as_of=made.as_of, cumulative=made.start)
    for year in range(made.as_of.year, made.as_of.year + YEARS):
        part = start.by_millionths(date(year, 12, 31))
        said = f"P(start by end of {year})  {wording.percent(part):>6}"
        yield Row(words=said, bar=Bar(end=part / MILLION), behind=wording.likelihood(part))
    yield f"P(no start in ten years)  {wording.percent(made.never):>6}"
    if median := start.median_if_it_starts:
        yield f"If it starts, as likely before as after {wording.month(median)}."


def _volumes(made: ForecastIssued) -> Iterator[str | Row]:
    yield ""
    yield "Volume      P10 /    median /       P90    P(none)"
    most = max(year.quantiles[-1] for year in made.volume)
    for year in made.volume:
        low, middle, high = year.quantiles
        units = f"{low:>7,} / {middle:>9,} / {high:>9,}"
        bar = Bar(begin=low / most, middle=middle / most, end=high / most) if most else None
        yield Row(words=f"  {year.year}  {units}    {wording.percent(year.zero):>7}", bar=bar)


def _evidence(slug: str, told: Sequence[Fact]) -> Iterator[str | Row]:
    shown = [fact for fact in told if not isinstance(fact, facts.ProgrammeOpened)]
    yield ""
    if not shown:
        yield f"No evidence yet. Record an event: tracker record {slug}"
        return
    events = wording.counted(len(shown), "event", "events")
    newest = f"the newest {NEWEST} of {events}" if len(shown) > NEWEST else events
    yield f"Evidence: {newest}"
    for fact in shown[-NEWEST:]:
        said = fact.summary or fact.type
        known = f"  {fact.known_on}  {fact.id[:8]}  {grade(fact.source)}"
        yield Row(words=known, behind=said)
