"""What no clock can measure: judged effects of denials, rivals, money, duties.

Each effect shifts the log of the months to a start and to a cancellation. They are judgement,
small unless the words are plain, and shown as judgement; nothing here was fitted, since the
reference class holds no such events. A step forward settles what was said before it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from events import facts, sources
from events.lines import short
from events.programme import opening_of
from forecasts.errors import ForecastError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from events.facts import Fact, Recorded
    from forecasts.history import Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """How a report of full weight moves both clocks, in log months, and why it should.

    `start` above zero is later, `cancel` below zero is sooner: both make a start less likely.
    """

    start: float
    cancel: float
    reason: str


Table = MappingProxyType[str, Effect]

TABLE: Final[Table] = MappingProxyType(
    {
        "evidence-for": Effect(
            start=-0.15,
            cancel=0.1,
            reason="A good word from those involved costs little and binds nobody.",
        ),
        "evidence-against": Effect(
            start=0.25,
            cancel=-0.2,
            reason="A doubt voiced by those involved costs them more than a good word.",
        ),
        "site-favoured": Effect(
            start=-0.3,
            cancel=0.2,
            reason="A lead among several sites is often, not always, kept.",
        ),
        "site-ruled-out": Effect(
            start=1.0,
            cancel=-1.0,
            reason="A site that is out comes back only if the winner fails.",
        ),
        "rival-site-selected": Effect(
            start=0.4,
            cancel=-0.3,
            reason="The award went elsewhere, beyond what the rivals' own odds already say.",
        ),
        "production-denied": Effect(
            start=0.5,
            cancel=-0.3,
            reason="Makers deny plans they have, but more often plans they have not.",
        ),
        "incentive-announced": Effect(
            start=-0.05,
            cancel=0.05,
            reason="Promised money is not yet spent, and open to all.",
        ),
        "incentive-granted": Effect(
            start=-0.25,
            cancel=0.2,
            reason="Granted money is lost if the plant does not come.",
        ),
        "incentive-ended": Effect(
            start=0.1,
            cancel=-0.1,
            reason="The sums were done with that money.",
        ),
        "tariff-imposed": Effect(
            start=-0.05,
            cancel=0.0,
            reason="A duty on imports is a small reason to build inside it.",
        ),
        "stake-acquired": Effect(
            start=-0.05,
            cancel=0.05,
            reason="A stake that grows is commitment, though to the company, not the plant.",
        ),
    }
)
"""Judged effects by type of event; a workspace may put its own in their place."""


def overridden(own: Mapping[str, Mapping[str, float | str]]) -> Table:
    """The table with a workspace's own effects in their places.

    `own` has `start`, `cancel` and `reason` by type of event, whichever are to change. Raises
    `ForecastError` for a type that carries no evidence, or an effect that is no number.
    """
    table = dict(TABLE)
    for kind, changes in own.items():
        try:
            table[kind] = replace(TABLE[kind], **_checked(changes))
        except (KeyError, TypeError, ValueError) as error:
            raise ForecastError(
                f"evidence.{short(kind)}: {short(str(dict(changes)))} is no effect; name one "
                f"of {', '.join(TABLE)}, with start and cancel as numbers and reason as text."
            ) from error
    return MappingProxyType(table)


def _checked(changes: Mapping[str, float | str]) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    for key, value in changes.items():
        checked[key] = str(value) if key == "reason" else float(value)
        if key != "reason" and not isfinite(checked[key]):
            raise ValueError(key)
    return checked


RELIABILITY: Final = {"A": 1.0, "B": 0.9, "C": 0.7, "D": 0.45, "E": 0.25, "F": 0.5}
CREDIBILITY: Final = {"1": 1.0, "2": 0.95, "3": 0.8, "4": 0.45, "5": 0.2, "6": 0.5}
"""What an Admiralty grade weighs; "cannot be judged" lies in the middle."""

AGAIN: Final = 0.5
"""The same thing said again by another root weighs half as much as the time before."""

NEARBY: Final = 0.5
"""What is said of a context that a programme follows weighs half on the programme."""

MOST: Final = 2.0
"""No heap of words moves a clock by more than a factor of e^2."""


def weight(fact: Recorded) -> float:
    """What its source's grade makes of a report, 0 to 1."""
    graded = sources.grade(fact.source)
    return RELIABILITY[graded[0]] * CREDIBILITY[graded[1]]


def shifts(
    programmes: Mapping[str, Sequence[Fact]], seen: Sequence[Snapshot], judged: Table = TABLE
) -> NDArray[np.float64]:
    """A row each: by how much the start and the cancel clock move, in log months."""
    moved = [_moved(_heard(programmes, each, judged), judged) for each in seen]
    return np.clip(np.array(moved, dtype=np.float64).reshape(-1, 2), -MOST, MOST)


def _moved(heard: Mapping[tuple[str, str, str], float], judged: Table) -> tuple[float, float]:
    """Start and cancel together: of each thing said the weightiest whole, each further half."""
    heaps: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for (kind, about, _), share in heard.items():
        heaps[kind, about].append(share)
    start = cancel = 0.0
    for (kind, _), shares in sorted(heaps.items()):
        ranked = enumerate(sorted(shares, reverse=True))
        total = sum(share * AGAIN**rank for rank, share in ranked)
        start += total * judged[kind].start
        cancel += total * judged[kind].cancel
    return start, cancel


def _heard(
    programmes: Mapping[str, Sequence[Fact]], seen: Snapshot, judged: Table
) -> dict[tuple[str, str, str], float]:
    """The weight of each thing said, by its type, the rival it names, and its root.

    One root counts once; two rivals that were chosen are two things said.
    """
    heard: dict[tuple[str, str, str], float] = {}
    for fact, share in _bearing(programmes, seen):
        if fact.type in judged and seen.stepped <= fact.known_on <= seen.as_of:
            rival = fact.rival if isinstance(fact, facts.RivalSiteSelected) else None
            key = fact.type, rival or "", sources.root(fact.source) or fact.id
            heard[key] = max(heard.get(key, 0.0), share * weight(fact))
    return heard


def _bearing(
    programmes: Mapping[str, Sequence[Fact]], seen: Snapshot
) -> Iterator[tuple[Fact, float]]:
    """Its own facts, and at half their weight those of the contexts that it follows."""
    for fact in programmes[seen.programme]:
        yield fact, 1.0
    for slug in seen.follows:
        told = programmes.get(slug, ())
        if _opened(told, seen):
            yield from ((fact, NEARBY) for fact in told)


def _opened(told: Iterable[Recorded], seen: Snapshot) -> bool:
    opened = opening_of(told)
    return bool(opened and opened.kind == "context" and opened.known_on <= seen.as_of)
