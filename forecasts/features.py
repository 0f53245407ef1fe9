"""Snapshots of many programmes as columns of numbers, and what had become of them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from forecasts import history
from forecasts.history import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from events.facts import Fact
    from forecasts.history import Snapshot

    Vector = NDArray[np.float64]
    Matrix = NDArray[np.float64]

NEARLY_BUILT: Final = "nearly built"
"""A stage of power plants only: construction more than half done."""

UNDATED: Final = (18, 48)
"""Months ahead between which a start is looked for where nobody has named a date: the middle
four fifths of first announced leads in the reference class (P10 18, P90 47)."""

LONGEST: Final = 60
"""Months at most of a window: a longer one is thinned evenly."""

BATTERY: Final = frozenset({"battery", "components"})
"""Products whose plants are chemistry, not assembly."""

ABROAD: Final = "chinese-oem-abroad"
"""The tag of Chinese makers outside China: 2 of 16 started inside their first window."""

SHORTEST: Final = 0.5
"""Months: nothing is said to happen sooner, since dates are known to the month at best."""


def instant(day: date) -> float:
    """A day in months since year 0, so that a month-end is a whole number."""
    return day.year * 12 + day.month - 1 + day.day / monthrange(day.year, day.month)[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """Many snapshots, a row each; durations in months.

    `overdue` runs from the end of a window that has passed, `late` adds by how much the end of
    the window had moved since the first one. `silence` runs from the last news.
    `lead` and `owner` are flat: one entry a month of each row's window that still lies ahead
    (at least one), and the row it belongs to; `share` is what each weighs in its row, in sum 1,
    the current month less as it goes by. `log_lead` is a row's mean of log(max(L, 1) + 1).
    `judged` has by how much evidence moves the start and the cancel clock, in log months.
    """

    programme: NDArray[np.str_]
    stage: NDArray[np.str_]
    silence: Vector
    overdue: Vector
    dated: NDArray[np.bool_]
    late: Vector
    battery: NDArray[np.bool_]
    abroad: NDArray[np.bool_]
    judged: Matrix
    lead: Vector
    share: Vector
    owner: NDArray[np.int64]

    @property
    def log_lead(self) -> Vector:
        """The mean over its window's months of log(max(L, 1) + 1)."""
        return self._mean(stretched(self.lead))

    @property
    def mean_lead(self) -> Vector:
        """The mean of a row's leads, those below zero counted as zero."""
        return self._mean(np.maximum(self.lead, 0.0))

    def _mean(self, flat: Vector) -> Vector:
        return np.asarray(np.bincount(self.owner, flat * self.share), dtype=np.float64)

    def __len__(self) -> int:
        return self.programme.size


def stretched(lead: Vector) -> Vector:
    """log(max(L, 1) + 1), the scale on which leads count."""
    return np.asarray(np.log(np.maximum(lead, 1.0) + 1.0), dtype=np.float64)


