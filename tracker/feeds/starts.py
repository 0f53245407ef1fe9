"""Expected starts as a calendar: RFC 5545, each a tentative span of whole days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import uuid5

from icalendar import Calendar, Event
from icalendar.enums import STATUS

from events import edtf
from events.issued import MILLION
from forecasts.distribution import StartDistribution
from forecasts.explain import chance, horizon
from tracker import wording
from tracker.bearing import bearing_on, openings
from tracker.feeds.news import OURS
from tracker.tables import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.issued import ForecastIssued
    from tracker.estimator import Knowledge

MEDIA_TYPE: Final = "text/calendar"


@dataclass(frozen=True, kw_only=True)
class Span:
    """Days within which something may begin, the last included; its name for a calendar."""

    what: str
    headline: str
    first: date
    last: date


def calendar(knowledge: Knowledge, forecasts: Iterable[ForecastIssued]) -> bytes:
    """Of each programme that has not started, the stated window and the forecast's middle half.

    The same bytes from the same ledger and day. A revision's number is how many events that
    bear on the programme were known, so it never falls.
    """
    made = Calendar.new(
        name="Tracker: expected starts",
        prodid="-//Tracker//Expected starts//EN",
        uid=str(uuid5(OURS, "expected starts")),
    )
    for forecast in forecasts:
        for event in _events(knowledge, forecast):
            made.add_component(event)
    return bytes(made.to_ical())


def _events(knowledge: Knowledge, made: ForecastIssued) -> Iterator[Event]:
    opened = openings(knowledge.known(made.as_of))
    if made.status == "started" or made.programme not in opened:
        return
    opening = opened[made.programme]
    bearing = bearing_on(made.programme, opened)
    revision = sum(
        fact.known_on <= made.as_of
        for slug in bearing
        for fact in knowledge.histories.get(slug, ())
    )
    place = ", ".join(filter(None, [opening.site, opening.country]))
    by = horizon(made)
    said = chance(made, by)
    told = (
        f"P(start by {wording.day(by)}) {wording.percent(said)} ({wording.likelihood(said)}), "
        f"as of {wording.day(made.as_of)}."
    )
    for span in (*_stated(made, opening.title), *_middle_half(made, opening.title)):
        event = Event.new(
            uid=f"{uuid5(OURS, f'{made.programme} {span.what}')}@tracker.invalid",
            stamp=datetime.combine(made.as_of, datetime.min.time(), UTC),
            summary=harmless(span.headline),
            description=told,
            start=span.first,
            end=span.last + timedelta(days=1),  # a calendar's end is the day after
            sequence=revision,
            status=STATUS.TENTATIVE,
            categories=[span.what],
        )
        event.add("transp", "TRANSPARENT")
        if place:
            event.add("location", harmless(place))
        yield event


def _stated(made: ForecastIssued, title: str) -> Iterator[Span]:
    """The window that was announced, where it has two ends, is not over, and ends one day."""
    window = edtf.parse(made.announced) if made.announced else None
    if window and window.earliest and window.latest and made.as_of < window.latest < date.max:
        yield Span(
            what="announced",
            headline=f"{title}: start announced",
            first=window.earliest,
            last=window.latest,
        )


def _middle_half(made: ForecastIssued, title: str) -> Iterator[Span]:
    """The months of the middle half of those futures that start within ten years."""
    start = StartDistribution(as_of=made.as_of, cumulative=made.start)
    reach = made.start[-1] / MILLION
    low, high = start.quantile(reach / 4), start.quantile(reach * 3 / 4)
    if reach and low and high:
        yield Span(
            what="forecast",
            headline=f"{title}: start forecast, if it starts",
            first=low.replace(day=1),
            last=high,
        )
