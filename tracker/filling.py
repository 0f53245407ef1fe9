"""Filling the timeline: what stands in the ledger behind the position that a file has read."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventsourcing.persistence import Tracking, TrackingRecorder

from events.entries import stored
from tracker import projections
from tracker.circles import without_collecting
from tracker.macros import CORRECTIONS
from tracker.months import count_anew
from tracker.pages import pour
from tracker.relations import batch_of, put
from tracker.scoring import last_day_seen, same_answers, score_anew
from tracker.versions import fates, versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from events.facts import Fact
    from events.ledger import Ledger

READER: Final = "timeline"
LINK: Final = "link"
"""Under which the ledger's mark at the position that was read is kept."""

SEEN: Final = "seen"
"""Under which the day until which scores saw is kept, as an ordinal."""


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


@without_collecting()
def fill(
    connection: duckdb.DuckDBPyConnection, ledger: Ledger, followed: frozenset[str]
) -> None:
    """Everything behind the position that was read, within the caller's transaction."""
    tracking = DuckTracking(connection)
    read, until = tracking.max_tracking_id(READER) or 0, ledger.head()
    pour(connection, ledger, after=read, until=until)
    told = partial(_programmes, connection, after=read)
    corrected = told("recorded_others", f"type IN {CORRECTIONS}")
    positions = _positions(connection, corrected) if corrected else {}
    for slug in sorted(corrected):
        _correct(connection, slug, ledger.stream(slug).history, positions)
    count_anew(connection, told("recorded_reports") | corrected)
    _score(connection, ledger, told("recorded") | told("forecasts"))
    _follow(connection, followed)
    tracking.insert_tracking(Tracking(READER, until))
    tracking.insert_tracking(Tracking(LINK, ledger.mark(until)))


def _programmes(
    connection: duckdb.DuckDBPyConnection, relation: str, which: str = "true", *, after: int
) -> set[str]:
    """Programmes of which something stands behind a position."""
    found = connection.execute(
        f"SELECT DISTINCT programme FROM {relation}"
        f" WHERE position > ? AND programme IS NOT NULL AND {which}",
        [after],
    )
    return {slug for (slug,) in found.fetchall()}


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
    told = [(fact, *positions[fact.id], *days) for fact, *days in versions(history)]
    columns = {
        "position": [position for _, position, *_ in told],
        "topic": [fact.type for fact, *_ in told],
        "state": [stored(fact, at).decode() for fact, _, at, *_ in told],
        "counts_from": [since for *_, since, _ in told],
        "counts_until": [until for *_, until in told],
    }
    with batch_of(connection, columns):
        connection.execute(projections.correct())
    became = fates(history).items()
    put(
        connection,
        "fates",
        (
            {"id": id, "programme": slug, "retracted_by": retracted, "amended_by": amended}
            for id, (retracted, amended) in became
        ),
    )


def _score(connection: duckdb.DuckDBPyConnection, ledger: Ledger, changed: set[str]) -> None:
    """Scores of what changed; of everything once another month is over."""
    tracking, until = DuckTracking(connection), last_day_seen(connection)
    if until is None:
        return
    before = tracking.max_tracking_id(SEEN)
    same = before is not None and same_answers(date.fromordinal(before), until)
    score_anew(connection, ledger, until=until, changed=changed if same else None)
    tracking.insert_tracking(Tracking(SEEN, until.toordinal()))


def _follow(connection: duckdb.DuckDBPyConnection, followed: frozenset[str]) -> None:
    there = connection.execute("SELECT programme FROM followed").fetchall()
    if followed == {slug for (slug,) in there}:
        return
    connection.execute("DELETE FROM followed")
    connection.execute("INSERT INTO followed SELECT unnest(?::VARCHAR[])", [sorted(followed)])
