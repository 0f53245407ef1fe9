"""One fact from the keyboard into the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from events import decisions, facts, lines
from events.corrections import effective
from events.errors import Overtaken
from tracker.errors import no_programme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from events.entries import Entry
    from events.facts import Fact
    from events.ledger import Ledger
    from events.lines import Line
    from tracker.workspace import Workspace

Done = TypeVar("Done")

TRIES: Final = 20
"""How often a decision is made again when another process was faster."""


def enter(ledger: Ledger, line: Line, *, today: date, now: datetime) -> Entry:
    """Record what one line states, or refuse it.

    Raises `Invalid`, `Unknown`, `Conflict`. Decided again on what the other process did
    where one was faster.
    """

    def attempt() -> Entry:
        fact, version = decided(ledger, line, today=today)
        (entry,) = ledger.append([fact], after={fact.programme: version}, now=now)
        return entry

    return until_not_overtaken(attempt)


def decided(ledger: Ledger, line: Line, *, today: date) -> tuple[Fact, int]:
    """The fact that a line would be recorded as, and the version that it would follow.

    Nothing is recorded; refuses as `enter` does.
    """
    lines.to_fact(line, today=today)  # what is no line is refused before the ledger is asked
    stream = ledger.stream(str(line.get("programme")))
    fact = _unlike_the_retracted(line, stream.history, today)
    if not stream.version and not isinstance(fact, facts.ProgrammeOpened):
        slug = fact.programme
        mend = f"If it is new, open it first: tracker open {slug} --title ..."
        raise no_programme(slug, ledger.programmes(), mend)
    return decisions.record(fact.programme, stream.history, fact, today=today), stream.version


def odd(place: Workspace, entry: Entry) -> list[str]:
    """What is odd about a report of a volume that was taken as it stands."""
    if not isinstance(entry.fact, facts.VolumeReported):
        return []
    from events.reports import odd as said_of

    with place.ledger() as ledger:
        return list(said_of(ledger.stream(entry.fact.programme).history, entry.fact))


def until_not_overtaken(attempt: Callable[[], Done]) -> Done:
    """Read, decide and record; and again, while another process was faster."""
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except Overtaken:
            continue
    return attempt()


def _unlike_the_retracted(line: Line, history: Sequence[Fact], today: date) -> Fact:
    """The fact; recorded again after a retraction, the same words are another event."""
    fact = lines.to_fact(line, today=today)
    taken = {known.id for known in history}
    counts = {known.id for known in effective(history)}
    again = 1
    while fact.id in taken and fact.id not in counts:
        again += 1
        fact = lines.to_fact(
            {**line, "id": lines.derived_id({**line, "again": again})}, today=today
        )
    return fact
