"""Whole processes, ours and a yardstick's in turn: what they took, and the ratio of pairs."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")
MIB = 1024 if sys.platform != "darwin" else 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Run:
    """One process: wall-clock seconds and peak MiB."""

    seconds: float
    mib: float


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a case measured; `ratio` is ours over the yardstick's, pair by pair."""

    case: str
    ours: str
    yardstick: str
    seconds: float
    low: float
    high: float
    mib: float
    ratio: float | None
    reach: str


def run(*words: str, cwd: Path | None = None, out: str = os.devnull) -> Run:
    """Run a process to its end, its answer in the file `out`; raises when it fails."""
    began = time.perf_counter()
    with Path(out).open("w") as answer:
        child = subprocess.Popen(
            words,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"bench: {' '.join(words)} failed with {child.returncode}")
    return Run(seconds=time.perf_counter() - began, mib=usage.ru_maxrss / MIB)


def _environment() -> dict[str, str]:
    """Without anybody's own settings; modules are compiled once, as where one is installed."""
    own = ("TRACKER", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return {**kept, "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}


def tracker(*words: str, cwd: Path | None = None) -> Run:
    """Run a command of ours."""
    return run(PYTHON, "-m", "tracker", *words, cwd=cwd)


def pairs(
    case: str,
    ours: Callable[[int], Run],
    theirs: Callable[[int], Run] | None,
    *,
    count: int,
    words: tuple[str, str],
    reach: str,
) -> Figure:
    """Ours and theirs in turn, after one of each that is not counted."""
    ours(-1)
    if theirs:
        theirs(-1)
    mine, ratios = [], []
    for number in range(count):
        one = ours(number)
        mine.append(one)
        if theirs:
            ratios.append(one.seconds / theirs(number).seconds)
    seconds = [one.seconds for one in mine]
    return Figure(
        case=case,
        ours=words[0],
        yardstick=words[1],
        seconds=round(median(seconds), 3),
        low=round(min(seconds), 3),
        high=round(max(seconds), 3),
        mib=round(max(one.mib for one in mine), 1),
        ratio=round(median(ratios), 2) if ratios else None,
        reach=reach,
    )


def inside(script: str, *words: str) -> Run:
    """Run a script and take the seconds that it prints, its own imports left out."""
    with tempfile.NamedTemporaryFile("r") as told:
        began = run(PYTHON, "-c", script, *words, out=told.name)
        return Run(seconds=float(Path(told.name).read_text()), mib=began.mib)
