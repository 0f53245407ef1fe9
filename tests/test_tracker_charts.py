from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tracker import charts, drawing, workspace
from tracker.account import gather
from tracker.estimator import Knowledge

if TYPE_CHECKING:
    from tests.conftest import Terminal
    from tracker.account import Account

DAY = date(2025, 3, 31)
SVG = "{http://www.w3.org/2000/svg}"


def account(
    terminal: Terminal,
    slug: str = "leapmotor-mirafiori",
    day: date = DAY,
) -> Account:
    place = workspace.at(terminal.folder)
    with place.ledger() as ledger:
        knowledge = Knowledge.of(ledger, place)
        return gather(knowledge, slug, as_of=day, issued=list(ledger.issued()), moved=False)


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
def test_a_drawn_picture_is_an_image_with_words_and_nothing_from_outside(
    founding: Terminal, width: int
) -> None:
    for picture in charts.pictures(account(founding), width):
        text = drawing.svg(picture)
        drawn = ET.fromstring(text)  # noqa: S314 - drawn by us a line ago

        assert drawn.get("role") == "img"
        assert drawn.findtext(f"{SVG}title") == picture.title
        assert drawn.findtext(f"{SVG}desc") == picture.alt
        assert (picture.width, drawn.get("viewBox")) == (
            width,
            f"0 0 {width} {picture.height}",
        )
        assert not [node for node in drawn.iter() if node.get("style")]
        assert not [node for node in drawn.iter() if "script" in node.tag]
        links = [node.get("href") for node in drawn.iter() if node.get("href")]
        assert all(link.startswith("#e-") for link in links if link)
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
