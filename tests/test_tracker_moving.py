from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from events.ledger import Ledger
from tests.test_events_ledger import NOW, forecast, noted

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Server, Terminal


@pytest.fixture
def place(store: Path | str, empty: Terminal) -> str:
    """A ledger of two events and a forecast on either store, and a workspace on it."""
    (empty.folder / "tracker.toml").write_text(f'ledger = "{store}"\n')
    with Ledger.at(store, create=True) as ledger:
        ledger.append([noted("First."), noted("Zürich.", "other")], after={}, now=NOW)
        ledger.issue([forecast()], after={}, now=NOW)
    return str(store)


def stored(ledger: str | Path) -> list[tuple[object, ...]]:
    """Everything that is kept of each entry."""
    with Ledger.at(ledger) as opened:
        return [
            (n.position, n.stream, n.version, n.topic, n.state, n.link)
            for n in opened.chained.links()
        ]


def more(place: Path | str, summary: str = "More.") -> None:
    with Ledger.at(place) as ledger:
        version = ledger.stream("plant").version
        ledger.append([noted(summary)], after={"plant": version}, now=NOW)


def test_a_ledger_is_copied_with_chain_positions_and_moments(
    place: str, empty: Terminal, postgres: Server
) -> None:
    there, back = postgres.database(), empty.folder / "back.sqlite"

    said = empty.well("copy", place, there).out
    empty.well("copy", there, "back.sqlite")

    assert said.startswith("3 entries copied and whole; head 3:")
    assert stored(there) == stored(back)
    assert len(stored(back)) == 3
    more(there)
    more(back)
    assert stored(there) == stored(back)


def test_a_ledger_is_copied_into_an_empty_one_only(place: str, empty: Terminal) -> None:
    empty.well("copy", place, "other.sqlite")
    before = stored(empty.folder / "other.sqlite")

    said = empty("copy", "other.sqlite", place)
    again = empty("copy", place, "other.sqlite")

    assert (said.code, again.code) == (5, 5)
    assert again.err == "error: other.sqlite is there already. Name a new file.\n"
    assert stored(empty.folder / "other.sqlite") == before


def test_a_changed_ledger_is_not_copied(empty: Terminal, postgres: Server) -> None:
    ledger = empty.folder / "ledger.sqlite"
    with Ledger.at(ledger) as opened:
        opened.append([noted("First.")], after={}, now=NOW)
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("DROP TRIGGER stored_events_keep_UPDATE")
        connection.execute("UPDATE stored_events SET topic = 'x'")
        connection.commit()

    for words in (("copy", "ledger.sqlite", postgres.database()), ("backup", "kept.sqlite")):
        said = empty(*words)
        assert said.code == 1
        assert "entry 1 (plant 1, x) is not what was recorded" in said.err
    assert not (empty.folder / "kept.sqlite").exists()


def test_a_backup_is_whole_and_takes_no_files_place(place: str, empty: Terminal) -> None:
    said = empty.well("backup", "kept.sqlite").out
    again = empty("backup", "kept.sqlite")

    assert said.startswith("3 entries backed up and whole; head 3:")
    assert said.split()[-1] in empty.well("verify").out
    assert stored(empty.folder / "kept.sqlite") == stored(
        place if "://" in place else empty.folder / "ledger.sqlite"
    )
    assert again.code == 5
    assert not [file for file in empty.folder.iterdir() if "part" in file.name]


def test_a_restored_ledger_is_the_one_that_was_kept(empty: Terminal) -> None:
    ledger = empty.folder / "ledger.sqlite"
    more(ledger, "First.")
    kept = stored(ledger)
    empty.well("backup", "kept.sqlite")
    more(ledger, "Second.")

    refused = empty("restore", "kept.sqlite")
    empty.well("restore", "kept.sqlite", "--force")

    assert refused.code == 5
    assert "holds entries that kept.sqlite does not" in refused.err
    assert stored(ledger) == kept
    more(ledger, "Another second.")
    assert "2 entries are whole" in empty.well("verify").out


@pytest.mark.parametrize("rest", [b"", b"no database, " * 900])
def test_a_broken_ledger_is_kept_aside_and_its_backup_put_in_its_place(
    empty: Terminal, rest: bytes
) -> None:
    ledger = empty.folder / "ledger.sqlite"
    more(ledger, "First.")
    empty.well("backup", "kept.sqlite")
    ledger.write_bytes(rest)

    empty.well("restore", "kept.sqlite")

    assert "1 entry is whole" in empty.well("verify").out
    assert (empty.folder / "ledger.sqlite.broken").read_bytes() == rest


def test_a_ledger_that_is_gone_comes_back_and_a_shorter_one_grows(empty: Terminal) -> None:
    ledger = empty.folder / "ledger.sqlite"
    more(ledger, "First.")
    empty.well("backup", "first.sqlite")
    more(ledger, "Second.")
    empty.well("backup", "second.sqlite")

    for file in empty.folder.glob("ledger.sqlite*"):
        file.unlink()
    empty.well("restore", "first.sqlite")
    empty.well("restore", "second.sqlite")

    assert "2 entries are whole" in empty.well("verify").out


def test_a_ledger_of_a_newer_tracker_is_not_lost_to_a_backup(empty: Terminal) -> None:
    ledger = empty.folder / "ledger.sqlite"
    empty.well("backup", "kept.sqlite")
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA user_version = 99")

    said = empty("restore", "kept.sqlite")

    assert said.code == 1
    assert "written by a newer Tracker" in said.err


def test_a_teams_ledger_is_restored_into_an_empty_database_only(
    empty: Terminal, postgres: Server
) -> None:
    more(empty.folder / "ledger.sqlite", "First.")
    empty.well("backup", "kept.sqlite")
    (empty.folder / "tracker.toml").write_text(f'ledger = "{postgres.database()}"\n')

    empty.well("restore", "kept.sqlite")
    again = empty("restore", "kept.sqlite", "--force")

    assert "1 entry is whole" in empty.well("verify").out
    assert again.code == 5
    assert "holds 1 entries already" in again.err


def test_the_timeline_follows_a_restored_ledger(empty: Terminal) -> None:
    ledger = empty.folder / "ledger.sqlite"
    asked = ("sql", "SELECT summary FROM events ORDER BY position", "--format", "csv")
    more(ledger, "First.")
    empty.well("backup", "kept.sqlite")
    more(ledger, "Second.")
    before = empty.well(*asked).out

    empty.well("restore", "kept.sqlite", "--force")
    more(ledger, "Another.")

    assert before.split() == ["summary", "First.", "Second."]
    assert empty.well(*asked).out.split() == ["summary", "First.", "Another."]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ("restore gone", 3, "There is no file gone to restore. Name a backup."),
        ("copy gone new", 3, "There is no ledger gone to copy. Name one that is there."),
        ("restore tracker.toml", 1, "or a broken copy of one. Name another backup."),
    ],
)
def test_what_is_no_ledger_to_take_from_is_named_with_the_way_on(
    empty: Terminal, words: str, code: int, sentence: str
) -> None:
    before = set(empty.folder.iterdir())

    said = empty(*words.split())

    assert (said.out, said.err.count("\n")) == ("", 1)
    assert said.err.endswith(f"{sentence}\n")
    assert set(empty.folder.iterdir()) == before
    assert said.code == code
