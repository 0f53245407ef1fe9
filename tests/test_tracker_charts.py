from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import facts
from forecasts.distribution import StartDistribution
from tracker import charts, drawing, wording, workspace
from tracker.account import gather
from tracker.charts import lanes, packing, theme
from tracker.charts.canvas import Days, broad, spread
from tracker.charts.packing import CROWDED, GAP, packed
from tracker.estimator import Knowledge
from tracker.portfolio import survey

if TYPE_CHECKING:
    from tests.conftest import Terminal
    from tracker.account import Account
    from tracker.charts import Picture

DAY = date(2024, 4, 30)
"""Two quarters after the founding question: little has to be learned anew for it."""
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert(1)</script> & "]]> \x1b[31m \u202e #1b1f24 {{datum.x}}'


def account(
    terminal: Terminal, slug: str = "leapmotor-mirafiori", day: date = DAY, *, moved: bool
) -> Account:
    place = workspace.at(terminal.folder)
    with place.ledger() as ledger:
        knowledge = Knowledge.of(ledger, place)
        return gather(knowledge, slug, as_of=day, issued=list(ledger.issued()), moved=moved)


def of_all(terminal: Terminal) -> list[Picture]:
    place = workspace.at(terminal.folder)
    with place.ledger() as ledger:
        knowledge, issued = Knowledge.of(ledger, place), list(ledger.issued())
    return charts.surveyed(survey(knowledge, place.followed(), as_of=DAY, issued=issued))


def timeline(terminal: Terminal) -> Picture:
    picture = charts.CHARTS["timeline"](account(terminal, "car-at-x", moved=False), 720)
    assert picture
    return picture


def parsed(picture: Picture) -> ET.Element:
    return ET.fromstring(drawing.svg(picture))  # noqa: S314 - drawn by ourselves


def texts(drawn: ET.Element) -> list[str]:
    return [node.text or "" for node in drawn.iter(f"{SVG}text")]


def story(terminal: Terminal, *lines: dict[str, Any], title: str = "X") -> None:
    opening = {"type": "programme-opened", "occurred": "2024-01-31", "title": title}
    known = {"programme": "car-at-x", "known_on": "2024-01-31"}
    text = "\n".join(json.dumps(known | line) for line in [opening, *lines])
    terminal.well("import", "-", "--no-forecast", given=text)


@pytest.mark.slow
def test_a_drawn_picture_is_an_image_with_words_and_nothing_from_outside(
    founding: Terminal,
) -> None:
    seen = account(founding, moved=True)
    narrow = charts.pictures(seen, charts.NARROW)

    assert [one.name for one in narrow] == [*charts.CHARTS]
    for picture in [*charts.pictures(seen), *narrow, *of_all(founding)]:
        drawn = parsed(picture)
        looks = [node.get(name, "none") for node in drawn.iter() for name in ("fill", "stroke")]
        assert drawn.get("role") == "img"
        assert drawn.findtext(f"{SVG}title") == picture.title
        assert drawn.findtext(f"{SVG}desc") == picture.alt
        assert drawn.get("viewBox") == f"0 0 {picture.width} {picture.height}"
        assert picture.width in {charts.WIDE, charts.NARROW}
        assert not [node for node in drawn.iter() if {"style", "onclick"} & node.attrib.keys()]
        assert not [node for node in drawn.iter() if "script" in node.tag]
        assert all(node.get("href", "#e-").startswith("#e-") for node in drawn.iter())
        assert {one for one in looks if "var(--" not in one} <= {"none", "transparent"}


