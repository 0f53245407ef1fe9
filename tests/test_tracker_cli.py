from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.main import get_command

from tracker.application import FAMILIES, application

if TYPE_CHECKING:
    from tests.conftest import Terminal

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = sorted(get_command(application()).commands)  # type: ignore[attr-defined] # a group has them
ESCAPES = "\x1b[31m\x1b]0;owned\x07\x9b2J"
HOSTILE = f"[bold red]B[/] [link=x]y[/link] {ESCAPES} \u202eevil"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_an_example(tracker: Terminal, command: str) -> None:
    said = tracker.well(command, "--help")

    assert f"Example: tracker {command}" in said.out or f"tracker {command}" in said.out
    assert "Example: " in said.out
    assert said.err == ""


def test_help_is_plain_where_nobody_looks(tracker: Terminal) -> None:
    for words in (["--help"], ["record", "--help"], ["--version"]):
        assert "\x1b" not in tracker.well(*words).out


def test_no_colour_reaches_a_pipe_even_when_forced_by_nothing(
    founding: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")

    for words in (
        ["programmes"],
        ["timeline", "leapmotor-mirafiori"],
        ["show", "leapmotor-mirafiori"],
        ["sql", "SELECT 1 AS a"],
        ["forecast", "--dry-run"],
        ["nonsense"],
    ):
        said = founding(*words)
        assert "\x1b" not in said.out + said.err


def completed(founding: Terminal, typed: str) -> str:
    """What bash is offered behind these words."""
    words = f"tracker {typed}"
    done = subprocess.run(
        [sys.executable, "-m", "tracker"],
        cwd=founding.folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "_TRACKER_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("timel", "timeline"),
        ("timeline leapmotor-mi", "leapmotor-mirafiori"),
        ("record leapmotor-mirafiori production-st", "production-started"),
        ("retract 43a21e", "43a21ec5"),
        ("follow byd-sze", "byd-szeged"),
        ("events --form", "--format"),
        ("events leapmotor-mirafiori --format nd", "ndjson"),
        pytest.param("events --type site-", "site-selected", marks=pytest.mark.slow),
    ],
)
def test_the_shell_completes(founding: Terminal, typed: str, offered: str) -> None:
    assert offered in completed(founding, typed)


def test_completion_outside_a_workspace_offers_nothing_and_is_quiet(tracker: Terminal) -> None:
    assert completed(tracker, "timeline leap").strip() == ""


def test_text_of_strangers_moves_no_terminal_and_marks_nothing_up(empty: Terminal) -> None:
    opened = {
        "programme": "car-at-x",
        "type": "programme-opened",
        "occurred": "2024-01-31",
        "known_on": "2024-01-31",
        "title": HOSTILE,
        "summary": HOSTILE,
        "site": HOSTILE,
        "source": {"url": f"https://x/{ESCAPES}", "publisher": HOSTILE, "quote": HOSTILE},
    }
    reports = [
        {
            "programme": "car-at-x",
            "type": "volume-reported",
            "occurred": "2024-02",
            "known_on": "2024-03-01",
            "period": "2024-02",
            "volume": volume,
            "summary": HOSTILE,
        }
        for volume in (5, 900)
    ]
    journal = "\n".join(json.dumps(line) for line in (opened, *reports))
    empty.well("import", "-", "--no-forecast", given=journal)

    for words in (
        "programmes",
        "events",
        "events --format json",
        "timeline car-at-x",
        "timeline car-at-x --format ndjson",
        "show car-at-x",
        "sql FROM_events",
    ):
        said = empty.well(*(word.replace("_", " ") for word in words.split(" ")))
        told = said.out + said.err
        assert not set(told) & set("\x1b\x07\x9b\u202e"), words
        assert "[bold red]B[/]" in told


def test_words_typed_come_back_harmless_in_errors(empty: Terminal) -> None:
    for words in (
        ["record", f"car{ESCAPES}", "noted", "--when", "2024"],
        ["date", f"{ESCAPES}soon"],
        ["events", HOSTILE],
        ["import", f"no{ESCAPES}where"],
        ["sql", f"SELECT '{ESCAPES}"],
        ["follow", HOSTILE],
        ["--workspace", HOSTILE, "events"],
        ["retract", HOSTILE, "--reason", "x"],
        ["events", "--grade", HOSTILE],
        [ESCAPES],
    ):
        said = empty(*words)
        assert said.code != 0
        assert not set(said.out + said.err) & set("\x1b\x07\x9b\u202e"), words


def test_a_cell_that_a_spreadsheet_would_run_is_quoted_in_every_sheet(empty: Terminal) -> None:
    bad = '=HYPERLINK("http://x")'
    empty.well("open", "car-at-x", "--title", bad, "--summary", "@SUM(1)", "--no-forecast")

    for words in (["events"], ["programmes"], ["export"], ["sql", f"SELECT '{bad}' AS a"]):
        sheet = empty.well(*words, "--format", "csv").out
        assert "'=HYPERLINK" in sheet
        assert ",=HYPERLINK" not in sheet


