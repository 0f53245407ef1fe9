"""Forecasts as the ledger keeps them: integers, so that bytes agree between machines."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from msgspec import Struct

MILLION: Final = 1_000_000
"""Probabilities are stored in millionths: parts of a move then add up exactly."""


Kind = Literal["event", "time", "others", "model", "several"]


class YearIssued(Struct, frozen=True, kw_only=True):
    """The volume of a calendar year: P(zero) in millionths, the rest in whole units.

    `quantiles` are those of 0.1, 0.5 and 0.9; `base` are those of the same plant, were its
    start that of the base rate, and `face` what the announcement promises of the year.
    """

    year: int
    zero: int
    mean: int
    quantiles: tuple[int, int, int]
    base: tuple[int, int, int] = (0, 0, 0)
    face: int = 0


class PartIssued(Struct, frozen=True, kw_only=True):
    """What one thing did to a forecast: to P(start by ...), in millionths, and to a median.

    `kind` is event, time, others (what became of other programmes was learned), model (another
    version, or another judgement) or several (too many events to tell apart); `event` the id of
    what happened, `judged` whether its effect is judgement.
    """

    kind: Kind
    day: date
    delta: int
    volume_delta: int
    event: str | None = None
    judged: bool = False


class MoveIssued(Struct, frozen=True, kw_only=True):
    """How a forecast came from the one before it; the parts add up to it exactly.

    `since` is the day of the one before, `by` the date of P(start on or before it), `year` the
    calendar year of the median. Parts that moved neither are left out.
    """

    since: date
    by: date
    year: int
    parts: tuple[PartIssued, ...] = ()


class ForecastIssued(
    Struct, frozen=True, kw_only=True, tag_field="type", tag="forecast-issued"
):
    """What was said of one programme as of one day; never changed once issued.

    `cutoff` is the position in the ledger up to which was read, `model` names the models and
    their versions, `fitted` is the hash of the numbers they had learned. `start` holds
    P(started on or before) each of the 120 month-ends after `as_of`, `never` the rest, both in
    millionths. `announced` is the stated window on that day, as EDTF; `judged` the hash of the
    workspace's own judgement of evidence, empty for the shipped one. `base` and `face` are what
    the base rate and the announced date, believed, say instead of `start`: what the forecast
    is scored against, known when it was issued. `move` is None of a first forecast.
    """

    programme: str
    as_of: date
    cutoff: int
    model: str
    fitted: str
    status: Literal["open", "started"]
    start: tuple[int, ...]
    never: int
    volume: tuple[YearIssued, ...]
    announced: str | None = None
    judged: str = ""
    base: tuple[int, ...] = ()
    face: tuple[int, ...] = ()
    move: MoveIssued | None = None

    def same_numbers(self, other: ForecastIssued) -> bool:
        """Whether both say the same of the same day, whenever they were issued."""
        return (self.as_of, self.model, self.status, self.start, self.volume) == (
            other.as_of,
            other.model,
            other.status,
            other.start,
            other.volume,
        )
