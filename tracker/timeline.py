"""The DuckDB file: a projection of the ledger, caught up in sets and published whole.

Readers only ever see a finished file: the next one is built beside it and renamed over it, so
an open reader keeps what it had. Any of it can be deleted; it is rebuilt from the ledger.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import duckdb
from eventsourcing.persistence import Tracking

from events.upcasts import unreadable
from tracker import projections
from tracker.errors import TrackerError
from tracker.filling import LINK, READER, DuckTracking, fill
from tracker.published import has_published, is_what_was_published, remember

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from events.ledger import Ledger
    from tracker.workspace import Workspace

STORAGE: Final = "v1.0.0"
"""The storage version; DuckDB's clients from 1.2 on read it."""

FORM: Final = 8
"""The version of these tables; a file of another one is rebuilt."""


State = tuple[int, frozenset[str]] | str
"""The position and the followed programmes of a file; or why it is of no use."""

UNSAID: Final = ""
"""Why a file is made anew where that goes without saying."""


def connect(place: Workspace, ledger: Ledger | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the timeline, caught up with the ledger first."""
    path = catch_up(place, ledger)
    return duckdb.connect(path, read_only=True)


def catch_up(place: Workspace, ledger: Ledger | None = None) -> Path:
    """Publish what the ledger has and the file has not; the file's path.

    A file that is missing, broken, of another form or of another ledger (one that was
    restored, or named anew in the settings) is rebuilt.
    """
    if ledger is None:
        with place.ledger() as opened:
            return catch_up(place, opened)
    followed, path = place.followed(), place.timeline_path
    published = _stamp(path)
    with duckdb.connect() as desk:
        state = _read_up_to(desk, place, ledger)
        if state != (ledger.head(), followed):
            with place.lock():
                if _stamp(path) != published:  # another process was faster
                    state = _read_up_to(desk, place, ledger)
                _publish(desk, place, ledger, followed, state)
    return path


def rebuild(place: Workspace) -> Path:
    """Make the file anew from nothing but the ledger and the list of what is followed."""
    with place.ledger() as ledger, place.lock(), duckdb.connect() as desk:
        _publish(desk, place, ledger, place.followed(), UNSAID)
    return place.timeline_path


def _stamp(path: Path) -> tuple[int, int] | None:
    """What tells one published file from the next; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _read_up_to(desk: duckdb.DuckDBPyConnection, place: Workspace, ledger: Ledger) -> State:
    """How far the file has read; or why it is of no use, as the end of a sentence."""
    path = place.timeline_path
    if not path.exists():
        return "is gone" if has_published(place.hidden) else UNSAID
    if _log(path).exists():
        return "has a log beside it that something else wrote"
    if not is_what_was_published(place.hidden, path):
        return "is damaged, or was changed by something else"
    try:
        with _attached(desk, path, "READ_ONLY"):
            tracking = DuckTracking(desk)
            if tracking.max_tracking_id("form") != FORM:
                return "is of another version of Tracker"
            rows = desk.execute("SELECT programme FROM followed").fetchall()
            read = tracking.max_tracking_id(READER) or 0
            mark = tracking.max_tracking_id(LINK)
    except duckdb.Error:
        return "cannot be read"
    if mark != ledger.mark(read):
        return "is that of another ledger"
    return read, frozenset(row[0] for row in rows)


def _publish(
    desk: duckdb.DuckDBPyConnection,
    place: Workspace,
    ledger: Ledger,
    followed: frozenset[str],
    state: State,
) -> None:
    """Build the next file beside the published one and rename it over that.

    One that is of no use is made anew, and why is said on standard error.
    """
    beside, published = place.hidden / "next.duckdb", place.timeline_path
    try:
        _discard(beside)
        if isinstance(state, tuple):
            shutil.copyfile(published, beside)
        elif state != UNSAID:
            sys.stderr.write(f"{published.name} {state}: it is made anew from the ledger\n")
        with built(desk, beside):
            fill(desk, ledger, followed)
        remember(place.hidden, beside, published)
        _discard(_log(published))  # a stranger's, which would not fit the next file
        os.replace(beside, published)  # noqa: PTH105 - one call, atomic
    except (duckdb.Error, OSError) as error:
        if "Malformed JSON" in _brief(error):
            raise unreadable(error.__context__ or error) from error
        raise TrackerError(
            f"The timeline cannot be written: {_brief(error)}. The ledger is untouched."
        ) from error
    finally:
        _discard(beside)


def _brief(error: BaseException) -> str:
    while isinstance(error.__context__, duckdb.Error):
        error = error.__context__  # what came first, before DuckDB refused to clean up
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    said = str(error).splitlines()[0].rstrip(".")
    return "the disk is full" if "No space left" in said else said


def _discard(path: Path) -> None:
    """Remove an unfinished file and its write-ahead log."""
    for name in (path, _log(path)):
        name.unlink(missing_ok=True)


def _log(path: Path) -> Path:
    """DuckDB's write-ahead log of a file: there only while somebody writes, or died of it."""
    return path.with_name(f"{path.name}.wal")


@contextmanager
def built(desk: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """A writable timeline at `path`; closed with nothing left in a write-ahead log."""
    fresh = not path.exists()
    # It would leave the metadata of an unchanged table where clients before 1.4 do not look
    # for any, and they could not open what was caught up.
    desk.execute("SET experimental_metadata_reuse = false")
    with _attached(desk, path, f"STORAGE_VERSION '{STORAGE}'"):
        desk.begin()
        if fresh:
            for statement in projections.create():
                desk.execute(statement)
            DuckTracking(desk).insert_tracking(Tracking("form", FORM))
        yield
        desk.commit()
        desk.execute("CHECKPOINT")


@contextmanager
def _attached(desk: duckdb.DuckDBPyConnection, path: Path, how: str) -> Iterator[None]:
    """A file as what statements are about; what was begun and not committed is undone."""
    name = str(path).replace("'", "''")
    desk.execute(f"ATTACH '{name}' AS timeline ({how})")
    try:
        desk.execute("USE timeline")
        yield
    finally:
        with suppress(duckdb.TransactionException):  # none was left open
            desk.rollback()
        desk.execute("USE memory")
        desk.execute("DETACH timeline")
