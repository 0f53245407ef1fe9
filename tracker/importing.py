"""A journal into the ledger: all of it or nothing, and twice is harmless."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from events import decisions, facts, journal
from events.corrections import corrected, effective
from events.errors import Conflict, EventsError, Invalid, Unknown
from events.programme import Programme, evolve
from tracker.circles import without_collecting
from tracker.entering import until_not_overtaken
from tracker.errors import FaultyJournal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from events.entries import Stream
    from events.facts import Fact
    from events.journal import Fault, Stated
    from events.ledger import Ledger

NAMED: Final = 100
"""Faulty lines that are named; of more, whoever mends them wants to know how many."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did: how many facts are new, which programmes it was about, oddities."""

    new: int
    known: int
    programmes: tuple[str, ...]
    warnings: tuple[str, ...]


def bring_in(
    ledger: Ledger, journals: Iterable[tuple[str, bytes]], *, today: date, now: datetime
) -> Imported:
    """Record every fact of the journals that is not there yet.

    `journals` are names and contents. Raises `FaultyJournal` with the faulty lines; then
    nothing is recorded.
    """
    with without_collecting():
        return _brought_in(ledger, journals, today=today, now=now)


def _brought_in(
    ledger: Ledger, journals: Iterable[tuple[str, bytes]], *, today: date, now: datetime
) -> Imported:
    stated, faults = _read(journals, today=today)
    _refuse(faults)

    def attempt() -> Imported:
        return _record(ledger, stated, now=now, today=today)

    return until_not_overtaken(attempt)


def _read(
    journals: Iterable[tuple[str, bytes]], *, today: date
) -> tuple[list[Stated], list[Fault]]:
    """Every fact and every faulty line; the bytes of a file are let go behind it."""
    stated: list[Stated] = []
    faults: list[Fault] = []
    for name, data in journals:
        read, wrong = journal.read(
            data, name, today=today, check=partial(decisions.sound, today=today)
        )
        stated += read
        faults += wrong
    return stated, faults


def shipped(name: str) -> tuple[str, bytes]:
    """A journal that comes with Tracker: `leapmotor` or `automotive`."""
    file = f"{name}.ndjson"
    return file, (files("events") / "journals" / file).read_bytes()


def _record(
    ledger: Ledger, stated: Sequence[Stated], *, today: date, now: datetime
) -> Imported:
    programmes = sorted({line.fact.programme for line in stated})
    streams = {slug: ledger.stream(slug) for slug in programmes}
    new, faults = _new(stated, streams)
    faults += _taken(new, ledger, programmes)
    wrong, warnings = _judged(new, streams, today=today)
    _refuse([*faults, *wrong])
    if new:
        versions = {slug: stream.version for slug, stream in streams.items()}
        ledger.append([line.fact for line in new], after=versions, now=now)
    return Imported(
        new=len(new),
        known=len(stated) - len(new),
        programmes=tuple(programmes),
        warnings=tuple(warnings),
    )


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        lines = [f"  {fault}" for fault in faults[:NAMED]]
        if len(faults) > NAMED:
            lines.append(f"  and {len(faults) - NAMED:,} more.")
        count = "one faulty line" if len(faults) == 1 else f"{len(faults):,} faulty lines"
        raise FaultyJournal("\n".join([f"{count}, so nothing was imported:", *lines]))


def _new(
    stated: Sequence[Stated], streams: Mapping[str, Stream]
) -> tuple[list[Stated], list[Fault]]:
    """The lines whose events are not there yet; another event under a known id is a fault."""
    known = {fact.id: fact for stream in streams.values() for fact in stream.history}
    new, faults = [], []
    for line in stated:
        there = known.setdefault(line.fact.id, line.fact)
        if there is line.fact:
            new.append(line)
        elif not _same(there, line.fact):
            faults.append(
                journal.Fault(
                    line.place, f"event {line.fact.id} is there already and says otherwise."
                )
            )
    return new, faults


def _taken(new: Sequence[Stated], ledger: Ledger, programmes: Sequence[str]) -> Iterator[Fault]:
    """An event's id is its own in the whole ledger, not only among its programme's."""
    places, own = {line.fact.id: line.place for line in new}, frozenset(programmes)
    for row in ledger.rows(topics=tuple(facts.TYPES)) if new else ():
        if row.programme not in own and (id := row.id) in places:
            yield journal.Fault(places[id], f"event {id} is there already, of {row.programme}.")


