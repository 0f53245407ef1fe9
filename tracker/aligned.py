"""Rows in aligned columns, a page at a time: a table of any length takes the memory of one.

Widths are those of the first page. On a terminal each page is fitted to it by itself.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    Row = Mapping[str, Any]

PAGE: Final = 1_000
"""Rows that are looked at together."""

THOUSAND: Final = 1_000
"""From here on a number has separators."""

YEARS: Final = range(1900, 2200)
"""Where the years lie that forecasts are about."""


def write_aligned(
    rows: Iterable[Row],
    columns: Sequence[str],
    out: TextIO,
    cell: Callable[[object], str],
    *,
    named: bool = False,
) -> None:
    """Write rows under their names, each value as `cell` says it.

    Without any row nothing is written. With `named` the names are, and as they stand: whoever
    chose them writes them again.
    """
    pages = _pages(rows)
    first = next(pages, [])
    if not first and not named:
        return
    numbers = [all(_is_number(row[name]) for row in first) for name in columns]
    says = [
        _year if number and _are_years(name, (row[name] for row in first)) else cell
        for name, number in zip(columns, numbers, strict=True)
    ]
    said = (
        [[say(row[name]) for name, say in zip(columns, says, strict=True)] for row in page]
        for page in chain([first], pages)
    )
    heads = [cell(name if named else name.replace("_", " ")) for name in columns]
    if out.isatty():
        from tracker.fitted import write_fitted

        for place, page in enumerate(said):
            out.write("\n" if place else "")
            write_fitted(heads, page, numbers, out)
    else:
        _plain(heads, said, numbers, out)


def _pages(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while page := list(islice(remaining, PAGE)):
        yield page


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | None) and not isinstance(value, bool)


def _are_years(name: str, values: Iterable[object]) -> bool:
    """Whether whole numbers are years, of which 2027 is never 2,027.

    They are where all that a separator would change lie where years do.
    """
    large = [
        value for value in values if isinstance(value, int | float) and abs(value) >= THOUSAND
    ]
    return bool(large) and (name == "year" or all(value in YEARS for value in large))


def _year(value: object) -> str:
    return "" if value is None else f"{value:.10g}"


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
