"""How long one waits for the page: the first one, another day's, twenty of them as files."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cases import Case
from ledgers import workspace
from pairs import ROOT, Reach, Run, Sides, inside, tracker

JOURNAL = ROOT / "events" / "journals" / "leapmotor.ndjson"
OURS = 19
"""Programmes of that journal."""
SERVED = """
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tracker import workspace
from tracker.serving.memory import Memory
from tracker.serving.views import Views

def today(): return date(2026, 11, 22)
views = Views(
    memory=Memory(place=workspace.at(Path.cwd())), today=today, now=lambda: datetime.now(UTC)
)
"""
FIRST = SERVED + "watch = Watch(); views.first(today()); print(watch)"
AS_OF = (
    SERVED
    + """
slug = "leapmotor-mirafiori"
views.memory.course(views.memory.seen(), slug, today())
views.programme(slug, date(2025, 3, 1), "wide")
watch = Watch()
for number in range(int(sys.argv[1])):
    views.programme(slug, date(2024, 3, 25) + timedelta(days=30 * number), "wide")
print(watch)
"""
)


def undrawn(place: Path) -> Path:
    """The same workspace, every drawing forgotten."""
    shutil.rmtree(place / ".tracker" / "cache" / "pictures", ignore_errors=True)
    return place


@contextmanager
def first(_: int) -> Iterator[Sides]:
    """The first page of a server that was just started."""
    with workspace(JOURNAL) as place:
        yield Sides(ours=lambda _: inside(FIRST, cwd=undrawn(place)))


@contextmanager
def as_of(size: int) -> Iterator[Sides]:
    """Days a month apart, none of which was drawn by this process."""
    with workspace(JOURNAL) as place:
        yield Sides(ours=lambda _: inside(AS_OF, str(size), cwd=undrawn(place)), units=size)


@contextmanager
def report(size: int) -> Iterator[Sides]:
    """The founding story's nineteen programmes and some of the reference class."""
    with workspace(JOURNAL) as place:
        if more := _reference()[: size - OURS]:
            tracker("follow", *more, cwd=place)

        def written(_: int) -> Run:
            return tracker("report", "--all", "-o", "site", cwd=undrawn(place))

        yield Sides(ours=written, units=size)


def _reference() -> list[str]:
    """Programmes of the reference class, by name."""
    text = (ROOT / "events" / "journals" / "automotive.ndjson").read_text("utf-8")
    return sorted({json.loads(line)["programme"] for line in text.splitlines()})


CASES = (
    Case(
        name="serve-first",
        ours="the first page of a new server, 19 programmes",
        yardstick=None,
        laid=first,
        reach=Reach(seconds=1.0),
    ),
    Case(
        name="serve-as-of",
        ours="a programme's page as of {size} days not drawn yet, one after the other",
        yardstick=None,
        laid=as_of,
        reach=Reach(seconds=3.0),
        size=10,
    ),
    Case(
        name="report-20",
        ours="tracker report --all, {size} programmes and a first page",
        yardstick=None,
        laid=report,
        reach=Reach(seconds=10.0),
        by="programmes",
        size=20,
        tiny=19,
        pairs=2,
    ),
)
