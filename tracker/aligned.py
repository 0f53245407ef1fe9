"""Rows in aligned columns, a page at a time: a table of any length takes the memory of one.

Widths are those of the first page. On a terminal each page is wrapped to it and has the names
on top again.
"""

from __future__ import annotations

from itertools import chain, islice
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    from rich.console import Console

    Row = Mapping[str, Any]

PAGE: Final = 1_000
"""Rows that are looked at together."""

COPIED: Final = ("id", "programme")
"""Columns whose words are typed again: they stay in one piece on a narrow terminal."""


def write_aligned(
    rows: Iterable[Row],
    columns: Sequence[str],
    out: TextIO,
    cell: Callable[[object], str],
    *,
    named: bool = False,
) -> None:
    """Write rows under their names, each value as `cell` says it.

    Without any row nothing is written, or with `named` the names.
    """
    pages = _pages(rows)
    first = next(pages, [])
    if not first and not named:
        return
    numbers = [all(_is_number(row[name]) for row in first) for name in columns]
    said = (
        [[cell(row[name]) for name in columns] for row in page]
        for page in chain([first], pages)
    )
    heads = [cell(name.replace("_", " ")) for name in columns]
    if out.isatty():
        for page in said:
            _wrapped(heads, page, [name in COPIED for name in columns], numbers, out)
    else:
        _plain(heads, said, numbers, out)


def _pages(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while page := list(islice(remaining, PAGE)):
        yield page


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | None) and not isinstance(value, bool)


def _plain(
    heads: Sequence[str],
    pages: Iterator[list[list[str]]],
    numbers: Sequence[bool],
    out: TextIO,
) -> None:
    """For files and pipes: nothing is wrapped, nothing coloured."""
    from rich.cells import cell_len

    first = next(pages)
    widths = [max(map(cell_len, column)) for column in zip(heads, *first, strict=True)]
    for line in chain([heads], first, chain.from_iterable(pages)):
        parts = []
        for text, width, number in zip(line, widths, numbers, strict=True):
            rest = " " * (width - cell_len(text))
            parts.append(rest + text if number else text + rest)
        out.write("  ".join(parts).rstrip() + "\n")


def _wrapped(
    heads: Sequence[str],
    page: Sequence[Sequence[str]],
    whole: Sequence[bool],
    numbers: Sequence[bool],
    out: TextIO,
) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for head, number, copied in zip(heads, numbers, whole, strict=True):
        table.add_column(
            Text(head),  # markup in a name is text as well
            justify="right" if number else "left",
            overflow="fold",
            no_wrap=copied,
        )
    for line in page:
        table.add_row(*map(Text, line))
    screen(out).print(table)


def screen(out: TextIO) -> Console:
    """Rich's console on a terminal, as wide as it is: of a dumb one Rich would not ask."""
    from rich.console import Console

    width, height = get_terminal_size()
    return Console(file=out, highlight=False, width=width, height=height)
