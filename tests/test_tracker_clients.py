"""The published file under older clients and many processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Terminal

ROOT = Path(__file__).resolve().parent.parent
OLD = "1.2.2"

READING = """
import sys, time
sys.path.insert(0, sys.argv[1])
import duckdb
assert duckdb.__version__ == sys.argv[2], duckdb.__version__
seen = set()
end = time.monotonic() + float(sys.argv[4])
while time.monotonic() < end:
    with duckdb.connect(sys.argv[3], read_only=True) as connection:
        for name in ("events", "programmes", "volumes", "announced_windows", "milestones"):
            connection.execute(f"SELECT * FROM {name}").fetchall()
        connection.execute("SELECT * FROM programmes_as_of(DATE '2024-06-30')").fetchall()
        connection.execute("SELECT * FROM forecasts_as_of(DATE '2026-11-22')").fetchall()
        said = "SELECT comment FROM duckdb_columns() WHERE table_name = 'recorded'"
        assert all(row[0] for row in connection.execute(said).fetchall())
        count = "SELECT count(*) FROM timeline_as_of(DATE '2030-01-01')"
        seen.add(connection.execute(count).fetchall()[0][0])
print(len(seen), min(seen), max(seen))
"""


@pytest.fixture(scope="session")
def old_client() -> Path:
    """DuckDB of an older version, kept below the environment for the next time."""
    kept = Path(sys.prefix) / "older" / f"duckdb-{OLD}"
    if not (kept / "duckdb").is_dir():
        wanted = [
            "--target",
            str(kept),
            "--no-deps",
            "--only-binary",
            ":all:",
            f"duckdb=={OLD}",
        ]
        tried = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", *wanted],
            capture_output=True,
            text=True,
            check=False,
        )
        if tried.returncode:
            pytest.skip(f"DuckDB {OLD} cannot be had here: {tried.stderr.strip()[-200:]}")
    return kept


@pytest.mark.slow
def test_an_older_client_reads_the_file_while_the_tracker_records(
    founding: Terminal, old_client: Path
) -> None:
    path = founding.well("db").out.strip()
    with subprocess.Popen(
        [sys.executable, "-c", READING, str(old_client), OLD, path, "8"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as reader:
        for month in range(1, 7):
            noted = ("leapmotor-mirafiori", "noted", "--when", f"2026-{month:02}")
            founding.well("record", *noted, "--no-forecast")
            founding.well("db")
        out, err = reader.communicate(timeout=60)

    assert reader.returncode == 0, err
    states, fewest, most = map(int, out.split())
    assert states > 1
    assert most - fewest <= 6


@pytest.mark.slow
def test_many_processes_record_at_once_and_nothing_is_lost(founding: Terminal) -> None:
    lines = len(founding.well("export").lines)
    words = ["record", "leapmotor-mirafiori", "noted", "--when", "2026-01", "--no-forecast"]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tracker", *words, "--summary", f"Note {number}."],
            cwd=founding.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]
    complaints = [process.communicate(timeout=60)[1] for process in processes]

    assert complaints == [""] * 8
    assert len(founding.well("export").lines) == lines + 8
    counted = "SELECT count(*) AS n FROM events"
    assert founding.well("sql", counted, "--format", "ndjson").lines == [{"n": lines + 8}]


@pytest.mark.slow
def test_many_processes_publish_at_once_and_each_reads_a_whole_file(
    founding: Terminal,
) -> None:
    for number in range(3):
        summary = ("--summary", f"Note {number}.", "--no-forecast")
        founding.well("record", "leapmotor-mirafiori", "noted", "--when", "2026-01", *summary)
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tracker", "events", "--all", "--format", "csv"],
                cwd=founding.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]
        told = [process.communicate(timeout=60) for process in processes]

        assert {err for _, err in told} == {""}
        assert len({out for out, _ in told}) == 1
