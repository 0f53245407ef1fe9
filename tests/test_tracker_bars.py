from __future__ import annotations

import io
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tracker.bars import Bar, Row, write

if TYPE_CHECKING:
    from tests.conftest import Terminal

BLUE, RED, END = "\x1b[34m", "\x1b[31m", "\x1b[0m"
INK = re.compile(r"\x1b\[[0-9;]*m")
shares = st.floats(0, 1)


class Screen(io.StringIO):
    """What says of itself that it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """So it says."""
        return True


def shown(lines: list[str | Row], **environment: str) -> list[str]:
    """The lines on a terminal."""
    screen = Screen()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"TERM": "xterm", "COLUMNS": "72", **environment}.items():
            patch.setenv(name, value)
        write(lines, screen)
    return screen.getvalue().splitlines()


def test_a_bar_is_as_long_as_its_share() -> None:
    assert Bar(end=0.5).plain(8) == "####    "
    assert Bar(end=0.0).plain(8) == "        "
    assert Bar(begin=0.25, end=0.5, sign="-").plain(8) == "  --    "
    assert Bar(begin=0.0, middle=0.5, end=1.0).plain(5) == "--|--"
    assert Bar(begin=0.5, middle=0.5, end=1.0).plain(5) == "  |--"


@given(shares, shares, shares, st.sampled_from("#+-"), st.integers(8, 60))
def test_a_bar_stays_in_its_width_and_a_move_has_a_sign(
    one: float, two: float, three: float, sign: str, width: int
) -> None:
    low, middle, high = sorted((one, two, three))

    move = Bar(begin=low, end=high, sign=sign).plain(width)

    assert len(move) == width
    assert sign in move or sign == "#"
    assert len(Bar(begin=low, middle=middle, end=high).plain(width)) == width


@given(shares, shares, st.sampled_from("#+-"), st.integers(20, 120))
def test_no_line_is_wider_than_the_terminal(
    one: float, two: float, sign: str, width: int
) -> None:
    low, high = sorted((one, two))
    bars = Bar(begin=low, end=high, sign=sign), Bar(begin=low, middle=high, end=high)
    rows: list[str | Row] = [
        Row(words="2024-05-30   +0.8", bar=bar, behind="W\u00f6rter " * 9) for bar in bars
    ]

    lines = shown(rows, COLUMNS=str(width))

    assert max(cell_len(INK.sub("", line)) for line in lines) <= width
    assert sum(line.count("+0.8") for line in lines) == 2


ROWS: list[str | Row] = [
    Row(words="P(a)", bar=Bar(end=0.53, most=8), behind="likely"),
    Row(words="P(b)", bar=Bar(begin=0.5, end=1.0, sign="-", most=8), behind="not"),
    Row(words="P(c)", bar=Bar(begin=0.5, middle=0.5, end=1.0, most=8), behind="[b]so[/b]"),
]


@pytest.mark.parametrize(
    ("environment", "drawn"),
    [
        ({}, [f"{BLUE}████▏   {END}", f"{RED}    ████{END}", f"{BLUE}    ┃░░░{END}"]),
        ({"NO_COLOR": "1"}, ["████▏   ", "    ████", "    ┃░░░"]),
        ({"TERM": "dumb"}, ["####    ", "    ----", "    |---"]),
    ],
)
def test_a_terminal_is_shown_what_it_can_show(
    environment: dict[str, str], drawn: list[str]
) -> None:
    lines = shown(ROWS, **environment)

    behind = ("likely", "not", "[b]so[/b]")
    assert [line.rstrip().replace(";49m", "m") for line in lines] == [
        f"P({letter})  {bar}  {words}"
        for letter, bar, words in zip("abc", drawn, behind, strict=True)
    ]


def test_where_there_is_no_room_for_a_bar_there_are_its_words() -> None:
    assert [line.rstrip() for line in shown(ROWS, COLUMNS="20")] == [
        "P(a)  likely",
        "P(b)  not",
        "P(c)  [b]so[/b]",
    ]


def test_a_file_has_plain_signs_and_whole_lines() -> None:
    out = io.StringIO()

    write(["Why?", Row(words="a", bar=Bar(end=0.5, most=4), behind="x" * 500)], out)

    assert out.getvalue() == f"Why?\na  ##    {'x' * 500}\n"


def test_the_moves_go_from_where_it_was_to_where_it_is(empty: Terminal) -> None:
    for day, told in (
        ("2026-01-05", ("open", "plant", "--title", "A plant")),
        ("2026-02-02", ("record", "plant", "production-announced", "--expected-start", "2027")),
        (
            "2026-03-02",
            (
                "record",
                "plant",
                "construction-started",
            ),
        ),
        ("2026-05-04", ("record", "plant", "site-ruled-out", "--grade", "A1")),
    ):
        empty.well(*told, "--when", day, "--known-on", day, "--no-forecast")

    said = empty.well("why", "plant", "--by", "2028-12-31")
    bars = [line[20:46] for line in said.out.splitlines() if re.match(".{10} +[+-]", line)]
    ends = [
        (found.end(), found.start()) if "-" in found[0] else found.span()
        for found in (re.search("[+-]+", bar) for bar in bars)
        if found
    ]

    assert len(ends) > 3
    for (_, before), (after, _) in pairwise(ends):
        assert abs(before - after) <= 1
