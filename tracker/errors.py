"""What goes wrong at the top, and the exit code of each kind of error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.errors import Conflict, Invalid, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

FAILED: Final = 1
USAGE: Final = 2
NO_SUCH_THING: Final = 3
INVALID_INPUT: Final = 4
CONFLICT: Final = 5


class TrackerError(Exception):
    """The one family of this package; `tracker.cli` turns it into an exit code."""

    code = FAILED


class NoWorkspace(TrackerError):
    """There is no workspace here or above."""

    code = NO_SUCH_THING


class BadSettings(TrackerError):
    """A setting makes no sense."""

    code = INVALID_INPUT


class BadQuery(TrackerError):
    """A query that DuckDB refuses, or that reaches for what is not the timeline."""

    code = INVALID_INPUT


class FaultyJournal(TrackerError):
    """A journal with faulty lines, each named; nothing of it was recorded."""

    code = INVALID_INPUT


class Contradiction(TrackerError):
    """A journal that contradicts the ledger or itself."""

    code = CONFLICT


def no_programme(slug: str, known: Iterable[str], mend: str | None = None) -> Unknown:
    """The refusal of a slug that the ledger does not have, with the nearest that it has."""
    import difflib

    close = difflib.get_close_matches(slug, list(known), n=1)
    meant = f"; did you mean {close[0]}?" if close else "."
    return Unknown(
        f"There is no programme {slug}{meant}"
        f" {mend or '`tracker programmes --all` lists them.'}"
    )


def not_open(slug: str, day: date) -> Unknown:
    """The refusal of a programme that nobody had opened by a day."""
    return Unknown(f"{slug} was not open yet on {day}.")


def exit_code(error: Exception) -> int:
    """The exit code of an error's kind."""
    match error:
        case TrackerError():
            return error.code
        case Unknown():
            return NO_SUCH_THING
        case Invalid():
            return INVALID_INPUT
        case Conflict():
            return CONFLICT
        case _:
            return FAILED
