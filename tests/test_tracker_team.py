from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Server, Terminal

P = "leapmotor-mirafiori"
JOURNALS = ROOT / "events" / "journals"
FAVOUR = ("record", P, "site-favoured", "--grade", "A1", "--when")


@pytest.fixture
def address(postgres: Server) -> str:
    return postgres.database()


@pytest.fixture
def team(tracker: Terminal, address: str) -> Terminal:
    """A workspace on a team's ledger with both shipped journals."""
    tracker.well("init", "--ledger", address)
    tracker.well("import", "--no-forecast", str(JOURNALS / "leapmotor.ndjson"))
    return tracker


def told(folder: Path, name: str = "box") -> list[str]:
    """The digests that a command was given, one a line."""
    box = folder / name
    return box.read_text().splitlines() if box.exists() else []


def in_time(folder: Path, count: int) -> float:
    """Seconds until so many digests were told."""
    start = time.monotonic()
    while len(told(folder)) < count:
        assert time.monotonic() < start + 30, told(folder)
        time.sleep(0.02)
    return time.monotonic() - start


@pytest.fixture
def watching(team: Terminal) -> Iterator[subprocess.Popen[str]]:
    """`tracker watch` in a process of its own, from before anything is recorded."""
    team.well("watch", "--once")
    words = ["watch", "--interval", "0.1", "--threshold", "0.1"]
    watch = subprocess.Popen(
        [sys.executable, "-m", "tracker", *words, "--exec", "cat >> box; echo >> box"],
        cwd=team.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield watch
    watch.terminate()
    watch.communicate(timeout=30)


@pytest.mark.slow
def test_a_teams_ledger_answers_every_command(team: Terminal, address: str) -> None:
    assert team.well("export").out.count("\n") == 898
    assert "P(start by" in team.well(*FAVOUR, "2026-11-01").out
    assert P in team.well("forecast", P).out
    why = team.well("why", P, "--since", "2026-10-01", "--format", "json").rows
    rows = team.well("sql", "SELECT count(*) AS n FROM events", "--format", "json").rows
    verified = team.well("verify", "--forecasts").out

    assert why["before"] + sum(part["delta"] for part in why["parts"]) == why["after"]
    assert rows == [{"n": 899}]
    assert "entries are whole; head" in verified
    assert "replay to the same bytes" in verified
    assert not list(team.folder.glob("*.sqlite*"))
    assert address in (team.folder / "tracker.toml").read_text()


def test_a_second_workspace_joins_and_imports_nothing_twice(
    team: Terminal, address: str
) -> None:
    before = team.well("verify").out

    said = team.well("init", "second", "--ledger", address).out
    team.well("--workspace", "second", *FAVOUR, "2026-11-01", "--no-forecast")

    assert "on a ledger with 139 programmes" in said
    assert team.well("verify").out != before
    assert "site-favoured" in team.well("events", P, "--format", "csv").out


@pytest.mark.slow
def test_processes_that_record_at_once_lose_nothing(team: Terminal) -> None:
    def record(number: int) -> int:
        slug = P if number % 2 else "leapmotor-zaragoza"
        noted = ("record", slug, "noted", "--when", "2026-11", "--no-forecast")
        return team.apart(*noted, "--summary", f"Number {number}.").returncode

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(record, range(4)))

    kept = team.well("export").out.count('"Number ')
    assert set(codes) <= {0, 5}
    assert kept == codes.count(0) >= 2
    assert "are whole" in team.well("verify").out


@pytest.mark.slow
def test_what_others_record_is_told_soon_and_once_through_a_death(
    team: Terminal, watching: subprocess.Popen[str], postgres: Server
) -> None:
    team.well(*FAVOUR, "2026-11-01", "--no-forecast")
    in_time(team.folder, 1)
    team.well("record", P, "production-denied", "--grade", "A1", "--when", "2026-11-02")
    in_time(team.folder, 2)

    postgres.stop()
    away = team("record", P, "noted", "--when", "2026-11")
    time.sleep(0.3)
    postgres.start()
    team.well(*FAVOUR, "2026-11-03", "--no-forecast")
    in_time(team.folder, 3)
    time.sleep(0.3)

    assert (away.code, away.err.count("out of reach")) == (1, 1)
    assert watching.poll() is None
    keys = [json.loads(line)["alert"] for line in told(team.folder)]
    assert len(keys) == len(set(keys)) == 3


def test_an_address_that_is_none_is_refused(tracker: Terminal) -> None:
    said = tracker("init", "--ledger", "mysql://ann@db/ledger")

    assert said.code == 4
    assert said.err.startswith("error: --ledger takes an address: postgresql://")
    assert not list(tracker.folder.iterdir())


def test_a_server_that_is_away_leaves_no_half_a_workspace(tracker: Terminal) -> None:
    said = tracker("init", "new", "--ledger", "postgresql://ann:secret@127.0.0.1:1/ledger")

    assert said.code == 1
    assert "out of reach" in said.err
    assert "secret" not in said.err
    assert not list(tracker.folder.iterdir())
