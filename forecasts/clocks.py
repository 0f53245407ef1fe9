"""What has been learned of both clocks on a day: small, frozen, as JSON and back.

The caller may keep it: it depends on nothing but the facts known by the last quarter's end,
so recording an event does not ask for a new fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from forecasts.lognormal import Clock
from forecasts.months import month_end, month_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """Both fitted clocks, the model they belong to and the day by which they were known."""

    model: str
    as_of: date
    programmes: int
    start: Clock
    cancel: Clock

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, strings and lists."""
        return {
            "model": self.model,
            "as_of": self.as_of.isoformat(),
            "programmes": self.programmes,
            "start": _plain(self.start),
            "cancel": _plain(self.cancel),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """What `to_json` gave, number by number the same."""
        return cls(
            model=plain["model"],
            as_of=date.fromisoformat(plain["as_of"]),
            programmes=plain["programmes"],
            start=_clock(plain["start"]),
            cancel=_clock(plain["cancel"]),
        )


def basis(as_of: date) -> date:
    """The last quarter's end on or before a day: what was known then is learned from."""
    whole = month_of(as_of) // 3 * 3 + 2
    end = month_end(whole)
    return end if end <= as_of else month_end(whole - 3)


def _plain(clock: Clock) -> dict[str, Any]:
    return {
        "coefficients": clock.coefficients.tolist(),
        "sigma": clock.sigma,
        "covariance": clock.covariance.tolist(),
    }


def _clock(plain: Mapping[str, Any]) -> Clock:
    return Clock(
        coefficients=np.array(plain["coefficients"], dtype=np.float64),
        sigma=float(plain["sigma"]),
        covariance=np.array(plain["covariance"], dtype=np.float64),
    )
