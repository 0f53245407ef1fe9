"""What stands in which lane of a timeline: bars of days, claims told from what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

from events import edtf, facts
from tracker import wording
from tracker.charts import theme
from tracker.charts.canvas import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from events.facts import Fact

START: Final = "stated start"
STEPS: Final = "steps"
EVIDENCE: Final = "evidence"
PLANS: Final = "capacity, targets"
REPORTS: Final = "volumes"
COMPANY: Final = "companies"
LANES: Final = (START, STEPS, EVIDENCE, PLANS, REPORTS, COMPANY)

NOTE: Final = 190
"""Pixels that the beginning of a note may take."""

SAYINGS: Final = (
    facts.ProductionConsidered,
    facts.ProductionAnnounced,
    *facts.Evidence.__args__,
)
"""What is somebody's word; the other types are what happened."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A bar from the earliest to the latest day, and the day on which it became known.

    None is an open end. `claim` is what is said, not what happened.
    """

    fact: Fact
    lane: str
    words: str
    earliest: date | None
    latest: date | None
    approximate: bool
    claim: bool

    @property
    def known_on(self) -> date:
        """The day on which it became public."""
        return self.fact.known_on


def items(told: Iterable[Fact]) -> Iterator[Item]:
    """The bars of some facts: when each happened, and the start that it states."""
    for fact in told:
        if lane := _lane(fact):
            when = _when(fact)
            yield _item(fact, lane, when, words=_words(fact), claim=_is_claim(fact, when))
        stated = getattr(fact, "expected_start", None)
        if stated and not isinstance(fact, facts.ProductionStarted):
            words = wording.shortened(wording.span(stated))
            yield _item(fact, START, stated, words=words, claim=True)


def _lane(fact: Fact) -> str | None:
    if isinstance(fact, facts.ProgrammeOpened | facts.Correction):
        return None
    if isinstance(fact, facts.Lifecycle | facts.Halt):
        return STEPS
    if isinstance(fact, facts.StartRevised):
        return None if fact.expected_start else START
    if isinstance(fact, facts.Plan):
        return PLANS
    if isinstance(fact, facts.VolumeReported):
        return REPORTS
    if isinstance(fact, facts.Context):
        return COMPANY
    if isinstance(fact, facts.Evidence):
        return EVIDENCE
    assert_never(fact)


def _when(fact: Fact) -> str:
    """The EDTF that a bar is of: the period of a report, the date of a target."""
    match fact:
        case facts.VolumeReported():
            return fact.period
        case facts.TargetAnnounced() if fact.target_by:
            return fact.target_by
        case _:
            return fact.occurred


def _is_claim(fact: Fact, when: str) -> bool:
    """Whether it is somebody's word, or lay ahead on the day it was said."""
    earliest = edtf.parse(when).earliest
    ahead = earliest is not None and earliest > fact.known_on
    return ahead or isinstance(fact, SAYINGS)


def _item(fact: Fact, lane: str, when: str, *, words: str, claim: bool) -> Item:
    span = edtf.parse(when)
    return Item(
        fact=fact,
        lane=lane,
        words=words,
        earliest=span.earliest,
        latest=span.latest,
        approximate=bool(span.approximate),
        claim=claim,
    )


def _words(fact: Fact) -> str:
    """A few words, our own where the type says enough; the table has the whole summary."""
    match fact:
        case facts.VolumeReported():
            return f"{fact.volume:,.10g}"
        case facts.CapacityAnnounced() if fact.capacity_per_year:
            return f"{fact.capacity_per_year:,.10g} a year"
        case facts.TargetAnnounced() if fact.target_volume:
            return f"target {fact.target_volume:,.10g}"
        case facts.Noted() if fact.summary:
            return cut(fact.summary, NOTE, theme.SMALL)
        case _:
            return (
                fact.type.removeprefix("production-")
                .removeprefix("evidence-")
                .replace("-", " ")
            )
