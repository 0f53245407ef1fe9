"""Which forecasts are due, and what they say: the ledger's facts in, `ForecastIssued` out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from events import facts
from events.corrections import effective
from events.issued import MILLION, ForecastIssued, YearIssued
from events.programme import Programme, Stage, replay
from forecasts import evidence, start, volume
from forecasts.announced import at_face_value, promised_volumes
from forecasts.distribution import StartDistribution
from forecasts.history import is_running
from forecasts.months import month_end, month_of
from tracker.bearing import openings
from tracker.errors import no_programme
from tracker.experience import of_launches
from tracker.judging import judged
from tracker.keeping import digest
from tracker.learning import Markets, learn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from events.facts import Fact
    from events.ledger import Ledger
    from forecasts.experience import Weights
    from forecasts.market import MarketOutlook
    from forecasts.volume import YearVolume
    from tracker.learning import Lore
    from tracker.workspace import Workspace

Made = TypeVar("Made")

MODEL: Final = f"{start.MODEL}+{volume.MODEL}"
OVER: Final = (Stage.CANCELLED, Stage.STOPPED)
"""Stages in which there is nothing to forecast."""

LATELY: Final = 8
"""Days, or positions, of which is kept what was known: each holds every fact once more."""


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What the ledger holds up to a position, read once for any number of days."""

    histories: Mapping[str, Sequence[Fact]]
    positions: Mapping[str, int]
    cutoff: int
    cache: Path | None = None
    judged: evidence.Table = field(default_factory=lambda: evidence.TABLE)
    memory: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What was worked out of it already, by whoever did: moves ask the same again."""

    @classmethod
    def of(cls, ledger: Ledger, place: Workspace | None = None) -> Knowledge:
        """Everything that is recorded now.

        With a workspace, what is learned is kept in its cache, and its settings may judge
        evidence otherwise.
        """
        histories: dict[str, list[Fact]] = {}
        positions: dict[str, int] = {}
        cutoff = 0
        for entry in ledger.entries():
            histories.setdefault(entry.originator_id, []).append(entry.fact)
            positions[entry.fact.id] = cutoff = entry.position
        return cls(
            histories=histories,
            positions=positions,
            cutoff=cutoff,
            cache=place.cache if place else None,
            judged=judged(place.settings) if place else evidence.TABLE,
        )

    @property
    def judgement(self) -> str:
        """The hash of the workspace's own judgement, empty for the shipped one."""
        if self.judged == evidence.TABLE:
            return ""
        return digest({type: [one.start, one.cancel] for type, one in self.judged.items()})

    def stands(self, said: ForecastIssued, position: int) -> bool:
        """Whether a forecast saw what was recorded up to a position, no more, judged as now."""
        if (said.model, said.judged) != (MODEL, self.judgement) or said.cutoff > position:
            return False
        return not any(said.cutoff < place <= position for place in self.positions.values())

    def until(self, position: int) -> Knowledge:
        """What the ledger held up to an earlier position."""
        if position >= self.cutoff:
            return self
        return self.lately("until", position, lambda: self._until(position))

    def _until(self, position: int) -> Knowledge:
        there = self.positions
        return replace(
            self,
            histories={
                slug: [fact for fact in history if there[fact.id] <= position]
                for slug, history in self.histories.items()
            },
            cutoff=position,
            memory={},
        )

    @property
    def opened(self) -> Mapping[str, facts.ProgrammeOpened]:
        """The opening of each programme that is recorded, whenever it was known."""
        return self.lately("opened", self.cutoff, lambda: openings(self.histories))

    def known(self, as_of: date) -> Mapping[str, Sequence[Fact]]:
        """The facts that counted on a day, of the programmes that were open by then."""
        return self.lately("known", as_of, lambda: self._known(as_of))

    def started(self, slug: str, as_of: date) -> str | None:
        """When production had started, as known on a day: EDTF, None where it had not."""
        return replay(slug, effective(self.histories.get(slug, ()), as_of=as_of)).started

    def lore(self, as_of: date) -> Lore:
        """What the reference class teaches by a day."""
        return self.lately("lore", as_of, lambda: learn(self.known(as_of), as_of, self.cache))

    def lately(self, kind: str, key: date | int, make: Callable[[], Made]) -> Made:
        """What was made of these histories for one of the last few keys, or make it now.

        Forecasts of one day ask the same of all others, each of them.
        """
        held = self.memory.get(kind, ())
        found = next((one for one in held if one[0] is self.histories and one[1] == key), None)
        last = found or (self.histories, key, make())
        self.memory[kind] = (last, *(one for one in held if one is not last))[:LATELY]
        made: Made = last[2]
        return made

    def _known(self, as_of: date) -> dict[str, list[Fact]]:
        seen = {
            slug: effective(history, as_of=as_of) for slug, history in self.histories.items()
        }
        return {
            slug: told
            for slug, told in seen.items()
            if any(isinstance(fact, facts.ProgrammeOpened) for fact in told)
        }


