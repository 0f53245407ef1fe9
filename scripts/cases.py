"""The cases of the benchmark by name, and what each is asked of and at which sizes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal

from pairs import Reach, Sides

Laid = Callable[[int], AbstractContextManager[Sides]]
"""What lays out a case of a size for as long as it is run."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One question of speed. `ours` and `yardstick` say in words what is run.

    `by` names what its size counts, `size` how many of them there are if nobody says
    otherwise, `tiny` how many in a smoke run. `grows` puts it among the cases whose growth is
    measured. `pairs` caps how often a long one is run.
    """

    name: str
    ours: str
    yardstick: str | None
    laid: Laid
    reach: Reach = field(default_factory=Reach)
    by: Literal["events", "programmes", "times"] = "times"
    size: int = 1
    tiny: int = 1
    grows: bool = False
    pairs: int | None = None

    def words(self, size: int) -> tuple[str, str | None]:
        """Both sides in words, with the size in them."""
        theirs = self.yardstick.format(size=size) if self.yardstick else None
        return self.ours.format(size=size), theirs


class Missing(Exception):
    """What a case needs is not installed; the sentence says what."""
