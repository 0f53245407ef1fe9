"""How a case's time and memory grow with its size: the slope on doubly logarithmic paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from cases import Case
from pairs import Side

SIZES = {
    "events": (1_000, 10_000, 100_000, 1_000_000),
    "programmes": (10, 100, 1_000, 10_000),
}


FINEST = 1e-4
"""Seconds below which a processor's clock says nothing."""


@dataclass(frozen=True, kw_only=True)
class Growth:
    """A case at each size. `exponents` are of neighbouring sizes: 1 is linear.

    What n log n would have between the last two is `linear_log`: a little over 1.
    """

    case: str
    words: str
    sizes: tuple[int, ...]
    sides: tuple[Side, ...]

    @property
    def exponents(self) -> tuple[float, ...]:
        """The slopes between neighbouring sizes, of processor seconds."""
        points = zip(self.sizes, self.sides, strict=True)
        return tuple(
            round(log(max(b.busy, FINEST) / max(a.busy, FINEST)) / log(m / n), 2)
            for (n, a), (m, b) in pairwise((size, side) for size, side in points)
        )

    @property
    def linear_log(self) -> float:
        """What n log n has between the last two sizes."""
        if len(self.sizes) == 1:
            return 1.0
        n, m = self.sizes[-2:]
        return round(log(m * log(m) / (n * log(n))) / log(m / n), 2)


def grown(case: Case, *, most: int, count: int) -> Growth:
    """A case at each size up to `most`."""
    sizes = tuple(size for size in SIZES[case.by] if size <= most)
    return Growth(
        case=case.name,
        words=case.words(sizes[-1])[0],
        sizes=sizes,
        sides=tuple(_sides(case, sizes, count)),
    )


def _sides(case: Case, sizes: Sequence[int], count: int) -> Iterator[Side]:
    for size in sizes:
        with case.laid(size) as sides:
            if count > 1:
                sides.ours(-1)
            yield Side.of([sides.ours(number) for number in range(count)])
