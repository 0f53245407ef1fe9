from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from events.programme import Stage
from forecasts import plants
from forecasts.methods import BASELINE, MODEL

FIRST = 2020 * 12


def planned(uid: str, months: range, **rest: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a row's values
    row = {"uid": uid, "st": "P", "lead": 6, "cum_slip": 0}
    return [row | rest | {"t0": FIRST + month} for month in months]


def started(uid: str, month: int, reported: int) -> dict[str, Any]:
    return {"uid": uid, "start": FIRST + month, "first_report_t0": FIRST + reported}


def small() -> plants.Sample:
    panel = pd.DataFrame(
        [
            *planned("runs", range(6), st="V", lead=3),
            *planned("gone", range(4)),
            *planned("waits", range(13), cum_slip=-3),
        ]
    )
    outcomes = pd.DataFrame(
        [
            {"uid": "runs", "outcome": "started", "start": FIRST + 6.0},
            {"uid": "gone", "outcome": "cancelled", "start": np.nan},
            {"uid": "waits", "outcome": "lost_rename", "start": np.nan},
        ]
    )
    return plants.Sample(
        panel=panel, starts=pd.DataFrame([started("runs", 6, 9)]), outcomes=outcomes
    )


def lesson(uid: str, as_of: int) -> tuple[float, bool, bool]:
    told = plants.lessons(small().panel, small().starts, as_of=FIRST + as_of)
    row = int(np.flatnonzero(told.columns.programme == uid)[0])
    return float(told.months[row]), bool(told.started[row]), bool(told.cancelled[row])


def test_a_start_is_a_lesson_once_it_was_reported() -> None:
    assert lesson("runs", 6) == (5.0, False, False)
    assert lesson("runs", 9) == (6.0, True, False)


def test_leaving_the_list_is_a_cancellation_only_after_a_while() -> None:
    assert lesson("gone", 6) == (3.0, False, False)
    assert lesson("gone", 9) == (4.0, False, True)


def test_what_is_still_listed_is_censored_at_the_day_of_knowing() -> None:
    assert lesson("waits", 12) == (12.0, False, False)


def test_a_plants_row_has_the_columns_of_a_programme() -> None:
    table = plants.columns(small().panel)

    assert set(table.stage) == {"nearly built", Stage.ANNOUNCED.value}
    assert table.lead.max() == pytest.approx(5.5)
    assert table.late.min() == 0.0


def test_answers_leave_out_what_was_lost() -> None:
    ways = {name: plants.WAYS[name] for name in (BASELINE, MODEL)}

    told = next(plants.answers(small(), origins=[FIRST + 3], methods=ways))

    assert told.programme.tolist() == ["runs", "gone"]
    assert told.struck.tolist() == [3.0, np.inf]
    assert told.followed.tolist() == [9.0, 9.0]
    assert all(curves.shape == (2, 120) for curves in told.curves.values())


def test_origins_have_months_before_and_after_them() -> None:
    assert plants.origins(small(), taught=3, asked=6) == [FIRST + 3, FIRST + 6]
