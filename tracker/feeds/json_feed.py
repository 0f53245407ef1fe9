"""News as a JSON Feed, version 1.1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tracker.feeds.atom import stamp
from tracker.tables import harmless

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.feeds.news import Channel, News

VERSION: Final = "https://jsonfeed.org/version/1.1"
MEDIA_TYPE: Final = "application/feed+json"


def json_feed(
    channel: Channel, *, page: Callable[[News], str] | None = None, own: str | None = None
) -> bytes:
    """The feed; without `page`, in a file, its items have no address, which must be whole."""
    feed: dict[str, Any] = {"version": VERSION, "title": "Tracker: forecasts that moved"}
    if own:
        feed["feed_url"] = own
    feed["items"] = [_item(item, page) for item in channel.news]
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _item(item: News, page: Callable[[News], str] | None) -> dict[str, Any]:
    told = {
        "id": item.id,
        "title": harmless(item.headline),
        "content_text": harmless("\n".join(item.story)),
        "date_published": stamp(item.issued_at),
        "tags": [item.programme],
        "_tracker": {
            "about": "P(start by a day) in millionths, before and after",
            "programme": item.programme,
            "as_of": item.as_of.isoformat(),
            "by": item.by.isoformat(),
            "before": item.before,
            "after": item.after,
            "hindcast": item.hindcast,
        },
    }
    return told | ({"url": page(item)} if page else {})
