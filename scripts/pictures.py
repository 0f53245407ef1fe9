"""Draw the pictures of the README: scripts/terminal.svg and scripts/reliability.svg.

.venv/bin/python scripts/pictures.py, in the project's environment.
"""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
TERMINAL = ROOT / "scripts" / "terminal.svg"
RELIABILITY = ROOT / "scripts" / "reliability.svg"
WIDTH = 104
COMMANDS = (
    ("init",),
    ("import", str(ROOT / "events" / "journals" / "leapmotor.ndjson")),
    ("show", "leapmotor-mirafiori", "--as-of", "2024-06-30"),
    ("date", "between late February and early March", "--published", "2025-12-02"),
)
OUTSIDE = re.compile(r"@font-face\s*{[^}]*}\s*")
"""Rich would have fonts fetched from elsewhere; a reader's own will do."""


def main() -> None:
    """Draw both; the second takes a quarter of a minute."""
    TERMINAL.write_text(terminal())
    reliability()


def terminal() -> str:
    """Run the commands in a throwaway workspace and draw what they print."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    with tempfile.TemporaryDirectory() as folder:
        for words in COMMANDS:
            shown = " ".join(_shown(word) for word in words)
            console.print(Text(f"$ tracker {shown}", style="bold cyan"))
            console.print(Text(_answer(words, folder)))
    svg = console.export_svg(title="tracker", unique_id="terminal")
    return OUTSIDE.sub("", svg)


def reliability() -> None:
    """Draw what was said against what came, of the back-test on the reference class."""
    told = json.loads(_answer(("backtest", "--format", "json"), "."))
    bins = told["calibration"]
    mpl.rcParams["svg.hashsalt"] = "tracker"  # the same bytes from the same numbers
    figure = Figure(figsize=(4.6, 4.4), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", linewidth=1)
    axes.plot(
        [one["said"] for one in bins],
        [one["came"] for one in bins],
        color="#1f5a7a",
        marker="o",
    )
    for one in bins:
        axes.annotate(
            f"{one['forecasts']} of {one['programmes']}",
            (one["said"], one["came"]),
            xytext=(7, -11),
            textcoords="offset points",
            fontsize=8,
            color="0.35",
        )
    axes.set(
        xlim=(0, 1),
        ylim=(0, 1),
        xlabel="said: P(start within 24 months)",
        ylabel="came",
        title="Forecasts of programmes, as many as stand beside",
    )
    axes.title.set_fontsize(9)
    figure.savefig(RELIABILITY, metadata={"Date": None, "Creator": None})


def _shown(word: str) -> str:
    name = Path(word).name if "/" in word else word
    return f'"{name}"' if " " in name else name


def _answer(words: tuple[str, ...], folder: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        cwd=folder,
        env={**os.environ, "COLUMNS": str(WIDTH), "TRACKER_TODAY": "2026-11-22"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    main()
