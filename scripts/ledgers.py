"""Synthetic journals and workspaces of any size, each made once a run."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path

import synthetic
from pairs import tracker

PART = 100_000
"""Lines of a file that is imported at once."""


@lru_cache(maxsize=1)
def folder() -> Path:
    """Where everything of this run lies; gone when it ends, unless BENCH_FOLDER names it."""
    if named := os.environ.get("BENCH_FOLDER"):
        kept = Path(named).absolute()
        kept.mkdir(parents=True, exist_ok=True)
        return kept
    made = Path(tempfile.mkdtemp(prefix="tracker-bench-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@lru_cache
def journal(events: int) -> Path:
    """A journal of so many lines."""
    path = folder() / f"{events}.ndjson"
    with path.open("w") as file:
        file.writelines(synthetic.journal(events))
    return path


@lru_cache
def filled(events: int) -> Path:
    """A workspace with so many events beside the shipped ones, and a timeline."""
    place = folder() / f"filled-{events}"
    if (place / "timeline.duckdb").exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    tracker("init", str(place))
    lines = synthetic.journal(events)
    for _ in range(0, events, PART):
        part = folder() / "part.ndjson"
        with part.open("w") as file:
            file.writelines(islice(lines, PART))
        tracker("import", "--no-forecast", str(part), cwd=place)
    tracker("rebuild", cwd=place)
    return place


@contextmanager
def workspace(*imports: Path) -> Iterator[Path]:
    """A workspace in a temporary folder, with journals imported and forecast."""
    with tempfile.TemporaryDirectory() as within:
        place = Path(within) / "bench"
        tracker("init", str(place))
        for path in imports:
            tracker("import", str(path), cwd=place)
        yield place
