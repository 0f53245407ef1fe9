"""When will it start: two latent clocks that run from the as-of day.

    T_start  = h max(L, 0) + X,   log X ~ N(x . b, s^2 + x' C x)
    log T_cancel ~ N(x . c, r^2 + x' D x)             whichever strikes first decides (`race`)

    x . b = a + a_stage + b1 (log(max(L, 1) + 1) - 2.3) + b2 min(late/12, 3)
              + b3 log(1 + overdue) + b4 log(1 + max(silence - 12, 0)/12)
              + b5 battery + b6 abroad

L months to the announced date, mixed over the months of a fuzzy window; durations in months;
`overdue` since a window that has passed, `late` with all earlier slips. The coefficients start
from priors fitted on power plants (`priors/start.json`) and learn from the reference class as
known on the day, older landmarks weighing less; C and D are how unsure that leaves them of who
it is. Evidence that no clock can measure shifts both (`forecasts.evidence`), and of rivals for
one award about one wins (`forecasts.rivals`).

    learned = learn(programmes, as_of=day)
    forecast(programmes, as_of=day, wanted=["leapmotor-mirafiori"], learned=learned)

`programmes` maps each slug to its effective facts in the order known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from events.programme import Stage
from forecasts import evidence, features, history, rivals
from forecasts.belief import Belief, shipped
from forecasts.clocks import Learned, basis
from forecasts.distribution import StartDistribution, settled
from forecasts.features import stretched
from forecasts.history import Status
from forecasts.lognormal import Clock, Sample, fit
from forecasts.race import Clocks, Race, race

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from events.facts import Fact
    from forecasts.features import Columns, Lessons

    Vector = NDArray[np.float64]
    Matrix = NDArray[np.float64]

MODEL: Final = "start-5"

STAGES: Final = (
    Stage.COMMITTED.value,
    Stage.PERMITTED.value,
    Stage.UNDER_CONSTRUCTION.value,
    features.NEARLY_BUILT,
    Stage.TRIAL_PRODUCTION.value,
    Stage.PAUSED.value,
    Stage.CONSIDERED.value,
)
"""Stages with an offset; `announced` is where the others are measured from."""

WHO: Final = ("one", *STAGES, "battery", "abroad")
"""Columns that say who it is: offsets, learned by partial pooling."""

WHEN: Final = ("lead", "late", "overdue", "silence")
"""Columns that say where it stands: slopes, shared by all."""

NAMES: Final = (*WHO, *WHEN)
LEAD: Final = NAMES.index("lead")


RUNNING: Final = (Status.OPEN, Status.STARTED)
"""Who still competes for an award, or holds it."""


def design(table: Columns) -> Matrix:
    """One row a programme, a column for each of `NAMES`."""
    return np.column_stack(
        [
            np.ones(len(table)),
            *(table.stage == stage for stage in STAGES),
            table.battery,
            table.abroad,
            table.log_lead - 2.3,
            np.minimum(table.late / 12.0, 3.0),
            np.log1p(table.overdue),
            np.log1p(np.maximum(table.silence - 12.0, 0.0) / 12.0),
        ]
    ).astype(np.float64)


def learn(programmes: Mapping[str, Sequence[Fact]], *, as_of: date) -> Learned:
    """Both clocks from what was known at the last quarter's end before a day."""
    day = basis(as_of)
    return learn_from(features.lessons(programmes, as_of=day), as_of=day, belief=shipped())


def learn_from(lessons: Lessons, *, as_of: date, belief: Belief) -> Learned:
    """Both clocks from lessons already drawn.

    A censored row whose start clock has not run yet has nothing to say about it.
    """
    table, x = lessons.columns, design(lessons.columns)
    weight = 0.5 ** (lessons.age / belief.half_life)
    run = lessons.months - belief.head_start * table.mean_lead
    told = lessons.started | (run > features.SHORTEST)
    starts = Sample(
        x=x[told],
        log_time=np.log(np.maximum(run, features.SHORTEST))[told],
        seen=lessons.started[told],
        weight=weight[told],
    )
    ends = Sample(x=x, log_time=np.log(lessons.months), seen=lessons.cancelled, weight=weight)
    return Learned(
        model=MODEL,
        as_of=as_of,
        programmes=np.unique(table.programme).size,
        start=fit(starts, belief.start, doubt=belief.doubt),
        cancel=fit(ends, belief.cancel, doubt=belief.doubt),
    )


def clocks(table: Columns, learned: Learned, *, head_start: float) -> Clocks:
    """Where both clocks of each programme stand; one start a month of its window."""
    x = design(table)
    slope = learned.start.coefficients[LEAD]
    apart = slope * (stretched(table.lead) - table.log_lead[table.owner])
    return Clocks(
        start=(learned.start.location(x) + table.judged[:, 0])[table.owner] + apart,
        head=head_start * np.maximum(table.lead, 0.0),
        share=table.share,
        owner=table.owner,
        start_spread=_spread(learned.start, x),
        cancel=learned.cancel.location(x) + table.judged[:, 1],
        cancel_spread=_spread(learned.cancel, x),
    )


def run(table: Columns, learned: Learned, *, as_of: date, belief: Belief) -> Race:
    """Both incidences of open programmes."""
    stand = clocks(table, learned, head_start=belief.head_start)
    return race(stand, as_of=as_of, tau=belief.tau)


def _spread(clock: Clock, x: Matrix) -> Vector:
    """Doubt about who it is widens; about the shared slopes it would break "later, later"."""
    who = x.copy()
    who[:, len(WHO) :] = 0.0
    return clock.spread(who)


def forecast(
    programmes: Mapping[str, Sequence[Fact]],
    *,
    as_of: date,
    wanted: Sequence[str],
    learned: Learned | None = None,
    judged: evidence.Table = evidence.TABLE,
) -> dict[str, StartDistribution]:
    """The start of each wanted production programme known on the day, in their order.

    Facts with `known_on` after `as_of` change nothing. Without `learned` it is learned here;
    `judged` is the table of judged effects.
    """
    linked = rivals.links(programmes, as_of=as_of)
    known = [
        history.snapshot(programmes[slug], as_of) for slug in rivals.circle(wanted, linked)
    ]
    seen = [each for each in known if each is not None]
    told = {each.programme: settled(each) for each in seen}
    still = [each for each in seen if each.status is Status.OPEN]
    if still:
        learned = learned or learn(programmes, as_of=as_of)
        moved = evidence.shifts(programmes, still, judged)
        table = replace(features.columns(still), judged=moved)
        curves = run(table, learned, as_of=as_of, belief=shipped())
        for each, row in zip(still, curves.start, strict=True):
            told[each.programme] = StartDistribution.rounded(as_of, row)
    running = (each.programme for each in seen if each.status in RUNNING)
    awarded = rivals.coherent(told, rivals.groups(running, linked))
    return {slug: awarded[slug] for slug in wanted if slug in awarded}
