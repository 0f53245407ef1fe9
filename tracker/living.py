"""Forecasts that move by themselves: after each recording, what is due is made again."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from events.errors import Unusable
from forecasts.explain import chance, horizon
from tracker import wording
from tracker.bearing import due, openings
from tracker.errors import TrackerError
from tracker.estimator import Knowledge, estimate
from tracker.issuing import issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from events.entries import Entry
    from events.issued import ForecastIssued
    from events.ledger import Ledger
    from tracker.workspace import Workspace

NOTICED: Final = 5_000
"""Millionths by which another programme's chance must move to be told of."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What is said of a programme now, and what the same day's news had it before."""

    before: ForecastIssued | None
    after: ForecastIssued

    @property
    def by(self) -> date:
        """The date that the move is told of."""
        return horizon(self.after)

    @property
    def chances(self) -> tuple[int | None, int]:
        """Millionths of P(start by that date), before and after."""
        before = None if self.before is None else chance(self.before, self.by)
        return before, chance(self.after, self.by)

    def __str__(self) -> str:
        """One line: the chance, the year's volume, before and after."""
        before, after = self.chances
        year = self.by.year
        now = _volume(self.after, year)
        was = None if self.before is None else _volume(self.before, year)
        said = None if before is None else wording.percent(before)
        return (
            f"P(start by {wording.day(self.by)})  {_arrow(said, wording.percent(after))}"
            f"   ({wording.likelihood(after)})      volume {year}  {_arrow(was, now)}"
        )


def _arrow(before: str | None, after: str) -> str:
    return after if before in {None, after} else f"{before} -> {after}"


def _volume(made: ForecastIssued, year: int) -> str:
    told = next((one for one in made.volume if one.year == year), None)
    return " / ".join(f"{part:,}" for part in told.quantiles) if told else ""


def due_now(
    place: Workspace, ledger: Ledger, changed: Iterable[str], *, as_of: date
) -> tuple[Knowledge, list[str]]:
    """What is known, and the followed programmes that events of `changed` bear on."""
    knowledge = Knowledge.of(ledger, place)
    opened = openings(knowledge.known(as_of))
    return knowledge, due(changed, opened, place.followed())


def moved_by(place: Workspace, entry: Entry, *, as_of: date, now: datetime) -> list[str]:
    """Make again what an entry bears on, and say how that moved, a line each.

    Raises `TrackerError` where the machine fails, `ForecastError`; the entry stays recorded.
    """
    changed = [entry.fact.programme]
    with behind_a_recording(), place.ledger() as ledger:
        knowledge, wanted = due_now(place, ledger, changed, as_of=as_of)
        since = entry.position - 1
        moved = moves(ledger, knowledge, wanted, since=since, as_of=as_of, now=now)
    return list(told(moved, changed))


def moves(
    ledger: Ledger,
    knowledge: Knowledge,
    wanted: Sequence[str],
    *,
    since: int,
    as_of: date,
    now: datetime,
) -> list[Moved]:
    """Make wanted forecasts again and issue them, beside what they were at a position.

    What says nothing new is not issued again.
    """
    made = estimate(knowledge, wanted, as_of=as_of)
    before = _before(ledger, knowledge, wanted, since=since, as_of=as_of)
    issue(ledger, made, knowledge=knowledge, now=now)
    return [Moved(before=before.get(one.programme), after=one) for one in made]


def _before(
    ledger: Ledger, knowledge: Knowledge, wanted: Sequence[str], *, since: int, as_of: date
) -> dict[str, ForecastIssued]:
    """What was said of each, or would have been, before anything behind a position."""
    said: dict[str, ForecastIssued] = {}
    for slug in wanted:
        last = ledger.last_forecast(slug)
        if last and last.as_of == as_of and knowledge.stands(last, since):
            said[slug] = last
    unsaid = [slug for slug in wanted if slug not in said]
    if unsaid:
        again = estimate(knowledge.until(since), unsaid, as_of=as_of)
        said |= {one.programme: one for one in again}
    return said


@contextmanager
def behind_a_recording() -> Iterator[None]:
    """What is recorded stays so, and is said to be, where its forecast fails on the machine."""
    try:
        yield
    except (OSError, Unusable) as error:
        why = str(getattr(error, "strerror", None) or error).replace(
            "; nothing was recorded", ""
        )
        raise TrackerError(
            f"It is recorded, but not forecast anew: {why.rstrip('.')}. Then: tracker forecast"
        ) from error


def told(moved: Iterable[Moved], changed: Iterable[str]) -> Iterator[str]:
    """A line for the programme itself, then one for each other that moved noticeably."""
    own = set(changed)
    for move in sorted(moved, key=lambda move: move.after.programme not in own):
        before, after = move.chances
        if move.after.programme in own:
            yield str(move)
        elif before is None or abs(after - before) >= NOTICED:
            yield f"{move.after.programme}: {move}"
