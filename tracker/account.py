"""What a picture or a page tells of one programme as of a day, gathered once.

Nothing that became known later is in an account: it is the same whether later events are
recorded yet or not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from events import edtf, facts
from events.programme import evolve, replay
from forecasts.amounts import YEARS
from forecasts.months import month_of
from tracker.bearing import bearing_on, openings
from tracker.errors import not_open
from tracker.estimator import estimate
from tracker.explaining import why
from tracker.learning import Markets
from tracker.track_record import track_record
from tracker.versions import fates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from events.entries import Entry
    from events.facts import Fact
    from events.issued import ForecastIssued
    from events.programme import Programme
    from forecasts.explain import Move
    from forecasts.market import MarketOutlook
    from tracker.estimator import Knowledge
    from tracker.track_record import TrackRecord

EARLIER: Final = 6
"""Earlier forecasts that are shown beside the one of the day."""


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """A fact that no longer counts as it was recorded, and the correction that says so."""

    fact: Fact
    by: facts.Correction
    how: Literal["retracted", "amended"]


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Another programme whose events bear on this one: a rival, or context that is followed."""

    slug: str
    title: str
    role: Literal["rival", "context"]
    told: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class StatedWindow:
    """A stated start of production, and how many months its end slipped from the one before.

    `slip` is None for the first one, and where an end is open.
    """

    fact: Fact
    stated: str
    earliest: date | None
    latest: date | None
    slip: int | None


@dataclass(frozen=True, kw_only=True)
class Account:
    """One programme as known on a day.

    `told` are the facts that counted, in the order known; `circle` its rivals and context;
    `made` what is said on the day, None of context and of what is over; `earlier` forecasts as
    of earlier days, oldest first and thinned; `move` how it came from the opening to here, None
    where it was not asked for; `outlook` the months to come of a context with a series.
    """

    slug: str
    as_of: date
    state: Programme
    told: tuple[Fact, ...]
    circle: tuple[Neighbour, ...]
    made: ForecastIssued | None
    earlier: tuple[ForecastIssued, ...]
    move: Move | None
    windows: tuple[StatedWindow, ...]
    record: TrackRecord
    outlook: MarketOutlook | None

    @property
    def title(self) -> str:
        """Its name for people; text from strangers."""
        return self.state.opening.title if self.state.opening else self.slug

    @property
    def unit(self) -> str:
        """What is counted."""
        return (self.state.opening.unit if self.state.opening else None) or "units"


def gather(
    knowledge: Knowledge,
    slug: str,
    *,
    as_of: date,
    issued: Sequence[Entry] = (),
    moved: bool = True,
) -> Account:
    """The account of a programme; `issued` are the ledger's forecasts (`Ledger.issued`).

    `moved` asks for the move since the opening too, the one part that takes long. Raises
    `Unknown` where the programme was not open yet on the day.
    """
    knowledge = by_day(knowledge, as_of)
    known = knowledge.known(as_of)
    if slug not in known:
        raise not_open(slug, as_of)
    told = tuple(known[slug])
    state = replay(slug, told)
    made = next(iter(estimate(knowledge, [slug], as_of=as_of)), None)
    return Account(
        slug=slug,
        as_of=as_of,
        state=state,
        told=told,
        circle=tuple(_circle(slug, known)),
        made=made,
        earlier=thinned([entry.forecast for entry in issued], slug, as_of),
        move=_moved(knowledge, slug, as_of) if moved and not state.is_context else None,
        windows=tuple(windows(slug, told)),
        record=track_record(issued, knowledge.histories, as_of=as_of),
        outlook=_outlook(knowledge, known, state, as_of),
    )


def by_day(knowledge: Knowledge, as_of: date) -> Knowledge:
    """What was known by a day and nothing else: whatever is made of it cannot look ahead."""

    def seen() -> Knowledge:
        return replace(
            knowledge,
            histories={
                slug: [fact for fact in history if fact.known_on <= as_of]
                for slug, history in knowledge.histories.items()
            },
        )

    return knowledge.lately("by day", as_of, seen)


def _moved(knowledge: Knowledge, slug: str, as_of: date) -> Move:
    return why(knowledge, slug, since=as_of.min, until=as_of)


def _outlook(
    knowledge: Knowledge,
    known: Mapping[str, Sequence[Fact]],
    state: Programme,
    as_of: date,
) -> MarketOutlook | None:
    if not state.is_context:
        return None
    return Markets(known, as_of, knowledge.cache).outlook(state.slug, years=YEARS)


def taken_back(history: Sequence[Fact], as_of: date) -> Iterator[TakenBack]:
    """Facts of a history that were retracted or amended by a day, in the order recorded."""
    known = [fact for fact in history if fact.known_on <= as_of]
    named = {fact.id: fact for fact in known}
    for id, (retraction, amendment) in fates(known).items():
        fact, by = named.get(id), named.get(retraction or amendment or "")
        if fact and isinstance(by, facts.Correction):
            yield TakenBack(fact=fact, by=by, how="retracted" if retraction else "amended")


def _circle(slug: str, known: Mapping[str, Sequence[Fact]]) -> Iterator[Neighbour]:
    """Rivals first, then context; each by slug."""
    opened = openings(known)
    near = sorted(bearing_on(slug, opened) & opened.keys() - {slug})
    for role in ("rival", "context"):
        for each in near:
            if (opened[each].kind == "context") == (role == "context"):
                yield Neighbour(
                    slug=each, title=opened[each].title, role=role, told=tuple(known[each])
                )


def thinned(
    issued: Sequence[ForecastIssued], slug: str, as_of: date
) -> tuple[ForecastIssued, ...]:
    """What was last said of a programme on each of some earlier days, evenly many apart."""
    said = {one.as_of: one for one in issued if one.programme == slug and one.as_of < as_of}
    days = sorted(said)
    if len(days) > EARLIER:
        step = (len(days) - 1) / (EARLIER - 1)
        days = [days[round(place * step)] for place in range(EARLIER)]
    return tuple(said[day] for day in days)


def windows(slug: str, told: Sequence[Fact]) -> Iterator[StatedWindow]:
    """The stated windows of a start, one after the other, as the state took them up."""
    state = replay(slug, ())
    last: date | None = None
    for fact in told:
        before, state = state.window, evolve(state, fact)
        if state.window is None or state.window == before:
            continue
        span = edtf.parse(state.window)
        slip = month_of(span.latest) - month_of(last) if span.latest and last else None
        yield StatedWindow(
            fact=fact,
            stated=state.window,
            earliest=span.earliest,
            latest=span.latest,
            slip=slip,
        )
        last = span.latest
