"""Pictures drawn for a page, kept by what they show: most of them stay from day to day."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from tracker.drawing import svg
from tracker.keeping import digest
from tracker.page.frame import csv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from tracker.charts import Picture
    from tracker.page.place import Place

KEPT: Final = 600
"""Drawings of some twenty kilobytes."""

COLUMN: Final = 590
BROAD: Final = 1040
"""Pixels of a picture beside a table, and of one that has the page's whole breadth."""

SHOWN: Final = 120
"""Rows of a picture's table on the page; the CSV has all."""

QUIET_LINK: Final = '<a tabindex="-1" aria-hidden="true" '
"""A bar's link to its evidence is for the mouse: for keys and ears the same stands beside it.
An image may hold no link, so what holds one is called a group."""

_DRAWN: OrderedDict[str, Markup] = OrderedDict()
_GUARD: Final = Lock()


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A picture in the widths that a page has it in, and where its data are."""

    picture: Picture
    drawings: Mapping[str, Markup]
    csv: str
    file: str

    @property
    def shown(self) -> Sequence[Mapping[str, object]]:
        """The rows that stand on the page."""
        return self.picture.rows[:SHOWN]


def in_widths(
    of: Mapping[str, Picture | None], place: Place, slug: str | None, as_of: date
) -> Drawn | None:
    """One picture in the widths of a place; `slug` is whose it is, None for all."""
    there = {width: picture for width, picture in of.items() if picture}
    if not there:
        return None
    picture = next(iter(there.values()))
    data = csv(picture.columns, picture.rows)
    return Drawn(
        picture=picture,
        drawings={width: drawing(each, place.cache) for width, each in there.items()},
        csv=place.table(slug, picture.name, as_of, data),
        file=f"{slug or 'all'}-{picture.name}-{as_of}.csv",
    )


def drawing(picture: Picture, cache: Path | None) -> Markup:
    """A picture as SVG for a page; its words are escaped by whoever draws."""
    key = digest([picture.name, picture.title, picture.alt, picture.spec])
    with _GUARD:
        if key in _DRAWN:
            _DRAWN.move_to_end(key)
            return _DRAWN[key]
    text = svg(picture, cache=cache)
    if "<a " in text:
        text = text.replace("<a ", QUIET_LINK).replace('role="img"', 'role="group"', 1)
    drawn = Markup(text)  # noqa: S704 - drawn by us, words escaped
    with _GUARD:
        _DRAWN[key] = drawn
        while len(_DRAWN) > KEPT:
            _DRAWN.popitem(last=False)
    return drawn
