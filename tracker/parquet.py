"""The timeline as Parquet, for whoever has no DuckDB: pandas, Spark, Trino and the like.

Only plain types leave: text, whole numbers of 64 bits or less, doubles, booleans, days, moments
in UTC to the microsecond, lists of texts or doubles. Events lie apart by the kind of their
programme and the year in which they became known.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from events.beside import beside
from tracker import timeline
from tracker.columns import INNER, TABLES
from tracker.errors import Contradiction, no_programme
from tracker.macros import BASE, VIEWS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    import duckdb

    from tracker.workspace import Workspace

NAMES: Final = tuple(name for name in (*VIEWS, *TABLES) if name not in {*INNER, *BASE})
"""What is written, a file or a folder each."""

PARTS: Final = "events"
MARK: Final = "_tracker.json"
"""Says that a folder is ours; Spark and Trino pass names by that begin so."""

FORM: Final = 1
PAGE: Final = 50_000
"""Rows that are in memory together."""

PARTITIONS: Final = """
    SELECT coalesce(o.kind, 'production') AS kind, year(e.known_on) AS year,
           list(DISTINCT e.programme ORDER BY e.programme) AS programmes
    FROM events AS e LEFT JOIN programmes AS o USING (programme)
    WHERE len(?) = 0 OR list_contains(?, programme)
    GROUP BY ALL ORDER BY ALL
"""


def write_parquet(place: Workspace, folder: Path, programmes: Collection[str] = ()) -> int:
    """Write the tables into `folder`, whole or not at all; the number of their rows.

    Without `programmes`, all. A folder of an earlier export is replaced. Raises
    `Contradiction` where another folder or a file is in the way, `Unknown`, `OSError`.
    """
    _free(folder)
    with timeline.connect(place) as connection:
        _known(connection, programmes)
        try:
            with beside(folder) as aside:
                rows = _made(connection, aside / "made", sorted(programmes))
                if folder.exists():
                    folder.replace(aside / "before")
                (aside / "made").replace(folder)
        except OSError as error:
            error.filename = str(folder)  # where it was made is of no use to anybody
            raise
    return rows


def _made(connection: duckdb.DuckDBPyConnection, made: Path, programmes: list[str]) -> int:
    """Write every table and the mark into a new folder; the number of rows."""
    made.mkdir()
    rows = {name: sum(_table(connection, name, made, programmes)) for name in NAMES}
    (made / MARK).write_text(json.dumps({"form": FORM, "rows": rows}, indent=1) + "\n")
    return sum(rows.values())


def _free(folder: Path) -> None:
    """Check that nothing but an export of ours would be replaced."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Contradiction(f"{folder} is no folder. Name another one with -o.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise Contradiction(
            f"{folder} holds something else, which would be lost. Name another folder with -o."
        )


def _known(connection: duckdb.DuckDBPyConnection, programmes: Collection[str]) -> None:
    there = {
        slug for (slug,) in connection.execute("SELECT programme FROM programmes").fetchall()
    }
    if missing := set(programmes) - there:
        raise no_programme(min(missing), there)


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, made: Path, programmes: list[str]
) -> Iterator[int]:
    """Write one table; the rows of each of its files."""
    if name == PARTS:
        found = connection.execute(PARTITIONS, [programmes, programmes]).fetchall()
        for kind, year, slugs in found:
            part = made / name / f"programme_kind={kind}" / f"known_year={year}"
            part.mkdir(parents=True)
            some = "WHERE year(known_on) = ? AND list_contains(?, programme)"
            yield _file(connection, name, part / f"{name}.parquet", some, [year, slugs])
    else:
        some = "WHERE len(?) = 0 OR list_contains(?, programme)"
        yield _file(connection, name, made / f"{name}.parquet", some, [programmes, programmes])


def _file(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    path: Path,
    some: str,
    values: Sequence[Any],
) -> int:
    """Write some rows of a table, in an order that the next export keeps."""
    columns = connection.table(name).columns
    order = "position" if "position" in columns else "ALL"
    query = f"SELECT * FROM {name} {some} ORDER BY {order}"
    reader = connection.sql(query, params=values).to_arrow_reader(PAGE)
    schema = _plain(reader.schema)
    count = 0
    with pq.ParquetWriter(path, schema, store_schema=False) as writer:
        for batch in reader:
            writer.write_table(pa.Table.from_batches([batch]).cast(schema))
            count += batch.num_rows
    return count


def _plain(schema: pa.Schema) -> pa.Schema:
    """The same columns; the timeline's moments are in UTC, and now say so."""
    utc = pa.timestamp("us", tz="UTC")
    return pa.schema(
        [
            pa.field(field.name, utc if pa.types.is_timestamp(field.type) else field.type)
            for field in schema
        ]
    )
