"""The track record: answered start forecasts, and what the shipped back-test says.

What was issued in time, what was issued after its as-of day (a hindcast) and the back-test on
the reference class are three things, told apart; nothing is added up over them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from events.corrections import effective
from forecasts.history import outcome
from forecasts.resolve import start_scores
from forecasts.scores import Bin, calibration, weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from events.entries import Entry
    from events.facts import Fact

Kind = Literal["issued", "hindcast", "back-test"]


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What was said against what came; every programme weighs once.

    `months` are those ahead that were asked of, None where all answered horizons are in.
    `brier` is ours, `base_rate` and `face_value` those of the baselines on the same questions.
    """

    kind: Kind
    months: int | None
    forecasts: int
    programmes: int
    brier: float
    base_rate: float
    face_value: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, kw_only=True)
class Record:
    """Were we right before: by forecasts issued in time, by hindcasts, and the back-test."""

    issued: Calibration | None
    hindcasts: Calibration | None
    back_test: Calibration

    @property
    def best(self) -> Calibration:
        """What tells most honestly: forecasts in time, else hindcasts, else the back-test."""
        return self.issued or self.hindcasts or self.back_test


class Answer(NamedTuple):
    """One answered question of one forecast."""

    programme: str
    hindcast: bool
    said: float
    came: float
    brier: float
    base_rate: float
    face_value: float


def record(
    issued: Iterable[Entry], histories: Mapping[str, Sequence[Fact]], *, as_of: date
) -> Record:
    """The record as it stood on a day: said before it, answered by what was known on it."""
    answers = list(_answers(issued, histories, as_of))
    return Record(
        issued=_calibrated("issued", [one for one in answers if not one.hindcast]),
        hindcasts=_calibrated("hindcast", [one for one in answers if one.hindcast]),
        back_test=back_test(),
    )


def _answers(
    issued: Iterable[Entry], histories: Mapping[str, Sequence[Fact]], as_of: date
) -> Iterator[Answer]:
    ends = {}
    for entry in issued:
        made = entry.forecast
        if made.as_of >= as_of or made.status == "started":
            continue
        slug = made.programme
        if slug not in ends:
            ends[slug] = outcome(effective(histories.get(slug, ()), as_of=as_of), as_of)
        for score in start_scores(made, ends[slug], until=as_of):
            if score.score == "brier":
                yield Answer(
                    programme=slug,
                    hindcast=entry.recorded_at.date() > made.as_of,
                    said=score.said,
                    came=score.came,
                    brier=score.value,
                    base_rate=score.base_rate,
                    face_value=score.face_value,
                )


def _calibrated(kind: Kind, answers: Sequence[Answer]) -> Calibration | None:
    if not answers:
        return None
    programmes = np.array([one.programme for one in answers])
    weight = weights(programmes)
    said, came, ours, base, face = np.array([one[2:] for one in answers], dtype=np.float64).T
    return Calibration(
        kind=kind,
        months=None,
        forecasts=len(answers),
        programmes=len(set(programmes.tolist())),
        brier=float(weight @ ours),
        base_rate=float(weight @ base),
        face_value=float(weight @ face),
        bins=tuple(calibration(said, came, programmes)),
    )


@cache
def back_test() -> Calibration:
    """The shipped back-test on the reference class, from `priors/backtest.json`."""
    file = resources.files("forecasts") / "priors" / "backtest.json"
    plain = json.loads(file.read_text("utf-8"))
    return Calibration(
        kind="back-test",
        months=plain["months"],
        forecasts=plain["forecasts"],
        programmes=plain["programmes"],
        brier=plain["brier"],
        base_rate=plain["base_rate"],
        face_value=plain["face_value"],
        bins=tuple(Bin(**one) for one in plain["calibration"]),
    )
