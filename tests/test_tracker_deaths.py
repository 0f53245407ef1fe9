"""Processes that are killed: what they said is done is done, and nothing is half done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from events.beside import ENDING, beside
from tracker import workspace

if TYPE_CHECKING:
    from tests.conftest import Terminal

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_a_hundred_kills_lose_double_and_tear_nothing(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, ROOT / "scripts" / "kill.py", "--rounds", "100"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    figures = dict(line.rsplit(maxsplit=1) for line in said.stdout.splitlines() if line)
    assert said.returncode == 0, said.stdout + said.stderr
    assert {figures[kind] for kind in ("lost", "duplicated", "torn", "disagreeing")} == {"0"}
    assert list(tmp_path.iterdir()) == []


HALF = """
import sys; sys.path.insert(0, sys.argv[1])
import deeds, kill
from events.ledger import Ledger
whole = Ledger.append

def one_by_one(self, new, *, after, now):
    versions, entries = dict(after), []
    for fact in new:
        entries += whole(self, [fact], after=versions, now=now)
        versions[fact.programme] = versions.get(fact.programme, 0) + 1
    return entries

Ledger.append = one_by_one
deeds.Doer.any = deeds.Doer.import_
print(kill.played(12, 0, 2).faults["torn"])
"""


@pytest.mark.slow
def test_the_rounds_would_notice_an_import_that_is_not_all_or_nothing(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", HALF, str(ROOT / "scripts")],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(said.stdout) > 0


def test_what_a_dead_process_left_beside_a_file_is_removed_by_the_next(tmp_path: Path) -> None:
    file = tmp_path / "story.ndjson"
    dies = (
        "import os, sys; from pathlib import Path; from events.beside import beside\n"
        "with beside(Path(sys.argv[1])) as part: (part / 'x').touch(); os.kill(os.getpid(), 9)"
    )
    words = [sys.executable, "-c", dies, str(file)]
    subprocess.run(words, env={"PYTHONPATH": str(ROOT)}, check=False)
    (left,) = tmp_path.iterdir()

    with beside(file) as part:
        during = set(tmp_path.iterdir())

    assert left.name.endswith(ENDING)
    assert during == {part}
    assert list(tmp_path.iterdir()) == []


def test_what_is_still_in_the_making_is_left_alone(tmp_path: Path) -> None:
    with beside(tmp_path / "one") as first:
        with beside(tmp_path / "two"):
            pass

        assert first.is_dir()


def test_a_workspace_whose_founding_was_killed_is_founded_by_the_next(
    tracker: Terminal,
) -> None:
    dies = (
        "import os, sys; sys.argv[1:] = ['init']; from tracker import importing\n"
        "importing.bring_in = lambda *a, **k: os.kill(os.getpid(), 9)\n"
        "from tracker import cli; cli.main()"
    )
    words = [sys.executable, "-c", dies]
    subprocess.run(
        words, env={"PYTHONPATH": str(ROOT)}, cwd=tracker.folder, check=False, timeout=60
    )
    (tracker.folder / "ledger.sqlite").stat()

    said = tracker.well("init")

    assert "120 reference programmes" in said.out


def test_a_programme_that_is_refused_is_not_followed(empty: Terminal) -> None:
    empty.well("open", "car-at-x", "--title", "X")
    empty.well("unfollow", "car-at-x")

    said = empty("open", "car-at-x", "--title", "X")

    assert said.code == 5
    assert workspace.at(empty.folder).followed() == set()
