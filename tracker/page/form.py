"""The form of an event: the options of `tracker record`, as fields."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from events import facts
from tracker.page.frame import render
from tracker.wishes import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.page.place import Place
    from tracker.serving.desk import Filled

KINDS: Final[dict[str, Any]] = {
    "On the way": facts.Lifecycle,
    "Evidence": facts.Evidence,
    "Plans": facts.Plan,
    "Counts": facts.VolumeReported,
    "Halts": facts.Halt,
    "Companies and notes": facts.Context,
}
"""Types in the order in which they are looked for; openings and corrections are typed."""

LONG: Final = ("summary", "quote")
FIRST: Final = ("when", "known_on", "summary", "source", "publisher", "grade")
"""Fields that nearly every event has; the others are folded."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A field: an option of the command line."""

    name: str
    help: str
    panel: str

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.name.replace("_", " ").capitalize()

    @property
    def option(self) -> str:
        """Its name on the command line, which a refusal speaks of."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def broad(self) -> bool:
        """Whether it takes the whole line."""
        return self.long or self.name == "source"

    @property
    def long(self) -> bool:
        """Whether it takes sentences."""
        return self.name in LONG


def types() -> dict[str, list[tuple[str, str]]]:
    """The types of events with a line on each, in groups."""
    return {
        name: [
            (tag, (one.__doc__ or "").split("\n")[0])
            for tag, one in facts.TYPES.items()
            if issubclass(one, kind)
        ]
        for name, kind in KINDS.items()
    }


def page(
    place: Place,
    filled: Filled,
    *,
    number: str,
    programmes: Iterable[tuple[str, str]],
    confirm: bool = False,
) -> str:
    """The form to fill, or what was filled read back to be confirmed."""
    asked = [
        Asked(name=part.name, help=part.metadata["help"], panel=part.metadata["panel"])
        for part in fields(Statement)
    ]
    first = [one for name in FIRST for one in asked if one.name == name]
    rest = [one for one in asked if one.name not in FIRST]
    return render(
        "confirm.html" if confirm else "record.html",
        asked=asked,
        filled=filled,
        first=first,
        groups=_grouped(rest, filled.values),
        number=number,
        place=place,
        programmes=list(programmes),
        types=types(),
    )


def _grouped(
    rest: Iterable[Asked], values: Mapping[str, str]
) -> list[tuple[str, list[Asked], bool]]:
    """The other fields by what they are about, open where something stands in one."""
    groups = [(panel, list(some)) for panel, some in groupby(rest, key=lambda one: one.panel)]
    return [(panel, some, any(values.get(one.name) for one in some)) for panel, some in groups]
