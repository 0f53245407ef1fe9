"""Whether what was said can be said again: issued forecasts, replayed from their cut-off."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from tracker.estimator import MODEL, Knowledge, estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from events.issued import ForecastIssued
    from events.ledger import Ledger
    from tracker.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What a replay found: how many agree, and what stands apart.

    `otherwise` were made by another version of the model or under another judgement of the
    workspace, so they cannot be replayed; `changed` say now what they did not say then.
    """

    agree: int
    otherwise: tuple[ForecastIssued, ...]
    changed: tuple[ForecastIssued, ...]


def replay_forecasts(
    place: Workspace, ledger: Ledger, watched: Callable[[int], None] = lambda _: None
) -> Replayed:
    """Make every issued forecast again from what the ledger held at its cut-off.

    `watched` is told how many were looked at, now and then.
    """
    knowledge = Knowledge.of(ledger, place)
    groups: defaultdict[tuple[int, date], list[ForecastIssued]] = defaultdict(list)
    otherwise = []
    for slug in ledger.programmes():
        for said in ledger.forecasts(slug):
            if (said.model, said.judged) == (MODEL, knowledge.judgement):
                groups[said.cutoff, said.as_of].append(said)
            else:
                otherwise.append(said)
    changed: list[ForecastIssued] = []
    agree = 0
    for (cutoff, as_of), group in sorted(groups.items()):
        differing = _differing(knowledge.until(cutoff), group, as_of)
        changed += differing
        agree += len(group) - len(differing)
        watched(len(group))
    return Replayed(agree=agree, otherwise=tuple(otherwise), changed=tuple(changed))


def _differing(
    knowledge: Knowledge, group: Sequence[ForecastIssued], as_of: date
) -> list[ForecastIssued]:
    """Those whose bytes are not what is said now from the same cut-off, moves left out."""
    again = {
        made.programme: made
        for made in estimate(knowledge, [said.programme for said in group], as_of=as_of)
    }
    return [
        said
        for said in group
        if again.get(said.programme) != msgspec.structs.replace(said, move=None)
    ]
