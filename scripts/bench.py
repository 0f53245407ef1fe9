"""Measure Tracker against yardsticks, pair by pair in one run.

python3 scripts/bench.py [CASE ...] [--pairs N] [--events N] [--programmes N] [--format json]

Each case runs whole processes: ours and the yardstick's in turn, so that a machine whose speed
drifts does not favour one. Figures are medians with their range; ratios are of pairs.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import synthetic

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")
MIB = 1024 if sys.platform != "darwin" else 1024 * 1024
NOTHING = (
    "import typer\napp = typer.Typer()\n\n@app.command()\ndef nothing() -> None: ...\n\napp()\n"
)


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
    kept = {name: value for name, value in os.environ.items() if "TRACKER" not in name}
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


@contextmanager
def workspace(*imports: Path) -> Iterator[Path]:
    """A workspace in a temporary folder, with journals imported."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "bench"
        tracker("init", str(place))
        for journal in imports:
            tracker("import", str(journal), cwd=place)
        yield place


def help_(options: argparse.Namespace) -> Figure:
    """`tracker --help` against a Typer command that does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        nothing = Path(folder) / "nothing.py"
        nothing.write_text(NOTHING)
        return pairs(
            "help",
            lambda _: tracker("--help"),
            lambda _: run(PYTHON, str(nothing), "--help"),
            count=options.pairs,
            words=("tracker --help", "--help of a Typer command that does nothing"),
            reach="1.3",
        )


def record(options: argparse.Namespace) -> Figure:
    """`tracker record` against a Typer command that does nothing."""
    with workspace() as place:
        tracker("open", "plant", "--title", "A plant", cwd=place)
        nothing = place / "nothing.py"
        nothing.write_text(NOTHING)
        return pairs(
            "record",
            lambda number: tracker(
                *("record", "plant", "noted", "--when", "H2 2024"),
                *("--summary", f"Note {number}."),
                cwd=place,
            ),
            lambda _: run(PYTHON, str(nothing)),
            count=options.pairs,
            words=("tracker record", "a Typer command that does nothing"),
            reach="2.0; under 120 MiB",
        )


def import_(options: argparse.Namespace) -> Figure:
    """`tracker init`, which imports the 647 events of the reference class."""
    with tempfile.TemporaryDirectory() as folder:
        return pairs(
            "import",
            lambda number: tracker("init", str(Path(folder) / f"bench{number}")),
            None,
            count=options.pairs,
            words=("tracker init: 647 events imported", ""),
            reach="2 s",
        )


def rebuild(options: argparse.Namespace) -> Figure:
    """`tracker rebuild` of a large ledger against a bare scan of the same events."""
    scan = (
        "import sqlite3, sys\n"
        "ledger = sqlite3.connect(sys.argv[1])\n"
        "for row in ledger.execute('SELECT rowid, * FROM stored_events'): pass\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.ndjson"
        journal.write_text("".join(synthetic.journal(options.events)))
        with workspace(journal) as place:
            return pairs(
                "rebuild",
                lambda _: tracker("rebuild", cwd=place),
                lambda _: run(PYTHON, "-c", scan, str(place / "ledger.sqlite")),
                count=options.pairs,
                words=(f"tracker rebuild, {options.events:,} events", "a scan by sqlite3"),
                reach="10 s and 1,024 MiB for 100,000 events",
            )


def catch_up(options: argparse.Namespace) -> Figure:
    """A query after one new event against a rebuild, in a large ledger."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.ndjson"
        journal.write_text("".join(synthetic.journal(options.events)))
        with workspace(journal) as place:

            def query(number: int) -> Run:
                tracker(
                    *("record", "plant-0", "noted", "--when", "2024"),
                    *("--summary", f"Note {number}."),
                    cwd=place,
                )
                return tracker("db", cwd=place)

            return pairs(
                "catch-up",
                query,
                lambda _: tracker("rebuild", cwd=place),
                count=options.pairs,
                words=(f"one event behind {options.events:,}, then tracker db", "a rebuild"),
                reach="",
            )


