"""Pages of the ledger on their way into the timeline: read ahead, and what each asks for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from events.ledger import FORECASTS
from events.upcasts import unreadable
from tracker.relations import batch_of, batch_of_pages, page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    import duckdb
    import pyarrow as pa

    from events.entries import Row

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

    rows: Sequence[Row]
    arrow: Sequence[pa.RecordBatch]
    last: int
    told: frozenset[str]
    reported: frozenset[str]
    corrected: frozenset[str]
    issued: frozenset[str]

    @classmethod
    def of(cls, pages: Sequence[Sequence[Row]]) -> Stretch:
        """Those pages, as Arrow when there are many rows."""
        rows = _readable([row for page in pages for row in page])
        few = len(rows) <= FEW

        return cls(
            rows=rows if few else (),
            arrow=() if few else [page(each) for each in pages],
            last=rows[-1].position,
            told=frozenset({row.programme for row in rows if row.topic != ISSUED}),
            reported=frozenset({row.programme for row in rows if row.topic == REPORTED}),
            corrected=frozenset({row.programme for row in rows if row.topic in CORRECTIONS}),
            issued=frozenset(
                {row.programme.removesuffix(FORECASTS) for row in rows if row.topic == ISSUED}
            ),
        )

    def as_batch(self, connection: duckdb.DuckDBPyConnection) -> AbstractContextManager[None]:
        """Their entries as the relation `batch` for as long as the context lasts."""
        if self.arrow:
            return batch_of_pages(connection, self.arrow)
        return batch_of(
            connection,
            [
                {"position": row.position, "topic": row.topic, "state": row.state.decode()}
                for row in self.rows
            ],
        )


def _readable(rows: list[Row]) -> list[Row]:
    """The same; raises `Unusable` where their bytes are no text, which Arrow would not ask."""
    try:
        b"".join(row.state for row in rows).decode()
    except UnicodeDecodeError as error:
        raise unreadable(error) from error
    return rows


def stretches(pages: Iterator[list[Row]]) -> Iterator[Stretch]:
    """The pages in stretches, the next one read by a thread while one is used."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(_next, pages)
        while stretch := coming.result():
            coming = reader.submit(_next, pages)
            yield stretch


def _next(pages: Iterator[list[Row]]) -> Stretch | None:
    taken: list[list[Row]] = []
    for rows in pages:
        taken.append(rows)
        if sum(map(len, taken)) >= TOGETHER:
            break
    return Stretch.of(taken) if taken else None
