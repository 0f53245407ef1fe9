"""Power plants as lessons: what the calibration sample has to teach, as known in a month.

The sample is one row a planned unit and monthly vintage, and one row a unit that started with
the month in which that was first reported. A unit that has left the list is taken for
cancelled only after `GONE` months without a report of its start: starts are reported late.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from events.programme import Stage
from forecasts import start
from forecasts.backtest import Answers
from forecasts.belief import loose
from forecasts.features import NEARLY_BUILT, SHORTEST, Columns, Lessons
from forecasts.methods import METHODS, MODEL
from forecasts.months import month_end

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

    from forecasts.methods import Method

    Matrix = NDArray[np.float64]

GONE: Final = 5
"""Months; of the starts that follow a disappearance 99.6 % are reported by then, and 92.4 %
a month sooner."""

EVERY: Final = 3
"""Months between landmarks."""

STAGES: Final = {
    "P": Stage.ANNOUNCED.value,
    "L": Stage.COMMITTED.value,
    "T": Stage.PERMITTED.value,
    "U": Stage.UNDER_CONSTRUCTION.value,
    "V": NEARLY_BUILT,
    "TS": Stage.TRIAL_PRODUCTION.value,
}

RESOLVED: Final = ("started", "cancelled", "pending")
"""Outcomes that say what became of a unit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """The calibration sample: plans by vintage, starts as reported, outcomes in hindsight."""

    panel: pd.DataFrame
    starts: pd.DataFrame
    outcomes: pd.DataFrame


def origins(sample: Sample, *, taught: int, asked: int) -> list[int]:
    """Every third vintage with `taught` months before it, and `asked` months after it."""
    months = sample.panel["t0"]
    return list(range(int(months.min()) + taught, int(months.max()) - asked + 1, EVERY))


def columns(panel: pd.DataFrame) -> Columns:
    """Rows of the panel as features; a month's middle is where its start is expected."""
    rows = len(panel)
    return Columns(
        programme=panel["uid"].to_numpy(dtype=np.str_),
        stage=np.array([STAGES[stage] for stage in panel["st"]], dtype=np.str_),
        silence=np.zeros(rows),
        overdue=np.zeros(rows),
        dated=np.ones(rows, dtype=np.bool_),
        late=np.maximum(panel["cum_slip"].to_numpy(dtype=np.float64), 0.0),
        battery=np.zeros(rows, dtype=np.bool_),
        abroad=np.zeros(rows, dtype=np.bool_),
        judged=np.zeros((rows, 2)),
        lead=panel["lead"].to_numpy(dtype=np.float64) - 0.5,
        share=np.ones(rows),
        owner=np.arange(rows),
    )


def lessons(panel: pd.DataFrame, starts: pd.DataFrame, *, as_of: int) -> Lessons:
    """Every third vintage before a month, and what was known in that month to have followed."""
    seen = panel[panel["t0"] <= as_of]
    rows = seen[(seen["t0"] < as_of) & ((as_of - seen["t0"]) % EVERY == 0)]
    reported = starts[starts["first_report_t0"] <= as_of].groupby("uid")["start"].min()
    start = rows["uid"].map(reported).to_numpy(dtype=np.float64)
    last = rows["uid"].map(seen.groupby("uid")["t0"].max()).to_numpy(dtype=np.float64)
    landmark = rows["t0"].to_numpy(dtype=np.float64)
    started = ~np.isnan(start)
    cancelled = ~started & (last <= as_of - GONE)
    end = np.where(started, start, np.where(cancelled, last + 1.0, last))
    return Lessons(
        columns=columns(rows),
        months=np.maximum(end - landmark, SHORTEST),
        age=as_of - landmark,
        started=started,
        cancelled=cancelled,
    )


def answers(
    sample: Sample, *, origins: Sequence[int], methods: Mapping[str, Method]
) -> Iterator[Answers]:
    """Every method's answers about the units planned at each origin (a vintage's month).

    A unit is no witness of its own: what becomes of it is not known yet, and thousands of
    others are. Units that were lost or renamed are left out.
    """
    until = int(sample.panel["t0"].max())
    ends = sample.outcomes.drop_duplicates("uid").set_index("uid")
    for origin in origins:
        rows = sample.panel[sample.panel["t0"] == origin]
        outcome = rows["uid"].map(ends["outcome"])
        rows = rows[outcome.isin(RESOLVED)]
        began = rows["uid"].map(ends["start"]).where(outcome == "started")
        struck = began.astype("float64").fillna(np.inf).to_numpy(dtype=np.float64)
        taught = lessons(sample.panel, sample.starts, as_of=origin)
        asked, day = columns(rows), month_end(origin)
        yield Answers(
            programme=asked.programme,
            origin=np.full(len(asked), day.isoformat()),
            followed=np.full(len(asked), float(until - origin)),
            struck=np.asarray(struck - origin, dtype=np.float64),
            curves={name: way(asked, taught, day) for name, way in methods.items()},
        )


def two_clocks(table: Columns, others: Lessons, as_of: date) -> Matrix:
    """The model fitted on the sample alone, with nothing borrowed and no head start.

    Plants start early as well as late: half a lead kept back cost them .002 of Brier.
    """
    belief = loose(start.NAMES, head_start=0.0)
    learned = start.learn_from(others, as_of=as_of, belief=belief)
    return start.run(table, learned, as_of=as_of, belief=belief).start


WAYS: Final[Mapping[str, Method]] = {**METHODS, MODEL: two_clocks}
"""The methods of the automotive back-test, the model fitted on plants."""
