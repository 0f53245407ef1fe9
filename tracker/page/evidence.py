"""The evidence: each event with its words, its source, what it moved, what became of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from events import edtf, facts, sources
from tracker import wording
from tracker.account import taken_back
from tracker.page.figures import units
from tracker.page.frame import address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from events.facts import Fact
    from forecasts.evidence import Table
    from tracker.account import Account, TakenBack

RELIABILITY: Final = {
    "A": "fully reliable source",
    "B": "usually reliable source",
    "C": "fairly reliable source",
    "D": "often unreliable source",
    "E": "unreliable source",
    "F": "source of unknown reliability",
}
CREDIBILITY: Final = {
    "1": "confirmed by others",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth cannot be judged",
}


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A later event that took one back or corrected it."""

    id: str
    told: str
    moved: int | None


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """An event as the page shows it; `moved` is its part of the move in millionths."""

    fact: Fact
    moved: int | None
    judged: str | None
    corrections: tuple[Correction, ...]
    retracted: bool

    @property
    def said(self) -> str:
        """Its words, or its type."""
        return self.fact.summary or self.fact.type.replace("-", " ")

    @property
    def when(self) -> str:
        """The day or the days of it, in words."""
        return wording.span(self.fact.occurred)

    @property
    def vague(self) -> bool:
        """Whether it is no certain day."""
        span = edtf.parse(self.fact.occurred)
        return bool(span.approximate) or span.earliest != span.latest

    @property
    def stated(self) -> list[str]:
        """What it states beside its sentence."""
        return list(_stated(self.fact))

    @property
    def grade(self) -> str:
        """The Admiralty grade of its source."""
        return sources.grade(self.fact.source)

    @property
    def graded(self) -> str:
        """The grade in words."""
        return f"{RELIABILITY[self.grade[0]]}, {CREDIBILITY[self.grade[1]]}"

    @property
    def publisher(self) -> str:
        """Who said it, as short as it is given."""
        return publisher(self.fact.source)

    @property
    def url(self) -> str | None:
        """The address that was given, which may be no address."""
        return self.fact.source.url if self.fact.source else None

    @property
    def root(self) -> str | None:
        """The report that it repeats."""
        source = self.fact.source
        return source.root if source and source.root != source.url else None


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The exhibits of one programme, newest first: its own, or a neighbour's, folded in."""

    slug: str
    title: str
    role: Literal["own", "rival", "context"]
    exhibits: tuple[Exhibit, ...]

    @property
    def moved(self) -> int:
        """How many of them moved the forecast."""
        return sum(bool(one.moved) for one in self.exhibits)


def shelves(
    account: Account, histories: Mapping[str, Sequence[Fact]], judged: Table
) -> Iterator[Shelf]:
    """The programme's own events, then its rivals', then those of its context.

    `histories` are the ledger's: of what was taken back, too, the page tells.
    """
    parts = _parts(account)

    def shelf(slug: str, title: str, role: Literal["own", "rival", "context"]) -> Shelf:
        told = account.told if role == "own" else near[slug].told
        gone = list(taken_back(histories[slug], account.as_of))
        every = {one.fact.id: one.fact for one in gone} | {fact.id: fact for fact in told}
        newest = sorted(every.values(), key=lambda fact: fact.known_on, reverse=True)
        shown = (_exhibit(fact, gone, parts, judged) for fact in newest)
        return Shelf(slug=slug, title=title, role=role, exhibits=tuple(shown))

    near = {one.slug: one for one in account.circle}
    yield shelf(account.slug, account.title, "own")
    for one in account.circle:
        yield shelf(one.slug, one.title, one.role)


def _parts(account: Account) -> dict[str, int]:
    """What each event moved."""
    moved: defaultdict[str, int] = defaultdict(int)
    for part in account.move.parts if account.move else ():
        if part.fact:
            moved[part.fact.id] += part.delta
    return dict(moved)


def _exhibit(
    fact: Fact, gone: Sequence[TakenBack], parts: Mapping[str, int], judged: Table
) -> Exhibit:
    effect = judged.get(fact.type)
    mine = [one for one in gone if one.fact.id == fact.id]
    return Exhibit(
        fact=fact,
        moved=parts.get(fact.id),
        judged=effect.reason if effect else None,
        corrections=tuple(
            Correction(
                id=one.by.id,
                told=f"{one.how} on {wording.day(one.by.known_on)}"
                + (f": {one.by.summary}" if one.by.summary else ""),
                moved=parts.get(one.by.id),
            )
            for one in mine
        ),
        retracted=any(one.how == "retracted" for one in mine),
    )


def publisher(source: sources.Source | None) -> str:
    """Who said it, as short as it is given."""
    if source is None:
        return "no source given"
    if source.publisher:
        return source.publisher
    whole = address(source.url)
    return whole.split("/")[2] if whole else "source"


def _stated(fact: Fact) -> Iterator[str]:
    """What an event states beside its sentence."""
    if start := getattr(fact, "expected_start", None):
        yield f"start stated: {wording.span(start)}"
    if capacity := getattr(fact, "capacity_per_year", None):
        yield f"{units(capacity)} a year stated"
    match fact:
        case facts.VolumeReported():
            measure = f" ({fact.measure})" if fact.measure else ""
            yield f"{units(fact.volume)} in {wording.span(fact.period)}{measure}"
        case facts.TargetAnnounced() if fact.target_volume:
            by = f" by {wording.span(fact.target_by)}" if fact.target_by else ""
            yield f"target: {units(fact.target_volume)} a year{by}"
        case facts.RivalSiteSelected() if fact.rival:
            yield f"chosen: {fact.rival}"
        case _:
            pass
    if amount := getattr(fact, "amount", None):
        yield f"{getattr(fact, 'currency', None) or ''} {units(amount)}".strip()
    if (stake := getattr(fact, "stake_pct", None)) is not None:
        yield f"stake of {stake:g} %"
