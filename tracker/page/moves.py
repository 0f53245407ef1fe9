"""What moved a forecast: the parts that a reader needs, and the rest in one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tracker import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forecasts.evidence import Table
    from forecasts.explain import Move, Part

MINUS: Final = "\N{MINUS SIGN}"

LEAST: Final = 5_000
"""Millionths below which parts are summed up; the picture's table and the evidence have all."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A part of the move as the page shows it; without a part, the sum of the small ones."""

    delta: int
    part: Part | None = None
    judged: bool = False
    count: int = 0

    @property
    def words(self) -> str:
        """What it was."""
        if self.part is None:
            return f"{self.count} parts of less than half a point each"
        fact = self.part.fact
        if fact is not None:
            return fact.summary or fact.type.replace("-", " ")
        cause = wording.CAUSES[self.part.kind]
        return f"{cause[0].upper()}{cause[1:]}"

    @property
    def points(self) -> str:
        """Percentage points, signed, with a true minus."""
        return points(self.delta)


def parts(move: Move, judged: Table) -> Iterator[Moved]:
    """The parts in the order known, the small ones summed up at the end."""
    small = []
    for part in move.parts:
        if abs(part.delta) < LEAST:
            small.append(part.delta)
            continue
        yield Moved(
            delta=part.delta,
            part=part,
            judged=part.fact is not None and part.fact.type in judged,
        )
    if small:
        yield Moved(delta=sum(small), count=len(small))


def points(millionths: int) -> str:
    """Percentage points with their sign, a true minus; 0.0 has none."""
    return wording.points(millionths).replace("-", MINUS)
