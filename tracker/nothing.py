"""Where there is nothing to tell: why that is, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.corrections import effective
from events.errors import Unknown
from events.programme import opening_of
from tracker.bearing import openings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from events.facts import Fact

    Histories = Mapping[str, Sequence[Fact]]

EMPTY: Final = "No programme is known yet. Open one, or import a journal."
UNFOLLOWED: Final = (
    "No programme is followed. Open one, import a journal, or: tracker follow ..."
)


def open_on(histories: Histories, slugs: Collection[str], on: date) -> list[str]:
    """Those programmes that were open on a day; raises `Unknown` where none was.

    A picture, a page or a feed is made only of these.
    """
    told = {slug: histories[slug] for slug in sorted(slugs) if slug in histories}
    found = [slug for slug in told if opening_of(effective(told[slug], as_of=on))]
    if not found:
        raise Unknown(_none_open(histories, slugs, on))
    return found


def why_empty(
    histories: Histories, slugs: Collection[str], on: date, otherwise: str = ""
) -> str:
    """What is said beside an empty list; `otherwise` where some programme was open."""
    try:
        open_on(histories, slugs, on)
    except Unknown as error:
        return str(error)
    return otherwise or f"Nothing was known on {on}."


def not_forecast(histories: Histories, slugs: Collection[str], on: date) -> str:
    """Why there is no forecast of the programmes as of a day."""
    known = f"Nothing can be forecast as of {on}: not open yet, context, cancelled or stopped."
    return why_empty(histories, slugs, on, known)


def _none_open(histories: Histories, slugs: Collection[str], on: date) -> str:
    if not histories:
        return EMPTY
    opened = openings({slug: effective(histories[slug]) for slug in slugs if slug in histories})
    if not opened:
        return UNFOLLOWED
    which, first = "None of these programmes was", "the first"
    if len(opened) == 1:
        which, first = f"{next(iter(opened))} was not", "it"
    since = min(opening.known_on for opening in opened.values())
    behind = f": {first} was opened on {since}" if since > on else ""
    return f"{which} open yet on {on}{behind}."
