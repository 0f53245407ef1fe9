"""Answers of the timeline as rows, and whether it knows a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.errors import no_programme

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]


def answered(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    values: Any,  # noqa: ANN401 - a list or a dict of values
) -> tuple[list[Row], list[str]]:
    """The rows of an answer by column, and its columns, which it has without rows as well."""
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()], names


def listed(connection: duckdb.DuckDBPyConnection, sql: str, values: Any) -> list[Row]:  # noqa: ANN401 - a list or a dict of values
    """The rows of an answer by column."""
    return answered(connection, sql, values)[0]


def check(connection: duckdb.DuckDBPyConnection, programme: str | None) -> None:
    """Raise `Unknown` for a programme that no event is about, with the nearest there is."""
    if programme is None:
        return
    known = [row["programme"] for row in listed(connection, "FROM programmes", [])]
    if programme not in known:
        raise no_programme(programme, known)
