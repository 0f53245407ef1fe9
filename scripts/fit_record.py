"""Keep what the back-test on the reference class says, for `forecasts/priors/backtest.json`.

.venv/bin/python scripts/fit_record.py, in the project's environment; a quarter minute.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "forecasts" / "priors" / "backtest.json"
MONTHS: Final = 24
"""Months ahead of which the back-test's calibration tells."""


def main() -> None:
    """Run the back-test and keep its calibration beside the Brier scores."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tracker", "backtest", "--format", "json"],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
    KEPT.write_text(json.dumps(kept(json.loads(done.stdout)), indent=1) + "\n")


def kept(told: dict[str, Any]) -> dict[str, Any]:
    """What is shipped of a back-test's answer."""
    rows = {row["method"]: row for row in told["rows"] if row["horizon"] == MONTHS}
    ours = rows["two clocks"]
    return {
        "provenance": {
            "fitted by": "scripts/fit_record.py",
            "from": "automotive.ndjson, at each half-year's end since 2008, leave-one-out",
        },
        "months": MONTHS,
        "forecasts": ours["forecasts"],
        "programmes": ours["programmes"],
        "brier": ours["brier"],
        "base_rate": rows["base rate"]["brier"],
        "face_value": rows["announced date at face value"]["brier"],
        "calibration": told["calibration"],
    }


if __name__ == "__main__":
    main()