@pytest.mark.slow
def test_the_words_of_a_picture_have_the_numbers_of_the_forecast(founding: Terminal) -> None:
    seen = account(founding, moved=True)
    made, move = seen.made, seen.move
    assert made
    assert move

    told = {picture.name: picture for picture in charts.pictures(seen)}

    said = StartDistribution(as_of=DAY, cumulative=made.start)
    for year in range(2024, 2029):
        chance = wording.percent(said.by_millionths(date(year, 12, 31)))
        assert f"{chance} by the end of {year}" in told["start"].alt
    for one in made.volume:
        quantiles = " / ".join(f"{part:,}" for part in one.quantiles)
        assert f"{one.year}: {quantiles}" in told["volume"].alt
    rows = told["moves"].rows
    parts = [round(row["delta"] * 1e6) for row in rows if row["delta"] is not None]
    assert len(parts) > 3
    assert move.before + sum(parts) == move.after
    assert rows[-1]["to"] == move.after / 1e6
    assert wording.percent(move.before) in told["moves"].alt


@pytest.mark.slow
def test_what_is_known_later_changes_no_picture(founding: Terminal) -> None:
    def drawn() -> list[Picture]:
        slugs = ("leapmotor-mirafiori", "leapmotor-tychy-t03", "stellantis-italy")
        told = [account(founding, slug, moved=True) for slug in slugs]
        return [one for each in told for one in charts.pictures(each)] + of_all(founding)

    known = [line for line in founding.well("export").lines if line["known_on"] <= str(DAY)]
    before = drawn()
    followed = workspace.at(founding.folder).followed()
    shutil.rmtree(founding.folder / ".tracker")
    for name in ("ledger.sqlite", "timeline.duckdb", "tracker.toml"):
        (founding.folder / name).unlink()
    place = workspace.create(founding.folder)

    text = "\n".join(json.dumps(line) for line in known)
    founding.well("import", "-", "--no-forecast", given=text)
    place.unfollow(place.followed() - followed)

    assert len(before) > 12
    assert drawn() == before


def test_words_of_strangers_stay_words(empty: Terminal) -> None:
    noted = {"type": "noted", "occurred": "2024-03", "known_on": "2024-03-31"}
    story(empty, noted | {"summary": HOSTILE}, title=HOSTILE)

    pictures = charts.pictures(account(empty, "car-at-x", moved=True)) + of_all(empty)

    assert {"timeline", "start", "volume"} <= {one.name for one in pictures}
    for picture in pictures:
        assert not [node for node in parsed(picture).iter() if "script" in node.tag]
    drawn = parsed(pictures[0])
    assert any(said.startswith("</text><script>") for said in texts(drawn))
    assert "\\x1b[31m \\x202e #1b1f24 {{datum.x}}" in (drawn.findtext(f"{SVG}desc") or "")
    assert pictures[0].rows[0]["summary"] == HOSTILE


def test_a_specification_that_would_fetch_its_data_is_refused(empty: Terminal) -> None:
    story(empty)
    picture = charts.pictures(account(empty, "car-at-x", moved=False))[0]
    elsewhere = {"data": {"url": "https://example.org/x.csv"}, "mark": "bar", "encoding": {}}

    with pytest.raises(ValueError, match="url not allowed"):
        drawing.svg(replace(picture, spec=picture.spec | {"layer": [elsewhere]}))


def test_a_programme_of_which_only_the_opening_is_known_has_no_timeline(
    empty: Terminal,
) -> None:
    story(empty)

    pictures = charts.pictures(account(empty, "car-at-x", moved=False))

    assert [one.name for one in pictures] == ["start", "volume", "calibration"]
    assert "shipped back-test" in pictures[-1].caption


def test_imprecise_dates_look_imprecise_and_claims_hollow(empty: Terminal) -> None:
    announced = {"type": "production-announced", "occurred": "2024-02"}
    story(
        empty,
        announced | {"known_on": "2024-03-31", "expected_start": "2027/.."},
        announced | {"known_on": "2024-04-15", "expected_start": "2028~"},
        {"type": "deal-signed", "occurred": "2024-04", "known_on": "2024-04-30"},
    )

    layers = timeline(empty).spec["layer"]

    bars = [one for one in layers if one["mark"]["type"] == "bar"]
    solid, dashed = (one["data"]["values"] for one in bars)
    faded = [row for row in solid if row["stroke"] == "transparent"]
    said = [row for row in faded if row["fill"] == theme.CLAIM]
    strength = [row["fillOpacity"] for row in said]
    (happened,) = (row for row in solid if row["fill"] == theme.INK)
    assert [row["dashed"] for row in dashed] == [True]
    assert bars[1]["mark"]["strokeDash"]
    assert len(said) > 3
    assert strength == sorted(strength, reverse=True)
    assert all(before["x2"] == after["x"] for before, after in pairwise(said))
    assert happened["fillOpacity"] > strength[0]


