"""Forecasts of many programmes, and of one after an event."""

from collections.abc import Iterator
from contextlib import contextmanager

import inside as scripts
from cases import Case
from pairs import Reach, Sides, inside

FITTED = 50
"""Programmes for which Prophet is fitted; the others are extrapolated."""
DRAWN = 200
"""Programmes whose volumes are drawn; the others are extrapolated."""


@contextmanager
def starts(size: int) -> Iterator[Sides]:
    """In process, learning left out on both sides."""
    fitted = min(FITTED, size)
    yield Sides(
        ours=lambda _: inside(scripts.STARTS, str(size)),
        theirs=lambda _: inside(scripts.PROPHETS, str(fitted)),
        share=fitted / size,
        units=size,
    )


@contextmanager
def volumes(size: int) -> Iterator[Sides]:
    """In process, from forecast starts on."""
    drawn = min(DRAWN, size)
    yield Sides(
        ours=lambda _: inside(scripts.VOLUMES, str(size)),
        theirs=lambda _: inside(scripts.DRAWS, str(drawn)),
        share=drawn / size,
        units=size,
    )


@contextmanager
def volumes_told(size: int) -> Iterator[Sides]:
    """In process, each programme's events replayed."""
    yield Sides(ours=lambda _: inside(scripts.VOLUMES_TOLD, str(size)), units=size)


@contextmanager
def event(_: int) -> Iterator[Sides]:
    """In process, nothing to refit."""
    yield Sides(
        ours=lambda _: inside(scripts.EVENT, "0"),
        theirs=lambda _: inside(scripts.IMPORTING_PROPHET),
    )


@contextmanager
def report(_: int) -> Iterator[Sides]:
    """In process, one market refitted."""
    yield Sides(ours=lambda _: inside(scripts.REPORT, "0"))


@contextmanager
def refits(size: int) -> Iterator[Sides]:
    """In a pool of processes, and one after the other."""
    yield Sides(
        ours=lambda _: inside(scripts.REFITS, str(size), "pooled"),
        theirs=lambda _: inside(scripts.REFITS, str(size), "alone"),
    )


CASES = (
    Case(
        name="starts",
        ours="start forecasts of {size:,} programmes",
        yardstick=f"Prophet fitted once a programme ({FITTED} of them, extrapolated)",
        laid=starts,
        reach=Reach(speed=500.0, seconds=3.0, mib=1024),
        by="programmes",
        size=10_000,
        tiny=2,
        grows=True,
        pairs=3,
    ),
    Case(
        name="volumes",
        ours="starts to five years' volumes of {size:,} programmes",
        yardstick=f"NumPy, 4,000 draws each ({DRAWN} of them, extrapolated)",
        laid=volumes,
        reach=Reach(speed=30.0, seconds=0.5, mib=1024),
        by="programmes",
        size=10_000,
        tiny=2,
        grows=True,
    ),
    Case(
        name="volumes-told",
        ours="the same from the events of {size:,} programmes",
        yardstick=None,
        laid=volumes_told,
        reach=Reach(seconds=1.0, mib=1024),
        by="programmes",
        size=10_000,
        tiny=2,
        grows=True,
    ),
    Case(
        name="event",
        ours="an event recorded to a forecast issued, in process",
        yardstick="importing Prophet",
        laid=event,
        reach=Reach(ratio=0.05, seconds=0.05),
    ),
    Case(
        name="report",
        ours="a volume report to a forecast issued, one Prophet refit, in process",
        yardstick=None,
        laid=report,
        reach=Reach(seconds=0.5),
    ),
    Case(
        name="refits",
        ours="{size:,} market refits in a pool of processes",
        yardstick="one after the other",
        laid=refits,
        size=1_000,
        tiny=1,
        pairs=1,
    ),
)
