"""What both stores share: the version of the stored form, the refusal, rows in their chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.chain import next_link
from events.errors import Unusable

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def chained(
    before: int, link: bytes, events: Sequence[StoredEvent]
) -> list[tuple[int, str, int, str, bytes, bytes]]:
    """What is stored of some events behind a position and its link.

    Rows of position, stream, version, topic, state and link.
    """
    rows = []
    for position, event in enumerate(events, before + 1):
        stream, version = str(event.originator_id), event.originator_version
        entry = (stream, version, event.topic, event.state)
        link = next_link(link, position, entry)
        rows.append((position, *entry, link))
    return rows
