"""News as an Atom feed: RFC 4287."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from tracker.tables import harmless

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tracker.feeds.news import Channel, News

ATOM: Final = "http://www.w3.org/2005/Atom"
UNFIT: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, beyond the control characters."""

MEDIA_TYPE: Final = "application/atom+xml"


def atom(channel: Channel, *, page: Callable[[News], str], own: str | None = None) -> bytes:
    """The feed; `page` gives an item's address, `own` is the feed's own where it has one."""
    feed = ET.Element("feed", xmlns=ATOM)
    _text(feed, "id", channel.id)
    _text(feed, "title", "Tracker: forecasts that moved")
    _text(feed, "updated", stamp(channel.updated))
    _text(ET.SubElement(feed, "author"), "name", "Tracker")
    if own:
        ET.SubElement(feed, "link", rel="self", type=MEDIA_TYPE, href=own)
    for item in channel.news:
        feed.append(_entry(item, page(item)))
    ET.indent(feed)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(item: News, address: str) -> ET.Element:
    entry = ET.Element("entry")
    _text(entry, "id", item.id)
    _text(entry, "title", item.headline)
    _text(entry, "updated", stamp(item.issued_at))
    ET.SubElement(entry, "link", rel="alternate", type="text/html", href=address)
    ET.SubElement(entry, "category", term=item.programme)
    _text(entry, "content", "\n".join(item.story), type="text")
    return entry


def _text(parent: ET.Element, name: str, words: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = UNFIT.sub("\ufffd", harmless(words))


def stamp(moment: datetime) -> str:
    """A moment in UTC as RFC 3339 has it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
