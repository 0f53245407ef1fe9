import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoringrules import crps_ensemble

from forecasts import own, stack
from forecasts.amounts import RATIOS, Volumes
from forecasts.stack import ATOMS, Scored

atoms = st.lists(st.floats(1.0, 1e6), min_size=ATOMS, max_size=ATOMS).map(
    lambda values: np.sort(np.array(values))
)


@given(atoms, st.floats(0.0, 1e6))
def test_the_score_is_that_of_the_oracle(values: np.ndarray, real: float) -> None:
    assert stack.crps(values, real) == pytest.approx(crps_ensemble(real, values), abs=1e-6)


@given(st.lists(atoms, min_size=2, max_size=4), st.floats(1.0, 1e6))
def test_the_sums_give_the_score_of_any_pool(many: list[np.ndarray], real: float) -> None:
    stacked = np.array(many)
    weights = np.arange(1.0, len(many) + 1) / sum(range(1, len(many) + 1))
    past = Scored.nothing(len(many)).plus(stacked[None], np.array([real]), np.ones(1))

    by_sums = weights @ past.near - weights @ past.apart @ weights / 2

    values = np.concatenate(many)
    shares = np.repeat(weights / ATOMS, ATOMS)
    apart = np.abs(values[:, None] - values[None, :])
    whole = shares @ np.abs(values - real) - shares @ apart @ shares / 2
    assert by_sums == pytest.approx(whole, rel=1e-6, abs=1e-6)


def test_the_better_method_gets_the_weight() -> None:
    good, bad = np.linspace(90, 110, ATOMS), np.linspace(300, 900, ATOMS)
    past = Scored.nothing(2).plus(
        np.array([[good, bad]] * 3), np.array([95.0, 100.0, 104.0]), np.full(3, 100.0)
    )

    assert stack.best_weights([past])[0, 0] > 0.99


def test_before_any_score_the_methods_count_alike() -> None:
    assert stack.best_weights([Scored.nothing(4)]).tolist() == [[0.25] * 4]


def test_a_pool_of_one_is_that_one() -> None:
    one = np.linspace(10, 50, ATOMS)

    assert stack.pooled(one[None, :], np.ones(1)) == pytest.approx(one)


@pytest.mark.parametrize("real", [30.0, 90.0, 110.0, 700.0])
def test_the_stretch_that_is_needed_puts_reality_on_the_edge(real: float) -> None:
    values = np.geomspace(50, 200, ATOMS)

    stretched = 100 * (values / 100) ** stack.needed_stretch(values, real)

    assert stack.interval(stretched)[int(real > 100)] == pytest.approx(real, rel=0.02)


def test_an_exact_forecast_is_missed_by_nothing() -> None:
    missed = stack.missed(np.array([100.0, 0.0]), np.array([100.0, 0.0]))

    assert missed[0] == 0
    assert np.isfinite(missed).all()


def test_months_to_come_widen_with_the_years() -> None:
    reported = {2024 * 12 + month: 1000.0 for month in range(12)}

    widths = [
        float(np.ptp(np.log(own.rest_of_year(reported, np.arange(start, start + 12)))))
        for start in (2025 * 12, 2026 * 12, 2028 * 12)
    ]

    assert widths == sorted(widths)


def test_months_within_a_gap_are_filled_and_certain() -> None:
    reported = {2024 * 12 + month: 1000.0 for month in (0, 1, 2, 4, 5)}

    gap = own.rest_of_year(reported, np.array([2024 * 12 + 3]))

    assert set(gap) == {1000.0}


def test_on_the_grid_the_atoms_keep_their_quantiles() -> None:
    values = np.geomspace(100, 2000, ATOMS)
    kept = Volumes(
        year=2025,
        base=np.zeros(1),
        scale=np.array([1000.0]),
        cumulative=own.on_grid(values, 1000.0)[None, :],
    )

    assert kept.quantile(0.5)[0] == pytest.approx(values[ATOMS // 2], rel=0.01)
    assert kept.quantile(0.9)[0] == pytest.approx(stack.interval(values)[1], rel=0.02)


def test_the_exact_score_of_a_grid_is_that_of_many_draws() -> None:
    cumulative = np.clip(0.3 + 0.7 * np.log1p(RATIOS) / np.log(3.0), 0, 1)[None, :]
    said = Volumes(year=2025, base=np.zeros(1), scale=np.array([100.0]), cumulative=cumulative)
    draws = [float(said.quantile(q)[0]) for q in (np.arange(4000) + 0.5) / 4000]

    for real in (0.0, 40.0, 150.0, 1e4):
        assert said.crps(real)[0] == pytest.approx(
            crps_ensemble(real, np.array(draws)), rel=0.01
        )
