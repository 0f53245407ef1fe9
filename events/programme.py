"""The state of a programme: what its facts, replayed, amount to."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct
from msgspec.structs import replace

from events import edtf, facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.facts import Fact


class Stage(StrEnum):
    """How far a production programme has come; the last four overlay the others."""

    CONSIDERED = "considered"
    ANNOUNCED = "announced"
    COMMITTED = "committed"
    PERMITTED = "permitted"
    UNDER_CONSTRUCTION = "under construction"
    TRIAL_PRODUCTION = "trial production"
    STARTED = "started"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


WAY: Final = tuple(Stage)[: tuple(Stage).index(Stage.STARTED) + 1]
"""The stages in the order in which a programme reaches them."""

REACHES: Final[dict[type[facts.Recorded], Stage]] = {
    facts.ProductionConsidered: Stage.CONSIDERED,
    facts.ProductionAnnounced: Stage.ANNOUNCED,
    facts.SiteSelected: Stage.COMMITTED,
    facts.DealSigned: Stage.COMMITTED,
    facts.JointVentureFormed: Stage.COMMITTED,
    facts.PermitGranted: Stage.PERMITTED,
    facts.ConstructionStarted: Stage.UNDER_CONSTRUCTION,
    facts.TrialProductionStarted: Stage.TRIAL_PRODUCTION,
    facts.ProductionStarted: Stage.STARTED,
}
"""The stage that a lifecycle event brings."""


class Programme(Struct, frozen=True, kw_only=True):
    """A programme as its facts have it; without an opening it is not followed yet.

    Of several openings the first known counts. `reached` never falls back; `halt` (paused,
    cancelled or stopped) lies over it. `window` is the stated start as EDTF, `capacity` the
    stated units a year.
    """

    slug: str
    opening: facts.ProgrammeOpened | None = None
    reached: Stage = Stage.CONSIDERED
    halt: Stage | None = None
    halted: str | None = None
    started: str | None = None
    window: str | None = None
    capacity: float | None = None
    last_known: date | None = None
    count: int = 0

    @property
    def stage(self) -> Stage:
        """The halt, while there is one; else the furthest stage reached."""
        return self.halt or self.reached

    @property
    def is_context(self) -> bool:
        """Whether it is followed for others' sake and never starts itself."""
        return self.opening is not None and self.opening.kind == "context"


def opening_of(told: Iterable[facts.Recorded]) -> facts.ProgrammeOpened | None:
    """The opening that counts of facts in the order known: the first."""
    return next((fact for fact in told if isinstance(fact, facts.ProgrammeOpened)), None)


def replay(slug: str, history: Iterable[Fact]) -> Programme:
    """The state after `history`, which is in the order known and free of corrections."""
    state = Programme(slug=slug)
    for fact in history:
        state = evolve(state, fact)
    return state


def evolve(state: Programme, fact: Fact) -> Programme:
    """The state after one more fact; never refuses, since it has happened."""
    state = replace(state, last_known=fact.known_on, count=state.count + 1)
    match fact:  # most facts are reports, so these are asked for first
        case (
            facts.VolumeReported()
            | facts.StakeAcquired()
            | facts.JointVentureDissolved()
            | facts.PlantClosed()
            | facts.Noted()
            | facts.EventRetracted()
            | facts.EventAmended()
        ):
            return state
        case facts.ProgrammeOpened():
            return replace(state, opening=state.opening or fact)
        case (
            facts.ProductionConsidered()
            | facts.ProductionAnnounced()
            | facts.SiteSelected()
            | facts.DealSigned()
            | facts.JointVentureFormed()
            | facts.PermitGranted()
            | facts.ConstructionStarted()
            | facts.TrialProductionStarted()
            | facts.ProductionStarted()
        ):
            return _advance(_claim(state, fact), fact)
        case facts.ProductionPaused():
            return _halt(state, Stage.PAUSED, fact)
        case facts.ProductionCancelled():
            return _halt(state, Stage.CANCELLED, fact)
        case facts.ProductionStopped():
            return _halt(state, Stage.STOPPED, fact)
        case facts.ProductionResumed():
            return replace(state, halt=None, halted=None)
        case facts.StartRevised() | facts.CapacityAnnounced() | facts.TargetAnnounced():
            return _claim(state, fact)
        case (
            facts.EvidenceFor()
            | facts.EvidenceAgainst()
            | facts.SiteFavoured()
            | facts.SiteRuledOut()
            | facts.RivalSiteSelected()
            | facts.ProductionDenied()
            | facts.IncentiveAnnounced()
            | facts.IncentiveGranted()
            | facts.IncentiveEnded()
            | facts.TariffImposed()
        ):
            return _hearsay(state, fact)
        case _:
            assert_never(fact)


def _claim(state: Programme, fact: facts.Claim) -> Programme:
    """A stated window or capacity replaces the one before."""
    capacity = fact.capacity_per_year
    return replace(
        state,
        window=fact.expected_start or state.window,
        capacity=state.capacity if capacity is None else capacity,
    )


def _hearsay(state: Programme, fact: facts.Claim) -> Programme:
    """Evidence may state a window or a capacity too, but only fills a gap."""
    capacity = state.capacity
    return replace(
        state,
        window=state.window or fact.expected_start,
        capacity=fact.capacity_per_year if capacity is None else capacity,
    )


def _advance(state: Programme, fact: facts.Lifecycle) -> Programme:
    if state.is_context:
        return state
    stage = REACHES[type(fact)]
    if WAY.index(stage) > WAY.index(state.reached):
        state = replace(state, reached=stage)
    if stage is Stage.STARTED and state.started is None:
        state = replace(state, started=fact.occurred)
    if state.halt and not _over(state, fact):
        return state
    return replace(state, halt=None, halted=None)


def _over(state: Programme, fact: facts.Lifecycle) -> bool:
    """Whether work has gone on since the halt.

    News of a step taken before the halt does not end it, and only a new start ends a stop.
    """
    if state.halt is Stage.STOPPED and not isinstance(fact, facts.ProductionStarted):
        return False
    stepped = edtf.parse(fact.occurred).latest
    halted = edtf.parse(state.halted or fact.occurred).earliest
    return stepped is None or halted is None or stepped >= halted


def _halt(state: Programme, stage: Stage, fact: facts.Halt) -> Programme:
    if state.is_context:
        return state
    return replace(state, halt=stage, halted=fact.occurred)
