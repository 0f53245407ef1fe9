"""The track record: answered start forecasts, and what the shipped back-test says.

What was issued in time, what was issued after its as-of day (a hindcast) and the back-test on
the reference class are three things, told apart; nothing is added up over them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from events.corrections import effective
from forecasts.history import outcome
from forecasts.resolve import start_answers
from forecasts.scores import Bin, brier, calibration, weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from events.entries import Entry
    from events.facts import Fact
    from forecasts.resolve import Answer

Kind = Literal["issued", "hindcast", "back-test"]

ENOUGH: Final = 5
"""Programmes without which hindcasts stand for nothing: one that came as said scores 0."""


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
class TrackRecord:
    """Were we right before: by forecasts issued in time, by hindcasts, and the back-test."""

    issued: Calibration | None
    hindcasts: Calibration | None
    back_test: Calibration

    @property
    def best(self) -> Calibration:
        """What tells most honestly: forecasts in time, else hindcasts, else the back-test.

        Hindcasts of a few programmes are told beside it, and are nobody's record.
        """
        enough = self.hindcasts and self.hindcasts.programmes >= ENOUGH
        return self.issued or (self.hindcasts if enough else None) or self.back_test


def track_record(
    issued: Iterable[Entry], histories: Mapping[str, Sequence[Fact]], *, as_of: date
) -> TrackRecord:
    """The record as it stood on a day: said before it, answered by what was known on it."""
    answers = list(_answers(issued, histories, as_of))
    in_time = [(slug, answer) for slug, hindcast, answer in answers if not hindcast]
    later = [(slug, answer) for slug, hindcast, answer in answers if hindcast]
    return TrackRecord(
        issued=_calibrated("issued", in_time),
        hindcasts=_calibrated("hindcast", later),
        back_test=back_test(),
    )


def _answers(
    issued: Iterable[Entry], histories: Mapping[str, Sequence[Fact]], as_of: date
) -> Iterator[tuple[str, bool, Answer]]:
    """The programme, whether it was a hindcast, and each of its answers."""
    ends = {}
    for entry in issued:
        made = entry.forecast
        if made.as_of >= as_of:
            continue
        slug = made.programme
        if slug not in ends:
            ends[slug] = outcome(effective(histories.get(slug, ()), as_of=as_of), as_of)
        hindcast = entry.recorded_at.date() > made.as_of
        for answer in start_answers(made, ends[slug], until=as_of):
            yield slug, hindcast, answer


def _calibrated(kind: Kind, answers: Sequence[tuple[str, Answer]]) -> Calibration | None:
    if not answers:
        return None
    programmes = np.array([slug for slug, _ in answers])
    weight = weights(programmes)
    said, base, face, came = np.array([one[1:] for _, one in answers], dtype=np.float64).T
    return Calibration(
        kind=kind,
        months=None,
        forecasts=len(answers),
        programmes=len(set(programmes.tolist())),
        brier=float(weight @ brier(said, came)),
        base_rate=float(weight @ brier(base, came)),
        face_value=float(weight @ brier(face, came)),
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
