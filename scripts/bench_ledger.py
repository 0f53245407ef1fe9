"""Appending, importing, verifying, and a plain-text ledger beside ours."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import inside_ledger
import ledgers
import synthetic
from cases import Case, Missing
from pairs import Reach, Run, Sides, inside, python, run, tracker


@contextmanager
def append(size: int) -> Iterator[Sides]:
    """The same rows, each in a transaction of its own, on disk before the next."""
    yield _one_by_one(inside_ledger.APPEND, size)


@contextmanager
def added(size: int) -> Iterator[Sides]:
    """Facts instead of rows: ours makes the JSON and the bounds of dates as well."""
    yield _one_by_one(inside_ledger.ADDED, size)


def _one_by_one(ours: str, size: int) -> Sides:
    folder = str(ledgers.folder())
    return Sides(
        ours=lambda _: inside(ours, str(size), folder),
        theirs=lambda _: inside(inside_ledger.RAW_APPEND, str(size), folder),
        units=size,
    )


@contextmanager
def bulk_append(size: int) -> Iterator[Sides]:
    """The same rows in one transaction, ours with chain and triggers."""
    folder, journal = str(ledgers.folder()), str(ledgers.journal(size))
    yield Sides(
        ours=lambda _: inside(inside_ledger.BULK, folder, journal),
        theirs=lambda _: inside(inside_ledger.RAW_BULK, folder, journal),
        units=size,
    )


@contextmanager
def import_(size: int) -> Iterator[Sides]:
    """Into a new workspace each time; its making is not counted."""
    journal = str(ledgers.journal(size))

    def ours(number: int) -> Run:
        place = ledgers.folder() / f"import-{size}-{number}"
        shutil.rmtree(place, ignore_errors=True)
        tracker("init", str(place))
        return tracker("import", "--no-forecast", journal, cwd=place)

    def theirs(number: int) -> Run:
        store = ledgers.folder() / f"by-hand-{size}-{number}.sqlite"
        store.unlink(missing_ok=True)
        return run(python(), "-c", inside_ledger.BY_HAND, journal, str(store))

    yield Sides(ours=ours, theirs=theirs, units=size)


@contextmanager
def verify(size: int) -> Iterator[Sides]:
    """The whole chain, in process."""
    place = ledgers.filled(size)
    yield Sides(ours=lambda _: inside(inside_ledger.VERIFY, str(size), cwd=place), units=size)


BEANCOUNT = """
import sys
from collections import Counter
from beancount import loader
entries, errors, options = loader.load_file(sys.argv[1])
assert not errors, errors[:3]
made = Counter()
for entry in entries:
    for posting in getattr(entry, "postings", ()):
        made[posting.account] += posting.units.number
for account, total in sorted(made.items()):
    print(account, total)
"""
REPORT = "SELECT programme, sum(volume) FROM recorded GROUP BY 1 ORDER BY 1"


@contextmanager
def loading(size: int) -> Iterator[Sides]:
    """From what is kept to one report, with nothing derived kept from before."""
    place = ledgers.filled(size)
    books = ledgers.folder() / f"{size}.beancount"
    books.write_text("".join(synthetic.books(size)))

    def ours(_: int) -> Run:
        (place / "timeline.duckdb").unlink(missing_ok=True)
        return tracker("sql", REPORT, cwd=place)

    def theirs(_: int) -> Run:
        for kept in ledgers.folder().glob(".*.picklecache"):
            kept.unlink()
        return run(beancount(), "-c", BEANCOUNT, str(books))

    yield Sides(ours=ours, theirs=theirs, units=size)


def beancount() -> str:
    """An interpreter that has beancount: this project's, or what BEANCOUNT_PYTHON names."""
    named = os.environ.get("BEANCOUNT_PYTHON")
    if named and Path(named).exists():
        return named
    if importlib.util.find_spec("beancount"):
        return python()
    raise Missing(
        "beancount is not installed; it is no dependency of ours. Name an interpreter that has"
        " it: BEANCOUNT_PYTHON=..."
    )


CASES = (
    Case(
        name="append",
        ours="{size:,} events appended one by one, durably, with the chain",
        yardstick="raw SQLite insert and commit, same settings",
        laid=append,
        reach=Reach(speed=0.8),
        by="events",
        size=2_000,
        tiny=5,
        grows=True,
    ),
    Case(
        name="append-facts",
        ours="{size:,} facts recorded one by one, durably, with JSON, bounds and chain",
        yardstick="raw SQLite insert and commit of finished rows, same settings",
        laid=added,
        by="events",
        size=2_000,
        tiny=5,
    ),
    Case(
        name="bulk-append",
        ours="{size:,} events appended at once, with the chain",
        yardstick="raw SQLite executemany, same settings",
        laid=bulk_append,
        reach=Reach(speed=0.4),
        by="events",
        size=100_000,
        tiny=20,
        grows=True,
    ),
    Case(
        name="import",
        ours="tracker import of {size:,} events, validated",
        yardstick="the same lines parsed and inserted by hand-written sqlite3",
        laid=import_,
        reach=Reach(speed=0.25, mib=2048),
        by="events",
        size=100_000,
        tiny=20,
        grows=True,
    ),
    Case(
        name="verify",
        ours="the chain of {size:,} events verified",
        yardstick=None,
        laid=verify,
        reach=Reach(a_second=300_000, mib=2048),
        by="events",
        size=100_000,
        tiny=20,
        grows=True,
    ),
    Case(
        name="loading",
        ours="a ledger of {size:,} events to totals by programme, no timeline kept",
        yardstick="beancount: a journal of as many entries to its balances, no cache",
        laid=loading,
        reach=Reach(speed=1.0),
        by="events",
        size=10_000,
        tiny=20,
        grows=True,
    ),
)
