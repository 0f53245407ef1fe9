"""The vocabulary: every type of event, frozen and validated, under its own topic.

A fact is one immutable statement about a programme. Its fields are the keys of a journal
line; its tag, not its class's path, is what the ledger remembers. Dates of the world are EDTF
strings (`events.edtf` gives their bounds), `known_on` is a plain day.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct

from events.sources import Source, Text

Slug = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
        max_length=80,
        description="lower-case words and digits joined by -",
    ),
]
EventId = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z",
        description="a UUID in lower case",
    ),
]
Edtf = Annotated[str, Meta(min_length=4, max_length=200, description="a date in EDTF")]
Words = Annotated[str, Meta(min_length=1, max_length=200)]
Amount = Annotated[int, Meta(ge=0, le=10**15)] | Annotated[float, Meta(ge=0, le=1e15)]
Percent = Annotated[int, Meta(ge=0, le=100)] | Annotated[float, Meta(ge=0, le=100)]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z", description="ISO 4217")]
Kind = Literal["production", "context"]
Measure = Literal["production", "deliveries", "registrations"]


class Recorded(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="type",
):
    """What every statement carries, whatever it says."""

    id: EventId
    programme: Slug
    occurred: Edtf
    known_on: date
    summary: Text | None = None
    occurred_words: Words | None = None
    recorded_by: Words | None = None
    source: Source | None = None

    @property
    def type(self) -> str:
        """The topic, as journals and the ledger spell it."""
        return str(self.__struct_config__.tag)


class ProgrammeOpened(Recorded, tag="programme-opened", frozen=True, kw_only=True):
    """A programme is followed from here on; nothing of it counts as known before."""

    title: Words
    kind: Kind | None = None
    organisations: tuple[Words, ...] = ()
    site: Words | None = None
    country: Words | None = None
    product: Words | None = None
    unit: Words | None = None
    brownfield: bool | None = None
    partner: Words | None = None
    tags: tuple[Words, ...] = ()
    follows: tuple[Slug, ...] = ()
    rivals: tuple[Slug, ...] = ()


class Claim(Recorded, frozen=True, kw_only=True):
    """A statement that may bring a window of start or a capacity with it."""

    expected_start: Edtf | None = None
    expected_start_words: Words | None = None
    capacity_per_year: Amount | None = None


class FundedClaim(Claim, frozen=True, kw_only=True):
    """A claim that may bring a stake or a sum of money with it as well."""

    stake_pct: Percent | None = None
    amount: Amount | None = None
    currency: Currency | None = None


class Ownership(Recorded, frozen=True, kw_only=True):
    """Who owns how much of whom, and what was paid."""

    stake_pct: Percent | None = None
    amount: Amount | None = None
    currency: Currency | None = None


class ProductionConsidered(Claim, tag="production-considered", frozen=True, kw_only=True):
    """Somebody weighs it; nobody has promised."""


class ProductionAnnounced(Claim, tag="production-announced", frozen=True, kw_only=True):
    """The maker says it will happen."""


class SiteSelected(Claim, tag="site-selected", frozen=True, kw_only=True):
    """The place is chosen."""


class DealSigned(Claim, tag="deal-signed", frozen=True, kw_only=True):
    """Contracts bind somebody to it."""


class JointVentureFormed(FundedClaim, tag="joint-venture-formed", frozen=True, kw_only=True):
    """Partners found the company that is to do it."""


class PermitGranted(Claim, tag="permit-granted", frozen=True, kw_only=True):
    """An authority allows it."""


class ConstructionStarted(Claim, tag="construction-started", frozen=True, kw_only=True):
    """Ground is broken, or a line rebuilt."""


class TrialProductionStarted(Claim, tag="trial-production-started", frozen=True, kw_only=True):
    """First vehicles that no customer gets."""


class ProductionStarted(Claim, tag="production-started", frozen=True, kw_only=True):
    """The first series vehicle for customers: what a start forecast is about."""


class ProductionPaused(Recorded, tag="production-paused", frozen=True, kw_only=True):
    """Work or production rests, with an intention to go on."""


class ProductionResumed(Recorded, tag="production-resumed", frozen=True, kw_only=True):
    """What had been paused, or stopped, goes on."""


class ProductionCancelled(Recorded, tag="production-cancelled", frozen=True, kw_only=True):
    """It will not start: this product, at this site."""


class ProductionStopped(Recorded, tag="production-stopped", frozen=True, kw_only=True):
    """It had started, and has ended."""


class StartRevised(Claim, tag="start-revised", frozen=True, kw_only=True):
    """The stated window changes; a later one is a slip."""


class CapacityAnnounced(Claim, tag="capacity-announced", frozen=True, kw_only=True):
    """The stated yearly capacity is set or changed."""


class TargetAnnounced(Claim, tag="target-announced", frozen=True, kw_only=True):
    """A claim of units a year by a date, to be forecast and scored."""

    target_volume: Amount | None = None
    target_by: Edtf | None = None


class VolumeReported(Recorded, tag="volume-reported", frozen=True, kw_only=True):
    """A count of units in a period, of one measure."""

    period: Edtf
    volume: Amount
    measure: Measure | None = None


class StakeAcquired(Ownership, tag="stake-acquired", frozen=True, kw_only=True):
    """One company buys into another."""


class JointVentureDissolved(
    Ownership, tag="joint-venture-dissolved", frozen=True, kw_only=True
):
    """Partners part."""


class PlantClosed(Recorded, tag="plant-closed", frozen=True, kw_only=True):
    """Capacity goes elsewhere, or nowhere."""


class EvidenceFor(Claim, tag="evidence-for", frozen=True, kw_only=True):
    """A reason to think it more likely."""


class EvidenceAgainst(Claim, tag="evidence-against", frozen=True, kw_only=True):
    """A reason to think it less likely."""


class SiteFavoured(Claim, tag="site-favoured", frozen=True, kw_only=True):
    """The site is said to lead among several."""


class SiteRuledOut(Claim, tag="site-ruled-out", frozen=True, kw_only=True):
    """The site is said to be out."""


class RivalSiteSelected(Claim, tag="rival-site-selected", frozen=True, kw_only=True):
    """Another candidate for the same award won it."""

    rival: Slug | None = None


class ProductionDenied(Claim, tag="production-denied", frozen=True, kw_only=True):
    """The maker says there is no such plan, or not yet."""


class IncentiveAnnounced(FundedClaim, tag="incentive-announced", frozen=True, kw_only=True):
    """Public money is promised."""


class IncentiveGranted(FundedClaim, tag="incentive-granted", frozen=True, kw_only=True):
    """Public money is awarded."""


class IncentiveEnded(FundedClaim, tag="incentive-ended", frozen=True, kw_only=True):
    """Public money is used up or withdrawn."""


class TariffImposed(Claim, tag="tariff-imposed", frozen=True, kw_only=True):
    """A duty is decreed; it may begin after it is known."""


class Noted(Recorded, tag="noted", frozen=True, kw_only=True):
    """Worth a place on the timeline, and no more."""


class EventRetracted(Recorded, tag="event-retracted", frozen=True, kw_only=True):
    """An earlier event no longer counts from this one's `known_on` on."""

    retracts: EventId


