"""The simple model: a log-normal multiplier of the remaining lead, by stage.

    log T_start  ~ N(log max(L, 1) + m + m_s, sigma^2)     L months to the announced date
    log T_cancel ~ N(c + c_s, sigma_c^2)                   s the stage, a halt included

The offsets of a stage are shrunk towards the values of all programmes, these towards a prior;
both clocks race (`forecasts.race`), the announced window is a mixture over its months. Fitted
by censored maximum likelihood on the reference class as known on the day.

    learned = learn(programmes, as_of=day)
    forecast(programmes, as_of=day, wanted=["leapmotor-mirafiori"], learned=learned)

`programmes` maps each slug to its effective facts in the order known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from events.programme import Stage
from forecasts import features, history
from forecasts.clocks import Learned, basis
from forecasts.distribution import StartDistribution, settled
from forecasts.history import Status
from forecasts.lognormal import Prior, Sample, fit
from forecasts.race import Clocks, race

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from events.facts import Fact
    from forecasts.features import Columns, Lessons
    from forecasts.history import Snapshot

    Matrix = NDArray[np.float64]

MODEL: Final = "multiplier-1"

GROUPS: Final = (
    (Stage.CONSIDERED,),
    (Stage.COMMITTED, Stage.PERMITTED),
    (Stage.UNDER_CONSTRUCTION,),
    (Stage.TRIAL_PRODUCTION,),
    (Stage.PAUSED,),
)
"""Stages with an offset of their own; `announced` is where the others are measured from."""

CONSIDERED: Final = 16.0
"""Precision of that stage's offsets: only those considered that made news again are
remembered, so the few in the reference class must not outweigh the prior."""

START: Final = Prior(
    mean=np.array([0.5, 0.3, *[0.0] * (len(GROUPS) - 1)]),
    precision=np.array([1.0, CONSIDERED, *[4.0] * (len(GROUPS) - 1)]),
    log_sigma=-0.2,
    sigma_precision=30.0,
)
"""Starters take 1.12 times their lead in the median, power plants in planning 2.4 times;
what never starts lengthens it. Worth about one programme, so that any data outweigh it."""

CANCEL: Final = Prior(
    mean=np.array([5.0, -0.3, *[0.0] * (len(GROUPS) - 1)]),
    precision=np.array([1.0, CONSIDERED, *[4.0] * (len(GROUPS) - 1)]),
    log_sigma=0.4,
    sigma_precision=30.0,
)
"""Power plants in planning: a median of 148 months to a cancellation."""

DOUBT: Final = 2.0
"""Design effect: landmarks of one programme overlap, and are no independent witnesses."""

TAU: Final = 0.6


def learn(programmes: Mapping[str, Sequence[Fact]], *, as_of: date) -> Learned:
    """Both clocks from what was known at the last quarter's end before a day."""
    day = basis(as_of)
    return learn_from(features.lessons(programmes, as_of=day), as_of=day)


def learn_from(lessons: Lessons, *, as_of: date) -> Learned:
    """Both clocks from lessons already drawn."""
    table, log_months = lessons.columns, np.log(lessons.months)
    x, weight = design(table), np.ones(len(table))
    lead = np.log(np.maximum(np.exp(table.log_lead) - 1.0, 1.0))
    starts = Sample(x=x, log_time=log_months - lead, seen=lessons.started, weight=weight)
    ends = Sample(x=x, log_time=log_months, seen=lessons.cancelled, weight=weight)
    return Learned(
        model=MODEL,
        as_of=as_of,
        programmes=np.unique(table.programme).size,
        start=fit(starts, START, doubt=DOUBT),
        cancel=fit(ends, CANCEL, doubt=DOUBT),
    )


def design(table: Columns) -> Matrix:
    """One row a programme: 1, then a mark for each group of stages."""
    marks = [np.isin(table.stage, list(group)) for group in GROUPS]
    return np.column_stack([np.ones(len(table)), *marks]).astype(np.float64)


def forecast(
    programmes: Mapping[str, Sequence[Fact]],
    *,
    as_of: date,
    wanted: Sequence[str],
    learned: Learned | None = None,
) -> dict[str, StartDistribution]:
    """The start of each wanted production programme known on the day, in their order.

    Facts with `known_on` after `as_of` change nothing. Without `learned` it is learned here.
    """
    known = [history.snapshot(programmes[slug], as_of) for slug in wanted]
    seen = [each for each in known if each is not None]
    still = [each for each in seen if each.status is Status.OPEN]
    raced = dict(
        zip(
            (each.programme for each in still),
            _open(still, as_of, learned or learn(programmes, as_of=as_of)),
            strict=True,
        )
    )
    return {each.programme: raced.get(each.programme) or settled(each) for each in seen}


def _open(seen: Sequence[Snapshot], as_of: date, learned: Learned) -> list[StartDistribution]:
    if not seen:
        return []
    table = features.columns(seen)
    curves = race(clocks(table, learned), as_of=as_of, tau=TAU)
    return [StartDistribution.rounded(as_of, row) for row in curves.start]


def clocks(table: Columns, learned: Learned) -> Clocks:
    """Where both clocks of each programme stand; one start a month of its window."""
    x = design(table)
    return Clocks(
        start=learned.start.location(x)[table.owner] + np.log(np.maximum(table.lead, 1.0)),
        head=np.zeros_like(table.lead),
        share=table.share,
        owner=table.owner,
        start_spread=learned.start.spread(x),
        cancel=learned.cancel.location(x),
        cancel_spread=learned.cancel.spread(x),
    )
