"""Colours and type of the pictures.

Colours have roles, the same in every picture: ink is what happened, `claim` what somebody says
or said will be, `said` what we forecast. Orange and blue are those of Okabe and Ito, which
people who see no red or no green tell apart; orange is darker on paper than theirs, since words
need four and a half times the contrast of their ground (WCAG 1.4.3), also on a shaded one.
Shapes and dashes say the same once more, for those who see no colours and for paper.
"""

from __future__ import annotations

from typing import Any, Final

LIGHT: Final = {
    "ink": "#1b1f24",
    "muted": "#59636e",
    "faint": "#dfe3e8",
    "paper": "#ffffff",
    "said": "#0072b2",
    "claim": "#955900",
    "down": "#b84600",
}
"""The colour of each role on a light ground; no two are the same, so that each can be found
again in a drawing."""

DARK: Final = {
    "ink": "#e8ebee",
    "muted": "#9aa5b1",
    "faint": "#343b43",
    "paper": "#14181d",
    "said": "#56b4e9",
    "claim": "#e69f00",
    "down": "#f0884d",
}
"""The same on a dark ground."""

INK: Final = LIGHT["ink"]
MUTED: Final = LIGHT["muted"]
FAINT: Final = LIGHT["faint"]
PAPER: Final = LIGHT["paper"]
SAID: Final = LIGHT["said"]
CLAIM: Final = LIGHT["claim"]
DOWN: Final = LIGHT["down"]

FONT: Final = "sans-serif"
"""Fonts that are there: nothing is fetched, nothing is shipped."""

SIZE: Final = 12
SMALL: Final = 11

DASH: Final = [4, 3]
DOTS: Final = [1, 3]


def config() -> dict[str, Any]:
    """What all pictures share."""
    return {
        "aria": False,
        "background": None,
        "font": FONT,
        "view": {"stroke": None, "fill": None},
        "axis": {
            "domainColor": MUTED,
            "gridColor": FAINT,
            "labelColor": MUTED,
            "labelFontSize": SMALL,
            "labelFont": FONT,
            "tickColor": FAINT,
            "title": None,
        },
        "text": {"color": INK, "fontSize": SIZE, "font": FONT},
    }