class EventAmended(FundedClaim, tag="event-amended", frozen=True, kw_only=True):
    """The corrected event whole; its type is that of the event it amends."""

    amends: EventId
    title: Words | None = None
    kind: Kind | None = None
    organisations: tuple[Words, ...] = ()
    site: Words | None = None
    country: Words | None = None
    product: Words | None = None
    unit: Words | None = None
    brownfield: bool | None = None
    partner: Words | None = None
    tags: tuple[Words, ...] = ()
    follows: tuple[Slug, ...] = ()
    rivals: tuple[Slug, ...] = ()
    target_volume: Amount | None = None
    target_by: Edtf | None = None
    period: Edtf | None = None
    volume: Amount | None = None
    measure: Measure | None = None
    rival: Slug | None = None


Lifecycle = (
    ProductionConsidered
    | ProductionAnnounced
    | SiteSelected
    | DealSigned
    | JointVentureFormed
    | PermitGranted
    | ConstructionStarted
    | TrialProductionStarted
    | ProductionStarted
)
Halt = ProductionPaused | ProductionResumed | ProductionCancelled | ProductionStopped
Plan = StartRevised | CapacityAnnounced | TargetAnnounced
Context = StakeAcquired | JointVentureDissolved | PlantClosed | Noted
Evidence = (
    EvidenceFor
    | EvidenceAgainst
    | SiteFavoured
    | SiteRuledOut
    | RivalSiteSelected
    | ProductionDenied
    | IncentiveAnnounced
    | IncentiveGranted
    | IncentiveEnded
    | TariffImposed
)
Correction = EventRetracted | EventAmended
Fact = (
    ProgrammeOpened | Lifecycle | Halt | Plan | VolumeReported | Context | Evidence | Correction
)

TYPES: Final[dict[str, type[Recorded]]] = {
    str(cls.__struct_config__.tag): cls for cls in get_args(Fact)
}
"""Every type of the vocabulary by its name, in the order of the vocabulary."""

DATED: Final = ("occurred", "expected_start", "period", "target_by")
"""The keys that hold EDTF."""


@cache
def dated(type: type[Struct]) -> tuple[str, ...]:
    """Those of them that a type has."""
    return tuple(key for key in DATED if key in type.__struct_fields__)
