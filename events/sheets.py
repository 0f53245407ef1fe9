"""Lines as CSV: one column a key, the source's flattened, lists joined by semicolons."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Final

from events import figures
from events.errors import Invalid
from events.lines import FLAGS, KEYS, LISTS, NUMBERS, Line, nearest, short
from events.sources import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

COLUMNS: Final = [*KEYS[:-1], *(f"source.{key}" for key in Source.__struct_fields__)]
"""The columns of a CSV journal."""

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a spreadsheet would run, were it to begin a cell; an apostrophe is put before it."""


def lines(data: bytes) -> Iterator[tuple[int, Line | Invalid]]:
    """Each row as a line, with the number of the text line it begins on, or what is wrong."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        yield number, Invalid("this is not UTF-8. Save the file in that encoding.")
        return
    # Unless it is strict, the reader takes all that follows a stray quote for one cell.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    number = 0
    try:
        for cells in reader:
            number, start = reader.line_num, number + 1
            if not any(cells):
                continue
            if header is not None:
                yield start, _row(header, cells)
                continue
            header = [name.strip() for name in cells]
            if wrong := _misheaded(header):
                yield start, Invalid(wrong)
                return
    except csv.Error as error:
        yield number + 1, Invalid(f"this is no CSV: {_finding(error)}.")


def _finding(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"a cell has more than {csv.field_size_limit():,} characters"
    if "end of data" in str(error):
        return "a quote is opened here and never closed"
    return str(error)


def _misheaded(header: list[str]) -> str | None:
    """What is wrong with the header, once and not again for every row under it."""
    for place, column in enumerate(header):
        if ";" in column or "\t" in column:
            return "the columns are not separated by commas. Save the sheet as CSV with commas."
        if column and column not in COLUMNS:
            return f"{short(column)}: there is no such column{nearest(column, COLUMNS)}"
        if column and column in header[:place]:
            return f"{column}: there are two such columns."
    return None


def _row(header: list[str], cells: list[str]) -> Line | Invalid:
    if len(cells) > len(header):
        return Invalid(f"there are {len(cells)} cells under {len(header)} columns.")
    line: Line = {}
    for column, cell in zip(header, cells, strict=False):
        text = cell[1:] if cell.startswith("'") and cell[1:2] in FORMULA else cell
        if text == "":
            continue
        if column.startswith("source."):
            line.setdefault("source", {})[column.removeprefix("source.")] = text
        elif doubt := figures.doubt_in_a_sheet(column, text):
            return Invalid(f"{column}: {short(json.dumps(text))} {doubt}")
        else:
            line[column] = _value(column, text)
    return line


def _value(column: str, text: str) -> object:
    """A cell as JSON would have it; what does not convert is left for the validator."""
    if column in LISTS:
        return _list(text)
    if column in FLAGS:
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    if column in NUMBERS:
        try:
            number = json.loads(text)
        except ValueError:
            return text
        return number if isinstance(number, int | float) else text
    return text


def _list(text: str) -> object:
    if text.startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return [item.strip() for item in text.split(";") if item.strip()]


def written(stated: Iterable[Line]) -> Iterator[str]:
    """Rows under a header; a cell that a spreadsheet would run is made harmless."""
    yield row(COLUMNS)
    for line in stated:
        yield row([_cell(value) for value in _flat(line)])


def row(cells: Sequence[object]) -> str:
    """One row of CSV, its line feed included."""
    buffer = io.StringIO(newline="")
    # The writer leaves a carriage return unquoted, and the reader ends a row there.
    returns = any("\r" in str(cell) for cell in cells)
    writer = csv.writer(
        buffer, lineterminator="\n", quoting=csv.QUOTE_ALL if returns else csv.QUOTE_MINIMAL
    )
    writer.writerow(cells)
    return buffer.getvalue()


def _flat(line: Line) -> Iterator[object]:
    source = line.get("source", {})
    for column in COLUMNS:
        inner = column.removeprefix("source.")
        yield source.get(inner) if inner != column else line.get(column)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            text = "; ".join(value)
            if _value(LISTS[0], text) != list(value):  # blanks at an end, or a semicolon
                text = json.dumps(value, ensure_ascii=False)
        case str():
            text = value
        case _:
            return json.dumps(value)
    return f"'{text}" if text.startswith(FORMULA) else text
