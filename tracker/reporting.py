"""Pages as files: each needs nothing else, and is there whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.account import gather
from tracker.course import course
from tracker.estimator import estimate, wanted
from tracker.feeds import atom, json_feed, news, starts
from tracker.nothing import open_on
from tracker.page import overview, programme
from tracker.page.place import Place
from tracker.portfolio import survey
from tracker.serving.memory import Seen
from tracker.whole import written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from pathlib import Path

    from tracker.workspace import Workspace


def report_one(place: Workspace, slug: str, file: Path, *, as_of: date) -> Path:
    """A programme's page in a file; raises `Unknown` where it was not open yet."""
    seen = Seen.of(place)
    wanted(place, seen.knowledge, [slug])
    return _whole(file, page(seen, slug, Place(cache=place.cache), as_of))


def report_all(place: Workspace, folder: Path, *, as_of: date, now: datetime) -> list[Path]:
    """A folder of pages: the first one, one a followed programme, feeds and a calendar.

    Raises `Unknown`, and makes no folder, where none was open yet on the day.
    """
    seen = Seen.of(place)
    open_on(seen.knowledge.histories, seen.followed, as_of)
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _whole(folder / name, text) for name, text in _files(place, seen, as_of=as_of, now=now)
    ]


def _files(
    place: Workspace, seen: Seen, *, as_of: date, now: datetime
) -> Iterator[tuple[str, str]]:
    here = Place(beside=True, cache=place.cache)
    told = survey(seen.knowledge, seen.followed, as_of=as_of, issued=seen.issued)
    yield "index.html", overview.page(told, here)
    for line in told.lines:
        yield f"{line.slug}.html", page(seen, line.slug, here, as_of)
    with place.ledger() as ledger:
        channel = news.channel(ledger, seen.knowledge, seen.followed, now=now)
    yield "feed.atom", atom.atom(channel, page=lambda one: f"{one.programme}.html").decode()
    yield "feed.json", json_feed.json_feed(channel).decode()
    made = estimate(seen.knowledge, seen.followed, as_of=as_of)
    yield "starts.ics", starts.calendar(seen.knowledge, made).decode()


def page(seen: Seen, slug: str, place: Place, as_of: date) -> str:
    """A programme's page for a place."""
    told = gather(seen.knowledge, slug, as_of=as_of, issued=seen.issued, moved=False)
    if told.made is not None:
        told = replace(told, move=course(seen.knowledge, slug, as_of).move(as_of))
    return programme.page(
        told, place, histories=seen.knowledge.histories, judged=seen.knowledge.judged
    )


def _whole(file: Path, text: str) -> Path:
    with written(file) as opened:
        opened.write(text)
    return file
