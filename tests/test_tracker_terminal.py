"""Commands typed on a real terminal: a pseudo-terminal, read as a person would read it."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Terminal

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0


def typed(
    tracker: Terminal, words: list[str], answers: list[tuple[str, str]]
) -> tuple[int, str]:
    """The exit code and what the screen showed; each answer waits for its question."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "tracker", *words],
        cwd=tracker.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "200"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        screen = ""
        for question, answer in answers:
            screen += until(ours, question)
            os.write(ours, f"{answer}\n".encode())
        screen += until(ours, None)
        process.wait(PATIENCE)
    os.close(ours)
    return process.returncode, screen.replace("\r\n", "\n")


def until(ours: int, question: str | None) -> str:
    """What is shown up to a question, or to the end."""
    shown = ""
    end = time.monotonic() + PATIENCE
    while (question is None or question not in shown) and time.monotonic() < end:
        if not select.select([ours], [], [], 0.2)[0]:
            continue
        try:
            piece = os.read(ours, 4096).decode()
        except OSError:  # the other side has closed
            break
        if not piece:
            break
        shown += piece
    assert question is None or question in shown, shown
    return shown


def test_record_asks_for_what_is_missing_and_shows_how_it_read_the_date(
    empty: Terminal,
) -> None:
    empty.well("open", "car-at-x", "--title", "X", "--known-on", "2024-01-31", "--no-forecast")
    answers = [
        ("Programme", "car-at-x"),
        ("Type of event", "production-announced"),
        ("When", "mid-2026"),
        ("Source", "https://example.org/1"),
        ("Record it?", "y"),
    ]

    code, screen = typed(empty, ["record", "--no-forecast"], answers)

    assert code == 0, screen
    read = screen.index('read "mid-2026" as 2026-06~/2026-07~: about June to July 2026')
    assert read < screen.index("Record it?") < screen.index("recorded ")
    line = empty.well("export").lines[-1]
    assert line["occurred"] == "2026-06~/2026-07~"
    assert line["occurred_words"] == "mid-2026"
    assert line["source"] == {"url": "https://example.org/1"}


def test_record_remembers_the_last_programme_date_and_source(empty: Terminal) -> None:
    empty.well("open", "car-at-x", "--title", "X", "--known-on", "2024-01-31", "--no-forecast")
    said = ("--when", "2026-05", "--source", "https://example.org/2", "--no-forecast")
    empty.well("record", "car-at-x", "noted", *said)
    answers = [
        ("Programme [car-at-x]", ""),
        ("Type of event", "site-favoured"),
        ("When [2026-05]", ""),
        ("Source, or - for none [https://example.org/2]", ""),
        ("Record it?", ""),
    ]

    code, screen = typed(empty, ["record", "--no-forecast"], answers)

    assert code == 0, screen
    line = empty.well("export").lines[-1]
    assert (line["programme"], line["type"]) == ("car-at-x", "site-favoured")
    assert (line["occurred"], line["source"]["url"]) == ("2026-05", "https://example.org/2")


def test_a_no_records_nothing(empty: Terminal) -> None:
    empty.well("open", "car-at-x", "--title", "X", "--known-on", "2024-01-31", "--no-forecast")
    answers = [("Type of event", "noted"), ("Source", "-"), ("Record it?", "n")]

    code, _ = typed(empty, ["record", "car-at-x", "--when", "2026-05"], answers)

    assert code == 1
    assert len(empty.well("export").lines) == 1


def test_a_wrong_answer_is_one_sentence(empty: Terminal) -> None:
    empty.well("open", "car-at-x", "--title", "X", "--known-on", "2024-01-31", "--no-forecast")
    answers = [("Type of event", "noted"), ("When", "sometime soon"), ("Source", "-")]

    code, screen = typed(empty, ["record", "car-at-x"], answers)

    assert code == 4
    assert 'error: --when: "sometime soon" names no date.' in screen
    assert "Traceback" not in screen


def test_open_asks_for_the_title(empty: Terminal) -> None:
    code, screen = typed(empty, ["open", "car-at-x", "--no-forecast"], [("Title", "X at last")])

    assert code == 0, screen
    assert empty.well("export").lines[0]["title"] == "X at last"


@pytest.mark.slow
def test_a_sheet_on_a_terminal_moves_no_cursor(empty: Terminal) -> None:
    line = {
        "programme": "car-at-x",
        "type": "programme-opened",
        "occurred": "2024",
        "known_on": "2024-06-30",
        "title": "X\x1b[2Jgone",
    }
    empty.well("import", "-", "--no-forecast", given=json.dumps(line))

    for words in (["events"], ["timeline", "car-at-x"]):
        for format in ("table", "csv"):
            _, screen = typed(empty, [*words, "--format", format], [])
            assert "\x1b[2J" not in screen, (words, format)


@pytest.mark.slow
def test_no_color_is_respected_on_a_terminal(founding: Terminal) -> None:
    founding.monkeypatch.setenv("NO_COLOR", "1")
    _, screen = typed(founding, ["programmes"], [])

    assert "leapmotor-mirafiori" in screen
    assert "\x1b[3" not in screen
    assert "\x1b[9" not in screen
