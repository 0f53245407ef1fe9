from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.importing import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Terminal

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow

CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=int(sys.argv[1]), threads_per_worker=1, host="127.0.0.1",
                      dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""
REFUSED = "tcp://127.0.0.1:9"
"""The discard port, where nobody answers."""


def cluster(folder: Path, workers: int, path: Path = ROOT) -> subprocess.Popen[str]:
    """Workers in processes of their own on this machine, until their input ends."""
    pytest.importorskip("distributed")
    script = folder / "cluster.py"
    script.write_text(CLUSTER)
    return subprocess.Popen(
        [sys.executable, str(script), str(workers)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster(tmp_path_factory.mktemp("cluster"), 2) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        assert process.stdin
        process.stdin.close()


def test_a_back_test_says_the_same_on_a_cluster(tracker: Terminal, scheduler: str) -> None:
    name, data = shipped("automotive")
    (tracker.folder / name).write_bytes(b"\n".join(data.splitlines()[:110]))
    asked = ("backtest", name, "--format", "json")

    there = tracker.apart(*asked, "--cluster", scheduler)
    here = tracker.apart(*asked, "--jobs", "2")

    assert (there.returncode, there.stderr) == (0, "")
    assert there.stdout == here.stdout
    assert '"two clocks"' in there.stdout


def test_a_replay_says_the_same_on_a_cluster(founding: Terminal, scheduler: str) -> None:
    replay = ("forecast", "leapmotor-zaragoza", "--every", "month", "--as-of", "2025-12-31")
    asked = (*replay, "--dry-run", "--format", "ndjson")

    there = founding.apart(*asked, "--cluster", scheduler)
    here = founding.apart(*asked)

    assert (there.returncode, there.stderr) == (0, "")
    assert there.stdout == here.stdout
    assert there.stdout.count("\n") > 3


def test_a_cluster_that_cannot_help_is_one_sentence(founding: Terminal, tmp_path: Path) -> None:
    asked = ("backtest", "--cluster")

    others = tmp_path / "others" / "tracker"
    others.mkdir(parents=True)
    (others / "__init__.py").touch()

    nobody = founding.apart(*asked, REFUSED)
    nonsense = founding.apart(*asked, "nonsense")
    with cluster(tmp_path, 1, others.parent) as process:
        assert process.stdout
        strangers = founding.apart(*asked, process.stdout.readline().strip())
        assert process.stdin
        process.stdin.close()

    for said in (nobody, nonsense, strangers):
        assert said.returncode == 1
        assert said.stderr.startswith("error: ")
        assert said.stderr.count("\n") == 1
    assert "no scheduler with a worker answers there" in nobody.stderr
    assert "its workers have another Tracker, or none" in strangers.stderr


def test_without_the_extra_a_cluster_is_one_sentence(
    tracker: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    said = tracker("backtest", "--cluster", REFUSED)

    assert said.code == 1
    assert said.err == (
        "error: A cluster needs the extra: pip install 'programme-tracker[cluster]'.\n"
    )
