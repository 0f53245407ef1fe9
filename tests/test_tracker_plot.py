from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tracker import charts, drawing, workspace
from tracker.account import gather
from tracker.charts.theme import LIGHT
from tracker.commands import plotting
from tracker.estimator import Knowledge

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Terminal

SVG = "{http://www.w3.org/2000/svg}"
DAY = "2024-04-30"


@pytest.fixture
def opened(empty: Terminal) -> Terminal:
    """A programme with an announcement, known by `DAY`."""
    empty.well("open", "car-at-x", "--title", "X", "--known-on", "2024-01-31", "--no-forecast")
    said = ("--when", "2024-02-01", "--known-on", "2024-02-02", "--expected-start", "2026")
    empty.well("record", "car-at-x", "production-announced", *said, "--no-forecast")
    return empty


def test_a_file_has_all_pictures_in_real_colours(opened: Terminal) -> None:
    said = opened.well("plot", "car-at-x", "--as-of", DAY, "-o", "x.svg")

    text = (opened.folder / "x.svg").read_text("utf-8")
    drawn = ET.fromstring(text)  # noqa: S314 - drawn by ourselves
    titles = [one.findtext(f"{SVG}title") for one in drawn.findall(f"{SVG}svg")]
    assert said.err == "wrote x.svg\n"
    assert titles == [
        "Timeline",
        "When it starts",
        "How many a year",
        "What moved it",
        "Were we right before?",
    ]
    assert "var(" not in text
    assert "href" not in text
    assert LIGHT["said"] in text
    assert drawn.findtext(f"{SVG}title") == "X"


def test_the_ending_says_how_it_is_written(opened: Terminal) -> None:
    asked = ("plot", "car-at-x", "--as-of", DAY, "--chart", "start")

    for name in ("x.png", "x.json", "x.csv"):
        opened.well(*asked, "-o", name)

    assert (opened.folder / "x.png").read_bytes().startswith(b"\x89PNG")
    spec = json.loads((opened.folder / "x.json").read_text("utf-8"))
    assert spec["$schema"].endswith("vega-lite/v6.json")
    rows = list(csv.DictReader(io.StringIO((opened.folder / "x.csv").read_text("utf-8"))))
    assert [row["date"] for row in rows if row["as_of"] == DAY][0] == "2024-05-31"  # noqa: RUF015 - the first of 120
    (made,) = opened.well(
        "forecast", "car-at-x", "--as-of", DAY, "--dry-run", "--format", "ndjson"
    ).lines
    told = [float(row["probability"]) for row in rows if row["as_of"] == DAY]
    assert told == [one["probability"] for one in made["start"]["by"]]


def test_without_a_file_the_picture_goes_where_it_is_piped(opened: Terminal) -> None:
    for words in ((), ("-o", "-")):
        said = opened.well("plot", "car-at-x", "--as-of", DAY, "--chart", "timeline", *words)

        assert said.out.startswith("<svg ")
        assert said.err == ""


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("car-at-x", "-o", "x.pdf"), 4, "x.pdf ends in neither .svg nor .png"),
        (("car-at-z", "-o", "x.svg"), 3, "no programme car-at-z; did you mean car-at-y?"),
        (("car-at-x", "-o", "away/x.svg"), 1, "away/x.svg: no such file or directory"),
        (("car-at-x", "-o", "."), 4, "ends in neither .svg nor .png"),
        (("car-at-x", "-o", "x.svg", "--as-of", "2023-01-01"), 3, "was not open yet on"),
        (("car-at-x", "--format", "csv"), 4, "name one picture with --chart"),
        (("-o", "x.svg", "--as-of", "2023-01-01"), 3, "None of these programmes was open yet"),
        (("--chart", "timeline", "-o", "x.svg"), 2, "a timeline is of one programme"),
        (("car-at-y", "--chart", "timeline", "-o", "x.svg"), 3, "Record an event: tracker"),
        (("duties", "--chart", "start", "-o", "x.svg"), 3, "duties is context: it never"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence_and_no_file(
    opened: Terminal, words: tuple[str, ...], code: int, sentence: str
) -> None:
    for slug, *more in (("car-at-y",), ("duties", "--kind", "context")):
        asked = ("--title", slug, "--known-on", "2024-01-31", "--no-forecast")
        opened.well("open", slug, *asked, *more)
    before = set(opened.folder.iterdir())

    said = opened("plot", *words)

    assert said.code == code
    assert sentence in " ".join(said.err.split())
    assert said.out == ""
    assert set(opened.folder.iterdir()) == before


def test_every_picture_there_is_can_be_asked_for() -> None:
    assert [*plotting.Chart] == [*charts.CHARTS]


def test_all_that_are_followed_are_drawn_together(opened: Terminal) -> None:
    opened.well("plot", "--as-of", DAY, "-o", "all.svg")
    opened.well("unfollow", "car-at-x")

    drawn = ET.fromstring((opened.folder / "all.svg").read_text("utf-8"))  # noqa: S314 - ours
    said = opened("plot", "-o", "none.svg")
    titles = [one.findtext(f"{SVG}title") for one in drawn.findall(f"{SVG}svg")]
    assert titles[:2] == ["Which start, and how likely", "Vehicles a year, together"]
    assert (said.code, said.out) == (3, "")
    assert "No programme is followed" in said.err


def test_a_drawing_is_kept_and_the_oldest_of_many_go(opened: Terminal, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (cache / "pictures").mkdir(parents=True)
    for place in range(drawing.MOST + 1):
        (cache / "pictures" / f"{place}.json").write_text('"old"')
    text = opened.well("plot", "car-at-x", "--as-of", DAY, "--chart", "volume").out

    picture = _volume(opened)
    first = drawing.svg(picture, cache=cache)
    (kept,) = (file for file in (cache / "pictures").iterdir() if not file.stem.isdecimal())
    kept.write_text(json.dumps(first.replace("<title>", "<title>kept: ")))

    assert "kept: " in drawing.svg(picture, cache=cache)
    assert "kept: " not in text
    assert len(list((cache / "pictures").iterdir())) < drawing.MOST


def _volume(terminal: Terminal) -> charts.Picture:
    place = workspace.at(terminal.folder)
    with place.ledger() as ledger:
        knowledge = Knowledge.of(ledger, place)
    seen = gather(knowledge, "car-at-x", as_of=date.fromisoformat(DAY), moved=False)
    picture = charts.CHARTS["volume"](seen, charts.WIDE)
    assert picture
    return picture
