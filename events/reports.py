"""What is odd about a report of a volume, though it is taken as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events import edtf, facts
from events.corrections import effective
from events.programme import replay

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.facts import Fact, VolumeReported


def odd(history: Sequence[Fact], fact: VolumeReported) -> Iterator[str]:
    """Sentences on a report beside the programme's other facts, in ledger order."""
    others = [known for known in effective(history) if known.id != fact.id]
    yield from _early(others, fact)
    for known in others:
        if not isinstance(known, facts.VolumeReported) or (
            (known.period, known.measure) != (fact.period, fact.measure)
        ):
            continue
        if known.volume == fact.volume:
            yield f"event {known.id[:8]} says the same: it is counted once"
        else:
            yield (
                f"event {known.id[:8]} says {known.volume:,}: one of them is counted, "
                "by grade, then by the day it was known (tracker timeline)"
            )


def _early(others: Sequence[Fact], fact: VolumeReported) -> Iterator[str]:
    """A volume from before the start counts in its year, as that of trials does."""
    state = replay(fact.programme, others)
    if state.is_context or not fact.volume:
        return
    if state.started is None:
        yield "no start is recorded: the volume is counted as that of trials"
        return
    began, over = edtf.parse(state.started).earliest, edtf.parse(fact.period).latest
    if began and over and over < began:
        yield (
            f"{fact.period} lies before the start ({state.started}): it is counted in its "
            "year, and tells nothing of the ramp"
        )
