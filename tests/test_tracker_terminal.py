"""Commands typed on a real terminal: a pseudo-terminal, read as a person would read it."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from events.errors import Invalid, Unknown
from tracker import workspace
from tracker.asking import Draft, Interview
from tracker.wishes import Wish

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
        try:
            for question, answer in answers:
                screen += until(ours, question)
                os.write(ours, f"{answer}\n".encode())
            screen += until(ours, None)
        except AssertionError:
            process.kill()  # it waits for an answer that nobody gives
            raise
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


def test_record_offers_the_last_programme_and_source_and_no_date(empty: Terminal) -> None:
    empty.well("open", "car-at-x", "--title", "X", "--known-on", "2024-01-31", "--no-forecast")
    said = ("--when", "2026-05", "--source", "https://example.org/2", "--no-forecast")
    empty.well("record", "car-at-x", "noted", *said)
    answers = [
        ("Programme [car-at-x]", ""),
        ("Type of event", "site-favoured"),
        ("When (today, 2026-11, mid-2026): ", "2026-06"),
        ("Source, or - for none [https://example.org/2]", ""),
        ("Record it?", ""),
    ]

    code, screen = typed(empty, ["record", "--no-forecast"], answers)

    assert code == 0, screen
    line = empty.well("export").lines[-1]
    assert (line["programme"], line["type"]) == ("car-at-x", "site-favoured")
    assert (line["occurred"], line["source"]["url"]) == ("2026-06", "https://example.org/2")


def test_a_no_records_nothing(empty: Terminal) -> None:
    empty.well("open", "car-at-x", "--title", "X", "--known-on", "2024-01-31", "--no-forecast")
    answers = [("Type of event", "noted"), ("Source", "-"), ("Record it?", "n")]

    code, _ = typed(empty, ["record", "car-at-x", "--when", "2026-05"], answers)

    assert code == 1
    assert len(empty.well("export").lines) == 1


def interviewed(tracker: Terminal, draft: Draft, answers: list[str]) -> tuple[Draft, list[str]]:
    """What was told in the end, and what was said of wrong answers on the way."""
    said: list[str] = []
    told = iter(answers)
    with workspace.at(tracker.folder).ledger() as ledger:
        interview = Interview(
            draft=draft,
            ledger=ledger,
            today=date(2026, 11, 22),
            defaults={},
            ask=lambda _question, _default: next(told),
            say=said.append,
        )
        held = interview.held()
    assert not list(told)
    return held, said


def test_what_a_type_cannot_do_without_is_asked_for_and_a_wrong_answer_at_once_again(
    empty: Terminal,
) -> None:
    empty.well("open", "car-at-x", "--title", "X", "--known-on", "2024-01-31", "--no-forecast")
    answers = ["car-at-q", "car-at-x", "volume-reprted", "event-retracted", "volume-reported"]
    answers += ["sometime soon", "yesterday", "2027", "1.000", "2500.5", "2025-03", "-", "2500"]

    held, said = interviewed(empty, Draft(programme=None, type=None, wish=Wish()), answers)

    wish = Wish(when="yesterday", period="2025-03", volume="2500")
    assert held == Draft(programme="car-at-x", type="volume-reported", wish=wish)
    assert [sentence.split(".")[0][:60] for sentence in said] == [
        "There is no programme car-at-q; did you mean car-at-x? If it",
        'TYPE: there is no "volume-reprted"; did you mean volume-repo',
        "TYPE: event-retracted has a command of its own: tracker retr",
        '--when: "sometime soon" names no date',
        '--volume: "1',
        "--period: 2027 had not begun on 2026-11-22, when it was repo",
        "volume: 2,500",
    ]


def test_what_may_be_unknown_is_asked_for_and_can_be_left(empty: Terminal) -> None:
    empty.well("open", "car-at-x", "--title", "X", "--known-on", "2024-01-31", "--no-forecast")
    draft = Draft(programme="car-at-x", type="rival-site-selected", wish=Wish())

    held, said = interviewed(empty, draft, ["2026-10", "Car Y", "-", "https://example.org/3"])

    assert (held.wish.rival, held.wish.source) == (None, "https://example.org/3")
    assert len(said) == 1
    assert said[0].startswith('--rival: "Car Y" is no slug.')


def test_what_was_given_and_is_wrong_is_refused_before_anything_is_asked(
    empty: Terminal,
) -> None:
    empty.well("open", "car-at-x", "--title", "X", "--known-on", "2024-01-31", "--no-forecast")
    wish = Wish(when="2026-10", target_volume="many")

    with pytest.raises(Invalid, match='--target-volume: "many" is no number of units'):
        interviewed(empty, Draft(programme="car-at-x", type="target-announced", wish=wish), [])
    with pytest.raises(Unknown, match="There is no programme car-at-q"):
        interviewed(empty, Draft(programme="car-at-q", type=None, wish=Wish()), [])


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("volume-reported --period 2025", "--volume is missing: a volume-reported"),
        ("capacity-announced", "--capacity-per-year is missing: a capacity-announced"),
        ("target-announced --target-volume 9", "--target-by is missing: a target-announced"),
        ("target-announced --target-by 2030", "--target-volume is missing: a target-announced"),
    ],
)
def test_without_a_terminal_what_a_type_cannot_do_without_is_named(
    empty: Terminal, words: str, missing: str
) -> None:
    empty.well("open", "car-at-x", "--title", "X", "--known-on", "2024-01-31", "--no-forecast")

    said = empty("record", "car-at-x", *words.split(), "--when", "2026-10")

    assert (said.code, said.err) == (4, f"error: {missing} event needs it.\n")
    assert len(empty.well("export").lines) == 1


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
