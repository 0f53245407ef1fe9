"""The rows of a waterfall: from the first forecast through its parts to the last.

Parts of events are told one by one, the largest of them; what time did, what was learned of
others and what small events did are one row each, wherever in the story they came.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from events.issued import MILLION
from forecasts.evidence import TABLE
from tracker import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from forecasts.explain import Move, Part

MOST: Final = 12
"""Events that are told one by one: the largest parts, in the order in which they came."""
LEAST: Final = 1_000
"""Millionths below which an event's part is summed up with others."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A row of the waterfall, in millionths: from where to where, and of what.

    A level (`delta` is None) begins at nothing.
    """

    words: str
    day: str
    low: int
    high: int
    delta: int | None
    judged: bool = False
    event: str | None = None

    @property
    def figure(self) -> str:
        """Percent of a level, points of a part."""
        return wording.percent(self.high) if self.delta is None else wording.points(self.delta)


def bars(move: Move, titles: Mapping[str, str], as_of: date) -> list[Bar]:
    """What was said first, the parts, and what is said now; the bars join and add up.

    `titles` are those of other programmes, whose events are told with them.

    Sums stand in front or behind, so that the levels between stay chances as far as they can.
    """
    shown = _largest([part for part in move.parts if part.fact])
    sums = _sums(move.parts, shown)
    first = Bar(words="before", day="", low=0, high=move.before, delta=None)
    orders = [
        [
            *_chained(front, first.high),
            *_events(shown, titles, first.high + _all(front)),
            *_chained(back, move.after - _all(back)),
        ]
        for front, back in _parted(sums)
    ]
    now = wording.brief(as_of)
    last = Bar(words="now", day=now, low=0, high=move.after, delta=None)
    return [first, *min(orders, key=_beyond), last]


def _all(sums: Iterable[tuple[str, int]]) -> int:
    return sum(delta for _, delta in sums)


def _parted(sums: Sequence[tuple[str, int]]) -> Iterator[tuple[list[Any], list[Any]]]:
    """Which sums stand in front: those that raised it, those that lowered it, all or none."""
    up, down = [one for one in sums if one[1] > 0], [one for one in sums if one[1] <= 0]
    yield from ((up, down), (down, up), ([*sums], []), ([], [*sums]))


def _beyond(made: Sequence[Bar]) -> int:
    """By how much levels leave what a chance can be."""
    levels = [bar.high for bar in made]
    return sum(max(-level, 0) + max(level - MILLION, 0) for level in levels)


def _largest(parts: Sequence[Part]) -> list[Part]:
    order = sorted(parts, key=lambda part: -abs(part.delta))[:MOST]
    kept = {id(part) for part in order if abs(part.delta) >= LEAST}
    return [part for part in parts if id(part) in kept]


def _sums(parts: Sequence[Part], shown: Sequence[Part]) -> list[tuple[str, int]]:
    """What all other parts did, by kind."""
    told = {id(part) for part in shown}
    sums: defaultdict[str, list[int]] = defaultdict(list)
    for part in parts:
        if id(part) not in told:
            small = part.fact is not None
            sums["small" if small else wording.CAUSES[part.kind]].append(part.delta)
    small_ones = sums.pop("small", [])
    found = [(words, sum(deltas)) for words, deltas in sums.items()]
    if small_ones:
        several = f"{len(small_ones)} smaller events together"
        words = several if len(small_ones) > 1 else "one smaller event"
        found.append((words, sum(small_ones)))
    return found


def _chained(sums: Iterable[tuple[str, int]], level: int) -> Iterator[Bar]:
    for words, delta in sums:
        yield Bar(words=words, day="", low=level, high=level + delta, delta=delta)
        level += delta


def _events(shown: Sequence[Part], titles: Mapping[str, str], level: int) -> Iterator[Bar]:
    for part in shown:
        yield Bar(
            words=_told(part, titles),
            day=wording.brief(part.day),
            low=level,
            high=level + part.delta,
            delta=part.delta,
            judged=part.fact is not None and part.fact.type in TABLE,
            event=part.fact.id if part.fact else None,
        )
        level += part.delta


def _told(part: Part, titles: Mapping[str, str]) -> str:
    """What happened, in the words of whoever recorded it, and of which programme it was."""
    if part.fact is None:
        return wording.CAUSES[part.kind]
    fact = part.fact
    about = f"{titles[fact.programme]}: " if fact.programme in titles else ""
    plain_type = fact.type.replace("-", " ")
    return f"{about}{fact.summary or plain_type}"