def forecastable(
    known: Mapping[str, Sequence[Fact]], wanted: Iterable[str]
) -> dict[str, Programme]:
    """Those wanted that are production programmes, neither cancelled nor stopped."""
    states = {slug: replay(slug, known[slug]) for slug in sorted(wanted) if slug in known}
    return {
        slug: state
        for slug, state in states.items()
        if not state.is_context and state.stage not in OVER
    }


def estimate(
    knowledge: Knowledge, wanted: Iterable[str], *, as_of: date
) -> list[ForecastIssued]:
    """A forecast for each wanted programme that can have one on the day, by slug.

    Only facts with `known_on` up to `as_of` are seen, by the programme, by its reference
    class and by whatever is learned from it.
    """
    known = knowledge.known(as_of)
    states = forecastable(known, wanted)
    if not states:
        return []
    lore = knowledge.lore(as_of)
    markets = Markets(known, as_of, knowledge.cache)
    running = {slug for slug in states if is_running(known[slug], as_of)}
    weights = of_launches(known, as_of, knowledge.cache) if running else None
    starts = start.forecast(
        known, as_of=as_of, wanted=list(states), learned=lore.learned, judged=knowledge.judged
    )
    base = StartDistribution.of_whole_months(as_of, lore.base)
    fitted = digest(lore.to_json())
    issued = []
    for slug, state in states.items():
        told, market = known[slug], markets.of(state)
        made = said(state, told, starts[slug], market, weights)
        issued.append(
            beside(
                made,
                told,
                made.volume  # whatever the start: half of the time of such a programme
                if slug in running
                else volume.forecast(told, base, market, weights),
                cutoff=knowledge.cutoff,
                fitted=fitted,
                judged=knowledge.judgement,
                base=base.cumulative,
            )
        )
    return issued


def said(
    state: Programme,
    told: Sequence[Fact],
    start: StartDistribution,
    market: MarketOutlook | None,
    weights: Mapping[int, Weights] | None,
) -> ForecastIssued:
    """What is said of a programme: start and volumes, with nothing beside them yet.

    A cancelled programme never starts.
    """
    return ForecastIssued(
        programme=state.slug,
        as_of=start.as_of,
        cutoff=0,
        model=MODEL,
        fitted="",
        status="started" if state.started else "open",
        start=start.cumulative,
        never=MILLION - start.cumulative[-1],
        volume=tuple(
            YearIssued(
                year=year.year,
                zero=year.zero,
                mean=year.mean,
                quantiles=_three(year.quantiles),
            )
            for year in volume.forecast(told, start, market, weights)
        ),
        announced=state.window,
    )


def beside(
    made: ForecastIssued,
    told: Sequence[Fact],
    theirs: Sequence[YearVolume | YearIssued],
    **known: Any,  # noqa: ANN401 - the other fields of `ForecastIssued`
) -> ForecastIssued:
    """The same beside what the base rate of starts and the announcement say."""
    promised = promised_volumes(told, made.as_of)
    volumes = tuple(
        msgspec.structs.replace(
            year, base=_three(other.quantiles), face=promised.get(year.year, 0)
        )
        for year, other in zip(made.volume, theirs, strict=True)
    )
    face = at_face_value(told, made.as_of).cumulative
    return msgspec.structs.replace(made, volume=volumes, face=face, **known)


def _three(quantiles: Sequence[int]) -> tuple[int, int, int]:
    low, middle, high = quantiles
    return low, middle, high


def wanted(place: Workspace, knowledge: Knowledge, named: Sequence[str] | None) -> list[str]:
    """The programmes to forecast: those named, else those followed.

    Raises `Unknown` for a name that the ledger does not have.
    """
    if not named:
        return sorted(place.followed())
    for slug in named:
        if slug not in knowledge.histories:
            raise no_programme(slug, knowledge.histories)
    return list(named)


def month_ends(first: date, last: date) -> list[date]:
    """The month-ends from one day to another, both included."""
    ends = (month_end(month) for month in range(month_of(first), month_of(last) + 1))
    return [day for day in ends if first <= day <= last]
