from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker import wording

if TYPE_CHECKING:
    from tests.conftest import Terminal


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[2026,2027]", "start stated for 2026 or 2027"),
        ("2026-07/..", "start stated from July 2026"),
        ("../2030-12", "start stated by December 2030"),
        ("2028~", "start stated for about 2028"),
    ],
)
def test_a_stated_window_reads_as_a_sentence_does(text: str, words: str) -> None:
    assert wording.start_stated(text) == words


def test_what_has_started_says_since_when_and_whether_it_goes_on() -> None:
    assert wording.has_started("2020-10", None) == "Production has started (October 2020)."
    assert wording.has_started(None, "paused") == "Production has started. It is paused now."


@pytest.mark.slow
def test_one_event_is_not_the_newest_one_of_one(empty: Terminal) -> None:
    day = ("--when", "2026-11-02", "--known-on", "2026-11-02", "--no-forecast")
    empty.well("open", "plant", "--title", "A plant", *day)
    empty.well("record", "plant", "production-considered", *day)

    assert "\nEvidence: 1 event\n" in empty.well("show", "plant").out
    empty.well("plot", "plant", "-o", "plant.svg")
    assert "1 event, a claim, the newest" in (empty.folder / "plant.svg").read_text()
