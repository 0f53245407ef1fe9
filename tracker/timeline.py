"""The DuckDB file: a projection of the ledger, caught up in sets and published whole.

Readers only ever see a finished file: the next one is built beside it and renamed over it, so
an open reader keeps what it had. Any of it can be deleted; it is rebuilt from the ledger.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import duckdb
import msgspec
import pyarrow as pa
from eventsourcing.persistence import Tracking, TrackingRecorder

from events import facts
from events.corrections import effective
from events.ledger import stored
from forecasts.reconcile import of_programme
from tracker import projections
from tracker.errors import TrackerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from events.facts import Fact
    from events.ledger import Ledger, Row
    from tracker.workspace import Workspace

STORAGE: Final = "v1.0.0"
"""The storage version; DuckDB's clients from 1.2 on read it."""

FORM: Final = 1
"""The version of these tables; a file of another one is rebuilt."""

READER: Final = "timeline"

BATCH: Final = pa.schema(
    [
        ("position", pa.int64()),
        ("topic", pa.string()),
        ("state", pa.string()),
        ("counts_from", pa.date32()),
        ("counts_until", pa.date32()),
    ]
)


class DuckTracking(TrackingRecorder):
    """How far a file has read, in the file itself: position and rows move together."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def insert_tracking(self, tracking: Tracking) -> None:
        """Move on; in the caller's transaction."""
        self.connection.execute(
            "DELETE FROM tracking WHERE application_name = ?", [tracking.application_name]
        )
        self.connection.execute(
            "INSERT INTO tracking VALUES (?, ?)",
            [tracking.application_name, tracking.notification_id],
        )

    def max_tracking_id(self, application_name: str) -> int | None:
        """The position read up to, None before the first."""
        found = self.connection.execute(
            "SELECT max(notification_id) FROM tracking WHERE application_name = ?",
            [application_name],
        ).fetchall()  # fetched to its end: DuckDB 2 holds the connection until then
        return found[0][0] if found else None


