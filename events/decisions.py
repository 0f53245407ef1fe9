"""Wishes answered: the fact that may be recorded, or a refusal.

Each decision takes what happened so far and a candidate fact. `Invalid` is nonsense whatever
came before; `Conflict` is what does not follow from the history. At the keyboard both refuse;
an import only warns of conflicts, since real history is untidy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events import edtf, facts
from events.corrections import corrected, effective
from events.errors import Conflict, Invalid, Unknown
from events.programme import REACHES, WAY, Programme, Stage, replay

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from events.facts import Fact

YEAR: Final = 365.25
"""Days."""
FAR: Final = 20
"""Times the stated capacity at which a volume is taken to be in another unit. In the shipped
journals no period made more than 2.3 times what was stated; ours to choose."""


def record(slug: str, history: Sequence[Fact], fact: Fact, *, today: date) -> Fact:
    """`fact`, where it makes sense after `history` (one programme's, in ledger order).

    Raises `Invalid`, `Unknown` for a programme or an event that is not there, `Conflict`.
    """
    sound(fact, today=today)
    if any(known.id == fact.id for known in history):
        raise Conflict(f"This is recorded already, as event {fact.id[:8]}.")
    if isinstance(fact, facts.Correction):
        return _correction(history, fact, today=today)
    follows(replay(slug, effective(history)), fact)
    return fact


def sound(fact: Fact, *, today: date) -> None:
    """Check what needs no history; raises `Invalid` with the key and the mend."""
    for key in facts.dated(type(fact)):
        if text := getattr(fact, key):
            _dated(key, text)
    if fact.known_on > today:
        raise Invalid(
            f"known_on: {fact.known_on} is after today ({today}). "
            "An event is recorded once it is known."
        )
    if isinstance(fact, facts.VolumeReported):
        _reported(fact)
    if isinstance(fact, facts.RivalSiteSelected) and fact.rival == fact.programme:
        raise Invalid("rival: a programme is no rival of its own.")


def _dated(key: str, text: str) -> None:
    try:
        edtf.parse(text)
    except Invalid as error:
        raise Invalid(f"{key}: {error}") from error


def _reported(fact: facts.VolumeReported) -> None:
    period = edtf.parse(fact.period)
    if period.earliest is None or period.latest is None:
        raise Invalid(f"period: {fact.period} has no end. Write when it began and ended.")
    if period.earliest > fact.known_on:
        raise Invalid(
            f"period: {fact.period} had not begun on {fact.known_on}, when it was reported."
        )


def follows(programme: Programme, fact: Fact) -> None:
    """Check that `fact` may come next.

    Raises `Unknown` where the programme is not open, `Conflict` where the fact makes no sense
    in the state it would meet. Corrections are judged by `record`, which knows the events.
    """
    if isinstance(fact, facts.ProgrammeOpened):
        if programme.opening:
            raise Conflict(f"{programme.slug} was opened on {programme.opening.known_on}.")
        return
    if programme.opening is None:
        raise Unknown(
            f"There is no programme {programme.slug}. "
            f"Open it first: tracker open {programme.slug} --title ..."
        )
    if isinstance(fact, facts.VolumeReported):
        _is_over(fact)
    if programme.is_context:
        return
    if isinstance(fact, facts.VolumeReported):
        _counts(programme, programme.opening, fact)
    else:
        _in_its_stage(programme, programme.opening, fact)


def _is_over(fact: facts.VolumeReported) -> None:
    """A year's figure so far is the commonest of all, and is not the year's.

    A month may be reported in its last days.
    """
    end, known = edtf.parse(fact.period).latest, fact.known_on
    if end and (end.year, end.month) > (known.year, known.month):
        raise Conflict(
            f"period: {fact.period} was not over on {known}, when it was reported. "
            f"Write the months that were counted, such as {known.year}-01/{known:%Y-%m}."
        )


def remark(programme: Programme, fact: Fact) -> str | None:
    """What is odd about the order of a lifecycle event, though it does happen in the world."""
    if programme.is_context or type(fact) not in REACHES:
        return None
    stage = REACHES[type(fact)]
    if programme.halt:
        return f"{fact.type} while {programme.halt}: taken as going on"
    if WAY.index(stage) < WAY.index(programme.reached):
        return f"{fact.type} after it was {programme.reached}: the stage stays"
    return None


def _in_its_stage(programme: Programme, opening: facts.ProgrammeOpened, fact: Fact) -> None:
    slug, stage = programme.slug, programme.stage
    match fact:
        case facts.ProductionStarted():
            _starts(programme, opening, fact)
        case facts.ProductionResumed():
            if stage not in {Stage.PAUSED, Stage.STOPPED}:
                raise Conflict(f"{slug} is not paused ({stage}), so it cannot resume.")
        case facts.ProductionPaused():
            if programme.halt:
                raise Conflict(f"{slug} is {stage} already, so it cannot be paused.")
        case facts.ProductionCancelled():
            if programme.started or stage is Stage.CANCELLED:
                raise Conflict(
                    f"{slug} is {stage}, so it cannot be cancelled"
                    + (": what has started is stopped." if programme.started else ".")
                )
        case facts.ProductionStopped():
            if not programme.started or stage is Stage.STOPPED:
                raise Conflict(
                    f"{slug} is {stage}, so it cannot be stopped"
                    + ("." if programme.started else ": what never started is cancelled.")
                )
        case _:  # no other type can contradict a stage
            return


def _counts(
    programme: Programme, opening: facts.ProgrammeOpened, fact: facts.VolumeReported
) -> None:
    """A report names no unit: what gives another one away is its size, or a part of a car."""
    if opening.unit in {None, "vehicles"} and not float(fact.volume).is_integer():
        raise Conflict(
            f"volume: {fact.volume:,} is no number of vehicles. Write them one by one "
            "(2500, not 2.5 thousand), or give the programme another unit."
        )
    span = edtf.parse(fact.period)
    if not programme.capacity or span.earliest is None or span.latest is None:
        return
    times = fact.volume * YEAR / ((span.latest - span.earliest).days + 1) / programme.capacity
    if times > FAR:
        raise Conflict(
            f"volume: {fact.volume:,} in {fact.period} is {times:,.0f} times the pace of the "
            f"stated {programme.capacity:,} {opening.unit or 'vehicles'} a year, so it is in "
            "another unit. If it is not, record the capacity first: capacity-announced."
        )


def _starts(
    programme: Programme,
    opening: facts.ProgrammeOpened,
    fact: facts.ProductionStarted,
) -> None:
    slug = programme.slug
    if programme.started:
        raise Conflict(
            f"{slug} has started already ({programme.started}). "
            "Use production-resumed after a stop, or amend the first start."
        )
    start, opened = edtf.parse(fact.occurred), edtf.parse(opening.occurred)
    if start.earliest is not None and start.earliest > fact.known_on:
        raise Conflict(
            f"A start of {fact.occurred} had not happened on {fact.known_on}. "
            "Record start-revised with the stated window instead."
        )
    if start.latest and opened.earliest and start.latest < opened.earliest:
        raise Conflict(
            f"{slug} started ({fact.occurred}) before it was opened ({opening.occurred}). "
            "Amend the opening, or import the older history as a journal."
        )


def _correction(
    history: Sequence[Fact], fact: facts.Correction, *, today: date
) -> facts.Correction:
    """A correction of an event that is there, counts, and is older than the correction."""
    sought = fact.retracts if isinstance(fact, facts.EventRetracted) else fact.amends
    target = next((known for known in history if known.id == sought), None)
    if target is None:
        raise Unknown(f"{fact.programme} has no event {sought[:8]}.")
    if fact.known_on < target.known_on:
        raise Conflict(
            f"Event {sought[:8]} became known on {target.known_on}, after this correction "
            f"of it ({fact.known_on})."
        )
    if isinstance(fact, facts.EventRetracted):
        return _retraction(history, target, fact)
    if isinstance(target, facts.EventRetracted):
        raise Conflict(f"Event {sought[:8]} is a retraction. Retract it instead.")
    sound(corrected(first_of(history, target), fact), today=today)
    return fact


def first_of(history: Sequence[Fact], target: Fact) -> Fact:
    """The fact that an amendment, or an amendment of one, corrects; any other is its own."""
    known = {fact.id: fact for fact in history}
    while isinstance(target, facts.EventAmended):
        target = known[target.amends]
    return target


def _retraction(
    history: Sequence[Fact], target: Fact, fact: facts.EventRetracted
) -> facts.EventRetracted:
    counts = {known.id for known in effective(history)}
    if isinstance(target, facts.Correction):
        retracted = {
            known.retracts for known in history if isinstance(known, facts.EventRetracted)
        }
        counting = target.id not in retracted
    else:
        counting = target.id in counts
    if not counting:
        raise Conflict(f"Event {target.id[:8]} is retracted already.")
    if isinstance(target, facts.ProgrammeOpened) and len(counts) > 1:
        later = len(counts) - 1
        said = "1 event" if later == 1 else f"{later:,} events"
        raise Conflict(
            f"{fact.programme} has {said} after its opening. "
            f"Retract {'it' if later == 1 else 'those'} first, or amend the opening."
        )
    return fact
