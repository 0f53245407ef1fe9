"""Bars beside words: drawn by Rich where there is a terminal, of plain signs wherever else."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, TextIO

from tracker.tables import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.measure import Measurement
    from rich.table import Table

LEAST: Final = 8
"""A bar that would be shorter is left out."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A stretch from one share of a width to another, in the `most` characters it may take.

    With a `middle` it is a range, marked there; a move up or down has its `sign`, + or -.
    """

    begin: float = 0.0
    end: float
    middle: float | None = None
    sign: str = "#"
    most: int = 40

    def plain(self, width: int) -> str:
        """The bar in signs that every screen has, padded to the width."""
        if self.middle is not None:
            return self._range("-", "|", width)
        first, last = round(self.begin * width), round(self.end * width)
        if self.sign != "#":  # a move has a sign, however small
            first, last = min(first, width - 1), max(last, first + 1)
        return f"{' ' * first}{self.sign * (last - first)}"[:width].ljust(width)

    def _range(self, line: str, mark: str, width: int) -> str:
        shares = (self.begin, self.middle or 0.0, self.end)
        first, middle, last = (round(share * (width - 1)) for share in shares)
        signs = [line if first <= place <= last else " " for place in range(width)]
        signs[middle] = mark
        return "".join(signs)

    def __rich_measure__(self, _console: Console, options: ConsoleOptions) -> Measurement:
        """How wide Rich may make it."""
        from rich.measure import Measurement

        return Measurement(0, self.most).with_maximum(options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The bar in the width that Rich has for it."""
        from rich import bar
        from rich.text import Text

        width, colour = options.max_width, "red" if self.sign == "-" else "blue"
        if width < LEAST:
            yield Text()
        elif options.ascii_only or console.is_dumb_terminal:
            yield Text(self.plain(width))
        elif self.middle is not None:
            yield Text(self._range("░", "┃", width), colour)
        else:
            end = max(self.end, self.begin + (self.sign != "#") / width)
            yield bar.Bar(1, self.begin, end, width=width, color=colour)


@dataclass(frozen=True, kw_only=True)
class Row:
    """Words, a bar, and words behind it."""

    words: str
    bar: Bar | None = None
    behind: str = ""

    def __str__(self) -> str:
        """The row in plain signs."""
        bar = self.bar.plain(self.bar.most) if self.bar else ""
        return "  ".join(filter(None, [self.words, bar, self.behind])).rstrip()


def write(lines: Iterable[str | Row], out: TextIO | None = None) -> None:
    """Write lines and rows; a terminal has them as wide as it is.

    There rows that follow one another are a table: the words behind stay in their column.
    """
    out = out or sys.stdout
    if not out.isatty():
        out.writelines(f"{harmless(str(line))}\n" for line in lines)
        return
    from rich.text import Text

    from tracker.fitted import screen

    console = screen(out)
    for _, some in groupby(lines, type):
        together = list(some)
        if rows := [one for one in together if isinstance(one, Row)]:
            console.print(_table(rows, console.width))
        else:
            console.print(Text(harmless("\n".join(map(str, together)))))


def _table(rows: Iterable[Row], width: int) -> Table:
    """The rows, their first words in one piece; a bar only where there is room for it."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    for row in rows:
        left = width - len(row.words)
        if not table.columns:
            table.add_column(no_wrap=left > 0)
        needed = LEAST + 2 + bool(row.behind) * 2 * LEAST
        bar = [row.bar] if row.bar and left >= needed else []
        behind = [Text(harmless(row.behind), overflow="fold")] if row.behind else []
        table.add_row(Text(harmless(row.words)), *bar, *behind)
    return table
