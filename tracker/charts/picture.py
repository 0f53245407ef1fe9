"""A picture before it is drawn: what it shows, in words, as a table and as a specification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Spec = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What a chart shows, so that whoever cannot see it misses nothing.

    `alt` says it in a sentence or two with the actual numbers; `rows` are the data under
    `columns`, days in ISO; `spec` is Vega-Lite, complete and without any address. `title`,
    `alt`, cells and spec may hold text from strangers: it is text, never markup.
    """

    name: str
    title: str
    caption: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    spec: Spec

    @property
    def width(self) -> int:
        """Of the drawing, margins included, in pixels."""
        return int(self.spec["width"] + _sides(self.spec, "left", "right"))

    @property
    def height(self) -> int:
        """Of the drawing, margins included, in pixels."""
        return int(self.spec["height"] + _sides(self.spec, "top", "bottom"))


def _sides(spec: Spec, one: str, other: str) -> int:
    return int(spec["padding"][one] + spec["padding"][other])
