"""Scores of what was issued, as rows: recomputed from the ledger, never kept apart from it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from events.corrections import effective
from forecasts.history import outcome
from forecasts.resolve import made_in_years, start_scores, volume_scores

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from events.entries import Entry
    from events.facts import Fact
    from events.ledger import Ledger


def score_rows(ledger: Ledger) -> list[dict[str, Any]]:
    """A row a score of every issued forecast that is answered, wholly or in part.

    What is seen ends with the last day that the ledger knows of: the latest `known_on`, or
    the latest as-of day of a forecast.
    """
    issued = list(ledger.issued())
    if not issued:
        return []
    histories = ledger.histories()
    until = max(
        *(fact.known_on for history in histories.values() for fact in history),
        *(entry.forecast.as_of for entry in issued),
    )
    return list(_rows(issued, histories, until))


def _rows(
    issued: Sequence[Entry], histories: Mapping[str, Sequence[Fact]], until: date
) -> Iterator[dict[str, Any]]:
    ends: dict[str, Any] = {}
    for entry in issued:
        made = entry.forecast
        if made.programme not in ends:
            told = effective(histories.get(made.programme, ()))
            ends[made.programme] = outcome(told, until), made_in_years(told, until=until)
        end, years = ends[made.programme]
        for score in (*start_scores(made, end, until=until), *volume_scores(made, years)):
            yield {
                "forecast": entry.position,
                "programme": made.programme,
                "as_of": made.as_of,
                "hindcast": entry.recorded_at.date() > made.as_of,
                **asdict(score),
            }
