"""The DuckDB file: a projection of the ledger, caught up in sets and published whole.

Readers only ever see a finished file: the next one is built beside it and renamed over it, so
an open reader keeps what it had. Any of it can be deleted; it is rebuilt from the ledger.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
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

FORM: Final = 5
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
    state = _read_up_to(place, ledger)
    if state != (ledger.head(), followed):
        with place.lock():
            if _stamp(path) != published:  # another process was faster
                state = _read_up_to(place, ledger)
            _publish(place, ledger, followed, state)
    return path


def rebuild(place: Workspace) -> Path:
    """Make the file anew from nothing but the ledger and the list of what is followed."""
    with place.ledger() as ledger, place.lock():
        _publish(place, ledger, place.followed(), UNSAID)
    return place.timeline_path


def _stamp(path: Path) -> tuple[int, int] | None:
    """What tells one published file from the next; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _read_up_to(place: Workspace, ledger: Ledger) -> State:
    """How far the file has read; or why it is of no use, as the end of a sentence."""
    path = place.timeline_path
    if not path.exists():
        return "is gone" if has_published(place.hidden) else UNSAID
    if _log(path).exists():
        return "has a log beside it that something else wrote"
    if not is_what_was_published(place.hidden, path):
        return "is damaged, or was changed by something else"
    try:
        with duckdb.connect(path, read_only=True) as connection:
            tracking = DuckTracking(connection)
            if tracking.max_tracking_id("form") != FORM:
                return "is of another version of Tracker"
            rows = connection.execute("SELECT programme FROM followed").fetchall()
            read = tracking.max_tracking_id(READER) or 0
            mark = tracking.max_tracking_id(LINK)
    except duckdb.Error:
        return "cannot be read"
    if mark != ledger.mark(read):
        return "is that of another ledger"
    return read, frozenset(row[0] for row in rows)


def _publish(place: Workspace, ledger: Ledger, followed: frozenset[str], state: State) -> None:
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
        with built(beside) as connection:
            fill(connection, ledger, followed)
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
def built(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A writable timeline at `path`; closed with nothing left in a write-ahead log."""
    fresh = not path.exists()
    with duckdb.connect() as connection:
        # It would leave the metadata of an unchanged table where clients before 1.4 do not
        # look for any, and they could not open what was caught up.
        connection.execute("SET experimental_metadata_reuse = false")
        name = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{name}' AS timeline (STORAGE_VERSION '{STORAGE}')")
        connection.execute("USE timeline")
        connection.begin()
        if fresh:
            for statement in projections.create():
                connection.execute(statement)
            DuckTracking(connection).insert_tracking(Tracking("form", FORM))
        yield connection
        connection.commit()
        connection.execute("CHECKPOINT")
        connection.execute("USE memory")
        connection.execute("DETACH timeline")
