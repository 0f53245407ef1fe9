"""The back-test of volumes: what it reads, and the rows of all methods as they come."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from events.errors import reason
from forecasts import backtest_volume, promises, reported, start
from tracker.errors import TrackerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from events.facts import Fact
    from forecasts.backtest_volume import Row
    from forecasts.distribution import StartDistribution

DIGITS: Final = 4


def rows(folder: Path, told: Mapping[str, Sequence[Fact]]) -> Iterator[Row]:
    """Launches, markets, announcements and running plants, a row a method and length.

    `folder` has `ramps.csv` and `market.csv`, `told` the effective facts of journals. Raises
    `TrackerError` where a file is missing.
    """
    until = max(fact.known_on for facts in told.values() for fact in facts)
    kept = list(promises.scored(told, _start_of(told), until))
    years = list(reported.scored(told))
    parts = chain(
        backtest_volume.announcements(kept),
        backtest_volume.running(years) if years else (),
        backtest_volume.launches(_series(folder / "ramps.csv", "months_since_start", "value")),
        backtest_volume.markets(_series(folder / "market.csv", "month", "registrations")),
    )
    for row in parts:
        yield replace(row, crps=round(row.crps, DIGITS), coverage=round(row.coverage, DIGITS))


def _start_of(
    told: Mapping[str, Sequence[Fact]],
) -> Callable[[str, date], StartDistribution]:
    """A forecast of one programme's start on a day, taught by all the others."""

    def start_of(slug: str, as_of: date) -> StartDistribution:
        others = {name: facts for name, facts in told.items() if name != slug}
        learned = start.learn(others, as_of=as_of)
        return start.forecast(told, as_of=as_of, wanted=[slug], learned=learned)[slug]

    return start_of


def _series(file: Path, time: str, value: str) -> dict[str, NDArray[np.float64]]:
    """Monthly series by name, in order."""
    try:
        table = pd.read_csv(file)
    except OSError as error:
        raise TrackerError(f"{file}: {reason(error)}.") from error
    if "freq" in table:
        table = table[table["freq"] == "M"]
    return {
        str(name): part[value].to_numpy(dtype=np.float64)
        for name, part in table.sort_values(["series", time]).groupby("series")
    }
