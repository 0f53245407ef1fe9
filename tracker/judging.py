"""The table of judged effects as a workspace has it: its own judgement over the shipped one."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from events.lines import nearest
from forecasts.evidence import TABLE, Effect, Table
from tracker.errors import BadSettings

LARGEST: Final = 5.0
"""Log months; e^5 is 148 times as long."""

if TYPE_CHECKING:
    from collections.abc import Mapping


def judged(settings: Mapping[str, Any]) -> Table:
    """The shipped table with the effects of `[evidence.TYPE]` in `tracker.toml` in its place.

    Each has `start` and `cancel` in log months, and may have a `reason`. Raises `BadSettings`.
    """
    own = settings.get("evidence", {})
    if not isinstance(own, dict):
        raise BadSettings(
            "tracker.toml: evidence is a table, such as [evidence.site-ruled-out]."
        )
    return MappingProxyType(
        {**TABLE, **{type: _effect(type, said) for type, said in own.items()}}
    )


def _effect(type: str, said: object) -> Effect:
    place = f"tracker.toml: [evidence.{type}]"
    if type not in TABLE:
        raise BadSettings(f"{place}: this type has no judged effect{nearest(type, TABLE)}")
    if not isinstance(said, dict) or said.keys() - {"start", "cancel", "reason"}:
        raise BadSettings(f"{place} has start, cancel and reason, and nothing else.")
    shipped = TABLE[type]
    moved = {name: said.get(name, getattr(shipped, name)) for name in ("start", "cancel")}
    for name, value in moved.items():
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or abs(value) > LARGEST
        ):
            raise BadSettings(f"{place}: {name} is a number of log months, such as 0.5.")
    return Effect(
        start=float(moved["start"]),
        cancel=float(moved["cancel"]),
        reason=str(said.get("reason", "Judged so in this workspace.")),
    )
