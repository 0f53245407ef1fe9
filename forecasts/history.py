"""What was knowable of a programme on a day, and what had become of it.

A programme's facts arrive in the order in which they became known (what
`events.corrections.effective` gives). One walk over them takes a `Snapshot` at each landmark;
a fact with `known_on` after the landmark changes nothing in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from events import edtf, facts
from events.programme import REACHES, Stage, opening_of
from forecasts.months import month_end, month_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.facts import Recorded

FROM_WIDTH: Final = 24
"""Months after X in which "from X" is read to promise a start; a declared figure."""

SLIP: Final = 2
"""Months by which the end of a window must move later to count as a slip: less is a window
told more precisely. The end is what was promised: measured on the middle, slips foretold
less in the back-test."""


class Status(StrEnum):
    """Whether a start can still be forecast."""

    OPEN = "open"
    STARTED = "started"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


RANK: Final = {stage: rank for rank, stage in enumerate(Stage)}
PLAN: Final = (facts.StartRevised, facts.CapacityAnnounced, facts.TargetAnnounced)


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """The announced months of start, both ends included, as year * 12 + month - 1."""

    first: int
    last: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """One programme as known on one day; months are integers, durations in months.

    `last_news` leaves out slips and notes: neither is a sign of life. `stepped` is the day on
    which its last step forward became known, the day of the opening before any.
    """

    programme: str
    as_of: date
    status: Status
    stage: Stage
    reached: Stage
    stage_since: date
    last_news: date
    stepped: date
    window: Window | None
    slips: int
    slipped: int
    capacity: float | None
    product: str | None
    brownfield: bool | None
    country: str | None
    tags: frozenset[str]
    follows: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What had become of a programme as known on a day.

    `earliest` and `latest` bound the day of the start or the cancellation; they are the day
    of knowing itself while it is open (censored).
    """

    status: Status
    earliest: date
    latest: date


def promised(claim: facts.Claim) -> Window | None:
    """The window a claim states; open ends closed by the day of the claim or `FROM_WIDTH`."""
    if claim.expected_start is None:
        return None
    span = edtf.parse(claim.expected_start)
    if span.earliest is not None and span.latest is not None:
        return Window(first=month_of(span.earliest), last=month_of(span.latest))
    if span.latest is not None:
        last = month_of(span.latest)
        return Window(first=min(month_of(claim.known_on), last), last=last)
    if span.earliest is not None:
        first = month_of(span.earliest)
        return Window(first=first, last=first + FROM_WIDTH)
    return None


def happened(fact: Recorded) -> tuple[date, date]:
    """The days between which a fact came true: never after it was known."""
    span = edtf.parse(fact.occurred)
    latest = min(span.latest or fact.known_on, fact.known_on)
    return min(span.earliest or latest, latest), latest


