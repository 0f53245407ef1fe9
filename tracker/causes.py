"""What moved a forecast, in the same words wherever it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.sources import grade, publisher
from tracker import wording

if TYPE_CHECKING:
    from events.facts import Fact
    from events.issued import Kind

LEAST: Final = 2_500
"""Millionths below which a part is summed up with others."""


def caption(
    kind: Kind, fact: Fact | None, *, slug: str, judged: bool, taken_away: bool = False
) -> str:
    """The event with its source and id; without one, the kind of the part in words.

    `slug` is the programme whose forecast moved: it is named only of another's event.
    """
    if fact is None:
        return wording.CAUSES[kind]
    about = "" if fact.programme == slug else f"[{fact.programme}] "
    said = fact.summary or fact.type
    taken = "without: " if taken_away else ""
    whose = publisher(fact.source) or "no source"
    mark = " (judged)" if judged else ""
    return f"{taken}{about}{said}{mark}  {whose}, {grade(fact.source)}, {fact.id[:8]}"


def small(number: int) -> str:
    """What so many parts below `LEAST` are called together."""
    several, each = (f"{number} parts", " each") if number > 1 else ("one part", "")
    return f"{several} that moved it by less than a quarter point{each}"
