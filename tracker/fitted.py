"""Rows on a terminal of any width: a table where that fits, else a block a row.

It fits where no date, number or word is split: long text is wrapped, and only between words.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from rich.console import Console
    from rich.text import Text

GAP: Final = 2
"""Blanks between columns, and between a name and its value."""

LONG: Final = 20
"""Characters up to which a column stays as wide as it is."""

BESIDE: Final = 12
"""Characters that a value needs to stand beside its name."""

GLUED: Final = re.compile(
    r" (?=[%/])|(?<=/) |(?<=\d) (?=[A-Z][a-z])|(?<=[a-z]) (?=\d{4}\b)", re.ASCII
)
"""Blanks at which no line ends: those inside `4 %`, `0 / 0 / 75,099`, `14 May 2024`."""

GLUE: Final = "\N{NO-BREAK SPACE}"


def screen(out: TextIO) -> Console:
    """Rich's console on a terminal, as wide as it is: of a dumb one Rich would not ask."""
    from rich.console import Console

    width, height = get_terminal_size()
    return Console(file=out, highlight=False, width=width, height=height)


def write_fitted(
    heads: Sequence[str], page: Sequence[Sequence[str]], numbers: Sequence[bool], out: TextIO
) -> None:
    """Write a page of cells under their names, or beside them where a table is too wide."""
    console = screen(out)
    widths = _widths(heads, page, numbers, console.width)
    lines = (
        _table(heads, page, numbers, widths) if widths else _blocks(heads, page, console.width)
    )
    for line in lines:
        console.print(line, soft_wrap=True)


def _widths(
    heads: Sequence[str],
    page: Sequence[Sequence[str]],
    numbers: Sequence[bool],
    room: int,
) -> list[int] | None:
    """How wide each column is, the widest narrowed first; nothing where they do not fit."""
    from rich.cells import cell_len

    room -= GAP * (len(heads) - 1)
    least, widths = [], []
    for head, cells, number in zip(heads, zip(*page, strict=True), numbers, strict=True):
        widest = max(map(cell_len, cells))
        narrow = widest <= LONG or number
        inner = widest if narrow else max(LONG, *map(_longest, cells))
        least.append(max(inner, _longest(head)))
        widths.append(max(widest, cell_len(head)))
    if sum(least) > room:
        return None
    widths = [min(width, room) for width in widths]
    while sum(widths) > room:
        _, widest = max(
            (width, place) for place, width in enumerate(widths) if width > least[place]
        )
        widths[widest] -= 1
    return widths


def _table(
    heads: Sequence[str],
    page: Sequence[Sequence[str]],
    numbers: Sequence[bool],
    widths: Sequence[int],
) -> Iterator[Text]:
    from rich.text import Text

    for line in _row(heads, numbers, widths):
        yield Text(line, "bold")
    for cells in page:
        yield from map(Text, _row(cells, numbers, widths))


def _row(cells: Sequence[str], numbers: Sequence[bool], widths: Sequence[int]) -> Iterator[str]:
    from rich.cells import cell_len

    wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for parts in zip_longest(*wrapped, fillvalue=""):
        told = []
        for part, number, width in zip(parts, numbers, widths, strict=True):
            rest = " " * (width - cell_len(part))
            told.append(rest + part if number else part + rest)
        yield (" " * GAP).join(told).rstrip()


def _blocks(heads: Sequence[str], page: Sequence[Sequence[str]], room: int) -> Iterator[Text]:
    """Each row as lines of a name and its value; beneath it where there is no room beside."""
    from rich.cells import cell_len
    from rich.text import Text

    beside = max(map(cell_len, heads)) + GAP
    indent = beside if room - beside >= BESIDE else GAP
    for place, cells in enumerate(page):
        if place:
            yield Text()
        for head, cell in zip(heads, cells, strict=True):
            lines = _wrapped(cell, max(room - indent, 1))
            if indent < beside or not cell:
                yield Text(head, "bold")
            else:
                name = head + " " * (beside - cell_len(head))
                yield Text.assemble((name, "bold"), lines.pop(0))
            yield from (Text(" " * indent + line) for line in lines if line)


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of a width, ended between words; a word that is wider is cut."""
    from rich.cells import cell_len, chop_cells

    if cell_len(text) <= width:
        return [text]
    lines = [""]
    for piece in _pieces(text):
        longer = f"{lines[-1]} {piece}" if lines[-1] else piece
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines += chop_cells(piece, width)
    return [line for line in lines if line] or [""]


def _pieces(text: str) -> Iterator[str]:
    """The words, those that belong together in one."""
    for piece in GLUED.sub(GLUE, text).split(" "):
        yield piece.replace(GLUE, " ")


def _longest(text: str) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, _pieces(text)))
