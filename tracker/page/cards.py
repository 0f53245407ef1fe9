"""A programme's four numbers, and the sentence that answers the question it was opened for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from events.issued import MILLION
from forecasts.distribution import StartDistribution
from forecasts.explain import chance, horizon
from tracker import wording
from tracker.page.figures import units

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from events.issued import ForecastIssued
    from tracker.account import Account
    from tracker.track_record import Calibration, TrackRecord


ANSWERED: Final = {
    "issued": ("forecast issued in time", "forecasts issued in time"),
    "hindcast": ("hindcast", "hindcasts"),
    "back-test": (
        "forecast of the back-test on the reference class",
        "forecasts of the back-test on the reference class",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Card:
    """A number with its name and what to hold it against; `term` explains the name."""

    name: str
    term: str
    value: str
    words: str
    notes: tuple[str, ...] = ()


def cards(account: Account) -> Iterator[Card]:
    """P(start by ...), the median, the volume, the track record; fewer where there is less."""
    if account.made is not None:
        yield _started(account) if account.made.status == "started" else _chance(account)
        if median := _median(account, account.made):
            yield median
        yield _volume(account, account.made)
    yield _record(account.record.best)


def _chance(account: Account) -> Card:
    made = account.made
    assert made is not None  # noqa: S101 - asked for by `cards` where there is a forecast
    by = horizon(made)
    said = chance(made, by)
    notes = []
    if account.move and account.move.before != said:
        notes.append(f"{wording.percent(account.move.before)} when it was opened")
    notes.append(f"{wording.percent(made.never)} no start within ten years")
    return Card(
        name=f"P(start by {wording.day(by)})",
        term="probability",
        value=wording.percent(said),
        words=wording.likelihood(said),
        notes=tuple(notes),
    )


def _started(account: Account) -> Card:
    since = account.state.started
    return Card(
        name="Production",
        term="start",
        value="started",
        words=wording.span(since) if since else "",
        notes=(f"now {account.state.stage}",) if account.state.halt else (),
    )


def _median(account: Account, made: ForecastIssued) -> Card | None:
    start = StartDistribution(as_of=made.as_of, cumulative=made.start)
    median = start.median_if_it_starts
    if made.status == "started" or median is None:
        return None
    reach = made.start[-1] / MILLION
    low, high = start.quantile(reach / 10), start.quantile(reach * 9 / 10)
    stated = account.state.window
    return Card(
        name="Median start, if it starts",
        term="median",
        value=short_month(median),
        words=f"eight in ten: {short_month(low)} to {short_month(high)}",
        notes=(f"announced: {wording.span(stated)}",) if stated else ("no start announced",),
    )


def _volume(account: Account, made: ForecastIssued) -> Card:
    year = horizon(made).year
    told = next((one for one in made.volume if one.year == year), made.volume[-1])
    low, middle, high = told.quantiles
    capacity = account.state.capacity
    notes = [f"P(none) {wording.percent(told.zero)}"]
    if capacity:
        notes.append(f"announced: {units(capacity)} a year")
    return Card(
        name=f"{account.unit.capitalize()} in {told.year}, median",
        term="range",
        value=units(middle),
        words=f"eight in ten: {units(low)} to {units(high)}",
        notes=tuple(notes),
    )


def _record(best: Calibration) -> Card:
    kinds = {"issued": "forecasts", "hindcast": "hindcasts", "back-test": "back-test"}
    return Card(
        name=f"Track record ({kinds[best.kind]})",
        term="brier",
        value=f"{best.brier:.3f}",
        words=f"Brier score; base rate {best.base_rate:.3f}",
        notes=(
            f"announced dates believed: {best.face_value:.3f}",
            _of_programmes(best, "forecast", "forecasts"),
        ),
    )


def short_month(day: date | None) -> str:
    """Oct 2027."""
    return f"{wording.MONTHS[day.month - 1][:3]} {day.year}" if day else "–"


def answer(account: Account) -> str:
    """The answer in a sentence or two."""
    state, made = account.state, account.made
    if made is None:
        if state.is_context:
            return "It is context for other programmes: it never starts itself."
        return f"It is {state.stage}: there is nothing to forecast."
    stated = _stated(account)
    if made.status == "started":
        return f"{wording.has_started(state.started, state.halt)}{stated}"
    by = horizon(made)
    said = chance(made, by)
    return (
        f"Production by {wording.day(by)}: {wording.likelihood(said)}, "
        f"{wording.percent(said)}.{stated}"
    )


def _stated(account: Account) -> str:
    state = account.state
    capacity = f"{units(state.capacity)} {account.unit} a year" if state.capacity else ""
    if state.window and not state.started:
        much = f", {capacity}" if capacity else ""
        return f" Stated: {wording.span(state.window)}{much}."
    return f" Stated: {capacity}." if capacity else ""


def told_of_record(record: TrackRecord) -> Iterator[str]:
    """The track record, a paragraph each: in time, for days gone by, of the reference class."""
    for one in (record.issued, record.hindcasts, record.back_test):
        if one:
            yield (
                f"{_of_programmes(one, *ANSWERED[one.kind])}: Brier score {one.brier:.3f}, "
                f"where the base rate has {one.base_rate:.3f} and announced dates believed "
                f"have {one.face_value:.3f}."
            )


def _of_programmes(record: Calibration, one: str, many: str) -> str:
    said = wording.counted(record.forecasts, one, many)
    return f"{said} of {wording.counted(record.programmes, 'programme', 'programmes')}"
