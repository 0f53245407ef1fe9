"""Rows on their way into DuckDB: a few as lists or JSON text, pages of a ledger as Arrow.

Nothing makes an Arrow array of Python objects: that imports pandas, a third of a second.
"""

from __future__ import annotations

from array import array
from contextlib import contextmanager
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Any, Final

import msgspec

from tracker.columns import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb
    import pyarrow as pa

    from events.entries import Page

TOGETHER: Final = 10_000
"""Rows that go in as one JSON text."""

BATCH: Final = {
    "position": "BIGINT",
    "topic": "VARCHAR",
    "state": "VARCHAR",
    "counts_from": "DATE",
    "counts_until": "DATE",
}
"""The columns of the relation `batch` that `tracker.projections` reads."""


def json_type(type: str) -> str:
    """A column's type as `from_json` is told of it."""
    return f'["{type.removesuffix("[]")}"]' if type.endswith("[]") else f'"{type}"'


def json_shape(columns: Mapping[str, str]) -> str:
    """Columns and their types as `from_json` is told of a row."""
    keys = (f'"{name}":{json_type(type)}' for name, type in columns.items())
    return f"{{{','.join(keys)}}}"


def read_as(columns: Mapping[str, str]) -> str:
    """A relation whose rows are the one parameter: a JSON text, an array of objects."""
    return f"(SELECT r.* FROM (SELECT unnest(from_json(?, '[{json_shape(columns)}]')) AS r))"


def put(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Insert rows into a table of the timeline; keys are its columns."""
    _, columns = TABLES[table]
    source = read_as({name: type for name, type, _ in columns})
    left = iter(rows)
    while some := list(islice(left, TOGETHER)):
        text = msgspec.json.encode(some).decode()
        connection.execute(f"INSERT INTO {table} SELECT * FROM {source}", [text])


@contextmanager
def batch_of(
    connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Sequence[object]]
) -> Iterator[None]:
    """Columns as the relation `batch` for as long as the context lasts."""
    values = ", ".join(
        f"unnest(${name}::{type}[]) AS {name}" if name in columns else f"NULL::{type} AS {name}"
        for name, type in BATCH.items()
    )
    connection.execute(f"CREATE TEMP TABLE batch AS SELECT {values}", dict(columns))
    try:
        yield
    finally:
        connection.execute("DROP TABLE temp.batch")


@contextmanager
def batch_of_pages(
    connection: duckdb.DuckDBPyConnection, pages: Sequence[pa.RecordBatch]
) -> Iterator[None]:
    """Pages of a ledger as the relation `batch` for as long as the context lasts."""
    import pyarrow as pa

    connection.register("batch", pa.Table.from_batches(pages))
    try:
        yield
    finally:
        connection.unregister("batch")


def as_arrow(page: Page) -> pa.RecordBatch:
    """A page's positions, topics and states as Arrow, by their buffers.

    Raises `UnicodeDecodeError` where a state is no text.
    """
    import pyarrow as pa

    position = pa.py_buffer(array("q", page.positions))
    columns = {
        "position": pa.Array.from_buffers(pa.int64(), len(page.positions), [None, position]),
        "topic": _texts([topic.encode() for topic in page.topics]),
        "state": _texts(page.states),
    }
    return pa.record_batch(list(columns.values()), names=list(columns))


def _texts(values: Sequence[bytes]) -> pa.StringArray:
    import pyarrow as pa

    ends, joined = array("i", accumulate(map(len, values), initial=0)), b"".join(values)
    if not joined.isascii():
        joined.decode()  # Arrow would take anything
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(ends), pa.py_buffer(joined))
