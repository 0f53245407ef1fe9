from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.test_tracker_bars import INK, Screen
from tracker.tables import write

if TYPE_CHECKING:
    from tests.conftest import Terminal

STORY: dict[str, Any] = {
    "programme": "leapmotor-mirafiori",
    "as_of": date(2024, 6, 30),
    "median": "November 2028",
    "volume": "0 / 0 / 75,099",
    "summary": "The first cars were said to come on 14 May 2024 with a chance of 12 % at most.",
}
DAY = re.compile("....-..-..")
words = st.lists(st.text("abcé漢", min_size=1, max_size=6), max_size=9).map(" ".join)


def shown(rows: list[dict[str, Any]], width: int, *, named: bool = False) -> list[str]:
    """The rows on a terminal of a width."""
    screen = Screen()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TERM", "xterm")
        patch.setenv("COLUMNS", str(width))
        write(rows, list(rows[0]), out=screen, named=named)
    return INK.sub("", screen.getvalue()).splitlines()


def test_long_text_is_wrapped_between_words_where_that_makes_a_table_fit() -> None:
    assert shown([STORY], 84) == [
        "programme            as of       median         volume          summary",
        "leapmotor-mirafiori  2024-06-30  November 2028  0 / 0 / 75,099  The first cars were",
        f"{'':64}said to come on",
        f"{'':64}14 May 2024 with a",
        f"{'':64}chance of 12 % at",
        f"{'':64}most.",
    ]


def test_a_table_that_cannot_fit_is_a_block_a_row() -> None:
    assert shown([STORY, {**STORY, "median": None}], 60) == [
        *(
            block := [
                "programme  leapmotor-mirafiori",
                "as of      2024-06-30",
                "median     November 2028",
                "volume     0 / 0 / 75,099",
                "summary    The first cars were said to come on 14 May 2024",
                "           with a chance of 12 % at most.",
            ]
        ),
        "",
        *block[:2],
        "median",
        *block[3:],
    ]


@settings(max_examples=40)
@given(
    st.lists(st.tuples(words, words, st.integers()), min_size=1, max_size=4),
    st.integers(24, 90),
)
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(
    rows: list[tuple[str, str, int]], width: int
) -> None:
    told = [{"one": one, "other_one": other, "n": n} for one, other, n in rows]

    lines = shown(told, width)

    assert all(cell_len(line) <= width for line in lines)
    seen = "".join(lines)
    assert all(word in seen for row in rows for part in row[:2] for word in part.split())


def test_no_date_is_split_at_any_width(founding: Terminal) -> None:
    rows = founding.well("sql", "FROM programmes LIMIT 9", "--format", "json").rows
    days = {value for row in rows for value in row.values() if DAY.fullmatch(str(value))}

    for width in (40, 80, 120, 500):
        lines = shown(rows, width)
        assert all(cell_len(line) <= width for line in lines)
        assert days <= set("\n".join(lines).split())


def test_the_names_of_an_answer_stay_as_they_are_to_be_copied() -> None:
    assert shown([{"expected_start": 1}], 80, named=True)[0] == "expected_start"
    assert shown([{"expected_start": 1}], 80)[0] == "expected start"


def test_whole_numbers_have_separators_and_years_have_none() -> None:
    rows: list[dict[str, Any]] = [
        {"year": 1, "seen": 2027, "units": 9916},
        {"year": 9999, "seen": None, "units": 2e3},
    ]

    assert shown(rows, 80) == ["year  seen  units", "   1  2027  9,916", "9999        2,000"]
