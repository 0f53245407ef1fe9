"""What past forecasts teach about a new one: errors of each method, weights, stretch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from forecasts.months import YEAR
from forecasts.stack import Scored, dressed, pooled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from forecasts.series import Way

    Floats = NDArray[np.float64]

USUAL: Final = 0.15
"""A year's log move of a market that nothing is known of, with two years' weight."""


@dataclass(frozen=True, kw_only=True)
class Dressing:
    """Quantiles of each method's errors, (m, 25), its weights, the pool's stretch.

    `past` are the sums over scored forecasts that the weights were made of.
    """

    errors: Floats
    weights: Floats
    stretch: float
    past: Scored

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Dressing:
        """From JSON."""
        return cls(
            errors=np.array(plain["errors"]),
            weights=np.array(plain["weights"]),
            stretch=float(plain["stretch"]),
            past=Scored.of(plain["past"]),
        )

    def plain(self) -> dict[str, Any]:
        """For JSON, to six digits."""
        return {
            "errors": np.round(self.errors, 6).tolist(),
            "weights": np.round(self.weights, 6).tolist(),
            "stretch": round(self.stretch, 6),
            "past": self.past.plain(),
        }

    def forecast(self, middles: Floats, width: float = 1.0) -> Floats:
        """Atoms of the pool of the methods' middles."""
        return pooled(dressed(middles, self.errors * width), self.weights, self.stretch)


def weighed(leads: Sequence[Dressing], weights: Sequence[Sequence[float]]) -> list[Dressing]:
    """The same with other weights, where there are any."""
    if not weights:
        return list(leads)
    return [
        replace(one, weights=np.array(row)) for one, row in zip(leads, weights, strict=True)
    ]


def between(leads: Sequence[Dressing], lead: float) -> tuple[Dressing, float]:
    """The dressing `lead` years past the first one's, and what its errors grow by.

    Between two years ahead everything is in between; past the last the errors grow with
    the root of the wait.
    """
    near = min(int(lead), len(leads) - 1)
    far = min(near + 1, len(leads) - 1)
    part = lead - near if far > near else 0.0
    one, other = leads[near], leads[far]
    mixed = Dressing(
        errors=(1 - part) * one.errors + part * other.errors,
        weights=(1 - part) * one.weights + part * other.weights,
        stretch=(1 - part) * one.stretch + part * other.stretch,
        past=one.past,
    )
    return mixed, max((lead + 1) / len(leads), 1.0) ** 0.5


def total(
    paths: Floats, leads: Sequence[Dressing], ahead: NDArray[np.int64], width: float = 1.0
) -> Floats:
    """Atoms of the sum of some months ahead (0 the next one) of (m, months) paths."""
    lead = max((float(ahead.mean()) - (YEAR - 1) / 2) / YEAR, 0.0)
    dressing, grown = between(leads, lead)
    return dressing.forecast(paths[:, ahead].sum(axis=1), width * grown)


def carried(ways: Sequence[Way], seen: Floats, ahead: int) -> Floats:
    """Every method's months."""
    return np.array([way.method(seen, ahead) for way in ways])


def wobble(seen: Floats) -> float:
    """Root of a series' yearly log deviation, drawn towards `USUAL` with two years' weight.

    Errors of markets scale with the root of it; with the whole they were scored worse.
    """
    years = [seen[end - YEAR : end].sum() for end in range(YEAR, len(seen) + 1, YEAR // 2)]
    logs = np.log(np.maximum(years, 1.0))
    moves = logs[2:] - logs[:-2]
    return float(((2 * USUAL**2 + moves @ moves) / (2 + len(moves))) ** 0.25)