def ahead(seen: Snapshot) -> tuple[list[float], list[float]]:
    """Months from the snapshot to the middle of each month of its window that lies ahead.

    And what each weighs: the current month as much as is left of it, so that a day more is
    never a leap. Of a window that has passed its last month is left, with a lead below zero:
    what was promised for then has not come true, and is overdue.
    """
    now = instant(seen.as_of)
    if seen.window is None:
        leads = [float(lead) for lead in range(*UNDATED)]
        return leads, [1.0 / len(leads)] * len(leads)
    first = min(max(seen.window.first, int(now)), seen.window.last)
    months = range(first, seen.window.last + 1, (seen.window.last - first) // LONGEST + 1)
    leads = [month + 0.5 - now for month in months]
    weights = [1.0] * len(leads)
    if len(leads) > 1 and first < now:
        weights[0] = first + 1 - now
        leads[0] = weights[0] / 2
    return leads, [weight / sum(weights) for weight in weights]


def columns(snapshots: Sequence[Snapshot]) -> Columns:
    """The snapshots as arrays, in their order."""
    windows = [ahead(seen) for seen in snapshots]
    leads = [lead for lead, _ in windows]
    now = np.array([instant(seen.as_of) for seen in snapshots])
    past = [seen.window.last + 1.0 if seen.window else np.inf for seen in snapshots]
    overdue = np.maximum(now - np.array(past), 0.0)
    slipped = np.array([seen.slipped for seen in snapshots], dtype=np.float64)
    return Columns(
        programme=np.array([seen.programme for seen in snapshots], dtype=np.str_),
        stage=np.array([seen.stage.value for seen in snapshots], dtype=np.str_),
        silence=_since(now, [seen.last_news for seen in snapshots]),
        overdue=overdue,
        dated=np.array([seen.window is not None for seen in snapshots], dtype=np.bool_),
        late=np.maximum(slipped + overdue, 0.0),
        battery=np.array([seen.product in BATTERY for seen in snapshots], dtype=np.bool_),
        abroad=np.array([ABROAD in seen.tags for seen in snapshots], dtype=np.bool_),
        judged=np.zeros((len(snapshots), 2)),
        lead=np.array([lead for each in leads for lead in each], dtype=np.float64),
        share=np.array([share for _, each in windows for share in each], dtype=np.float64),
        owner=np.repeat(np.arange(len(leads)), [len(each) for each in leads]),
    )


def _since(now: Vector, days: Sequence[date]) -> Vector:
    since = now - np.array([instant(day) for day in days], dtype=np.float64)
    return np.asarray(np.maximum(since, 0.0), dtype=np.float64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lessons:
    """The reference class as known on a day: landmarks of its programmes, and what followed.

    A row is a programme at a half-year's end at which it was open as far as was known then.
    `months` runs to the start, the cancellation, or (pending, censored) to the day of knowing;
    `age` from the landmark to that day.
    """

    columns: Columns
    months: Vector
    age: Vector
    started: NDArray[np.bool_]
    cancelled: NDArray[np.bool_]

    def without(self, programme: str) -> Self:
        """The lessons of all others: nobody learns from itself."""
        keep = self.columns.programme != programme
        return type(self)(
            columns=chosen(self.columns, keep),
            months=self.months[keep],
            age=self.age[keep],
            started=self.started[keep],
            cancelled=self.cancelled[keep],
        )


def chosen(table: Columns, keep: NDArray[np.bool_]) -> Columns:
    """The rows that are kept, their windows with them."""
    flat = keep[table.owner]
    rows = {
        field.name: getattr(table, field.name)[keep]
        for field in fields(Columns)
        if field.name not in ("lead", "share", "owner")
    }
    place = np.cumsum(keep) - 1
    return Columns(
        **rows, lead=table.lead[flat], share=table.share[flat], owner=place[table.owner[flat]]
    )


def lessons(programmes: Mapping[str, Sequence[Fact]], *, as_of: date) -> Lessons:
    """What all production programmes known on a day have to teach, in the order of their names.

    Facts with `known_on` after `as_of` change nothing.
    """
    seen: list[Snapshot] = []
    ends: list[tuple[float, Status]] = []
    for _, told in sorted(programmes.items()):
        opened = history.opening(told)
        if opened is None:
            continue
        end = history.outcome(told, as_of)
        struck = (instant(end.earliest) + instant(end.latest)) / 2.0
        for mark in history.snapshots(told, history.landmarks(opened.known_on, as_of)):
            if mark.status is Status.OPEN and mark.as_of < as_of:
                seen.append(mark)
                ends.append((struck, end.status))
    day, now = instant(as_of), np.array([instant(mark.as_of) for mark in seen])
    return Lessons(
        columns=columns(seen),
        months=np.maximum(np.array([struck for struck, _ in ends]) - now, SHORTEST),
        age=day - now,
        started=np.array(
            [end in (Status.STARTED, Status.STOPPED) for _, end in ends], dtype=bool
        ),
        cancelled=np.array([end is Status.CANCELLED for _, end in ends], dtype=bool),
    )
