"""Pictures drawn: Vega-Lite to SVG and PNG, in this process, without browser or network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

import vl_convert

from tracker.charts.theme import LIGHT

if TYPE_CHECKING:
    from tracker.charts.picture import Picture

LANGUAGE: Final = "6.4"
"""The version of Vega-Lite that is drawn."""


ANCHOR: Final = re.compile(r'xlink:href="[^"#]*#')
"""Where an event's bar leads, behind an address that the library puts before it."""


def svg(picture: Picture) -> str:
    """The picture to stand in a page: colours are the page's own properties (`--ink`, ...)."""
    drawn = vl_convert.vegalite_to_svg(picture.spec, vl_version=LANGUAGE, allowed_base_urls=[])
    drawn = ANCHOR.sub('href="#', drawn)
    for role, colour in LIGHT.items():
        drawn = drawn.replace(f'"{colour}"', f'"var(--{role})"')
    _, _, inner = drawn.partition(">")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="picture" '
        f'viewBox="0 0 {picture.width} {picture.height}">'
        f"<title>{escape(picture.title)}</title><desc>{escape(picture.alt)}</desc>{inner}"
    )
