from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from forecasts.history import Outcome, Status
from forecasts.resolve import start_answers, start_scores
from tracker import charts, workspace
from tracker.account import gather
from tracker.estimator import Knowledge
from tracker.track_record import back_test

if TYPE_CHECKING:
    from tests.conftest import Terminal
    from tracker.account import Account
    from tracker.track_record import TrackRecord


def account(terminal: Terminal, day: str) -> Account:
    place = workspace.at(terminal.folder)
    with place.ledger() as ledger:
        knowledge, issued = Knowledge.of(ledger, place), list(ledger.issued())
    on = date.fromisoformat(day)
    return gather(knowledge, "car-at-x", as_of=on, issued=issued, moved=False)


def record(terminal: Terminal, day: str) -> TrackRecord:
    return account(terminal, day).record


@pytest.fixture
def answered(empty: Terminal) -> Terminal:
    """Forecast in time and afterwards, then started: two questions of four are answered."""
    said = ("--title", "X", "--known-on", "2020-01-31", "--no-forecast")
    empty.well("open", "car-at-x", *said, today="2020-02-01")
    empty.well("forecast", "car-at-x", today="2020-03-31")
    empty.well("forecast", "car-at-x", "--as-of", "2020-06-30", today="2020-09-30")
    started = ("--when", "2021-09-15", "--known-on", "2021-09-20", "--no-forecast")
    empty.well("record", "car-at-x", "production-started", *started, today="2021-10-01")
    return empty


def test_what_was_said_in_time_and_what_came_after_are_told_apart(answered: Terminal) -> None:
    told = record(answered, "2021-12-31")

    assert told.issued
    assert told.hindcasts
    assert (told.issued.kind, told.issued.forecasts, told.issued.programmes) == ("issued", 4, 1)
    assert told.hindcasts.forecasts == 4
    assert told.best is told.issued
    (made, *_) = workspace.at(answered.folder).ledger().forecasts("car-at-x")
    came = [0.0, 1.0, 1.0, 1.0]
    said = [made.start[months - 1] / 1e6 for months in (12, 24, 36, 60)]
    brier = sum((p - y) ** 2 for p, y in zip(said, came, strict=True)) / 4
    assert told.issued.brier == pytest.approx(brier)


def test_hindcasts_of_one_programme_stand_for_nothing(empty: Terminal) -> None:
    said = ("--title", "X", "--known-on", "2020-01-31", "--no-forecast")
    empty.well("open", "car-at-x", *said, today="2020-02-01")
    empty.well("forecast", "car-at-x", "--as-of", "2020-06-30", today="2020-09-30")

    told = record(empty, "2021-12-31")
    assert told.hindcasts
    assert told.best.kind == "back-test"


def test_a_record_knows_no_answer_before_it_was_known(answered: Terminal) -> None:
    assert record(answered, "2021-09-19").issued is not None  # a year has gone by
    assert record(answered, "2021-09-19").issued.forecasts == 1  # type: ignore[union-attr] # asserted above
    assert record(answered, "2020-12-31").issued is None
    assert record(answered, "2020-12-31").best.kind == "back-test"


@pytest.mark.parametrize(
    ("day", "words"),
    [("2020-12-31", "no forecast of this ledger"), ("2021-12-31", "issued in time")],
)
def test_the_picture_says_whose_record_it_is(answered: Terminal, day: str, words: str) -> None:
    picture = charts.CHARTS["calibration"](account(answered, day), charts.WIDE)

    assert picture
    assert words in picture.caption
    assert words in picture.alt


def test_answers_are_those_that_are_scored(answered: Terminal) -> None:
    (made, *_) = workspace.at(answered.folder).ledger().forecasts("car-at-x")
    day = date(2021, 9, 15)
    ends = [Outcome(status=status, earliest=day, latest=day) for status in Status]

    for end in ends:
        told = list(start_answers(made, end, until=date(2023, 1, 31)))
        scored = start_scores(made, end, until=date(2023, 1, 31))
        assert [(one.horizon, one.said, one.came) for one in told] == [
            (one.horizon, one.said, one.came) for one in scored if one.score == "brier"
        ]


@pytest.mark.slow
def test_the_shipped_record_is_what_the_back_test_says(tracker: Terminal) -> None:
    told = json.loads(tracker.well("backtest", "--jobs", "2", "--format", "json").out)

    kept = back_test()
    rows = {row["method"]: row for row in told["rows"] if row["horizon"] == kept.months}
    ours = rows["two clocks"]
    assert (kept.forecasts, kept.programmes) == (ours["forecasts"], ours["programmes"])
    assert kept.brier == pytest.approx(ours["brier"], abs=2e-3)
    assert kept.base_rate == pytest.approx(rows["base rate"]["brier"], abs=2e-3)
    for one, now in zip(kept.bins, told["calibration"], strict=True):
        assert one.said == pytest.approx(now["said"], abs=0.02)
        assert one.came == pytest.approx(now["came"], abs=0.05)
