"""Rows on their way into DuckDB: a few as lists or JSON text, many of a ledger as Arrow.

Nothing makes an Arrow array of Python objects: that imports pandas, a third of a second.
"""

from __future__ import annotations

from array import array
from contextlib import contextmanager
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Any, Final

import msgspec

from events.joined import LINE
from tracker.columns import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from events.joined import Joined

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
def batch_of_stream(
    connection: duckdb.DuckDBPyConnection, stream: Iterator[pa.RecordBatch]
) -> Iterator[None]:
    """What DuckDB pulls as the relation `batch`, once, for as long as the context lasts.

    Raises what the stream raised, which DuckDB would not tell.
    """
    import pyarrow as pa

    raised: list[Exception] = []

    def pulled() -> Iterator[pa.RecordBatch]:
        try:
            yield from stream
        except Exception as error:  # noqa: BLE001 - to be raised where it can be told
            raised.append(error)

    schema = pa.schema([("position", pa.int64()), ("state", pa.string())])
    with _registered(connection, pa.RecordBatchReader.from_batches(schema, pulled())):
        yield
    if raised:
        raise raised[0]


@contextmanager
def batch_of_arrow(
    connection: duckdb.DuckDBPyConnection, batches: Sequence[pa.RecordBatch]
) -> Iterator[None]:
    """Arrow's rows as the relation `batch`, to be asked as often as needed."""
    import pyarrow as pa

    with _registered(connection, pa.Table.from_batches(batches)):
        yield


@contextmanager
def _registered(
    connection: duckdb.DuckDBPyConnection, relation: pa.Table | pa.RecordBatchReader
) -> Iterator[None]:
    connection.register("batch", relation)
    try:
        yield
    finally:
        connection.unregister("batch")


def as_arrow(joined: Joined) -> pa.RecordBatch:
    """Joined entries as Arrow, by their buffers; a state keeps the line's end behind it.

    Raises `UnicodeDecodeError` where a state is no text.
    """
    import pyarrow as pa

    position = pa.py_buffer(array("q", map(int, joined.positions.split(LINE))))
    columns = {
        "position": pa.Array.from_buffers(pa.int64(), joined.lines, [None, position]),
        **({"topic": _texts(joined.topics.split(LINE))} if joined.topics else {}),
        "state": _lines(joined.states),
    }
    return pa.record_batch(list(columns.values()), names=list(columns))


def _texts(values: Sequence[bytes]) -> pa.StringArray:
    ends = array("i", accumulate(map(len, values), initial=0))
    return _strings(ends, b"".join(values))


def _lines(text: bytes) -> pa.StringArray:
    import numpy as np

    within = np.flatnonzero(np.frombuffer(text, np.uint8) == ord(LINE)) + 1
    return _strings(np.concatenate(([0], within, [len(text)]), dtype=np.int32), text)


def _strings(ends: array[int] | NDArray[np.int32], text: bytes) -> pa.StringArray:
    """Strings that lie one behind the other, by where the first begins and each one ends."""
    import pyarrow as pa

    if not text.isascii():
        text.decode()  # Arrow would take anything
    return pa.StringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(text))
