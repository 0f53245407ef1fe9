"""How long one waits for a command: starting up, recording, a first workspace."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from cases import Case
from ledgers import filled, workspace
from pairs import ROOT, Reach, Run, Sides, python, run, tracker

NOTHING = (
    "import typer\napp = typer.Typer()\n\n@app.command()\ndef nothing() -> None: ...\n\napp()\n"
)
MONTH = 2026 * 12 + 7
"""The month after the founding journal's last, counted from year 0."""
REPORTED = 2012 * 12
"""A month after the last of a synthetic plant, likewise."""
DOES_NOTHING = "a Typer command that does nothing"


def month_end(month: int) -> date:
    """The last day before a month."""
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)


@contextmanager
def help_(_: int) -> Iterator[Sides]:
    """Both print their help."""
    with tempfile.TemporaryDirectory() as folder:
        nothing = Path(folder) / "nothing.py"
        nothing.write_text(NOTHING)
        yield Sides(
            ours=lambda _: tracker("--help"),
            theirs=lambda _: run(python(), str(nothing), "--help"),
        )


@contextmanager
def record(_: int) -> Iterator[Sides]:
    """A note on a programme that is followed, so that its forecast is made again."""
    with workspace() as place:
        tracker("open", "plant", "--title", "A plant", cwd=place)
        nothing = place / "nothing.py"
        nothing.write_text(NOTHING)
        yield Sides(
            ours=lambda number: tracker(
                *("record", "plant", "noted", "--when", "H2 2024"),
                *("--summary", f"Note {number}."),
                cwd=place,
            ),
            theirs=lambda _: run(python(), str(nothing)),
        )


@contextmanager
def record_large(size: int) -> Iterator[Sides]:
    """The next month's report of a plant, where all plants of a ledger are followed."""
    place = filled(size).with_name(f"followed-{size}")  # forecasts would burden other cases
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(filled(size), place)
    tracker("forecast", "plant-0", cwd=place)

    def ours(number: int) -> Run:
        month = REPORTED + number % 12
        period = f"{month // 12}-{month % 12 + 1:02}"
        words = ("record", "plant-0", "volume-reported", "--when", period, "--period", period)
        return tracker(*words, "--volume", str(10_000 + number), cwd=place)

    yield Sides(ours=ours)


@contextmanager
def init(_: int) -> Iterator[Sides]:
    """A new workspace each time."""
    with tempfile.TemporaryDirectory() as folder:
        yield Sides(ours=lambda number: tracker("init", str(Path(folder) / f"bench{number}")))


@contextmanager
def replay(size: int) -> Iterator[Sides]:
    """The founding journal up to July 2026, with nothing in the cache."""
    ends = [f"--as-of={month_end(MONTH - back)}" for back in range(size)]
    with workspace(ROOT / "events" / "journals" / "leapmotor.ndjson") as place:

        def monthly(_: int) -> Run:
            shutil.rmtree(place / ".tracker" / "cache", ignore_errors=True)
            return tracker("forecast", *ends, "--dry-run", cwd=place)

        yield Sides(ours=monthly)


CASES = (
    Case(
        name="help",
        ours="tracker --help",
        yardstick=f"--help of {DOES_NOTHING}",
        laid=help_,
        reach=Reach(ratio=1.3),
    ),
    Case(
        name="record",
        ours="tracker record, with re-estimation",
        yardstick=DOES_NOTHING,
        laid=record,
        reach=Reach(ratio=2.0, mib=120),
    ),
    Case(
        name="record-large",
        ours="tracker record of a report, where {size:,} events are followed",
        yardstick=None,
        laid=record_large,
        by="events",
        size=10_000,
        tiny=20,
        grows=True,
    ),
    Case(
        name="init",
        ours="tracker init: 647 events imported",
        yardstick=None,
        laid=init,
        reach=Reach(seconds=2.0),
    ),
    Case(
        name="replay",
        ours="a replay of 19 programmes, {size} months",
        yardstick=None,
        laid=replay,
        reach=Reach(seconds=10.0),
        size=30,
        pairs=2,
    ),
)
