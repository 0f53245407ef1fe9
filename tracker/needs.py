"""What an event is about and cannot do without where people enter it.

Journals are read as they are: a report may have left a figure out, but whoever types one in has
it before their eyes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.errors import Invalid

if TYPE_CHECKING:
    from tracker.wishes import Wish

NEEDED: Final = {
    "volume-reported": ("period", "volume"),
    "capacity-announced": ("capacity_per_year",),
    "target-announced": ("target_volume", "target_by"),
}
"""Options without which an event of a type says nothing."""

WELCOME: Final = {"rival-site-selected": ("rival",), "start-revised": ("expected_start",)}
"""Options that are asked for, and may be unknown."""

ELSEWHERE: Final = {
    "programme-opened": "tracker open PROGRAMME --title ...",
    "event-retracted": "tracker retract EVENT --reason ... "
    "(to suppose one away: tracker whatif PROGRAMME --without EVENT)",
    "event-amended": "tracker amend EVENT ...",
}
"""The commands of the types that are not recorded as others are."""


def complete(wish: Wish, type: str) -> None:
    """Refuse an event without what it is about; raises `Invalid` with the option's name."""
    for option in NEEDED.get(type, ()):
        if getattr(wish, option) is None:
            raise Invalid(f"--{option.replace('_', '-')} is missing: a {type} event needs it.")


def elsewhere(type: str) -> Invalid | None:
    """The refusal of a type that has a command of its own."""
    if type not in ELSEWHERE:
        return None
    return Invalid(f"TYPE: {type} has a command of its own: {ELSEWHERE[type]}")


def enterable(type: str) -> None:
    """Refuse what is no type, or is entered with a command of its own; raises `Invalid`."""
    from events.facts import TYPES
    from events.lines import nearest, short

    if told := elsewhere(type):
        raise told
    if type not in TYPES:
        raise Invalid(f'TYPE: there is no "{short(type)}"{nearest(type, TYPES)}')
