"""What ships with the model: priors of both clocks, and how to learn from lessons."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from forecasts.lognormal import Prior

if TYPE_CHECKING:
    from collections.abc import Mapping

TAU: Final = 0.6
"""Width of the shared shock: found on 57 vintages of power plants, over nine quantiles."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Belief:
    """Priors, and the few constants of the model version.

    `half_life` months after which a landmark weighs half; `doubt` the design effect of
    overlapping landmarks; `tau` the width of the shared shock; `head_start` the share of the
    announced lead that passes before the start clock runs.
    """

    names: tuple[str, ...]
    start: Prior
    cancel: Prior
    half_life: float
    doubt: float
    tau: float
    head_start: float


@cache
def shipped() -> Belief:
    """The belief in `priors/start.json`; its provenance stands beside the numbers."""
    return read(json.loads(text()))


@cache
def text() -> str:
    """The shipped belief as it is written, for whoever keeps what was learned with it."""
    return (Path(__file__).parent / "priors" / "start.json").read_text("utf-8")


def loose(names: tuple[str, ...], *, head_start: float) -> Belief:
    """What leaves everything to a large sample: for power plants."""
    first = np.eye(len(names))[0]

    def prior(level: float) -> Prior:
        return Prior(
            mean=level * first,
            precision=np.ones(len(names)),
            log_sigma=0.0,
            sigma_precision=5.0,
        )

    return Belief(
        names=names,
        start=prior(2.7),
        cancel=prior(5.0),
        half_life=float("inf"),
        doubt=1.0,
        tau=TAU,
        head_start=head_start,
    )


def read(plain: Mapping[str, Any]) -> Belief:
    """A belief from its JSON."""
    return Belief(
        names=tuple(plain["names"]),
        start=_prior(plain["start"]),
        cancel=_prior(plain["cancel"]),
        half_life=plain["half_life"],
        doubt=plain["doubt"],
        tau=plain["tau"],
        head_start=plain["head_start"],
    )


def _prior(plain: Mapping[str, Any]) -> Prior:
    return Prior(
        mean=np.array(plain["mean"], dtype=np.float64),
        precision=np.array(plain["precision"], dtype=np.float64),
        log_sigma=plain["log_sigma"],
        sigma_precision=plain["sigma_precision"],
    )
