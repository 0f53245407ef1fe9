from __future__ import annotations

import shlex
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tracker import workspace
from tracker.errors import FAILED, BadSettings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Terminal


def one_sentence(said: str) -> bool:
    return said.startswith("error: ") and said.count("\n") == 1 and said.endswith(".\n")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def test_a_workspace_is_found_in_a_parent_by_option_and_by_variable(
    empty: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty.folder / "notes/deep").mkdir(parents=True)
    (empty.folder / "other").mkdir()
    empty.well("open", "car-at-x", "--title", "X")

    below = replace(empty, folder=empty.folder / "notes/deep")
    asked = ("export", "--format", "csv")
    assert "car-at-x" in below.well(*asked).out
    assert "car-at-x" in below.well("--workspace", "../..", *asked).out
    assert below("--workspace", "../../other", *asked).code == 3
    monkeypatch.setenv("TRACKER_WORKSPACE", str(empty.folder / "other"))
    assert below(*asked).code == 3
    assert below("--workspace", "../..", *asked).code == 0


@pytest.mark.parametrize(
    "words",
    ["programmes", "events", "record a noted --when 2024", "import -", "sql 'SELECT 1'", "db"],
)
def test_a_folder_that_is_no_workspace_is_told_so(tracker: Terminal, words: str) -> None:
    said = tracker(*shlex.split(words))

    assert (said.code, said.out) == (3, "")
    assert said.err == (
        "error: There is no workspace here or in a parent folder. Make one with: tracker init\n"
    )
    assert not contents(tracker.folder)


def test_init_works_once(tracker: Terminal) -> None:
    tracker.well("init")
    before = contents(tracker.folder)

    said = tracker("init")

    assert said.code == 5
    assert one_sentence(said.err)
    assert "is a workspace already." in said.err
    assert contents(tracker.folder) == before


def test_init_where_a_file_is_says_so_and_leaves_it(tracker: Terminal) -> None:
    (tracker.folder / "europe").write_text("a file")

    said = tracker("init", "europe")

    assert said.code == FAILED
    assert one_sentence(said.err)
    assert contents(tracker.folder) == {"europe": b"a file"}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("ledger = ", "tracker.toml: "),
        ("ledgr = 'x'", "tracker.toml: there is no setting 'ledgr'. There are: "),
        ("ledger = 5", "tracker.toml: ledger"),
        ("\xff", "tracker.toml: "),
    ],
)
def test_a_faulty_setting_is_named(empty: Terminal, settings: str, sentence: str) -> None:
    (empty.folder / "tracker.toml").write_bytes(settings.encode("latin-1"))

    said = empty("programmes")

    assert said.code == 4
    assert said.err.startswith(f"error: {sentence}")
    assert one_sentence(said.err)


def test_a_day_that_is_none_is_refused(empty: Terminal) -> None:
    said = empty("programmes", today="tomorrow")

    assert (said.code, said.err) == (
        4,
        "error: TRACKER_TODAY: 'tomorrow' is no day. Write it as 2024-06-30.\n",
    )


@pytest.mark.parametrize("broken", [b"", b"no ledger at all " * 100, b"SQLite format 3\0" * 99])
def test_a_ledger_that_is_none_is_refused_and_left_alone(
    empty: Terminal, broken: bytes
) -> None:
    for file in empty.folder.glob("ledger.sqlite*"):
        file.unlink()
    (empty.folder / "ledger.sqlite").write_bytes(broken)

    said = empty("export")

    assert said.code == FAILED
    assert one_sentence(said.err)
    assert (empty.folder / "ledger.sqlite").read_bytes() == broken


def test_a_ledger_that_is_missing_is_not_made_in_silence(empty: Terminal) -> None:
    for file in empty.folder.glob("ledger.sqlite*"):
        file.unlink()

    said = empty("record", "car-at-x", "noted", "--when", "2024")

    assert said.code == 3
    assert one_sentence(said.err)
    assert not (empty.folder / "ledger.sqlite").exists()


def test_a_ledger_of_a_newer_version_is_refused_with_a_sentence(empty: Terminal) -> None:
    with closing(sqlite3.connect(empty.folder / "ledger.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")

    said = empty("programmes")

    assert said.code == FAILED
    assert "The ledger was written by a newer Tracker (form 99, this one reads 1)." in said.err
    assert one_sentence(said.err.replace("). Update", "), Update"))


def test_what_is_in_the_background_is_said_to_be(founding: Terminal) -> None:
    reference = "byd-szeged"

    again = founding("open", reference, "--title", "BYD cars at Szeged")
    noted = founding.well("record", reference, "noted", "--when", "2026-11")

    assert again.code == 5
    assert f"Follow it with: tracker follow {reference}" in again.err
    assert f"so it is not forecast: tracker follow {reference}" in noted.err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Bad Name", "bad-name"), ("XPeng-Graz2", "xpeng-graz2"), ("LEAP_x", "leap-x")],
)
def test_what_is_no_slug_is_refused_before_it_is_followed(
    empty: Terminal, typed: str, meant: str
) -> None:
    empty.well("open", "car-at-x", "--title", "X", "--no-forecast")
    before = contents(empty.folder)

    said = empty("open", typed, "--title", "Y")

    assert said.code == 4
    assert said.err.startswith(f'error: PROGRAMME: "{typed}" is no slug. Write ')
    assert said.err.endswith(f" such as {meant}.\n")
    assert contents(empty.folder) == before
    with pytest.raises(BadSettings, match="is no slug"):
        workspace.at(empty.folder).follow([typed])
    assert empty.well("programmes").out