@pytest.mark.parametrize("words", ["--help", "record --help", "date 2026", "--version"])
def test_what_is_heavy_waits_until_it_is_needed(tracker: Terminal, words: str) -> None:
    script = f"""
import sys
sys.argv = ["tracker", *{words.split()!r}]
from tracker.application import FAMILIES, application
from tracker.cli import main
try:
    main()
except SystemExit:
    pass
heavy = {{"duckdb", "pandas", "numpy", "prophet", "matplotlib", "scipy", "pyarrow"}}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""

    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tracker.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS counts memory in its own way")
def test_record_takes_less_than_120_mb(founding: Terminal) -> None:
    script = """
import resource, subprocess, sys
words = ["record", "leapmotor-mirafiori", "noted", "--when", "2026-01"]
subprocess.run([sys.executable, "-m", "tracker", *words], check=True, stdout=sys.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""

    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=founding.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "recorded" in done.stderr
    assert int(done.stdout) < 120


def test_each_family_has_the_commands_that_are_said_to_be_its(tracker: Terminal) -> None:
    named = [command for commands in FAMILIES.values() for command in commands]

    assert sorted(named) == COMMANDS
    for command in COMMANDS:
        alone = get_command(application([command])).commands  # type: ignore[attr-defined] # likewise
        assert command in alone
        assert len(alone) < len(COMMANDS)
    assert tracker("--workspace", "elsewhere", "db").code == 3


def test_a_list_of_commands_has_all_of_them_though_none_has_options_there() -> None:
    listed = get_command(application([])).commands  # type: ignore[attr-defined] # likewise

    whole = get_command(application()).commands  # type: ignore[attr-defined] # likewise
    assert {name: each.get_short_help_str() for name, each in listed.items()} == {
        name: each.get_short_help_str() for name, each in whole.items()
    }


@pytest.mark.parametrize(
    ("encoding", "code", "out", "err"),
    [
        ("ascii", 0, "2026-01-05 – 2026-01-05", ""),
        ("latin-1", 1, "", "error: latin-1 has no \\u2013. Let the output be UTF-8: "),
    ],
)
def test_a_letter_that_the_output_lacks_is_a_sentence(
    empty: Terminal,
    encoding: str,
    code: int,
    out: str,
    err: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    empty.well("open", "plant", "--title", "A plant", "--when", "2026-01-05", "--no-forecast")
    monkeypatch.setenv("PYTHONIOENCODING", encoding)

    said = empty.apart("timeline", "plant")

    assert said.returncode == code
    assert out in said.stdout
    assert said.stderr.startswith(err)
    assert "Traceback" not in said.stderr


def test_with_output_closed_a_command_does_nothing_and_says_so(empty: Terminal) -> None:
    shell = ["sh", "-c", 'exec "$@" >&-', "sh"]

    for words in (["open", "car-at-x", "--title", "X"], ["programmes"]):
        said = empty.apart(*words, before=shell)
        assert (said.returncode, said.stderr.count("\n")) == (1, 1), said.stderr
        assert said.stderr.startswith("error: standard output is closed.")
    assert empty.well("export").out == ""


def test_with_input_and_errors_closed_a_command_works(empty: Terminal) -> None:
    opened = ("open", "car-at-x", "--title", "X", "--no-forecast")

    said = empty.apart(*opened, before=["sh", "-c", 'exec "$@" <&- 2>&-', "sh"])

    assert (said.returncode, said.stderr) == (0, "")
    assert len(empty.well("export").lines) == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("total --at-least 1e6", "'1e6' is no whole number. Write it as 5000 or 5,000."),
        ("total --at-least 50,00", "'50,00' is no whole number. Write it as 5000 or 5,000."),
        ("total --at-least 0", "0 is less than 1."),
        (f"total --at-least {'9' * 400}", f"'{'9' * 60}' is no whole number."),
        ("serve --port 99999", "99999 is more than 65535."),
        ("watch --interval nan", "'nan' is no number."),
        ("programmes --format xml", "'xml' is not one of 'table', 'json', 'ndjson', 'csv'."),
    ],
)
def test_a_wrong_value_is_refused_in_words_of_ours(
    empty: Terminal, words: str, sentence: str
) -> None:
    said = empty(*words.split())

    told = " ".join(said.err.replace("│", "").split())
    assert (said.code, said.out) == (2, "")
    assert sentence in told
    assert "Input should" not in told
    assert "Value error" not in told


def test_a_number_may_have_separators(founding: Terminal) -> None:
    asked = ("total", "mirafiori-500e", "--format", "csv", "--at-least")

    assert founding.well(*asked, "50,000").out == founding.well(*asked, "50000").out
