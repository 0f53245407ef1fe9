from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st

from events import journal
from forecasts import backtest, baselines, features, incidence, ranking, scores
from forecasts.methods import ABLATIONS, BASELINE, METHODS, MODEL

if TYPE_CHECKING:
    from events.facts import Fact

UNTIL = date(2026, 9, 30)


@cache
def reference() -> dict[str, list[Fact]]:
    told = defaultdict(list)
    data = (resources.files("events") / "journals" / "automotive.ndjson").read_bytes()
    stated, faults = journal.read(data, "automotive.ndjson", today=date(2026, 11, 22))
    assert not faults
    for each in sorted(stated, key=lambda each: each.fact.known_on):
        told[each.fact.programme].append(each.fact)
    return dict(told)


@cache
def answers() -> backtest.Answers:
    with ThreadPoolExecutor(1) as executor:
        parts = backtest.run(
            reference(),
            origins=backtest.origins(reference(), until=UNTIL),
            until=UNTIL,
            methods=[BASELINE, MODEL],
            executor=executor,
        )
        return backtest.gathered(list(parts))


@pytest.mark.slow
def test_the_model_beats_the_reference_class_at_every_horizon() -> None:
    bootstrap = ranking.Bootstrap(draws=200, rng=np.random.default_rng(1))

    rows = ranking.table(answers(), bootstrap)

    ours = [row for row in rows if row.method == MODEL]
    assert [row.horizon for row in ours] == list(ranking.HORIZONS)
    for row in ours:
        assert row.brier_gain is not None
        assert row.log_gain is not None
        assert row.brier_gain[0] > 0.15
        assert row.log_gain[0] > 0.15
        assert row.brier_gain[1] <= row.brier_gain[0] <= row.brier_gain[2]
        assert abs(row.bias) < 0.03
        assert row.bias_range[0] <= row.bias <= row.bias_range[1]


@pytest.mark.slow
def test_the_future_does_not_reach_an_origin() -> None:
    origin = date(2021, 6, 30)
    hidden = {
        slug: [fact for fact in told if fact.known_on <= origin]
        for slug, told in reference().items()
    }
    hidden = {slug: told for slug, told in hidden.items() if told}

    seen, blind = (
        backtest.at_origin(told, origin, until=UNTIL, methods=list(METHODS))
        for told in (reference(), hidden)
    )

    for name in METHODS:
        assert (seen.curves[name] == blind.curves[name]).all()


def test_origins_have_a_reference_class_before_and_a_year_after_them() -> None:
    told = backtest.origins(reference(), until=UNTIL)

    assert told[0] == date(2008, 6, 30)
    assert told[-1] == date(2025, 6, 30)
    assert backtest.origins(dict(list(reference().items())[:5]), until=UNTIL) == []


def test_every_method_answers_with_rising_probabilities() -> None:
    names = list(METHODS | ABLATIONS)
    few = dict(list(reference().items())[20:60])

    told = backtest.at_origin(few, date(2019, 6, 30), until=UNTIL, methods=names)

    assert set(told.curves) == set(names)
    for curves in told.curves.values():
        assert curves.shape == (told.programme.size, 120)
        assert curves.min() >= 0.0
        assert curves.max() <= 1.0 + 1e-9
        assert (np.diff(curves, axis=1) >= -1e-12).all()


def test_face_value_believes_the_window() -> None:
    taught = features.lessons(reference(), as_of=date(2019, 6, 30))
    plain = features.chosen(taught.columns, taught.columns.overdue == 0.0)

    curves = baselines.face_value(plain, date(2019, 6, 30))

    longest = np.array([plain.lead[plain.owner == row].max() for row in range(len(plain))])
    reached = curves[np.arange(len(plain)), np.minimum(np.ceil(longest), 120).astype(int) - 1]
    assert reached == pytest.approx(1.0)


def test_nobody_is_among_its_own_teachers() -> None:
    taught = features.lessons(reference(), as_of=date(2020, 6, 30))

    others = taught.without("lucid-amp1")

    assert "lucid-amp1" in taught.columns.programme
    assert "lucid-amp1" not in others.columns.programme
    assert len(others.columns) == others.months.size == others.columns.owner.max() + 1


def test_every_programme_weighs_once() -> None:
    weight = scores.weights(np.array(["a", "a", "a", "b"]))

    assert weight == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=9), st.data())
def test_brier_and_log_score_agree_with_scoringrules(
    said: list[float], data: st.DataObject
) -> None:
    p = np.array(said)
    y = np.array(
        data.draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=p.size, max_size=p.size))
    )

    assert scores.brier(p, y) == pytest.approx(scoringrules.brier_score(y, p))
    assert scores.log_score(p, y) == pytest.approx(scoringrules.log_score(y, p))


def test_crps_is_the_area_to_the_truth() -> None:
    curve = np.concatenate([np.zeros(10), np.full(110, 0.5)])

    assert scores.crps(curve, 20.0, 120.0) == pytest.approx(0.25 * 9 + 0.25 * 101)


def test_what_happens_after_the_censoring_is_not_scored() -> None:
    curve = np.linspace(0.0, 0.9, 120)

    early = scores.crps(curve, np.inf, 24.0)

    assert early == scores.crps(np.concatenate([curve[:24], np.ones(96)]), np.inf, 24.0)


def test_the_reliability_table_counts_what_it_weighs() -> None:
    p, y = np.array([0.05, 0.05, 0.5, 1.0]), np.array([0.0, 1.0, 1.0, 1.0])

    bins = scores.calibration(p, y, np.array(["a", "b", "c", "d"]))

    assert [each.forecasts for each in bins] == [2, 1, 1]
    assert [each.came for each in bins] == pytest.approx([0.5, 1.0, 1.0])


@pytest.mark.slow
@given(st.integers(0, 400))
def test_the_base_rate_is_the_library_s_aalen_johansen(seed: int) -> None:
    rng = np.random.default_rng(seed)
    taught = features.lessons(reference(), as_of=date(2022, 6, 30))
    rows = rng.random(len(taught.columns)) < rng.uniform(0.05, 1.0)
    some = features.Lessons(
        columns=taught.columns,
        months=taught.months[rows],
        age=taught.age[rows],
        started=taught.started[rows],
        cancelled=taught.cancelled[rows],
    )

    ours = incidence.base_rate(some)

    assert ours == pytest.approx(baselines.incidence(taught, rows), abs=1e-12)
