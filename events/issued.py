"""Forecasts as the ledger keeps them: integers, so that bytes agree between machines."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from msgspec import Struct

MILLION: Final = 1_000_000
"""Probabilities are stored in millionths: parts of a move then add up exactly."""


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
    is scored against, known when it was issued.
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

    def same_numbers(self, other: ForecastIssued) -> bool:
        """Whether both say the same of the same day, whenever they were issued."""
        return (self.as_of, self.model, self.status, self.start, self.volume) == (
            other.as_of,
            other.model,
            other.status,
            other.start,
            other.volume,
        )
