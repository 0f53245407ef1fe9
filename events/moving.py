"""A ledger moved whole: into another store, into a backup, and back; verified each time."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager, suppress
from itertools import takewhile
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from eventsourcing.persistence import DatabaseError, IntegrityError, OperationalError

from events.beside import beside
from events.errors import Conflict, Unknown, Unusable
from events.ledger import Ledger
from events.telling import LOCK_SECONDS, telling
from events.unwritable import readable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from events.chain import Head

BROKEN: Final = ".broken"
ENDS: Final = ("", "-wal", "-shm", "-journal")
"""What the files of one SQLite database are called behind its name."""

Broken = (sqlite3.DatabaseError, DatabaseError)
Passing = (sqlite3.OperationalError, OperationalError)
"""SQLite's kinds: no database at all, and one that is locked, full or not to be opened."""


def copy(source: Path | str, target: Path | str) -> Head:
    """Copy a ledger with its positions, moments and chain into an empty or a new one.

    Raises `Conflict` where the target holds anything, `Unknown` where there is no source,
    `Unusable` where it is not what was recorded.
    """
    if not isinstance(source, str) and not source.is_file():
        raise Unknown(f"There is no ledger {source} to copy. Name one that is there.")
    if isinstance(target, str):
        return _copied(source, target)
    with _beside(target) as part:
        return _copied(source, part)


def backup(place: Path | str, file: Path) -> Head:
    """A verified copy of a ledger in a file of its own, while others may record."""
    if isinstance(place, str):
        return copy(place, file)
    head = _whole(place)
    with _beside(file) as part:
        _pages(place, part)
        return _whole(part, kept=head)


def restore(file: Path, place: Path | str, *, force: bool = False) -> Head:
    """Put a backup in a ledger's place; raises `Conflict` where entries would be lost.

    A file that is no ledger any more is kept beside it, as `.broken`. A team's ledger is only
    filled while it is empty: what others recorded is not written over.
    """
    head = _of_backup(file)
    if isinstance(place, str):
        return copy(file, place)
    if _is_broken(place):
        _put_aside(place)
    elif place.exists() and not force:
        _refuse_a_loss(file, place, head)
    _pages(file, place)
    return _whole(place, kept=head)


def _copied(source: Path | str, target: Path | str) -> Head:
    with Ledger.at(source) as old, Ledger.at(target, create=True) as new:
        head = _verified(old)
        if held := new.head():
            raise Conflict(
                f"The ledger to copy to holds {held} entries already. Name an empty one."
            )
        links = takewhile(lambda link: link.position <= head.count, old.chained.links())
        try:
            with telling("the ledger to copy to"):
                new.chained.take(links)
        except IntegrityError as error:
            raise Conflict("Another process filled the ledger to copy to.") from error
        return _verified(new, kept=head)


def _verified(ledger: Ledger, *, kept: Head | None = None) -> Head:
    head, fault = ledger.verified(kept=kept)
    if fault:
        raise Unusable(f"The ledger is not what was recorded: {fault}. Restore a backup.")
    return head


def _of_backup(file: Path) -> Head:
    """The head of a backup that is whole; what is said of one that is not sends to another."""
    if not file.is_file():
        raise Unknown(f"There is no file {file} to restore. Name a backup.")
    try:
        return _whole(file)
    except Unusable as error:
        said = str(error).replace("Restore a backup.", "Name another backup.")
        raise Unusable(said) from error


def _whole(place: Path, *, kept: Head | None = None) -> Head:
    with Ledger.at(place) as ledger:
        return _verified(ledger, kept=kept)


def _is_broken(place: Path) -> bool:
    """Whether there is a file that is no database; one that is locked or newer is none such."""
    if not place.exists():
        return False
    if not place.stat().st_size:
        return True
    try:
        with Ledger.at(place) as ledger:
            ledger.verified()
    except Unusable as error:
        why = error.__cause__
        return isinstance(why, Broken) and not isinstance(why, Passing)
    return False


def _refuse_a_loss(file: Path, place: Path, head: Head) -> None:
    with Ledger.at(place) as ledger, Ledger.at(file) as kept:
        found, fault = ledger.verified()
        if fault:
            missing = ledger.head() > head.count
        else:
            missing = kept.verified(kept=found)[1] is not None
    if missing:
        raise Conflict(
            f"The ledger holds entries that {file.name} does not. "
            "--force puts it in their place all the same."
        )


def _pages(source: Path, target: Path) -> None:
    """SQLite's own copy: a consistent state, under the locks of both."""
    with (
        telling(target.name),
        readable(source) as file,
        closing(sqlite3.connect(_to_read(file), uri=True, timeout=LOCK_SECONDS)) as old,
        closing(sqlite3.connect(target, timeout=LOCK_SECONDS)) as new,
    ):
        old.backup(new)


def _to_read(file: Path) -> str:
    return f"file:{quote(str(file))}?mode=ro"


def _put_aside(place: Path) -> None:
    """Out of the way with a broken file and its log, which must not meet the next one."""
    for end in ENDS:
        with suppress(FileNotFoundError):
            place.with_name(place.name + end).rename(place.with_name(place.name + BROKEN + end))


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A file to fill that takes its name once it is whole; raises `Conflict`, `Unusable`."""
    if file.exists():
        raise Conflict(f"{file.name} is there already. Name a new file.")
    with beside(file) as folder:
        part = folder / file.name
        yield part
        with telling(file.name), closing(sqlite3.connect(part)) as last:
            last.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log does not move along
        part.rename(file)
