"""Refusals: each a sentence for the person who can mend it."""

from __future__ import annotations


class EventsError(Exception):
    """The one family of this package; `tracker.cli` turns it into an exit code."""


class Invalid(EventsError):
    """What was given makes no sense, whatever the ledger holds."""


class Unknown(EventsError):
    """There is no such programme, event or file."""


class Conflict(EventsError):
    """What was given makes sense, but not after what the ledger holds already."""


class Overtaken(Conflict):
    """Another process recorded on the same programme since it was read."""


class Unusable(EventsError):
    """The ledger itself cannot be read or written: disk, rights, format."""


class Doubt(Exception):
    """Why words that are understood still name no date, as the end of a sentence."""


def reason(error: OSError) -> str:
    """What the machine says of its refusal, as the end of a sentence."""
    return (error.strerror or str(error)).lower()
