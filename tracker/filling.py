"""Filling the timeline: what stands in the ledger behind the position that a file has read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from eventsourcing.persistence import Tracking, TrackingRecorder

from events.corrections import effective
from events.entries import stored
from forecasts.reconcile import Reconciled, of_programme
from tracker import projections
from tracker.scoring import score_rows
from tracker.versions import fates, versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    import duckdb

    from events.entries import Row
    from events.facts import Fact
    from events.ledger import Ledger

READER: Final = "timeline"
LINK: Final = "link"
"""Under which the ledger's mark at the position that was read is kept."""

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


def fill(
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
    _score(connection, ledger)
    _follow(connection, followed)
    tracking.insert_tracking(Tracking(READER, read))
    tracking.insert_tracking(Tracking(LINK, ledger.mark(read)))


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


def reconciled(
    histories: Mapping[str, Sequence[Fact]], *, as_of: date | None = None
) -> dict[str, Reconciled]:
    """Each programme's months and disagreements, from the reports that counted on a day."""
    return {
        slug: of_programme(effective(history, as_of=as_of))
        for slug, history in histories.items()
    }


def month_rows(done: Mapping[str, Reconciled]) -> list[dict[str, Any]]:
    """Rows of `volumes`."""
    return [
        {
            "programme": slug,
            "month": month.month,
            "measure": month.measure,
            "volume": float(month.volume),
            "basis": month.basis,
            "reports": list(month.reports),
        }
        for slug, told in done.items()
        for month in told.months
    ]


def disagreement_rows(done: Mapping[str, Reconciled]) -> list[dict[str, Any]]:
    """Rows of `volume_disagreements`."""
    return [
        {
            "programme": slug,
            "measure": found.measure,
            "period": found.period,
            "reports": list(found.reports),
            "volumes": [float(volume) for volume in found.volumes],
            "sentence": found.sentence,
        }
        for slug, told in done.items()
        for found in told.disagreements
    ]


def _reconcile(
    connection: duckdb.DuckDBPyConnection, histories: Mapping[str, Sequence[Fact]]
) -> None:
    """The months of programmes whose reports are new or were corrected, replaced whole."""
    done = reconciled(histories)
    for table, rows in (
        ("volumes", month_rows(done)),
        ("volume_disagreements", disagreement_rows(done)),
    ):
        connection.execute(
            f"DELETE FROM {table} WHERE list_contains(?, programme)",
            [sorted(histories)],
        )
        if rows:
            with _registered(connection, pa.Table.from_pylist(rows)):
                connection.execute(f"INSERT INTO {table} BY NAME FROM batch")


def _score(connection: duckdb.DuckDBPyConnection, ledger: Ledger) -> None:
    """All scores anew: any day that goes by may answer any forecast."""
    connection.execute("DELETE FROM scores")
    if rows := score_rows(ledger):
        with _registered(connection, pa.Table.from_pylist(rows)):
            connection.execute("INSERT INTO scores BY NAME FROM batch")


def _follow(connection: duckdb.DuckDBPyConnection, followed: frozenset[str]) -> None:
    connection.execute("DELETE FROM followed")
    connection.execute("INSERT INTO followed SELECT unnest(?::VARCHAR[])", [sorted(followed)])
