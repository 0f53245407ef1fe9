"""The ledger's entries on their way into the timeline: reports apart from all others."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from events.joined import LINE
from events.upcasts import unreadable
from tracker import projections
from tracker.relations import as_arrow, batch_of, batch_of_arrow, batch_of_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb

    from events.joined import Joined
    from events.ledger import Ledger

FEW: Final = 20_000
"""Entries up to which importing Arrow, a third of a second, would cost more than it saves."""

TOGETHER: Final = 100_000_000
"""Bytes of entries that go in together where several statements ask them."""

REPORTED: Final = "volume-reported"
ISSUED: Final = b"forecast-issued"


def pour(
    connection: duckdb.DuckDBPyConnection, ledger: Ledger, *, after: int, until: int
) -> None:
    """Rows of what stands in the ledger between two positions, within a transaction.

    Raises `Unusable` where stored bytes are no text, which Arrow would not ask.
    """
    reports = ledger.joined(after=after, until=until, only=REPORTED)
    others = ledger.joined(after=after, until=until, but=REPORTED)
    with _readable():
        if until - after <= FEW:
            told = list(others)
            _insert_few(connection, told, _statements(told))
            _insert_few(connection, list(reports), [projections.report()])
            return
        for stretch in _stretches(others):
            with batch_of_arrow(connection, list(map(as_arrow, stretch))):
                for statement in _statements(stretch):
                    connection.execute(statement)
        with batch_of_stream(connection, map(as_arrow, reports)):
            connection.execute(projections.report())


def _insert_few(
    connection: duckdb.DuckDBPyConnection, told: list[Joined], statements: Iterable[str]
) -> None:
    if not told:
        return
    columns: dict[str, list[int | str]] = {
        "position": [int(text) for part in told for text in part.positions.split(LINE)],
        "state": [text.decode() for part in told for text in part.states.split(LINE)],
    }
    if any(part.topics for part in told):
        columns["topic"] = [text.decode() for part in told for text in part.topics.split(LINE)]
    with batch_of(connection, columns):
        for statement in statements:
            connection.execute(statement)


def _statements(told: Iterable[Joined]) -> tuple[str, ...]:
    """What reads a batch of entries that are no reports."""
    issued = any(ISSUED in part.topics for part in told)
    return (projections.record(), *(projections.issue() if issued else ()))


def _stretches(told: Iterator[Joined]) -> Iterator[list[Joined]]:
    """As many as may be in memory together."""
    stretch: list[Joined] = []
    for part in told:
        stretch.append(part)
        if sum(len(part.states) for part in stretch) >= TOGETHER:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:
        raise unreadable(error) from error
