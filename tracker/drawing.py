"""Pictures drawn: Vega-Lite to SVG and PNG, in this process, without browser or network.

What is drawn is kept in the cache by content: the specification and the versions that draw.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import vl_convert

from tracker.charts.theme import FONT, LIGHT
from tracker.keeping import digest, kept
from tracker.tables import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.charts.picture import Picture

LANGUAGE: Final = "6.4"
"""The version of Vega-Lite that is drawn."""
FORM: Final = 1
"""Changes whenever the same specification would be drawn otherwise."""
MOST: Final = 600
"""Drawings that the cache keeps; the oldest go."""

SVG: Final = "http://www.w3.org/2000/svg"
LINK: Final = "{http://www.w3.org/1999/xlink}href"
FIGURE: Final = re.compile(r"-?\d+\.\d{2,}")
NUMBERS: Final = frozenset({"d", "transform", "x2", "y2"})
"""Attributes whose figures are cut to a tenth of a pixel."""
KEPT: Final = frozenset(
    {
        *("d", "transform", "x2", "y2", "fill", "stroke", "opacity", "href", "text-anchor"),
        *("fill-opacity", "stroke-opacity", "stroke-width", "stroke-dasharray"),
        *("stroke-linejoin", "font-size", "font-weight", "width", "height"),
    }
)
"""Attributes that say how it looks; the others speak to scripts, or say what goes anyway."""
IDLE: Final = {("opacity", "1"), ("x2", "0"), ("y2", "0"), ("stroke-width", "1")}
"""What holds without being said."""
ROLES: Final = {colour: f"var(--{role})" for role, colour in LIGHT.items()}

ET.register_namespace("", SVG)


def svg(picture: Picture, *, cache: Path | None = None) -> str:
    """The picture to stand in a page.

    Colours are the page's own properties (`--ink`, ...: the roles of `charts.theme`). It holds
    no style, no script and no address but anchors of the page, `#e-` and an event's id.
    """
    drawn_by = [FORM, LANGUAGE, version("vl-convert-python")]
    key = digest([*drawn_by, picture.alt, clean(picture.spec)])
    if cache is not None:
        cache = cache / "pictures"
        with suppress(OSError):
            cache.mkdir(exist_ok=True)
    made = kept(cache, f"{key}.json", lambda: json.dumps(_drawn(picture)).encode(), most=MOST)
    return str(json.loads(made))


def _drawn(picture: Picture) -> str:
    text = vl_convert.vegalite_to_svg(
        json.dumps(clean(picture.spec)), vl_version=LANGUAGE, allowed_base_urls=[]
    )
    drawn = ET.fromstring(text)  # noqa: S314 - drawn here a line ago, from cleaned words
    root = ET.Element(
        f"{{{SVG}}}svg",
        {
            "viewBox": f"0 0 {picture.width} {picture.height}",
            "role": "img",
            "class": "picture",
            "font-family": FONT,
            "stroke-miterlimit": "10",
        },
    )
    for name, words in (("title", picture.title), ("desc", picture.alt)):
        ET.SubElement(root, f"{{{SVG}}}{name}").text = clean(words)
    root.extend(part for child in drawn for part in _lean(child))
    return ET.tostring(root, encoding="unicode")


def _lean(node: ET.Element) -> Iterator[ET.Element]:
    """A node without what only scripts read; nothing of one that shows nothing."""
    inner = [part for child in node for part in _lean(child)]
    tag = node.tag.removeprefix(f"{{{SVG}}}")
    if tag == "rect" or node.get("display") == "none":
        return  # the ground, which is the page's
    if not inner and not _shows(node, tag):
        return
    look = dict(_look(node))
    if tag == "g" and not look:
        yield from inner
        return
    if anchor := node.get(LINK):
        look["href"] = f"#{anchor.rpartition('#')[2]}"
    lean = ET.Element(node.tag, look)
    lean.text = node.text
    lean.extend(inner)
    yield lean


def _shows(node: ET.Element, tag: str) -> bool:
    match tag:
        case "path":
            return node.get("d") not in {None, "", "M0,0h0v0h0Z"}
        case "text":
            return bool(node.text)
        case _:
            return tag == "line"


def _look(node: ET.Element) -> Iterator[tuple[str, str]]:
    """The attributes that count, their figures shortened, their colours made roles."""
    for name, value in node.items():
        if name not in KEPT or (name, value) in IDLE or not value:
            continue
        if name == "transform" and value == "translate(0,0)":
            continue
        if name in NUMBERS:
            value = FIGURE.sub(lambda found: f"{float(found[0]):.1f}", value)  # noqa: PLW2901 - the same, shorter
        yield name, ROLES.get(value, value)


UNSAID: Final = re.compile("[\ufffe\uffff]")


def clean(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """The same with words from strangers made harmless: what XML cannot hold is spelt out."""
    match value:
        case str():
            said = value.encode("utf-8", "replace").decode()
            return UNSAID.sub("?", harmless(said))
        case dict():
            return {key: clean(inner) for key, inner in value.items()}
        case list() | tuple():
            return [clean(inner) for inner in value]
        case _:
            return value