def connect(place: Workspace, ledger: Ledger | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the timeline, caught up with the ledger first."""
    path = catch_up(place, ledger)
    return duckdb.connect(path, read_only=True)


def catch_up(place: Workspace, ledger: Ledger | None = None) -> Path:
    """Publish what the ledger has and the file has not; the file's path.

    A file that is missing, broken or of another form is rebuilt.
    """
    if ledger is None:
        with place.ledger() as opened:
            return catch_up(place, opened)
    followed = place.followed()
    state = _read_up_to(place.timeline_path)
    if state != (ledger.head(), followed):
        with place.lock():
            _publish(place, ledger, followed, anew=state is None)
    return place.timeline_path


def rebuild(place: Workspace) -> Path:
    """Make the file anew from nothing but the ledger and the list of what is followed."""
    with place.ledger() as ledger, place.lock():
        _publish(place, ledger, place.followed(), anew=True)
    return place.timeline_path


def _read_up_to(path: Path) -> tuple[int, frozenset[str]] | None:
    """The position and the followed programmes of a published file; None: unusable."""
    if not path.exists():
        return None
    try:
        with duckdb.connect(path, read_only=True) as connection:
            tracking = DuckTracking(connection)
            if tracking.max_tracking_id("form") != FORM:
                return None
            rows = connection.execute("SELECT programme FROM followed").fetchall()
            return tracking.max_tracking_id(READER) or 0, frozenset(row[0] for row in rows)
    except duckdb.Error:
        return None


def _publish(place: Workspace, ledger: Ledger, followed: frozenset[str], *, anew: bool) -> None:
    """Build the next file beside the published one and rename it over that."""
    beside = place.hidden / "next.duckdb"
    _discard(beside)
    try:
        if not anew and _read_up_to(place.timeline_path) is not None:
            shutil.copyfile(place.timeline_path, beside)
        with _built(beside) as connection:
            _project(connection, ledger, followed)
        os.replace(beside, place.timeline_path)  # noqa: PTH105 - one call, atomic
    except (duckdb.Error, OSError) as error:
        raise TrackerError(
            f"The timeline cannot be written: {_brief(error)}. The ledger is untouched."
        ) from error
    finally:
        _discard(beside)


def _brief(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error).splitlines()[0].rstrip(".")


def _discard(path: Path) -> None:
    """Remove an unfinished file and its write-ahead log."""
    for name in (path, path.with_name(f"{path.name}.wal")):
        name.unlink(missing_ok=True)


@contextmanager
def _built(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A writable timeline at `path`; closed with nothing left in a write-ahead log."""
    fresh = not path.exists()
    with duckdb.connect() as connection:
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


def _project(
    connection: duckdb.DuckDBPyConnection, ledger: Ledger, followed: frozenset[str]
) -> None:
    """Everything behind the position that was read, within the caller's transaction."""
    tracking = DuckTracking(connection)
    read = tracking.max_tracking_id(READER) or 0
    counted: set[str] = set()
    corrected: set[str] = set()
    for page in ledger.rows(after=read):
        _insert(connection, page)
        read = page[-1].position
        counted |= {row.programme for row in page if row.topic == "volume-reported"}
        corrected |= {
            row.programme for row in page if row.topic in {"event-retracted", "event-amended"}
        }
    histories = {slug: ledger.stream(slug).history for slug in counted | corrected}
    positions = _positions(connection, corrected)
    for slug in corrected:
        _correct(connection, slug, histories[slug], positions)
    _reconcile(connection, histories)
    _follow(connection, followed)
    tracking.insert_tracking(Tracking(READER, read))


def _insert(connection: duckdb.DuckDBPyConnection, page: Sequence[Row]) -> None:
    batch = pa.table(
        {
            "position": [row.position for row in page],
            "topic": [row.topic for row in page],
            "state": [row.state for row in page],
        },
        schema=pa.schema([BATCH.field(index) for index in range(3)]),
    )
    with _registered(connection, batch):
        connection.execute(projections.record())
        if any(row.topic == "forecast-issued" for row in page):
            for statement in projections.issue():
                connection.execute(statement)


@contextmanager
def _registered(connection: duckdb.DuckDBPyConnection, batch: pa.Table) -> Iterator[None]:
    connection.register("batch", batch)
    try:
        yield
    finally:
        connection.unregister("batch")


def _positions(
    connection: duckdb.DuckDBPyConnection, programmes: Iterable[str]
) -> dict[str, tuple[int, Any]]:
    """Where the events of some programmes stand, and when they were recorded."""
    found = connection.execute(
        "SELECT id, position, recorded_at FROM recorded WHERE list_contains(?, programme)",
        [sorted(programmes)],
    ).fetchall()
    return {id: (position, at) for id, position, at in found}


def _correct(
    connection: duckdb.DuckDBPyConnection,
    slug: str,
    history: Sequence[Fact],
    positions: dict[str, tuple[int, Any]],
) -> None:
    """Rows of a programme in `corrected` and `fates`, replaced as a whole."""
    for table in ("corrected", "fates"):
        connection.execute(f"DELETE FROM {table} WHERE programme = ?", [slug])
    rows = [
        {
            "position": positions[fact.id][0],
            "topic": fact.type,
            "state": stored(fact, positions[fact.id][1]),
            "counts_from": since,
            "counts_until": until,
        }
        for fact, since, until in versions(history)
    ]
    with _registered(connection, pa.Table.from_pylist(rows, schema=BATCH)):
        connection.execute(projections.correct())
    connection.executemany(
        "INSERT INTO fates VALUES (?, ?, ?, ?)",
        [[id, slug, *fate] for id, fate in fates(history).items()],
    )


def versions(history: Sequence[Fact]) -> list[tuple[Fact, date, date | None]]:
    """Each version of each fact that a correction touches, with the days on which it counts.

    The second day is the first on which it no longer does, None for never. A version that
    counts on no day is left out.
    """
    touched = {
        fact.retracts if isinstance(fact, facts.EventRetracted) else fact.amends
        for fact in history
        if isinstance(fact, facts.Correction)
    }
    days = sorted(
        {
            fact.known_on
            for fact in history
            if isinstance(fact, facts.Correction) or fact.id in touched
        }
    )
    spans: dict[tuple[str, bytes], list[Any]] = {}
    last: dict[str, tuple[str, bytes]] = {}
    done: list[list[Any]] = []
    for day in days:
        now = {fact.id: fact for fact in effective(history, as_of=day) if fact.id in touched}
        for id in [id for id in last if id not in now or _key(now[id]) != last[id]]:
            spans.pop(last.pop(id))[2] = day
        for id, fact in now.items():
            if id not in last:
                last[id] = _key(fact)
                spans[last[id]] = [fact, day, None]
                done.append(spans[last[id]])
    return [(fact, since, until) for fact, since, until in done]


def _key(fact: Fact) -> tuple[str, bytes]:
    return fact.id, msgspec.json.encode(fact)


def fates(history: Sequence[Fact]) -> dict[str, tuple[str | None, str | None]]:
    """The retraction and the last amendment that count today, by the event's id."""
    retracted = {fact.retracts for fact in history if isinstance(fact, facts.EventRetracted)}
    found: dict[str, tuple[str | None, str | None]] = {}
    for fact in sorted(history, key=lambda fact: fact.known_on):
        if fact.id in retracted:
            continue
        match fact:
            case facts.EventRetracted(retracts=id):
                found[id] = (fact.id, found.get(id, (None, None))[1])
            case facts.EventAmended(amends=id):
                found[id] = (found.get(id, (None, None))[0], fact.id)
            case _:
                pass
    return found


def reconciled_months(
    histories: Mapping[str, Sequence[Fact]], *, as_of: date | None = None
) -> list[dict[str, Any]]:
    """Rows of `volumes` from the reports that count, as known on a day."""
    return [
        {
            "programme": slug,
            "month": month.month,
            "measure": month.measure,
            "volume": float(month.volume),
            "basis": month.basis,
            "reports": list(month.reports),
        }
        for slug, history in histories.items()
        for month in of_programme(effective(history, as_of=as_of)).months
    ]


def _disagreements(histories: Mapping[str, Sequence[Fact]]) -> list[dict[str, Any]]:
    return [
        {
            "programme": slug,
            "measure": found.measure,
            "period": found.period,
            "reports": list(found.reports),
            "volumes": [float(volume) for volume in found.volumes],
            "sentence": found.sentence,
        }
        for slug, history in histories.items()
        for found in of_programme(effective(history)).disagreements
    ]


def _reconcile(
    connection: duckdb.DuckDBPyConnection, histories: Mapping[str, Sequence[Fact]]
) -> None:
    """The months of programmes whose reports are new or were corrected, replaced whole."""
    for table, rows in (
        ("volumes", reconciled_months(histories)),
        ("volume_disagreements", _disagreements(histories)),
    ):
        connection.execute(
            f"DELETE FROM {table} WHERE list_contains(?, programme)",
            [sorted(histories)],
        )
        if rows:
            with _registered(connection, pa.Table.from_pylist(rows)):
                connection.execute(f"INSERT INTO {table} BY NAME FROM batch")


def _follow(connection: duckdb.DuckDBPyConnection, followed: frozenset[str]) -> None:
    connection.execute("DELETE FROM followed")
    connection.execute("INSERT INTO followed SELECT unnest(?::VARCHAR[])", [sorted(followed)])
