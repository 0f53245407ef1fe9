"""Fit the stacks: how past forecasts failed, by length of history and year ahead.

    python scripts/fit_volume_stack.py CALIBRATION_FOLDER

writes `forecasts/priors/volume_own.json` (launches) and `volume_market.json` (markets and
brands); the latter takes some minutes of Prophet and exponential smoothing.
"""

from __future__ import annotations

import json
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from forecasts.cuts import LAUNCHES, MARKETS, carry, learn
from forecasts.months import YEAR
from forecasts.series import MARKET, QUICK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from forecasts.cuts import Cuts
    from forecasts.series import Way

PRIORS: Final = Path(__file__).parents[1] / "forecasts/priors"
AHEAD: Final = 4 * YEAR
MONTHS: Final = (0, 11)
"""Months ahead whose errors stand for those in between."""
FEW: Final = 30
"""Series without which a year ahead is not learned."""


def launches(folder: Path) -> dict[str, NDArray[np.float64]]:
    """Monthly launches by name, from the month of the start on."""
    table = pd.read_csv(folder / "ramps.csv")
    table = table[table.freq == "M"].sort_values(["series", "months_since_start"])
    return {
        str(name): one["value"].to_numpy(np.float64) for name, one in table.groupby("series")
    }


def markets(folder: Path) -> dict[str, NDArray[np.float64]]:
    """Monthly markets and brands by name."""
    table = pd.read_csv(folder / "market.csv").sort_values(["series", "month"])
    return {
        str(name): one["registrations"].to_numpy(np.float64)
        for name, one in table.groupby("series")
    }


def main(folder: Path) -> None:
    """Write both fits."""
    own, shared = launches(folder), markets(folder)
    launched = carry(own, QUICK, chain(*LAUNCHES.values()), ahead=AHEAD)
    lengths = {
        length: [
            learn(cuts).plain()
            for lead in range(0, AHEAD, YEAR)
            if enough(cuts := launched.over(range(lead, lead + YEAR)).of_lengths(alike))
        ]
        for length, alike in LAUNCHES.items()
    }
    write("own", QUICK, f"ramps.csv: deliveries of {len(own)} launches", {"lengths": lengths})
    traded = carry(shared, MARKET, MARKETS[36], ahead=AHEAD, market=True)
    leads = [
        learn(traded.over(range(lead, lead + YEAR))).plain() for lead in range(0, AHEAD, YEAR)
    ]
    months = [learn(traded.over(range(month, month + 1))).plain() for month in MONTHS]
    fit = {"leads": leads, "months": months}
    write("market", MARKET, f"market.csv: {len(shared)} markets and brands", fit)


def enough(cuts: Cuts) -> bool:
    """Whether there are series enough to learn from."""
    return len(np.unique(cuts.series)) >= FEW


def write(name: str, ways: Sequence[Way], source: str, fit: Mapping[str, object]) -> None:
    """The file of one fit, with its provenance."""
    provenance = {
        "fitted by": "scripts/fit_volume_stack.py",
        "from": source,
        "methods": [way.name for way in ways],
    }
    file = PRIORS / f"volume_{name}.json"
    file.write_text(json.dumps({"provenance": provenance, **fit}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