def _same(there: Fact, here: Fact) -> bool:
    """Whether two facts of one id agree; `known_on` may be a default, the day of entry."""
    return type(there) is type(here) and all(
        getattr(there, key) == getattr(here, key)
        for key in there.__struct_fields__
        if key != "known_on"
    )


def _judged(
    new: Sequence[Stated], streams: Mapping[str, Stream], *, today: date
) -> tuple[list[Fault], list[str]]:
    """Faults that make a line meaningless, and what is merely odd about its place."""
    faults: list[Fault] = []
    warnings: list[str] = []
    grouped: dict[str, dict[str, Stated]] = {}
    for line in new:
        grouped.setdefault(line.fact.programme, {})[line.fact.id] = line
    for slug, lines in grouped.items():
        history = [*streams[slug].history, *(line.fact for line in lines.values())]
        for line, error in _faulty(lines, history, today=today):
            faults.append(journal.Fault(line.place, str(error)))
        if not faults:
            warnings += _odd(slug, lines, effective(history))
    return faults, warnings


def _faulty(
    lines: Mapping[str, Stated], history: Sequence[Fact], *, today: date
) -> Iterator[tuple[Stated, EventsError]]:
    """Lines about a programme that is never opened, corrections of what is not there."""
    if not any(isinstance(fact, facts.ProgrammeOpened) for fact in history):
        first = next(iter(lines.values()))
        yield (
            first,
            Unknown(
                f"{first.fact.programme} is never opened. Add its programme-opened line, "
                f"or: tracker open {first.fact.programme} --title ..."
            ),
        )
    known = {fact.id: fact for fact in history}
    for line in lines.values():
        try:
            _check_correction(line.fact, known, today=today)
        except EventsError as error:
            yield line, error


def _check_correction(fact: Fact, known: Mapping[str, Fact], *, today: date) -> None:
    if isinstance(fact, facts.EventRetracted):
        _sought(fact, fact.retracts, known)
        if fact.retracts == fact.id:
            raise Invalid("retracts: an event cannot retract itself.")
    elif isinstance(fact, facts.EventAmended):
        decisions.sound(corrected(_amended(fact, known), fact), today=today)


def _amended(fact: facts.EventAmended, known: Mapping[str, Fact]) -> Fact:
    """The fact at the end of a chain of amendments."""
    passed = {fact.id}
    target = _sought(fact, fact.amends, known)
    while isinstance(target, facts.EventAmended):
        if target.id in passed:
            raise Invalid("amends: the amendments go round in a circle.")
        passed.add(target.id)
        target = _sought(fact, target.amends, known)
    if isinstance(target, facts.EventRetracted):
        raise Invalid(f"amends: event {target.id} is a retraction. Retract it instead.")
    return target


def _sought(fact: Fact, id: str, known: Mapping[str, Fact]) -> Fact:
    if id not in known:
        raise Unknown(f"{fact.programme} has no event {id}.")
    return known[id]


def _odd(slug: str, lines: Mapping[str, Stated], history: Sequence[Fact]) -> Iterator[str]:
    """What a keyboard would refuse or wonder at, in the order in which it became known."""
    state = Programme(slug=slug)
    opened = [fact for fact in history if isinstance(fact, facts.ProgrammeOpened)]
    if opened and opened[0].id in lines and any(one.id not in lines for one in opened):
        place, day = lines[opened[0].id].place, opened[1].known_on
        yield f"{place}: {slug} was opened on {day} so far; this earlier opening counts now"
    for fact in history:
        if line := lines.get(fact.id):
            try:
                decisions.follows(state, fact)
            except Unknown:
                yield f"{line.place}: {slug} is known of before it was opened"
            except Conflict as conflict:
                twice = isinstance(fact, facts.ProgrammeOpened)
                yield f"{line.place}: {conflict}" + (" That opening counts." if twice else "")
            else:
                if said := decisions.remark(state, fact):
                    yield f"{line.place}: {said}"
        state = evolve(state, fact)
