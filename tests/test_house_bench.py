from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "scripts" / "bench.py"
CASES = [
    ["help", "record", "record-large", "init", "replay"],
    ["append", "append-facts", "bulk-append", "import", "verify", "loading"],
    ["rebuild", "catch-up", "as-of", "stages", "queries"],
    ["starts", "volumes", "volumes-told", "event", "report", "refits"],
    ["serve-first", "serve-as-of", "report-20"],
]


def bench(*words: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, str(BENCH), *words], check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_every_case_is_tried() -> None:
    listed = {line.split()[0] for line in bench("--list")}

    assert listed == {name for family in CASES for name in family}


@pytest.mark.slow
@pytest.mark.parametrize("names", CASES, ids=lambda names: names[0])
def test_the_cases_run(names: list[str]) -> None:
    told = bench("--tiny", "--format", "json", *names)

    made = {line["case"]: line for line in map(json.loads, told) if line.get("ours")}
    skipped = {line["case"] for line in map(json.loads, told) if line.get("skipped")}
    assert made.keys() | skipped == set(names)
    assert all(
        line["ours"]["seconds"] > 0 and line["ours"]["mib"] > 0 for line in made.values()
    )
    assert skipped <= {"loading"}


@pytest.mark.slow
def test_growth_is_told_with_its_exponents() -> None:
    (line,) = map(
        json.loads, bench("--growth", "--tiny", "--format", "json", "--size", "100", "volumes")
    )

    assert line["sizes"] == [10, 100]
    assert len(line["exponents"]) == 1
