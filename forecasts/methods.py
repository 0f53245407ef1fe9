"""The ways to forecast that a back-test puts side by side, and the model with parts left out.

A method is given the columns of what it is asked, the lessons of all others as known on the
day, and the day; it answers with 120 cumulative probabilities a row.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from events.programme import Stage
from forecasts import baselines, features, multiplier, start
from forecasts.belief import Belief, shipped
from forecasts.race import race

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray

    from forecasts.features import Columns, Lessons

    Matrix = NDArray[np.float64]
    Method = Callable[[Columns, Lessons, date], Matrix]

BASELINE: Final = "Aalen-Johansen by stage and lead"
MODEL: Final = "two clocks"


def two_clocks(
    table: Columns, others: Lessons, as_of: date, *, belief: Belief | None = None
) -> Matrix:
    """The model that is issued, each programme on its own: rivals are not weighed."""
    belief = belief or shipped()
    learned = start.learn_from(others, as_of=as_of, belief=belief)
    return start.run(table, learned, as_of=as_of, belief=belief).start


def simple_multiplier(table: Columns, others: Lessons, as_of: date) -> Matrix:
    """The first version."""
    learned = multiplier.learn_from(others, as_of=as_of)
    return race(multiplier.clocks(table, learned), as_of=as_of, tau=multiplier.TAU).start


def undated(table: Columns) -> Columns:
    """As if nobody had ever named a date."""
    months, rows = np.arange(*features.UNDATED, dtype=np.float64), len(table)
    return replace(
        table,
        lead=np.tile(months, rows),
        share=np.full(rows * months.size, 1.0 / months.size),
        owner=np.repeat(np.arange(rows), months.size),
        late=np.zeros(rows),
        overdue=np.zeros(rows),
        dated=np.zeros(rows, dtype=np.bool_),
    )


def stageless(table: Columns) -> Columns:
    """As if nobody knew how far it has come."""
    return replace(table, stage=np.full(len(table), Stage.ANNOUNCED.value))


def without(
    blind: Callable[[Columns], Columns], table: Columns, others: Lessons, as_of: date
) -> Matrix:
    """The model with eyes shut to something, in what it learns as in what it is asked."""
    return two_clocks(blind(table), replace(others, columns=blind(others.columns)), as_of)


def unseen(field: str, table: Columns) -> Columns:
    """As if one thing were never known."""
    return replace(table, **{field: np.zeros_like(getattr(table, field))})


def believing(
    change: Callable[[Belief], Belief], table: Columns, others: Lessons, as_of: date
) -> Matrix:
    """The model with other constants."""
    return two_clocks(table, others, as_of, belief=change(shipped()))


METHODS: Final[dict[str, Method]] = {
    "announced date at face value": lambda table, _others, as_of: baselines.face_value(
        table, as_of
    ),
    "base rate": lambda table, others, _as_of: baselines.base_rate(table, others),
    BASELINE: lambda table, others, _as_of: baselines.by_stage_and_lead(table, others),
    "simple multiplier": simple_multiplier,
    MODEL: two_clocks,
}

ABLATIONS: Final[dict[str, Method]] = {
    MODEL: two_clocks,
    "without the announced date": partial(without, undated),
    "without the stage": partial(without, stageless),
    "without slips and lateness": partial(
        without, lambda table: unseen("late", unseen("overdue", table))
    ),
    "without silence": partial(without, partial(unseen, "silence")),
    "without evidence": partial(without, partial(unseen, "judged")),
    "without the product": partial(without, partial(unseen, "battery")),
    "without makers abroad": partial(without, partial(unseen, "abroad")),
    "without pooling (the prior alone)": partial(
        believing, lambda belief: replace(belief, half_life=1e-3)
    ),
    "without forgetting": partial(
        believing, lambda belief: replace(belief, half_life=float("inf"))
    ),
    "without doubt about the fit": partial(
        believing, lambda belief: replace(belief, doubt=0.0)
    ),
    "without a shared shock": partial(believing, lambda belief: replace(belief, tau=0.0)),
    "without a head start": partial(believing, lambda belief: replace(belief, head_start=0.0)),
}
