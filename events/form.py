"""What both stores share: the version of the stored form, the refusal, a batch's links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from events.chain import next_link
from events.errors import Unusable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventsourcing.persistence import StoredEvent

FORM: Final = 1
"""The version of the stored form; a ledger of a higher one is refused."""

PAGE: Final = 10_000
"""Entries that are moved at a time."""

REFUSAL: Final = "the ledger is append-only"


def refuse_newer(written: int) -> None:
    """Refuse a form that a later Tracker wrote; raises `Unusable`."""
    if written > FORM:
        raise Unusable(
            f"The ledger was written by a newer Tracker (form {written}, this one "
            f"reads {FORM}). Update Tracker to use it."
        )


def linked(
    last: bytes, positions: Iterable[int], events: Sequence[StoredEvent]
) -> list[tuple[int, bytes]]:
    """A batch's positions and links, behind the last link before it."""
    links = []
    for position, event in zip(positions, events, strict=True):
        stream = event.originator_id
        name = stream.hex if isinstance(stream, UUID) else stream
        last = next_link(
            last, position, (name, event.originator_version, event.topic, event.state)
        )
        links.append((position, last))
    return links
