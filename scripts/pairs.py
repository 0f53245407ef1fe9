"""Whole processes, ours and a yardstick's in turn: what they took, and how they compare."""

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv" / "bin" / "python"
MIB = 1024 if sys.platform != "darwin" else 1024 * 1024


def python() -> str:
    """An interpreter that has Tracker's dependencies: the project's own, or this one."""
    if VENV.exists():
        return str(VENV)
    if importlib.util.find_spec("eventsourcing"):
        return sys.executable
    raise SystemExit("bench: there is no .venv yet. Run python3 scripts/test.py first.")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One process: seconds by the clock and of processors, and peak MiB."""

    seconds: float
    busy: float
    mib: float


@dataclass(frozen=True, kw_only=True)
class Side:
    """What one side took over its runs."""

    seconds: float
    low: float
    high: float
    busy: float
    mib: float

    @classmethod
    def of(cls, runs: Sequence[Run]) -> "Side":
        """The median and the range; the most memory of any."""
        seconds = [one.seconds for one in runs]
        return cls(
            seconds=round(median(seconds), 4),
            low=round(min(seconds), 4),
            high=round(max(seconds), 4),
            busy=round(median(one.busy for one in runs), 4),
            mib=round(max(one.mib for one in runs), 1),
        )

    def __str__(self) -> str:
        return f"{_three(self.seconds)} s ({_three(self.low)} to {_three(self.high)})"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What a case is to reach; a ratio is ours over the yardstick's seconds.

    `speed` says that the ratio is told the other way round, the yardstick's over ours: how
    many times as fast we are, or at what part of its rate. `a_second` counts the case's
    units.
    """

    ratio: float | None = None
    speed: float | None = None
    seconds: float | None = None
    a_second: float | None = None
    mib: float | None = None

    def __str__(self) -> str:
        said = (
            (self.ratio, "at most {:g} x"),
            (self.speed, "at least {:g} x as fast"),
            (self.seconds, "under {:g} s"),
            (self.a_second, "at least {:,.0f} a second"),
            (self.mib, "under {:,.0f} MiB"),
        )
        return "; ".join(words.format(bound) for bound, words in said if bound is not None)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a case measured. `ratio` is of pairs, told as `reach` tells it.

    `busy_ratio` is the same of the processors' seconds: what others do on a machine hardly
    changes it, waiting for a disk is not in it, and two threads count twice.
    """

    case: str
    words: str
    yardstick: str | None
    ours: Side
    theirs: Side | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    busy_ratio: float | None
    units: int | None
    reach: Reach = field(default_factory=Reach)

    @property
    def reached(self) -> bool | None:
        """Whether all that is asked holds in the median, by the clock; None: nothing is."""
        return self._holds(self.ratio, self.ours.seconds)

    @property
    def would_reach(self) -> bool | None:
        """The same by the processors' seconds, as if nobody else were on the machine."""
        return self._holds(self.busy_ratio, self.ours.busy)

    def _holds(self, measured: float | None, seconds: float) -> bool | None:
        reach, ratio = self.reach, measured or 0.0
        asked = [
            reach.ratio is None or ratio <= reach.ratio,
            reach.speed is None or ratio >= reach.speed,
            reach.seconds is None or seconds <= reach.seconds,
            reach.a_second is None or (self.units or 0) >= reach.a_second * seconds,
            reach.mib is None or self.ours.mib <= reach.mib,
        ]
        return all(asked) if str(reach) else None


@dataclass(frozen=True, kw_only=True)
class Sides:
    """What is run in turn; each is told its number, -1 for the one that is not counted.

    A yardstick that does a part of the work takes `share` of it: its time is divided by that.
    `units` are what ours deals with.
    """

    ours: Callable[[int], Run]
    theirs: Callable[[int], Run] | None = None
    share: float = 1.0
    units: int | None = None


def measured(
    sides: Sides, *, case: str, words: tuple[str, str | None], reach: Reach, count: int
) -> Figure:
    """Ours and theirs in turn, after one of each that is not counted; once is once."""
    mine: list[Run] = []
    theirs: list[Run] = []
    for number in range(-1 if count > 1 else 0, count):
        one = sides.ours(number)
        other = sides.theirs(number) if sides.theirs else None
        if number >= 0:
            mine.append(one)
            theirs += [_whole(other, sides.share)] if other else []
    ours, told = Side.of(mine), list(zip(mine, theirs, strict=False))
    ratios = [_told(one.seconds, other.seconds, reach) for one, other in told]
    busy = [_told(one.busy, other.busy, reach) for one, other in told]
    return Figure(
        case=case,
        words=words[0],
        yardstick=words[1],
        ours=ours,
        theirs=Side.of(theirs) if theirs else None,
        ratio=median(ratios) if ratios else None,
        ratio_low=min(ratios, default=None),
        ratio_high=max(ratios, default=None),
        busy_ratio=median(busy) if busy else None,
        units=sides.units,
        reach=reach,
    )


def _told(ours: float, theirs: float, reach: Reach) -> float:
    """A ratio to three digits, as the reach tells it."""
    low, high = max(ours, 1e-6), max(theirs, 1e-6)
    return float(f"{high / low if reach.speed is not None else low / high:.3g}")


def _whole(part: Run, share: float) -> Run:
    return Run(seconds=part.seconds / share, busy=part.busy / share, mib=part.mib)


def _three(number: float) -> str:
    """Three digits that count, no exponent."""
    return f"{number:.0f}" if number >= 100 else f"{number:#.3g}".rstrip(".")  # noqa: PLR2004 - digits


def run(*words: str, cwd: Path | None = None, out: str = os.devnull) -> Run:
    """Run a process to its end, its answer in the file `out`; raises when it fails."""
    began = time.perf_counter()
    with Path(out).open("w") as answer, tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(
            words,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=said,
            env=_environment(),
        )
        _, status, usage = os.wait4(child.pid, 0)
        took = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            raise SystemExit(f"bench: {' '.join(words)[:200]} failed: {said.read()[-2000:]}")
    busy = usage.ru_utime + usage.ru_stime
    return Run(seconds=took, busy=busy, mib=usage.ru_maxrss / MIB)


def _environment() -> dict[str, str]:
    """Without anybody's own settings; modules are compiled once, as where one is installed."""
    own = ("TRACKER", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    ours = {"OPENBLAS_NUM_THREADS": "1"}  # as the program has it (`tracker.__main__`)
    return {**kept, **ours, "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}


def tracker(*words: str, cwd: Path | None = None) -> Run:
    """Run a command of ours."""
    return run(python(), "-m", "tracker", *words, cwd=cwd)


WATCH = """
import resource as _resource, time as _time
class Watch:
    def __init__(self): self.began = self.now()
    def now(self):
        used = [_resource.getrusage(who) for who in (0, -1)]  # its own, its children's
        return _time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in used)
    def __str__(self): return " ".join(str(b - a) for a, b in zip(self.began, self.now()))
"""
"""What a script measures with: seconds by the clock, and of processors, its children's too."""


def inside(script: str, *words: str, cwd: Path | None = None) -> Run:
    """Run a script and take what the watch that it prints last says."""
    with tempfile.NamedTemporaryFile("r") as told:
        ran = run(python(), "-c", WATCH + script, *words, cwd=cwd, out=told.name)
        seconds, busy = map(float, Path(told.name).read_text().split()[-2:])
        return Run(seconds=seconds, busy=busy, mib=ran.mib)
