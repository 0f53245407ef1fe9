"""Check everything: style, types, floors, the house's own rules, tests.

python3 scripts/test.py [--fast] [--only PART] [the options of pytest]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

import environment

PARTS = {
    "lint": [["ruff", "check"], ["ruff", "format", "--check"]],
    "types": [["mypy"]],
    "imports": [["lint-imports", "--no-logo"]],
    "house": [["python", "scripts/check.py"]],
    # Last: its closing line is the run's. More workers than four wait for one another.
    "tests": [["pytest", "--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal"]],
}


def main() -> None:
    """Run every part, whatever the one before said; exit 1 if any failed."""
    wish, for_pytest = _wish()
    environment.prepare()
    failed = [part for part in wish.only or PARTS if not _passes(part, for_pytest)]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _wish() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--fast", action="store_true", help="leave the slow tests out")
    parser.add_argument("--only", action="append", choices=PARTS, help="only this part")
    wish, for_pytest = parser.parse_known_args()
    return wish, [*(["-m", "not slow"] if wish.fast else []), *for_pytest]


def _passes(part: str, for_pytest: list[str]) -> bool:
    outcomes = [_runs(line, for_pytest) for line in PARTS[part]]
    return all(outcomes)


def _runs(line: list[str], for_pytest: list[str]) -> bool:
    words = [*line, *(for_pytest if line[0] == "pytest" else [])]
    print(f"\n== {' '.join(words)}", flush=True)
    begun = time.monotonic()
    program = environment.BIN / words[0]
    code = subprocess.run([program, *words[1:]], cwd=environment.ROOT, check=False).returncode
    if line[0] != "pytest":  # it says its time itself
        print(f"-- {'ok' if code == 0 else 'FAILED'}, {time.monotonic() - begun:.1f} s")
    return code == 0


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped")
