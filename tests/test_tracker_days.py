from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from events.errors import Invalid
from tracker.days import reached

if TYPE_CHECKING:
    from tests.conftest import Terminal


def test_events_as_of_a_day_are_those_that_counted_on_it(founding: Terminal) -> None:
    asked = ("events", "leapmotor-mirafiori", "--format", "json", "--as-of", "2024-06-30")
    told = founding.well(*asked).rows
    listed = founding.well("events", "--as-of", "2024-06-30").out

    assert told
    assert max(row["known_on"] for row in told) <= "2024-06-30"
    assert [row["known_on"] for row in told] == sorted(row["known_on"] for row in told)
    assert len(listed.splitlines()) > len(told)


@pytest.mark.parametrize("command", ["forecast --dry-run", "programmes", "events", "timeline"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_any_calendar_is_refused(
    founding: Terminal, command: str, day: str
) -> None:
    slug = ["leapmotor-mirafiori"] if command == "timeline" else []

    said = founding(*command.split(), *slug, "--as-of", day)

    assert (said.code, said.out) == (4, "")
    assert said.err == f"error: --as-of: {day} lies outside the years 1900 to 2199.\n"


def test_a_replay_that_ends_before_the_first_event_says_so(founding: Terminal) -> None:
    asked = ("forecast", "leapmotor-mirafiori", "--every", "month", "--as-of", "1999-01-01")

    said = founding.well(*asked)

    assert said.out == ""
    assert "leapmotor-mirafiori was not open yet on 1999-01-01" in said.err


def test_a_reason_says_something(founding: Terminal) -> None:
    said = founding("retract", "43a21ec5", "--reason", " ")

    assert (said.code, said.err) == (
        4,
        "error: --reason: it is empty. Say why, in one sentence.\n",
    )


def test_an_export_into_a_folder_is_refused(founding: Terminal) -> None:
    said = founding("export", "-o", ".")

    assert (said.code, said.err) == (1, "error: .: is a directory.\n")


@pytest.mark.parametrize("words", ["why", "whatif"])
def test_a_context_has_no_forecast_to_explain(founding: Terminal, words: str) -> None:
    supposed = ["noted", "--when", "2026-01"] if words == "whatif" else []

    said = founding(words, "leapmotor-jv", *supposed)

    assert (said.code, said.err) == (
        5,
        "error: leapmotor-jv is context: it never starts, so there is no forecast of it.\n",
    )


def test_a_programme_that_was_not_open_yet_is_none_to_its_story_and_its_picture(
    founding: Terminal,
) -> None:
    for command in ("timeline", "show"):
        for format in ("table", "json"):
            asked = ("leapmotor-mirafiori", "--as-of", "2020-01-01", "--format", format)
            said = founding(command, *asked)
            assert (said.code, said.out) == (3, "")
            assert "leapmotor-mirafiori was not open yet on 2020-01-01" in said.err


YESTERDAY = 'read "yesterday" as 2026-11-21: 21 November 2026 (2026-11-21 to 2026-11-21)\n'


def test_a_day_in_words_is_taken_and_read_back(founding: Terminal) -> None:
    said = founding.well("events", "--as-of", "yesterday", "--format", "json")

    assert said.err == YESTERDAY
    assert (
        said.rows == founding.well("events", "--as-of", "2026-11-21", "--format", "json").rows
    )
    assert founding.well("date", "next year", "--published", "yesterday").err == YESTERDAY


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "last week",
            "is no single day, but 2026-11-09 to 2026-11-15. Write it as 2024-06-30.",
        ),
        ("some day", "is no day. Write it as 2024-06-30."),
        ("5 May", "reads as 2027-05-05, which is ahead. Write the year, if that is meant."),
    ],
)
def test_what_is_no_single_day_is_refused_with_how_to_write_one(
    words: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        reached(words, today=date(2026, 11, 22), option="--since")

    assert str(refused.value) == f"--since: {words!r} {sentence}"


def test_each_option_of_a_day_refuses_a_week(empty: Terminal) -> None:
    noted = ["record", "car-at-x", "noted", "--when", "2026"]
    for asked, option in (
        (["events"], "--until"),
        (["programmes"], "--as-of"),
        (noted, "--known-on"),
        (["date", "2027"], "--published"),
    ):
        said = empty(*asked, option, "last week")

        assert (said.code, said.out) == (4, "")
        assert said.err.startswith(f"error: {option}: 'last week' is no single day, but 2026")


def test_the_day_known_is_read_back_and_an_opening_is_of_that_day(empty: Terminal) -> None:
    said = empty.well(
        "open", "car-at-x", "--title", "X", "--known-on", "yesterday", "--no-forecast"
    )

    (line,) = empty.well("export").lines
    assert said.err == YESTERDAY
    assert (line["occurred"], line["known_on"]) == ("2026-11-21", "2026-11-21")


def test_a_country_is_two_letters_and_a_grade_may_be_small(empty: Terminal) -> None:
    refused = empty("open", "car-at-x", "--title", "X", "--country", "austria")
    typed = ("--country", "at", "--grade", "b2", "--no-forecast")
    empty.well("open", "car-at-x", "--title", "X", *typed)

    (line,) = empty.well("export").lines
    assert (refused.code, refused.err) == (
        4,
        'error: --country: "austria" is no country. Write its two letters, such as AT.\n',
    )
    assert (line["country"], line["source"]) == ("AT", {"grade": "B2"})