def test_forty_events_in_a_lane_give_up_their_words_for_room(empty: Terminal) -> None:
    story(
        empty,
        *(
            {"type": "evidence-for", "occurred": "2024-02", "summary": str(place)}
            | {"known_on": str(date(2024, 3, 1) + timedelta(days=place))}
            for place in range(40)
        ),
    )

    picture = timeline(empty)

    assert len(picture.rows) == 40
    assert picture.height < 200
    assert "for" not in texts(parsed(picture))


@st.composite
def lane(draw: st.DrawFn) -> list[lanes.Item]:
    """Some statements of a start, each within ten years."""
    days = st.dates(min_value=date(2024, 1, 1), max_value=date(2033, 12, 31))
    told = [
        facts.StartRevised(
            id=f"00000000-0000-0000-0000-{place:012}",
            programme="car-at-x",
            occurred="2024",
            known_on=draw(days),
            expected_start=draw(days).isoformat(),
        )
        for place in range(draw(st.integers(1, 25)))
    ]
    return list(lanes.items(told))


@given(lane())
def test_no_two_words_of_a_lane_meet(told: list[lanes.Item]) -> None:
    days = Days(first=date(2023, 12, 1), last=date(2034, 1, 31), width=500)

    placed = packed(told, days)

    named = [one for one in placed if one.side]
    spans: dict[int, list[tuple[float, float]]] = {}
    for one in named:
        left, right = packing.reach(one.item, days)
        room = broad(one.item.words, theme.SMALL) + GAP
        span = (left - room, right) if one.side == "left" else (left, right + room)
        spans.setdefault(one.row, []).append(span)
    assert named or max(one.row for one in placed) < CROWDED
    for row in spans.values():
        assert all(end <= start for (_, end), (start, _) in pairwise(sorted(row)))


@given(st.lists(st.floats(0, 300), max_size=12))
def test_labels_are_spread_in_their_order_and_stay_inside(places: list[float]) -> None:
    moved = spread(places, apart=13, within=(0, 300))

    order = sorted(range(len(places)), key=lambda place: places[place])
    ranked = [moved[place] for place in order]
    assert all(after - before >= 13 - 1e-6 for before, after in pairwise(ranked))
    assert all(0 <= place <= 300 for place in moved)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast of two colours, 1 to 21."""
    light = []
    for colour in (one, other):
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in parts
        ]
        light.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(light) + 0.05) / (min(light) + 0.05)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_words_can_be_read_on_their_ground_and_no_two_roles_look_the_same(
    colours: dict[str, str],
) -> None:
    words = {role: contrast(colours[role], colours["paper"]) for role in theme.LIGHT}

    assert len(set(colours.values())) == len(colours)
    assert colours.keys() == theme.LIGHT.keys()
    assert min(words[role] for role in ("ink", "muted", "said", "claim", "down")) >= 4.5


def test_a_page_has_the_colours_of_a_file() -> None:
    page = (resources.files("tracker") / "page" / "assets" / "page.css").read_text("utf-8")
    roles = re.findall(r"--(\w+): (#[0-9a-f]{6});", page)

    found = [(role, colour) for role, colour in roles if role in theme.LIGHT]
    assert dict(found[: len(theme.LIGHT)]) == theme.LIGHT
    assert dict(found[len(theme.LIGHT) : 2 * len(theme.LIGHT)]) == theme.DARK
