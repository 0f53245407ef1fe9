"""What is said is appended to the ledger, with how it came from what was said before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from events.issued import MoveIssued, PartIssued
from tracker.entering import until_not_overtaken
from tracker.explaining import between

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from events.issued import ForecastIssued
    from events.ledger import Ledger
    from tracker.estimator import Knowledge


def issue(
    ledger: Ledger,
    forecasts: Sequence[ForecastIssued],
    *,
    knowledge: Knowledge,
    now: datetime,
) -> list[ForecastIssued]:
    """Append the forecasts that say anything new; those that were appended.

    `knowledge` is what they were made from. Where another process was faster, what it said is
    read first: the same is not said twice.
    """

    def attempt() -> list[ForecastIssued]:
        before = {slug: ledger.forecasts(slug) for slug in {one.programme for one in forecasts}}
        new = list(_new(forecasts, before.values(), knowledge))
        ledger.issue(new, after={slug: len(told) for slug, told in before.items()}, now=now)
        return new

    return until_not_overtaken(attempt)


def _new(
    forecasts: Iterable[ForecastIssued],
    before: Iterable[Sequence[ForecastIssued]],
    knowledge: Knowledge,
) -> Iterator[ForecastIssued]:
    """Those that say anything new, each with its move."""
    said = {
        one.programme: {each.as_of: each for each in told} for told in before for one in told
    }
    for forecast in forecasts:
        there = said.setdefault(forecast.programme, {})
        last = there.get(forecast.as_of)
        if last is None or not last.same_numbers(forecast):
            earlier = [day for day in there if day <= forecast.as_of]
            one_before = there[max(earlier)] if earlier else None
            there[forecast.as_of] = forecast
            yield msgspec.structs.replace(forecast, move=_move(knowledge, one_before, forecast))


def _move(
    knowledge: Knowledge, before: ForecastIssued | None, after: ForecastIssued
) -> MoveIssued | None:
    if before is None:
        return None
    move = between(knowledge, before, after)
    return MoveIssued(
        since=before.as_of,
        by=move.by,
        year=move.year,
        parts=tuple(
            PartIssued(
                kind=part.kind,
                day=part.day,
                delta=part.delta,
                volume_delta=part.volume_delta,
                event=part.fact.id if part.fact else None,
                judged=part.fact is not None and part.fact.type in knowledge.judged,
            )
            for part in move.parts
            if part.delta or part.volume_delta
        ),
    )
