from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
