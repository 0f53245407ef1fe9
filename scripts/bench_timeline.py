"""The timeline: made anew, caught up, asked as of a day, asked at all."""

from collections.abc import Iterator
from contextlib import contextmanager

import inside_ledger
import ledgers
from cases import Case
from pairs import Reach, Sides, inside, python, run, tracker

LARGE = 1_000_000
TINY = 20


@contextmanager
def rebuild(size: int) -> Iterator[Sides]:
    """Whole processes."""
    place = ledgers.filled(size)
    yield Sides(
        ours=lambda _: tracker("rebuild", cwd=place),
        theirs=lambda _: run(python(), "-c", inside_ledger.SCAN, str(place / "ledger.sqlite")),
        units=size,
    )


@contextmanager
def catch_up(size: int) -> Iterator[Sides]:
    """One event behind, in process."""
    place = ledgers.filled(size)
    yield Sides(
        ours=lambda _: inside(inside_ledger.CAUGHT_UP, cwd=place),
        theirs=lambda _: inside(inside_ledger.REBUILT, cwd=place),
    )


@contextmanager
def as_of(size: int) -> Iterator[Sides]:
    """The middle of five, warm; a tenth of a second for each of the two."""
    place = ledgers.filled(size)
    yield Sides(
        ours=lambda _: inside(inside_ledger.AS_OF, "macro", cwd=place),
        theirs=lambda _: inside(inside_ledger.AS_OF, "cut", cwd=place),
    )


@contextmanager
def stages(size: int) -> Iterator[Sides]:
    """The middle of five, warm."""
    place = ledgers.filled(size)
    yield Sides(ours=lambda _: inside(inside_ledger.STAGES, cwd=place))


@contextmanager
def queries(size: int) -> Iterator[Sides]:
    """Three questions; ours the middle of five, theirs once."""
    place = ledgers.filled(size)
    yield Sides(
        ours=lambda _: inside(inside_ledger.QUERIES, cwd=place),
        theirs=lambda _: inside(inside_ledger.EXTRACTED, str(place / "ledger.sqlite")),
    )


CASES = (
    Case(
        name="rebuild",
        ours="tracker rebuild of {size:,} events",
        yardstick="a bare scan of them by sqlite3",
        laid=rebuild,
        reach=Reach(speed=0.5, mib=2048),
        by="events",
        size=LARGE,
        tiny=TINY,
        grows=True,
        pairs=3,
    ),
    Case(
        name="catch-up",
        ours="catching up after one event in {size:,}",
        yardstick="a rebuild",
        laid=catch_up,
        reach=Reach(ratio=0.02, mib=2048),
        by="events",
        size=LARGE,
        tiny=TINY,
        grows=True,
        pairs=3,
    ),
    Case(
        name="as-of",
        ours="two questions to timeline_as_of over {size:,} events",
        yardstick="the same to a table already cut to that day",
        laid=as_of,
        reach=Reach(ratio=3.0, seconds=0.2),
        by="events",
        size=LARGE,
        tiny=TINY,
        grows=True,
    ),
    Case(
        name="stages",
        ours="stages of all programmes as of a day, over {size:,} events",
        yardstick=None,
        laid=stages,
        reach=Reach(seconds=0.1),
        by="events",
        size=LARGE,
        tiny=TINY,
        grows=True,
    ),
    Case(
        name="queries",
        ours="three questions to the timeline of {size:,} events",
        yardstick="the same to json_extract over the raw events, in SQLite",
        laid=queries,
        reach=Reach(speed=30.0),
        by="events",
        size=LARGE,
        tiny=TINY,
        grows=True,
        pairs=3,
    ),
)
