"""Files laid by an earlier Tracker are brought to today's layout where they are opened."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from events import lines
from events.errors import Unusable
from events.ledger import Ledger

LEDGERS = Path(__file__).parent / "ledgers"
FIRST_LAYOUT = (LEDGERS / "layout-1.sql").read_text("utf-8")
"""A file as the first layout had it, written down by the Tracker that laid it."""

ENTRIES = [json.loads(line) for line in (LEDGERS / "form-1.ndjson").read_text().splitlines()]
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(file)) as raw:
        raw.executescript(FIRST_LAYOUT)
        for position, entry in enumerate(ENTRIES, 1):
            row = (entry["stream"], entry["version"], entry["topic"], entry["state"].encode())
            raw.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?)", row)
            link = bytes.fromhex(entry["link"])
            raw.execute("INSERT INTO links VALUES (?, ?)", (position, link))
        raw.commit()
    return file


def tables(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as raw:
        return {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}


def test_every_entry_and_its_link_stay_as_they_were(old: Path) -> None:
    with Ledger.at(old) as ledger:
        kept = list(ledger.chained.links())
        head, fault = ledger.verified()

    assert fault is None
    assert head.count == len(ENTRIES)
    assert [
        (n.position, n.stream, n.version, n.topic, n.state.decode(), (n.link or b"").hex())
        for n in kept
    ] == [
        (at, one["stream"], one["version"], one["topic"], one["state"], one["link"])
        for at, one in enumerate(ENTRIES, 1)
    ]


def test_what_follows_is_chained_to_the_last_of_them(old: Path) -> None:
    line = {"programme": "car-at-x", "type": "noted", "occurred": "2026-10"}
    with Ledger.at(old) as ledger:
        version = ledger.stream("car-at-x").version
        ledger.append(
            [lines.to_fact(line, today=date(2026, 11, 1))],
            after={"car-at-x": version},
            now=NOW,
        )

    with Ledger.at(old) as ledger:
        head, fault = ledger.verified()
    assert (head.count, fault) == (len(ENTRIES) + 1, None)


def test_it_is_append_only_as_a_new_one_is(old: Path) -> None:
    Ledger.at(old).close()

    assert "links" not in tables(old)
    with closing(sqlite3.connect(old)) as raw:
        for statement in (
            "UPDATE stored_events SET link = x'00'",
            "DELETE FROM stored_events",
            "REPLACE INTO stored_events (rowid, state) VALUES (1, '{}')",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="the ledger is append-only"):
                raw.execute(statement)


def test_what_was_tampered_with_before_is_found_after(old: Path) -> None:
    with closing(sqlite3.connect(old)) as raw:
        raw.execute("DROP TRIGGER links_keep_DELETE")
        raw.execute("DELETE FROM links WHERE position = 3")
        raw.commit()

    with Ledger.at(old) as ledger:
        head, fault = ledger.verified()
        assert ledger.mark(3) == 0
    assert head.count == 2
    assert fault is not None
    assert "has no link" in fault


def test_four_who_open_it_at_once_all_read_it(old: Path) -> None:
    def heads(_: int) -> int:
        with Ledger.at(old) as ledger:
            return ledger.verified()[0].count

    with ThreadPoolExecutor(4) as four:
        assert set(four.map(heads, range(4))) == {len(ENTRIES)}


def test_where_that_fails_it_is_left_as_it_was(old: Path) -> None:
    with closing(sqlite3.connect(old)) as raw:
        raw.execute("CREATE VIEW of_a_stranger AS SELECT position FROM links")
        raw.commit()
        before = list(raw.iterdump())

    with pytest.raises(Unusable, match="of_a_stranger"):
        Ledger.at(old)

    with closing(sqlite3.connect(old)) as raw:
        assert list(raw.iterdump()) == before


@pytest.mark.parametrize("version", [2_000, 2_001, 1_002, 99])
def test_a_file_of_a_later_layout_or_form_is_refused(tmp_path: Path, version: int) -> None:
    file = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(file)) as raw:
        raw.execute(f"PRAGMA user_version = {version}")
        raw.execute("CREATE TABLE stored_events (anything)")

    with pytest.raises(Unusable, match="written by a newer Tracker"):
        Ledger.at(file)
