"""Pictures as a file of their own: one below the other under a heading, in real colours."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import vl_convert

from tracker.charts import theme
from tracker.charts.canvas import LETTER
from tracker.drawing import SVG, clean, svg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tracker.charts.picture import Picture

AIR: Final = 24
"""Pixels around, and between one picture and the next."""
LINE: Final = 15
HEADING: Final = 20
TITLE: Final = 15
SHARP: Final = 2.0
"""Dots of a PNG for each pixel of the picture."""
ROLE: Final = re.compile(r"var\(--(\w+)\)")


def poster(
    heading: str, below: str, pictures: Sequence[Picture], *, cache: Path | None = None
) -> str:
    """An SVG of all pictures with their titles and captions; it stands on white paper."""
    width = max(picture.width for picture in pictures) + 2 * AIR
    sheet = _Sheet(width)
    sheet.say(heading, HEADING, weight="600")
    sheet.say(below, theme.SMALL, colour=theme.MUTED)
    for picture in pictures:
        sheet.gap(AIR)
        sheet.say(picture.title, TITLE, weight="600")
        sheet.gap(4)
        sheet.put(picture, cache)
        sheet.say(picture.caption, theme.SMALL, colour=theme.MUTED)
    return sheet.finished(heading, " ".join(picture.alt for picture in pictures))


def png(drawn: str) -> bytes:
    """The same as dots, twice as fine."""
    return vl_convert.svg_to_png(drawn, scale=SHARP)


class _Sheet:
    """A sheet that is filled from the top."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.below = float(AIR)
        self.parts: list[ET.Element] = []

    def gap(self, pixels: float) -> None:
        self.below += pixels

    def say(
        self, words: str, size: int, *, colour: str = theme.INK, weight: str = "400"
    ) -> None:
        """Words, broken into lines."""
        room = int((self.width - 2 * AIR) / (LETTER * size))
        for line in textwrap.wrap(clean(words), room):
            self.below += max(size + 4, LINE)
            look = {"x": str(AIR), "y": _figure(self.below - 4), "font-size": f"{size}px"}
            look |= {"fill": colour, "font-weight": weight}
            text = ET.Element(_tag("text"), look)
            text.text = line
            self.parts.append(text)

    def put(self, picture: Picture, cache: Path | None) -> None:
        """A picture, its colours made real and its links cut: here is no page to lead to."""
        drawn = ET.fromstring(svg(picture, cache=cache))  # noqa: S314 - our own drawing
        for node in drawn.iter():
            if node.tag == _tag("a"):
                node.tag = _tag("g")
                node.attrib.pop("href", None)
            for name, value in node.items():
                node.set(name, ROLE.sub(lambda found: theme.LIGHT[found[1]], value))
        drawn.set("x", str(AIR))
        drawn.set("y", _figure(self.below))
        drawn.set("width", str(picture.width))
        drawn.set("height", str(picture.height))
        self.parts.append(drawn)
        self.below += picture.height + 4

    def finished(self, title: str, told: str) -> str:
        """The whole as text."""
        height = _figure(self.below + AIR)
        size = {"width": str(self.width), "height": height}
        box = {"viewBox": f"0 0 {self.width} {height}", "role": "img"}
        root = ET.Element(_tag("svg"), size | box | {"font-family": theme.FONT})
        for name, words in (("title", title), ("desc", told)):
            ET.SubElement(root, _tag(name)).text = clean(words)
        ET.SubElement(root, _tag("rect"), size | {"fill": theme.PAPER})
        root.extend(self.parts)
        return ET.tostring(root, encoding="unicode") + "\n"


def _tag(name: str) -> str:
    return f"{{{SVG}}}{name}"


def _figure(pixels: float) -> str:
    return f"{pixels:.10g}"
