"""A programme's own months carried on, as wide as launches have proved to be.

The numbers are fitted by `scripts/fit_volume_stack.py` on past launches and shipped in
`priors/volume_own.json`: for each length of history and each year ahead the errors of the
quick methods, their weights in the pool, and its stretch.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from forecasts import series, stack
from forecasts.amounts import RATIOS
from forecasts.dressing import Dressing, carried, total, weighed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST: Final = 3
"""Months one by one without which a series says nothing."""
TAIL: Final = 0.5
"""Log distance from the outermost atoms to where nothing is left: declared."""


@lru_cache(maxsize=1)
def shipped() -> dict[int, list[Dressing]]:
    """By length of history, a dressing a year ahead."""
    file = Path(__file__).parent / "priors" / "volume_own.json"
    fit = json.loads(file.read_text(encoding="utf-8"))
    return {
        int(length): [Dressing.of(lead) for lead in leads]
        for length, leads in fit["lengths"].items()
    }


def rest_of_year(
    reported: Mapping[int, float],
    months: NDArray[np.int64],
    weights: Mapping[int, Sequence[Sequence[float]]] | None = None,
) -> Floats:
    """Atoms of the sum of unreported `months`, from at least `FEWEST` reported ones.

    `weights` of the methods, by length of history and year ahead, stand in for the shipped.
    """
    seen = series.filled(sorted(reported.items()))
    first, last = min(reported), max(reported)
    ahead = months[months > last] - last
    past = float(seen[months[(months >= first) & (months <= last)] - first].sum())
    if not len(ahead):
        return np.full(stack.ATOMS, past)
    paths = carried(series.QUICK, seen, int(ahead.max()))
    length = max(one for one in shipped() if one <= max(len(seen), FEWEST))
    leads = weighed(shipped()[length], weights[length] if weights else ())
    return past + total(paths, leads, ahead - 1)


def on_grid(atoms: Floats, scale: float) -> Floats:
    """P(volume <= scale * RATIOS) of positive atoms."""
    logs = np.log(np.maximum(atoms, 1e-9) / scale)
    logs = np.concatenate(([logs[0] - TAIL], logs, [logs[-1] + TAIL]))
    rises = np.maximum.accumulate([logs[0], *(max(b, a + 1e-9) for a, b in pairwise(logs))])
    levels = np.concatenate(([0.0], stack.LEVELS, [1.0]))
    with np.errstate(divide="ignore"):
        grid: Floats = np.interp(np.log(RATIOS), rises, levels)
    return grid
