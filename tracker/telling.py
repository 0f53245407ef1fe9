"""A move in words and bars: the whole, and between before and after each part."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from forecasts.evidence import TABLE
from tracker import wording
from tracker.bars import Bar, Row
from tracker.causes import LEAST, caption, small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forecasts.explain import Move, Part

BAR: Final = 24
"""Characters that the bars may take: the words beside them need more."""


def told(programme: str, move: Move, begin: str) -> list[str | Row]:
    """The lines of a move; `begin` is in words what it begins with."""
    said = wording.likelihood(move.after)
    return [
        f"{programme}: P(start by {wording.day(move.by)})",
        f"{'':10}  {wording.percent(move.before):>8}  {begin}",
        *_steps(programme, move),
        f"{'':10}  {wording.percent(move.after):>8}  after ({said})",
        *_volume(move),
    ]


def _volume(move: Move) -> Iterator[str]:
    """A year's P10, median and P90; nothing where it was not forecast before or after."""
    before, after = (one.quantiles if one else None for one in move.amounts)
    if before and after:
        three = (" / ".join(f"{units:,}" for units in one) for one in (before, after))
        said = " -> ".join(three) if before != after else f"{next(three)}, before and after"
        yield f"volume {move.year}, P10 / median / P90:  {said}"


def _steps(programme: str, move: Move) -> list[Row]:
    """A row a part, each bar from where the one before ended; small ones are the last."""
    shown = [
        (part.day.isoformat(), part.delta, _caption(part, programme))
        for part in move.parts
        if abs(part.delta) >= LEAST
    ]
    if rest := [part.delta for part in move.parts if abs(part.delta) < LEAST]:
        shown.append((f"{'':10}", sum(rest), small(len(rest))))
    levels = [*accumulate((delta for _, delta, _ in shown), initial=move.before)]
    low, reach = min(levels), max(levels) - min(levels) or 1
    shares = [(level - low) / reach for level in levels]
    return [
        Row(
            words=f"{day}  {wording.points(delta):>8}",
            bar=Bar(begin=min(ends), end=max(ends), sign="-" if delta < 0 else "+", most=BAR),
            behind=caption,
        )
        for (day, delta, caption), ends in zip(shown, pairwise(shares), strict=True)
    ]


def _caption(part: Part, programme: str) -> str:
    return caption(
        part.kind,
        part.fact,
        slug=programme,
        judged=part.fact is not None and part.fact.type in TABLE,
        taken_away=part.taken_away,
    )
