"""Check everything: style, types, floors, the house's own rules, tests.

python3 scripts/test.py [--fast] [--no-browser] [--only PART] [the options of pytest]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

import browser
import environment

PARTS = {
    "lint": [["ruff", "check"], ["ruff", "format", "--check"]],
    "types": [["mypy"]],
    "imports": [["lint-imports", "--no-logo"]],
    "house": [["python", "scripts/check.py"]],
    # Last: its closing line is the run's. More workers than four wait for one another.
    "tests": [["pytest", "--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal"]],
}


LEFT_OUT = (
    "--no-browser: the page is not looked at in a real browser. Charts, slider, form, live\n"
    "news, accessibility and the content-security policy are untested in this run."
)


def main() -> None:
    """Run every part, whatever the one before said; exit 1 if any failed."""
    wish, for_pytest = _wish()
    environment.prepare()
    parts = wish.only or list(PARTS)
    missing = None
    if "tests" in parts and not (wish.fast or wish.no_browser):
        missing = browser.install()
    marks = ["not slow"] if wish.fast else []
    if wish.no_browser or missing:
        marks.append("not browser")
    chosen = ["-m", " and ".join(marks)] if marks else []
    failed = [part for part in parts if not _passes(part, [*chosen, *for_pytest])]
    if wish.no_browser:
        print(f"\n{LEFT_OUT}")
    if missing:
        print(f"\nThe page was not looked at: there is no Chromium here. {missing}")
        print("Or leave that out: python3 scripts/test.py --no-browser")
        failed.append("browser")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _wish() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--fast", action="store_true", help="leave the slow tests out")
    parser.add_argument(
        "--no-browser", action="store_true", help="leave out what needs a real browser"
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="only this part")
    return parser.parse_known_args()


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
