"""Make anew what the README shows: its pictures, and its tables between their marks.

.venv/bin/python scripts/readme.py, in the project's environment; half a minute.
"""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from rich.console import Console
from rich.text import Text

from events.issued import MILLION
from tracker.wording import PERCENT, percent

ROOT = Path(__file__).resolve().parent.parent
TERMINAL = ROOT / "scripts" / "terminal.svg"
README = ROOT / "README.md"
RELIABILITY = ROOT / "scripts" / "reliability.svg"
WIDTH = 104
SHOWN_YEAR = 2027
PROGRAMME = "leapmotor-mirafiori"
LARGEST = 2
CHARTS = ("timeline", "start")
"""Pictures of the founding story, beside those of the terminal and of the back-test."""
COMMANDS = (
    ("init",),
    ("import", str(ROOT / "events" / "journals" / "leapmotor.ndjson")),
    ("show", "leapmotor-mirafiori", "--as-of", "2024-06-30"),
    ("date", "between late February and early March", "--published", "2025-12-02"),
)
OUTSIDE = re.compile(r"@font-face\s*{[^}]*}\s*")
"""Rich would have fonts fetched from elsewhere; a reader's own will do."""


def main() -> None:
    """Draw the pictures and write both tables."""
    TERMINAL.write_text(terminal())
    told = json.loads(_answer(("backtest", "--format", "json"), "."))
    reliability(told["calibration"])
    text = README.read_text()
    text = _between("backtest", backtest(told["rows"]), text)
    README.write_text(_between("founding", founding(), text))


def _between(mark: str, table: str, text: str) -> str:
    """The text with a table between its marks."""
    begin, end = f"<!-- {mark} -->\n", f"<!-- end of {mark} -->"
    head, rest = text.split(begin)
    return head + begin + table + end + rest.split(end, 1)[1]


def backtest(rows: list[dict[str, Any]]) -> str:
    """The back-test on the reference class, a row a method and horizon."""
    names = ("method", "months", "programmes", "Brier", "log", "bias", "Brier gain", "log gain")
    return _table(
        names,
        (
            (
                row["method"],
                row["horizon"],
                row["programmes"],
                f"{row['brier']:.3f}",
                f"{row['log']:.3f}",
                f"{row['bias']:+.3f}",
                _gain(row["brier_gain"]),
                _gain(row["log_gain"]),
            )
            for row in rows
        ),
    )


def _gain(gain: list[float] | None) -> str:
    if gain is None:
        return ""
    middle, low, high = (round(100 * part) for part in gain)
    return f"{middle} % ({low} to {high})"


def founding() -> str:
    """What was said of the founding case every fourth month, and what moved it in between.

    The same story is drawn from the same ledger.
    """
    with tempfile.TemporaryDirectory() as folder:
        for words in COMMANDS[:2]:
            _answer(words, folder)
        told = _answer(
            ("forecast", PROGRAMME, "--every", "month", "--format", "ndjson"),
            folder,
        )
        made = [json.loads(line) for line in told.splitlines()[::4]]
        moves = [
            _moved(before["as_of"], after["as_of"], folder) for before, after in pairwise(made)
        ]
        for chart in CHARTS:
            drawn = ROOT / "scripts" / f"{chart}.svg"
            _answer(("plot", PROGRAMME, "--chart", chart, "-o", str(drawn)), folder)
    names = (
        *("as of", "by end of 2026", "by end of 2027", "never", "2027: P10 / P50 / P90"),
        "what moved the end of 2027 most since the row above, in points",
    )
    rows = zip((_said(one) for one in made), ["", *moves], strict=True)
    return _table(names, ((*said, moved) for said, moved in rows))


def _moved(since: str, until: str, folder: str) -> str:
    """The largest parts of a move, and the rest in one, so that they add up."""
    words = ("why", PROGRAMME, "--since", since, "--as-of", until, "--by", "2027-12-31")
    move = json.loads(_answer((*words, "--format", "json"), folder))
    largest = sorted(move["parts"], key=lambda part: -abs(part["delta"]))[:LARGEST]
    told = [f"{_named(part)} {part['delta'] / PERCENT:+.1f}" for part in largest]
    rest = move["after"] - move["before"] - sum(part["delta"] for part in largest)
    return "; ".join([*told, f"{len(move['parts']) - LARGEST} others {rest / PERCENT:+.1f}"])


def _named(part: dict[str, Any]) -> str:
    if part["event"] is None:
        return "time" if part["kind"] == "time" else "the reference class"
    about = "" if part["programme"] == PROGRAMME else f" of {part['programme']}"
    return f"{part['type']}{about} ({part['day']})"


def _said(made: dict[str, Any]) -> tuple[str, ...]:
    by = {one["date"]: one["probability"] for one in made["start"]["by"]}
    volumes = next(one for one in made["volume"] if one["year"] == SHOWN_YEAR)
    return (
        made["as_of"],
        _percent(by["2026-12-31"]),
        _percent(by["2027-12-31"]),
        _percent(made["start"]["never"]),
        " / ".join(f"{part:,}" for part in volumes["quantiles"].values()),
    )


def _percent(probability: float) -> str:
    return percent(round(probability * MILLION))


def _table(names: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


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


def reliability(bins: list[dict[str, Any]]) -> None:
    """Draw what was said against what came, of the back-test on the reference class."""
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
        xlim=(-0.03, 1.12),
        ylim=(-0.06, 1.03),
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
