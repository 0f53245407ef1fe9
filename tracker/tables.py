"""Rows for people and for programs: table, JSON, NDJSON, CSV."""

from __future__ import annotations

import json
import math
import sys
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TextIO

from events.signs import CONTROL, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Row = Mapping[str, Any]


class Format(StrEnum):
    """How rows are written."""

    table = "table"
    json = "json"
    ndjson = "ndjson"
    csv = "csv"


FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Text from strangers with its control characters made visible."""
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def write(
    rows: Iterable[Row],
    columns: Sequence[str],
    format: Format = Format.table,
    out: TextIO | None = None,
    *,
    named: bool = False,
) -> None:
    """Write rows in the order given; without any JSON is `[]`, and a table is empty.

    With `named` such a table has its names, for whom nothing else tells that it is one.
    """
    out = out or sys.stdout
    match format:
        case Format.table:
            from tracker.aligned import write_aligned

            write_aligned(rows, columns, out, _cell, named=named)
        case Format.json:
            _json(rows, columns, out)
        case Format.ndjson:
            for row in rows:
                out.write(json_line(row, columns) + "\n")
        case Format.csv:
            _csv(rows, columns, out)


def json_line(row: Row, columns: Sequence[str]) -> str:
    """A row as one JSON object."""
    return _json_of({name: row[name] for name in columns})


def _json_of(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, default=_plain, allow_nan=False)
    except (TypeError, ValueError):  # rare, and the cure is slow
        text = json.dumps(_strict(value), ensure_ascii=False, default=_plain)
    return escaped(text)


def _strict(value: object) -> object:
    """The same with what JSON cannot hold made null, and words for keys."""
    match value:
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {str(_plain(key)): _strict(held) for key, held in value.items()}
        case list() | tuple():
            return [_strict(held) for held in value]
        case _:
            return value


def _plain(value: object) -> object:
    """What JSON has no word for: days and moments in ISO, the rest as text."""
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z" if value.tzinfo is None else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _json(rows: Iterable[Row], columns: Sequence[str], out: TextIO) -> None:
    before = "["
    for row in rows:
        out.write(f"{before}\n  {json_line(row, columns)}")
        before = ","
    out.write("[]\n" if before == "[" else "\n]\n")


def _csv(rows: Iterable[Row], columns: Sequence[str], out: TextIO) -> None:
    from events.sheets import row as line

    safe = harmless if out.isatty() else str
    out.write(safe(line(columns)))
    out.writelines(safe(line([_csv_cell(row[name]) for name in columns])) for row in rows)


def _csv_cell(value: object) -> object:
    """Nothing that a spreadsheet would run: text that looks like a formula is quoted."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case str():
            return f"'{value}" if value.startswith(FORMULA) else value
        case list() | tuple() | dict():
            return _json_of(value)
        case _:
            return _plain(value)


def _cell(value: object) -> str:
    """A value for people, on one line; markup in it is text."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.4g}" if abs(value) < 1 else f"{value:,.10g}"
        case list() | tuple():
            return harmless(", ".join(map(str, value))).replace("\n", " ")
        case _:
            return harmless(str(value)).replace("\n", " ")
