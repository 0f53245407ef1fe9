from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any
from uuid import UUID
from xml.etree import ElementTree as ET

import icalendar
import pytest

from tracker import estimator, workspace
from tracker.feeds import atom, json_feed, news, starts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Terminal
    from tracker.feeds.news import Channel

A = "{http://www.w3.org/2005/Atom}"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
STRANGE = "A </title><script>\u202e plant \x1b[1m"


@pytest.fixture
def told(empty: Terminal) -> Terminal:
    """A workspace whose forecast of one plant moved much, twice."""
    for day, words in (
        ("2026-01-05", ("open", "plant", "--title", STRANGE)),
        ("2026-03-02", ("record", "plant", "production-announced", "--expected-start", "2027")),
        ("2026-05-04", ("record", "plant", "construction-started")),
        ("2026-07-06", ("record", "plant", "site-ruled-out", "--grade", "A1")),
    ):
        empty.well(*words, "--when", day, "--known-on", day, today=day)
    return empty


def channel(folder: Path, threshold: int = 1) -> Channel:
    place = workspace.at(folder)
    with place.ledger() as ledger:
        knowledge = estimator.Knowledge.of(ledger, place)
        return news.channel(ledger, knowledge, place.followed(), threshold=threshold, now=NOW)


def events_of(data: bytes) -> list[Any]:
    """The events of a calendar, whose library types them as anything."""
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def test_a_move_beyond_the_threshold_is_news_once(told: Terminal) -> None:
    every, none = channel(told.folder), channel(told.folder, threshold=1_000_000)

    assert len(every.news) >= 2
    assert none.news == ()
    assert all(abs(one.after - one.before) >= 1 for one in every.news)
    assert every.news[0].issued_at >= every.news[-1].issued_at
    assert len({one.id for one in every.news}) == len(every.news)


def test_news_names_what_moved_the_forecast_and_nothing_without_effect(told: Terminal) -> None:
    day = "2026-07-07"
    told.well("record", "plant", "noted", "--when", day, "--summary", "Idle words.", today=day)
    told.well("forecast", "--as-of", "2026-11-22")
    place = workspace.at(told.folder)
    with place.ledger() as ledger:
        moves = [entry.forecast.move for entry in ledger.issued()]

    made = channel(told.folder)

    assert moves[-1] is not None
    assert "points, 2026-11-22: time went by" in " ".join(made.news[0].causes)
    for one, move in zip(reversed(made.news), (move for move in moves if move), strict=True):
        assert sum(part.delta for part in move.parts) == one.after - one.before
        named = [float(words.split()[0]) for words in one.causes]
        assert sum(named) == pytest.approx((one.after - one.before) / 10_000, abs=0.2)
        assert "Idle words." not in " ".join(one.story)


def test_what_was_published_never_changes(told: Terminal) -> None:
    before = channel(told.folder)

    told.well("forecast", "--as-of", "2026-04-30")
    told.well("record", "plant", "production-cancelled", "--when", "2026-11", "--grade", "A1")
    after = channel(told.folder)

    assert after.id == before.id
    assert after.updated >= before.updated
    assert after.news[-len(before.news) :] == before.news


def test_a_copied_ledger_tells_the_same_news(told: Terminal) -> None:
    told.well("backup", "kept.sqlite")
    before = channel(told.folder)

    told.well("restore", "kept.sqlite", "--force")

    assert channel(told.folder) == before


def test_atom_has_what_its_standard_asks_for(told: Terminal) -> None:
    made = channel(told.folder)
    text = atom.atom(made, page=lambda one: f"{one.programme}.html", own="http://x/f")

    feed = ET.fromstring(text)  # noqa: S314 - made here a line ago

    for one in (feed, *feed.iter(f"{A}entry")):
        assert UUID(str(one.findtext(f"{A}id")).removeprefix("urn:uuid:")).version == 5
        assert one.findtext(f"{A}title")
        stamped = datetime.fromisoformat(str(one.findtext(f"{A}updated")))
        assert stamped.tzinfo
    assert feed.findtext(f"{A}author/{A}name")
    assert {link.get("rel") for link in feed.findall(f"{A}link")} == {"self"}
    assert feed.findtext(f"{A}updated") == f"{made.updated:%Y-%m-%dT%H:%M:%SZ}"
    assert all(
        entry.find(f"{A}link[@rel='alternate']") is not None for entry in feed.iter(f"{A}entry")
    )
    assert "\u202e" not in ET.tostring(feed, encoding="unicode")


def test_a_json_feed_has_what_its_standard_asks_for(told: Terminal) -> None:
    feed = json.loads(json_feed.json_feed(channel(told.folder)))

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_text"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert "\u202e" not in item["title"]
    assert "url" not in feed["items"][0]


def test_the_calendar_has_the_stated_window_in_whole_days(told: Terminal) -> None:
    place = workspace.at(told.folder)
    with place.ledger() as ledger:
        knowledge = estimator.Knowledge.of(ledger, place)
    made = estimator.estimate(knowledge, ["plant"], as_of=date(2026, 7, 6))

    data = starts.calendar(knowledge, made)
    events = {str(one["categories"].cats[0]): one for one in events_of(data)}

    assert data == starts.calendar(knowledge, made)
    assert set(events) == {"announced", "forecast"}
    assert events["announced"]["dtstart"].dt == date(2027, 1, 1)
    assert events["announced"]["dtend"].dt == date(2028, 1, 1)
    for event in events.values():
        assert event["status"] == "TENTATIVE"
        assert event["dtstamp"].dt == datetime(2026, 7, 6, tzinfo=UTC)
        assert event["dtend"].dt - event["dtstart"].dt > timedelta(0)
        assert "\x1b" not in event["summary"]
    assert events["announced"]["uid"] != events["forecast"]["uid"]


def test_a_revision_of_the_calendar_counts_on(told: Terminal) -> None:
    place = workspace.at(told.folder)
    with place.ledger() as ledger:
        knowledge = estimator.Knowledge.of(ledger, place)

    def revision(day: date) -> tuple[str, int]:
        made = estimator.estimate(knowledge, ["plant"], as_of=day)
        event = events_of(starts.calendar(knowledge, made))[0]
        return str(event["uid"]), int(event["sequence"])

    first, later = revision(date(2026, 3, 2)), revision(date(2026, 7, 6))

    assert first[0] == later[0]
    assert first[1] < later[1]


def test_a_folder_of_reports_has_pages_feeds_and_a_calendar(told: Terminal) -> None:
    said = told.well("report", "--all", "-o", "site")

    names = {file.name for file in (told.folder / "site").iterdir()}
    assert names == {"index.html", "plant.html", "feed.atom", "feed.json", "starts.ics"}
    assert len(said.out.splitlines()) == len(names)
    page = (told.folder / "site" / "plant.html").read_text()
    assert "<script" not in page
    assert "default-src 'none'; style-src 'sha256-" in unescape(page)
    assert 'href="index.html"' in page


def test_a_report_that_cannot_be_written_leaves_what_was_there(told: Terminal) -> None:
    (told.folder / "page.html").write_text("before")

    early = told("report", "plant", "--as-of", "2020-01-01", "-o", "page.html")
    neither = told("report")

    assert early.code == 3
    assert (told.folder / "page.html").read_text() == "before"
    assert neither.code == 2