class Standing:
    """How a programme stands while its facts are told in order."""

    def __init__(self, opened: facts.ProgrammeOpened) -> None:
        self.opened = opened
        self.status = Status.OPEN
        self.reached = Stage.CONSIDERED
        self.paused = False
        self.since = self.last_news = opened.known_on
        self.halted = self.stepped = date.min
        self.resolved: tuple[date, date] | None = None
        self.window: Window | None = None
        self.slips = 0
        self.slipped = 0
        self.capacity: float | None = None

    def tell(self, fact: Recorded) -> None:
        """Let one more fact become known."""
        kind, before = type(fact), self.slipped
        if kind is facts.ProductionStarted:
            self.resolve(Status.STARTED, fact)
        elif kind in REACHES:
            self.climb(fact, REACHES[kind])
        elif kind is facts.ProductionCancelled:
            if self.status is Status.OPEN:
                self.resolve(Status.CANCELLED, fact)
        elif kind is facts.ProductionStopped:
            self.stop(fact)
        elif kind is facts.ProductionPaused:
            self.halt(fact)
        elif kind is facts.ProductionResumed:
            self.resume(fact)
        if isinstance(fact, facts.Claim):
            self.hear(fact, weighty=kind in REACHES or kind in PLAN)
        delayed = kind is facts.StartRevised and self.slipped > before
        if kind is not facts.Noted and not delayed:
            self.last_news = fact.known_on

    def climb(self, fact: Recorded, stage: Stage) -> None:
        """Reach a stage: never back, and out of a halt if the step was taken since."""
        if happened(fact)[1] >= self.halted:
            self.resume(fact)
        if RANK[stage] > RANK[self.reached]:
            self.reached, self.stepped = stage, fact.known_on
            self.since = happened(fact)[1]

    def halt(self, fact: Recorded) -> None:
        """Rest, unless it rests already."""
        if not self.paused:
            self.paused = True
            self.halted, self.since = happened(fact)

    def resume(self, fact: Recorded) -> None:
        """Go on after a halt or a cancellation; the stage counts anew."""
        if self.status is Status.CANCELLED:
            self.status, self.resolved = Status.OPEN, None
            self.since = happened(fact)[1]
        if self.paused:
            self.paused, self.since = False, happened(fact)[1]

    def stop(self, fact: Recorded) -> None:
        """End: after a start it was a start, before it a cancellation."""
        if self.status is Status.STARTED:
            self.status = Status.STOPPED
        elif self.status is Status.OPEN:
            self.resolve(Status.CANCELLED, fact)

    def resolve(self, status: Status, fact: Recorded) -> None:
        """Come to an outcome; only the first start counts."""
        if self.status in (Status.OPEN, Status.CANCELLED):
            self.status, self.resolved = status, happened(fact)
            self.halted = self.resolved[0]

    def hear(self, claim: facts.Claim, *, weighty: bool) -> None:
        """Take in a stated capacity and window; hearsay counts while nothing is stated."""
        if claim.capacity_per_year is not None and (weighty or self.capacity is None):
            self.capacity = float(claim.capacity_per_year)
        window = promised(claim)
        if window is None or not (weighty or self.window is None):
            return
        if self.window is not None:
            move = window.last - self.window.last
            self.slips += move >= SLIP
            self.slipped += move
        self.window = window

    def snapshot(self, as_of: date) -> Snapshot:
        """The state as it stands, seen on a day."""
        opened = self.opened
        return Snapshot(
            programme=opened.programme,
            as_of=as_of,
            status=self.status,
            stage=Stage.PAUSED if self.paused else self.reached,
            reached=self.reached,
            stage_since=self.since,
            last_news=self.last_news,
            stepped=max(self.stepped, opened.known_on),
            window=self.window,
            slips=self.slips,
            slipped=self.slipped,
            capacity=self.capacity,
            product=opened.product,
            brownfield=opened.brownfield,
            country=opened.country,
            tags=frozenset(opened.tags),
            follows=opened.follows,
        )

    def outcome(self, as_of: date) -> Outcome:
        """What had become of it, seen on a day."""
        earliest, latest = self.resolved or (as_of, as_of)
        return Outcome(status=self.status, earliest=earliest, latest=latest)


def opening(told: Iterable[Recorded]) -> facts.ProgrammeOpened | None:
    """What opened a production programme; None for a context, or what nobody opened."""
    opened = opening_of(told)
    return None if opened and opened.kind == "context" else opened


def snapshots(told: Sequence[Recorded], days: Iterable[date]) -> Iterator[Snapshot]:
    """A production programme on each of the days (ascending) from its opening on."""
    opened = opening(told)
    if opened is None:
        return
    standing, place = Standing(opened), 0
    for day in days:
        while place < len(told) and told[place].known_on <= day:
            standing.tell(told[place])
            place += 1
        if opened.known_on <= day:
            yield standing.snapshot(day)


def snapshot(told: Sequence[Recorded], as_of: date) -> Snapshot | None:
    """A production programme as known on a day; None before its opening was known."""
    return next(snapshots(told, [as_of]), None)


def is_running(told: Sequence[Recorded], as_of: date) -> bool:
    """Whether it has started by a day: then no chance of one bears on its volumes."""
    seen = snapshot(told, as_of)
    return seen is not None and seen.status not in (Status.OPEN, Status.CANCELLED)


def outcome(told: Sequence[Recorded], as_of: date) -> Outcome:
    """What had become of a production programme by what was known on a day."""
    opened = opening(told)
    pending = Outcome(status=Status.OPEN, earliest=as_of, latest=as_of)
    if opened is None or opened.known_on > as_of:
        return pending
    standing = Standing(opened)
    for fact in told:
        if fact.known_on > as_of:
            break
        standing.tell(fact)
    return standing.outcome(as_of)


def landmarks(first: date, last: date) -> list[date]:
    """The half-years' ends from the first on or after `first` to the last up to `last`."""
    half = month_of(first) // 6 * 6 + 5
    ends = [month_end(month) for month in range(half, month_of(last) + 1, 6)]
    return [end for end in ends if end <= last]
