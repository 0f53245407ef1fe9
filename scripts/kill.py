"""Kill Tracker with SIGKILL at random moments, and look at what it left.

.venv/bin/python scripts/kill.py [--rounds N] [--seed S] [--processes N]

Every round runs one command on a workspace and kills it: at a moment drawn over its whole life,
or just after it has said something, or as its write begins to show on the disk. Then the next
commands are run, the ledger is counted, and the timeline compared with the ledger and with a
rebuild.
"""

import argparse
import gc
import itertools
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np

from accounts import Accounts
from deeds import PROGRAMMES, Deed, Doer, counted
from mortal import SAID, Death, Life, Omen, lived, size, warm
from tracker import workspace

TODAY = "2026-11-22"
RENEWED = 200
"""Rounds after which a workspace is begun anew, so that looking at it stays quick."""

WHOLE = 5
"""Every so many rounds the timeline is compared with a rebuild, row by row."""

LEFT = 3
"""Files that dead commands may leave for the next of their kind to remove, in a workspace."""

KINDS = ("lost", "duplicated", "torn", "disagreeing", "refused")


@dataclass(kw_only=True)
class Tally:
    """What became of the rounds, by command."""

    rounds: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    strays: set[str] = field(default_factory=set)

    def add(self, other: "Tally") -> None:
        """Count another process's rounds as well."""
        self.rounds += other.rounds
        self.before += other.before
        self.after += other.after
        self.faults += other.faults
        self.said += other.said
        self.strays = max(self.strays, other.strays, key=len)


def main() -> None:
    """Print what became of the rounds; exit 1 where anything was wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=600, help="begin none after that")
    options = parser.parse_args()
    began = time.monotonic()
    tally = played(options.rounds, options.seed, options.processes, options.minutes)
    seconds = time.monotonic() - began
    print("\n".join(table(tally, seconds)))
    raise SystemExit(1 if tally.faults.total() or len(tally.strays) > LEFT else 0)


def played(rounds: int, seed: int, processes: int, minutes: float = 600) -> Tally:
    """Rounds shared among processes, each with workspaces of its own."""
    os.environ["TRACKER_TODAY"] = TODAY
    warm()
    ends = [rounds * number // processes for number in range(processes + 1)]
    parts = [last - first for first, last in itertools.pairwise(ends)]
    seeds = np.random.SeedSequence(seed).spawn(processes)
    tally, until = Tally(), time.monotonic() + 60 * minutes
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        for part in pool.starmap(
            rounds_of, zip(parts, seeds, [until] * processes, strict=True), chunksize=1
        ):
            tally.add(part)
    gc.unfreeze()
    return tally


def rounds_of(rounds: int, seed: np.random.SeedSequence, until: float) -> Tally:
    """So many rounds in workspaces that are begun anew now and then."""
    tally = Tally()
    rng = np.random.default_rng(seed)
    outside = tempfile.gettempdir()
    while rounds > 0 and time.monotonic() < until:
        with tempfile.TemporaryDirectory(dir=outside) as folder:
            _workspace(tally, min(rounds, RENEWED), rng, Path(folder), until)
        rounds -= RENEWED
    return tally


def _workspace(
    tally: Tally, rounds: int, rng: np.random.Generator, folder: Path, until: float
) -> None:
    """Rounds in one workspace, after each command has shown how long it takes."""
    place = folder / "plants"
    (place / "tmp").mkdir(parents=True)
    tempfile.tempdir = str(place / "tmp")
    workspace.create(place)
    for slug in PROGRAMMES:
        _well(("open", slug, "--title", slug, "--when", "2024-01-01"), place)
        _well(("record", slug, "noted", "--when", "2024", "--no-forecast"), place)
    doer = Doer(folder=place, rng=rng, numbers=counted())
    accounts = Accounts(folder=place)
    spans: dict[str, list[float]] = {}
    for deed in doer.each():
        spans.setdefault(deed.name, []).append(_well(deed.words, place).seconds)
        if deed.file:
            deed.file.unlink()
    for number in range(rounds):
        if time.monotonic() > until:
            break
        deed = doer.any()
        span = median(spans.get(deed.name) or [0.2])
        life = lived(deed.words, place, _death(deed, span, rng, place))
        if life.code is not None:
            spans.setdefault(deed.name, []).append(life.seconds)
        acknowledged = life.code == 0 or (bool(deed.done) and deed.done in life.out)
        tally.rounds[deed.name] += 1
        if life.code is None:
            (tally.after if acknowledged else tally.before)[deed.name] += 1
        last = number == rounds - 1
        whole = number % WHOLE == 0 or last
        accounts.settle(deed, life, acknowledged=acknowledged, whole=whole)
    tally.faults += accounts.faults
    tally.said += accounts.said
    tally.strays = max(tally.strays, accounts.strays, key=len)


def _well(words: tuple[str, ...], place: Path) -> Life:
    life = lived(words, place)
    if life.code:
        raise RuntimeError(f"tracker {' '.join(words)}: {life.err}")
    return life


def _death(deed: Deed, span: float, rng: np.random.Generator, place: Path) -> Death:
    """A moment over its whole life, or after its write shows, or after it has said so."""
    aim = rng.integers(3)
    if aim == 0 and deed.omen:
        return Death(after=float(rng.exponential(0.01)), omen=deed.omen)
    if aim == 1:
        return Death(after=float(rng.exponential(0.01)), omen=_said(place))
    return Death(after=float(rng.uniform(0, span * 1.05)))


def _said(place: Path) -> Omen:
    return lambda: size(place / SAID)


def table(tally: Tally, seconds: float) -> list[str]:
    """The rounds by command, then what was found wrong."""
    lines = [f"{'command':18} {'rounds':>7} {'killed before':>14} {'after it said so':>17}"]
    for name, count in sorted(tally.rounds.items()):
        lines.append(f"{name:18} {count:7} {tally.before[name]:14} {tally.after[name]:17}")
    count = tally.rounds.total()
    dead = f"{tally.before.total():14} {tally.after.total():17}"
    lines.append(f"{'together':18} {count:7} {dead}")
    lines += ["", *(f"{kind:18} {tally.faults[kind]:7}" for kind in KINDS)]
    strays = ", ".join(sorted(tally.strays)[:8])
    lines.append(f"{'files left over':18} {len(tally.strays):7}  {strays}")
    lines.append(f"{'seconds':18} {seconds:7.0f}  {seconds / max(count, 1):.2f} a round")
    return [*lines, *tally.said[:20]]


if __name__ == "__main__":
    main()
