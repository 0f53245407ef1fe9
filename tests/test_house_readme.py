from __future__ import annotations

import csv
import io
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.wording import likelihood, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Terminal

README = Path(__file__).parent.parent / "README.md"
ELSEWHERE = {"init", "import", "serve", "copy"}
"""What the fixture has done already, what never ends, and what needs somebody's database."""


def typed() -> Iterator[tuple[list[str], list[str]]]:
    """Each `$ tracker ...` of the README, and the answer that is printed under it."""
    text = README.read_text("utf-8")
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
            line, *answer = part.splitlines()
            command, *words = shlex.split(line, comments=True)
            if command == "tracker" and words[0] not in ELSEWHERE:
                yield words, [one for one in answer if one.strip()]


@pytest.mark.slow
def test_what_the_readme_types_works_in_its_order_and_answers_so(founding: Terminal) -> None:
    commands = list(typed())

    assert len(commands) >= 6
    for words, answer in commands:
        said = founding.well(*words)
        assert not answer or said.out.splitlines() == answer


@pytest.mark.slow
def test_the_numbers_beside_the_readmes_pictures_are_those_in_them(founding: Terminal) -> None:
    days = ("--as-of", "2024-06-30", "--as-of", "2024-12-31")
    asked = ("forecast", "leapmotor-mirafiori", *days, "--dry-run", "--format", "csv")
    rows = csv.DictReader(io.StringIO(founding.well(*asked).out))
    wide, dark = (round(float(row["by_2027"]) * 1e6) for row in rows)

    text = README.read_text("utf-8")
    named = {file: alt for alt, file in re.findall(r"!\[([^]]*)\]\(scripts/page-(\w+)", text)}

    assert f": {likelihood(wide)}, {percent(wide)}, " in named["wide"]
    assert f" to {percent(dark)}, " in named["dark"]
