from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.nothing import EMPTY, UNFOLLOWED

if TYPE_CHECKING:
    from tests.conftest import Terminal


@pytest.mark.parametrize(
    "words",
    [
        ("programmes", "--all"),
        ("events", "--all"),
        ("total",),
        ("forecast",),
        ("score",),
        ("export",),
    ],
    ids=" ".join,
)
def test_a_list_of_an_empty_ledger_is_empty_and_says_what_to_do(
    empty: Terminal, words: tuple[str, ...]
) -> None:
    said = empty.well(*words)

    assert (said.out, said.err) == ("", f"{EMPTY}\n")


@pytest.mark.parametrize("words", [("plot", "--all"), ("report", "--all")], ids=" ".join)
def test_no_picture_and_no_page_is_made_of_nothing(
    empty: Terminal, words: tuple[str, ...]
) -> None:
    before = set(empty.folder.iterdir())

    said = empty(*words, "-o", "made.svg")

    assert (said.code, said.out, said.err) == (3, "", f"error: {EMPTY}\n")
    assert set(empty.folder.iterdir()) == before


def test_what_is_followed_but_not_in_the_ledger_is_no_programme(empty: Terminal) -> None:
    empty.well("open", "car-at-x", "--title", "Cars at X", "--no-forecast")
    (empty.folder / ".tracker" / "followed").write_text("car-at-y\n")

    assert empty.well("programmes").err == f"{UNFOLLOWED}\n"
    assert empty("report", "--all", "-o", "site").err == f"error: {UNFOLLOWED}\n"


def test_of_several_programmes_the_day_of_the_first_is_told(empty: Terminal) -> None:
    for slug, day in (("car-at-x", "2024-05-01"), ("car-at-y", "2024-03-01")):
        empty.well("open", slug, "--title", slug, "--known-on", day, "--no-forecast")

    said = empty.well("forecast", "--as-of", "2024-01-01")

    assert said.err == (
        "None of these programmes was open yet on 2024-01-01: "
        "the first was opened on 2024-03-01.\n"
    )


def test_a_sheet_without_rows_has_its_columns(empty: Terminal) -> None:
    for words in (("events",), ("score",), ("sql", "FROM followed")):
        (head,) = empty.well(*words, "--format", "csv").out.splitlines()
        assert head.split(",")[0] in {"position", "question", "programme"}
