"""Fit what a programme's own months teach and print `forecasts/priors/volume_own.json`.

python scripts/fit_volume_stack.py CALIBRATION_FOLDER > forecasts/priors/volume_own.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from forecasts.backtest_volume import LAUNCHES, cut, learn
from forecasts.series import QUICK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from forecasts.backtest_volume import Cuts

LEADS: Final = (1, 2, 3)
FEW: Final = 30
"""Launches without which a year ahead is not learned."""


def launches(folder: Path) -> dict[str, NDArray[np.float64]]:
    """Monthly launches by name, from the month of the start on."""
    table = pd.read_csv(folder / "ramps.csv")
    table = table[table.freq == "M"].sort_values(["series", "months_since_start"])
    return {
        str(name): one["value"].to_numpy(np.float64) for name, one in table.groupby("series")
    }


def main(folder: Path) -> None:
    """Print the fit."""
    past = launches(folder)
    lengths: dict[int, list[dict[str, object]]] = {}
    for length, alike in LAUNCHES.items():
        lengths[length] = []
        for lead in LEADS:
            cuts = cut(past, QUICK, alike, lead=lead)
            if len(set(cuts.series.tolist())) >= FEW:
                lengths[length].append(fitted(cuts))
    provenance = {
        "fitted by": "scripts/fit_volume_stack.py",
        "from": f"ramps.csv: registrations and deliveries of {len(past)} launches",
        "methods": [way.name for way in QUICK],
    }
    print(json.dumps({"provenance": provenance, "lengths": lengths}, indent=1))


def fitted(cuts: Cuts) -> dict[str, object]:
    """One dressing, to six digits."""
    found = learn(cuts, np.full(len(cuts.real), fill_value=True))
    return {
        "errors": np.round(found.errors, 6).tolist(),
        "weights": np.round(found.weights, 6).tolist(),
        "stretch": round(found.stretch, 6),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
