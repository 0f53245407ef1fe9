"""Pages of the ledger on their way into the timeline: read ahead, and what each asks for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from events.ledger import FORECASTS
from events.upcasts import unreadable
from tracker.relations import as_arrow, batch_of, batch_of_pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    import duckdb
    import pyarrow as pa

    from events.entries import Page

FEW: Final = 20_000
"""Rows up to which importing Arrow, a third of a second, would cost more than it saves."""

TOGETHER: Final = 200_000
"""Rows of one statement: enough of them for DuckDB to use every processor."""

ISSUED: Final = "forecast-issued"
REPORTED: Final = "volume-reported"
CORRECTIONS: Final = frozenset({"event-retracted", "event-amended"})


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Some pages of the ledger up to the position `last`, and whose facts they hold."""

    columns: Mapping[str, Sequence[int | str]]
    arrow: Sequence[pa.RecordBatch]
    last: int
    told: frozenset[str]
    reported: frozenset[str]
    corrected: frozenset[str]
    issued: frozenset[str]

    @classmethod
    def of(cls, pages: Sequence[Page]) -> Stretch:
        """Those pages, as Arrow when there are many rows."""
        few = sum(len(page.positions) for page in pages) <= FEW
        kinds = {kind for page in pages for kind in zip(page.streams, page.topics, strict=True)}
        issued = {stream for stream, topic in kinds if topic == ISSUED}
        with _readable():
            return cls(
                columns=_columns(pages) if few else {},
                arrow=() if few else [as_arrow(page) for page in pages],
                last=pages[-1].positions[-1],
                told=frozenset(stream for stream, topic in kinds if topic != ISSUED),
                reported=frozenset(stream for stream, topic in kinds if topic == REPORTED),
                corrected=frozenset(stream for stream, topic in kinds if topic in CORRECTIONS),
                issued=frozenset(stream.removesuffix(FORECASTS) for stream in issued),
            )

    def as_batch(self, connection: duckdb.DuckDBPyConnection) -> AbstractContextManager[None]:
        """Their entries as the relation `batch` for as long as the context lasts."""
        if self.arrow:
            return batch_of_pages(connection, self.arrow)
        return batch_of(connection, self.columns)


def _columns(pages: Sequence[Page]) -> dict[str, list[int | str]]:
    return {
        "position": [position for page in pages for position in page.positions],
        "topic": [topic for page in pages for topic in page.topics],
        "state": [state.decode() for page in pages for state in page.states],
    }


@contextmanager
def _readable() -> Iterator[None]:
    """Raises `Unusable` where stored bytes are no text, which Arrow would not ask."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise unreadable(error) from error


def stretches(pages: Iterator[Page]) -> Iterator[Stretch]:
    """The pages in stretches, the next one read by a thread while one is used."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(_next, pages)
        while stretch := coming.result():
            coming = reader.submit(_next, pages)
            yield stretch


def _next(pages: Iterator[Page]) -> Stretch | None:
    taken: list[Page] = []
    for page in pages:
        taken.append(page)
        if sum(len(page.positions) for page in taken) >= TOGETHER:
            break
    return Stretch.of(taken) if taken else None
