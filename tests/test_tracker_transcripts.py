"""Typed commands with their whole answers; `pytest --renew` writes them anew."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Said, Terminal

CHANCES = re.compile(r"(P\(start by .*?\)) .*")
"""What a model says is no part of a transcript: models improve."""

FOLDER = Path(__file__).parent / "transcripts"


def replayed(text: str, tracker: Terminal) -> str:
    """The transcript as its commands answer now.

    `$ tracker ...` is typed, `$ TRACKER_TODAY=...` moves the day, `$ cat > FILE` takes the
    lines that follow up to an empty one. Of an answer, lines on standard error begin with
    `! `, and an exit code that is not 0 stands in brackets at the end.
    """
    written: list[str] = []
    today = None
    lines = iter(text.splitlines())
    for line in lines:
        match line.split(maxsplit=2):
            case ["$", "tracker", words]:
                said = tracker(*shlex.split(words), today=today)
                written += [line, *answered(said), ""]
            case ["$", "cat", target]:
                held = list(iter(lambda: next(lines), ""))
                path = tracker.folder / target.removeprefix("> ")
                path.write_text("".join(f"{one}\n" for one in held))
                written += [line, *held, ""]
            case ["$", setting] if setting.startswith("TRACKER_TODAY="):
                today = setting.removeprefix("TRACKER_TODAY=")
                written += [line]
            case ["#", *_]:
                written += [line]
    return "\n".join(written).rstrip("\n") + "\n"


def answered(said: Said) -> list[str]:
    errors = [f"! {line}" for line in said.err.splitlines()]
    told = [CHANCES.sub(r"\1 ...", line) for line in said.out.splitlines()]
    return [*told, *errors, *([f"[{said.code}]"] if said.code else [])]


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
def test_the_commands_answer_as_in(
    file: Path, tracker: Terminal, pytestconfig: pytest.Config
) -> None:
    before = file.read_text("utf-8")

    after = replayed(before, tracker)

    if pytestconfig.getoption("--renew"):
        file.write_text(after, "utf-8")
    assert after == file.read_text("utf-8")
