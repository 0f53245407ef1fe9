import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from forecasts import prophecy

SERIES = np.array([1000.0 + 40 * month + 300 * (month % 12 == 11) for month in range(42)])


def test_the_same_seed_gives_the_same_draws_and_another_one_others() -> None:
    one = prophecy.draws(SERIES, 12, seed=1)

    assert np.array_equal(prophecy.draws(SERIES, 12, seed=1).paths, one.paths)
    assert not np.array_equal(prophecy.draws(SERIES, 12, seed=2).paths, one.paths)


def test_the_global_generator_is_left_as_it_was() -> None:
    before = str(np.random.get_state())  # noqa: NPY002 -- it is what is tested

    prophecy.draws(SERIES, 6, seed=3)

    assert str(np.random.get_state()) == before  # noqa: NPY002 -- likewise


def test_draws_below_zero_are_cut_and_counted() -> None:
    drawn = prophecy.draws(SERIES[::-1] - 900, 24, seed=1)

    assert drawn.negative > 0
    assert drawn.paths.min() == 0


def test_a_shutdown_is_seen_as_one() -> None:
    shut = np.concatenate((np.full(30, 1000.0), np.full(6, 200.0), np.full(4, 1000.0)))

    blind, told = (prophecy.trend(shut, 12, steps=steps).sum() for steps in ((), (30, 36)))

    assert abs(told - 12_000) < abs(blind - 12_000)


@pytest.mark.parametrize("flat", [True, False])
def test_a_trend_is_as_long_as_asked(flat: bool) -> None:  # noqa: FBT001 -- a case
    assert prophecy.trend(SERIES[-6:], 5, flat=flat).shape == (5,)


def test_a_known_event_is_told_from_a_trend() -> None:
    fallen = np.concatenate((np.full(36, 1000.0), np.full(8, 500.0)))

    blind, told = (prophecy.trend(fallen, 12, steps=steps).sum() for steps in ((), (36,)))

    assert abs(told - 6000) < abs(blind - 6000)


def test_an_event_to_come_changes_nothing() -> None:
    assert np.array_equal(
        prophecy.trend(SERIES, 12, steps=(42, 50)), prophecy.trend(SERIES, 12)
    )


@pytest.mark.slow
def test_nothing_is_said_and_nothing_left_behind(tmp_path: Path) -> None:
    code = (
        "import numpy as np\n"
        "from forecasts import prophecy\n"
        "prophecy.trend(np.arange(1.0, 61.0), 12)\n"
        "prophecy.trend(np.arange(1.0, 8.0), 12)\n"
        "prophecy.draws(np.arange(1.0, 15.0), 12, seed=1)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"TMPDIR": str(tmp_path), "PATH": "", "PYTHONPATH": ":".join(sys.path)},
    )

    assert (done.stdout, done.stderr) == ("", "")
    assert not list(tmp_path.iterdir())
