"""Bars made of characters: blocks on a terminal, plain signs wherever else."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TextIO

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDE: Final = 40
"""Characters of the longest bar, where there is room."""
LEAST: Final = 8
"""A bar that would be shorter is left out."""
EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
RANGE: Final = "░"
MIDDLE: Final = "┃"
DOWN: Final = "▒"
RISE: Final = re.compile(f"[{EIGHTHS[1:]}]+")
SPAN: Final = re.compile(f"[{RANGE}{MIDDLE}]+")
FALL: Final = re.compile(f"{DOWN}+")


@dataclass(frozen=True, kw_only=True)
class Pen:
    """What bars are drawn with: `columns` of a terminal, None for whatever is none."""

    columns: int | None = None
    blocks: bool = False
    colours: bool = False

    def room(self, taken: int) -> int:
        """Characters that a bar may take beside so many others; 0 where there is no room."""
        if self.columns is None:
            return WIDE
        left = min(self.columns - taken - 1, WIDE)
        return left if left >= LEAST else 0

    def bar(self, share: float, width: int) -> str:
        """A share of the width, padded to it."""
        if not self.blocks:
            return f"{'#' * round(share * width):<{width}}"
        eighths = round(share * width * 8)
        part = EIGHTHS[eighths % 8] if eighths % 8 else ""
        return f"{EIGHTHS[8] * (eighths // 8) + part:<{width}}"

    def signed(self, share: float, width: int) -> str:
        """A move up or down: at least one sign, padded to the width."""
        signs = (EIGHTHS[8], DOWN) if self.blocks else ("+", "-")
        sign = signs[share < 0]
        return f"{sign * max(1, round(abs(share) * width)):<{width}}"

    def span(self, low: float, middle: float, high: float, width: int) -> str:
        """From one share to another, with a mark between; padded to the width."""
        first, mark, last = (round(share * (width - 1)) for share in (low, middle, high))
        line, middle_sign = (RANGE, MIDDLE) if self.blocks else ("-", "|")
        signs = [line if first <= place <= last else " " for place in range(width)]
        signs[mark] = middle_sign
        return "".join(signs)

    def inked(self, line: str) -> str:
        """A finished line with its bars in colour, where colours are wanted."""
        if not self.colours:
            return line
        for pattern, colour in ((RISE, "blue"), (SPAN, "blue"), (FALL, "red")):
            line = pattern.sub(partial(_styled, colour), line)
        return line


def _styled(colour: str, run: re.Match[str]) -> str:
    return typer.style(run[0], fg=colour)


def pen(out: TextIO | None = None, environment: Mapping[str, str] = os.environ) -> Pen:
    """The pen for where output goes; `NO_COLOR`, and terminals without blocks, are heeded."""
    out = out or sys.stdout
    if not out.isatty():
        return Pen()
    columns = shutil.get_terminal_size().columns
    dumb = environment.get("TERM") == "dumb"
    return Pen(
        columns=columns,
        blocks="utf" in (out.encoding or "").lower() and not dumb,
        colours=not environment.get("NO_COLOR") and not dumb,
    )