MANY = """
import sys, time
from datetime import date
from pathlib import Path
from events import journal
from tracker.importing import shipped
told = {}
for line in journal.read(shipped("automotive")[1], "a", today=date.max)[0]:
    told.setdefault(line.fact.programme, []).append(line.fact)
day, count = date(2024, 6, 30), int(sys.argv[1])
"""
STARTS = (
    MANY
    + """
from forecasts import belief, features, history, start
seen = [each for each in (history.snapshot(one, day) for one in told.values()) if each]
seen = [each for each in seen if each.status is history.Status.OPEN]
seen = (seen * (count // len(seen) + 1))[:count]
learned = start.learn(told, as_of=day)
began = time.perf_counter()
start.run(features.columns(seen), learned, as_of=day, belief=belief.shipped())
print(time.perf_counter() - began)
"""
)
VOLUMES = (
    MANY
    + """
from forecasts import start, volume
wanted = [slug for slug in told if told[slug][0].known_on <= day]
starts = start.forecast(told, as_of=day, wanted=wanted)
open_ = [(told[slug], made) for slug, made in starts.items() if made.never > 0]
cases = [volume.Case(told=one, start=made) for one, made in open_]
cases = (cases * (count // len(cases) + 1))[:count]
volume.forecast_many(cases[:100])
began = time.perf_counter()
volume.forecast_many(cases)
print(time.perf_counter() - began)
"""
)
EVENT = (
    MANY
    + """
from tempfile import TemporaryDirectory
from tracker import estimator, living, workspace
from tracker.entering import enter
from tracker.importing import bring_in
with TemporaryDirectory() as folder:
    place = workspace.create(Path(folder) / "bench")
    today, now = workspace.today(), workspace.now()
    with place.ledger() as ledger:
        bring_in(ledger, [shipped("automotive"), shipped("leapmotor")], today=date.max, now=now)
        place.follow(["leapmotor-mirafiori"])
        for number in range(6):
            line = {"programme": "leapmotor-mirafiori", "type": "evidence-for",
                    "occurred": "2026", "known_on": today.isoformat(), "summary": str(number)}
            began = time.perf_counter()
            entry = enter(ledger, line, today=today, now=now)
            knowledge, due = living.due_now(place, ledger, ["leapmotor-mirafiori"], as_of=today)
            made = estimator.estimate(knowledge, due, as_of=today)
            estimator.issue(ledger, made, now=now)
            took = time.perf_counter() - began
print(took)
"""
)


def inside(script: str, *words: str) -> Run:
    """Run a script and take the seconds that it prints, its own imports left out."""
    with tempfile.NamedTemporaryFile("r") as told:
        began = run(PYTHON, "-c", script, *words, out=told.name)
        return Run(seconds=float(Path(told.name).read_text()), mib=began.mib)


def starts(options: argparse.Namespace) -> Figure:
    """Start forecasts of many programmes, in process."""
    return pairs(
        "starts",
        lambda _: inside(STARTS, str(options.programmes)),
        None,
        count=options.pairs,
        words=(f"start forecasts of {options.programmes:,} programmes, in process", ""),
        reach="3 s and 1,024 MiB for 10,000",
    )


def volumes(options: argparse.Namespace) -> Figure:
    """Five years' volumes of many programmes, in process."""
    return pairs(
        "volumes",
        lambda _: inside(VOLUMES, str(options.programmes)),
        None,
        count=options.pairs,
        words=(f"five years' volumes of {options.programmes:,} programmes, in process", ""),
        reach="0.5 s and 1,024 MiB for 10,000",
    )


def event(options: argparse.Namespace) -> Figure:
    """An event recorded to a forecast issued, in process, nothing to refit."""
    return pairs(
        "event",
        lambda _: inside(EVENT, "0"),
        None,
        count=options.pairs,
        words=("an event recorded to a forecast issued, in process", ""),
        reach="0.05 s",
    )


CASES = {
    "help": help_,
    "record": record,
    "import": import_,
    "rebuild": rebuild,
    "catch-up": catch_up,
    "starts": starts,
    "volumes": volumes,
    "event": event,
}


def main() -> None:
    """Run the cases that are named, all of them when none is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", nargs="*", choices=[*CASES, []], metavar="CASE")
    parser.add_argument("--pairs", type=int, default=5, help="pairs that are counted")
    parser.add_argument("--events", type=int, default=100_000, help="size of a large ledger")
    parser.add_argument(
        "--programmes", type=int, default=10_000, help="programmes forecast at once"
    )
    parser.add_argument("--format", choices=("table", "json"), default="table")
    options = parser.parse_args()
    if not shutil.which(PYTHON):
        raise SystemExit("bench: there is no .venv yet. Run python3 scripts/test.py first.")
    figures = [CASES[name](options) for name in options.cases or CASES]
    if options.format == "json":
        print(json.dumps([asdict(figure) for figure in figures], indent=2))
    else:
        print("\n".join(map(line, figures)))


def line(figure: Figure) -> str:
    """A figure for people."""
    ratio = f"  {figure.ratio} x {figure.yardstick}" if figure.ratio else ""
    reach = f"  (to reach: {figure.reach})" if figure.reach else ""
    return (
        f"{figure.case:<10} {figure.ours}: {figure.seconds} s "
        f"({figure.low} to {figure.high}), {figure.mib} MiB{ratio}{reach}"
    )


if __name__ == "__main__":
    main()
