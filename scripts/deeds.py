"""What is done to a workspace that may die of it: commands, and what each then owes."""

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from numpy.random import Generator

from mortal import Omen, size

LINES = 120
"""Events of an imported journal."""

PROGRAMMES = ("car-at-x", "car-at-y", "car-at-z")
FIRST_DAY = date(2027, 1, 1)
"""Forecasts are as of distinct days behind the day of the rounds, so that each is new."""


@dataclass(frozen=True, kw_only=True)
class Deed:
    """A command, the words by which it says that it is done, and what it leaves.

    `facts` carry `mark` as their summary: all of them are there or none. `forecasts` are those
    as of `day`, likewise. `file` is there whole or not at all. What is opened it `follows`; the
    workspace that it `founds` can be founded again after a death. `omen` changes when its work
    begins to show on the disk.
    """

    name: str
    words: tuple[str, ...]
    done: str
    mark: str = ""
    facts: int = 0
    day: date | None = None
    forecasts: int = 0
    file: Path | None = None
    follows: str = ""
    founds: Path | None = None
    omen: Omen | None = None


@dataclass(kw_only=True)
class Doer:
    """Thinks of deeds in one workspace, with marks that are never used again."""

    folder: Path
    rng: Generator
    numbers: Iterator[int]

    def any(self) -> Deed:
        """A deed by chance; what records comes more often."""
        makers = [self.record] * 6 + [self.import_, self.forecast, self.change] * 4
        makers += [self.read] * 6 + [self.rebuild, self.backup, self.export] * 2
        makers += [self.open_, self.follow, self.restore, self.init]
        make: Callable[[], Deed] = makers[int(self.rng.integers(len(makers)))]
        return make()

    def each(self) -> Iterator[Deed]:
        """One of each, each thought of when it is asked for."""
        makers = (self.record, self.import_, self.forecast, self.change, self.read, self.open_)
        others = (self.rebuild, self.backup, self.export, self.follow, self.restore)
        return (make() for make in (*makers, *others))

    def record(self) -> Deed:
        """An event, half of the time with the forecast behind it."""
        mark = self._mark()
        quick = ("--no-forecast",) * int(self.rng.integers(2))
        words = ("record", self._programme(), "noted", "--when", "2024", "--summary", mark)
        return self._recording("record", (*words, *quick), mark)

    def open_(self) -> Deed:
        """A programme that nobody knew."""
        mark = self._mark()
        words = ("open", f"new-{mark}", "--title", "New", "--summary", mark, "--no-forecast")
        return replace(self._recording("open", words, mark), follows=f"new-{mark}")

    def init(self) -> Deed:
        """A workspace with the reference class."""
        founds = self.folder.parent / self._mark()
        words = ("init", str(founds))
        return Deed(name="init", words=words, done="a workspace in", founds=founds)

    def change(self) -> Deed:
        """An event retracted or amended."""
        mark = self._mark()
        event = self._some_event()
        if self.rng.integers(2):
            words = ("retract", event, "--reason", mark, "--no-forecast")
            return self._recording("retract", words, mark)
        words = ("amend", event, "--summary", mark, "--no-forecast")
        return self._recording("amend", words, mark)

    def import_(self) -> Deed:
        """A journal: all of it or nothing."""
        mark = self._mark()
        lines = [
            {"programme": self._programme(), "type": "noted", "occurred": f"{1900 + number}"}
            | {"summary": mark, "known_on": "2025-01-01"}
            for number in range(LINES)
        ]
        journal = self.folder.parent / "journal.ndjson"
        journal.write_text("".join(json.dumps(line) + "\n" for line in lines))
        words = ("import", str(journal), "--no-forecast")
        return Deed(
            name="import",
            words=words,
            done="imported",
            mark=mark,
            facts=LINES,
            omen=self._log,
        )

    def forecast(self) -> Deed:
        """A forecast of everything that is followed, as of a day that had none."""
        day = FIRST_DAY + timedelta(days=next(self.numbers))
        words = ("forecast", *PROGRAMMES, "--as-of", day.isoformat())
        return Deed(
            name="forecast",
            words=words,
            done="programme",
            day=day,
            forecasts=len(PROGRAMMES),
            omen=self._log,
        )

    def read(self) -> Deed:
        """A read that finds the timeline behind the ledger, and publishes the next one."""
        ways = (
            ("programmes",),
            ("db",),
            ("sql", "SELECT count(*) AS events FROM events", "--format", "csv"),
        )
        words = ways[int(self.rng.integers(len(ways)))]
        return Deed(name=f"read: {words[0]}", words=words, done="\n", omen=self._next)

    def rebuild(self) -> Deed:
        """The timeline made anew."""
        return Deed(name="rebuild", words=("rebuild",), done="rebuilt", omen=self._next)

    def backup(self) -> Deed:
        """The ledger into a file of its own."""
        file = self.folder.parent / f"{self._mark()}.sqlite"
        words = ("backup", str(file))
        return Deed(name="backup", words=words, done="backed up", file=file)

    def restore(self) -> Deed:
        """What the ledger holds, written over it once more."""
        kept = self.folder.parent / "kept.sqlite"
        kept.unlink(missing_ok=True)
        with closing(sqlite3.connect(kept)) as new, closing(self._opened()) as old:
            old.backup(new)
        words = ("restore", str(kept))
        return Deed(name="restore", words=words, done="restored", omen=self._log)

    def export(self) -> Deed:
        """The journal into a file."""
        file = self.folder.parent / f"{self._mark()}.ndjson"
        words = ("export", "-o", str(file))
        return Deed(name="export", words=words, done="", file=file)

    def follow(self) -> Deed:
        """Who is followed, written anew."""
        word = ("follow", "unfollow")[int(self.rng.integers(2))]
        return Deed(name="follow", words=(word, self._programme()), done="following")

    def _recording(self, name: str, words: tuple[str, ...], mark: str) -> Deed:
        return Deed(
            name=name, words=words, done="recorded ", mark=mark, facts=1, omen=self._log
        )

    def _mark(self) -> str:
        return f"m{next(self.numbers)}"

    def _programme(self) -> str:
        return PROGRAMMES[int(self.rng.integers(len(PROGRAMMES)))]

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.folder / 'ledger.sqlite'}?mode=ro", uri=True)

    def _some_event(self) -> str:
        """An event that still counts, by its id."""
        with closing(self._opened()) as ledger:
            rows = ledger.execute(
                "SELECT state ->> '$.fact.id', state ->> '$.fact.retracts' FROM stored_events"
                " WHERE topic IN ('noted', 'event-retracted')"
            ).fetchall()
        gone = {retracted for _, retracted in rows}
        left = [id for id, retracted in rows if retracted is None and id not in gone]
        return str(left[int(self.rng.integers(len(left)))])

    def _log(self) -> object:
        return size(self.folder / "ledger.sqlite-wal")

    def _next(self) -> object:
        return (self.folder / ".tracker" / "next.duckdb").exists()


def counted() -> Iterator[int]:
    """Numbers for marks and days."""
    return itertools.count(1)
