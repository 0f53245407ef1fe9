"""Which facts count: retractions and amendments applied, as of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import msgspec

from events import facts
from events.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from events.facts import Fact

OF_THE_AMENDED: Final = ("id", "known_on")
"""What a corrected fact keeps of the one it corrects: its name and its place in the story."""


def effective(history: Iterable[Fact], *, as_of: date | None = None) -> list[Fact]:
    """The facts that count, in the order in which they became known.

    `history` is one programme's or many programmes' facts in ledger order. With `as_of`, only
    what was known on that day is seen: later facts, and later corrections, change nothing.
    A retracted fact is left out, a retracted correction is undone, an amended fact is replaced
    by its correction under the id and in the place of the first.
    """
    known = [fact for fact in history if as_of is None or fact.known_on <= as_of]
    known.sort(key=lambda fact: fact.known_on)
    corrections = [fact for fact in known if isinstance(fact, facts.Correction)]
    if not corrections:
        return known
    void = voided(corrections)
    latest = _amendments(corrections, void)
    return [
        corrected(fact, latest[fact.id]) if fact.id in latest else fact
        for fact in known
        if fact.id not in void and not isinstance(fact, facts.Correction)
    ]


def voided(corrections: Sequence[facts.Correction]) -> set[str]:
    """Ids that no longer count, of corrections in the order known.

    A retraction that was itself retracted voids nothing.
    """
    void: set[str] = set()
    for correction in reversed(corrections):
        if isinstance(correction, facts.EventRetracted) and correction.id not in void:
            void.add(correction.retracts)
    return void


def _amendments(
    corrections: Sequence[facts.Correction], void: set[str]
) -> dict[str, facts.EventAmended]:
    """The last amendment that counts of each fact; amending an amendment amends its fact."""
    root: dict[str, str] = {}
    latest: dict[str, facts.EventAmended] = {}
    for correction in corrections:
        if isinstance(correction, facts.EventAmended):
            root[correction.id] = root.get(correction.amends, correction.amends)
            if correction.id not in void:
                latest[root[correction.id]] = correction
    return latest


def corrected(fact: Fact, amendment: facts.EventAmended) -> Fact:
    """`fact` as the amendment has it.

    Raises `Invalid` where the amendment lacks what that type of event needs, or has what it
    has no place for.
    """
    line = msgspec.to_builtins(amendment)
    del line["amends"]
    line |= {key: msgspec.to_builtins(getattr(fact, key)) for key in OF_THE_AMENDED}
    line["type"] = fact.type
    try:
        return cast("Fact", msgspec.convert(line, type=facts.Fact))
    except msgspec.ValidationError as error:
        raise Invalid(f"The amendment does not fit a {fact.type} event: {error}.") from error
