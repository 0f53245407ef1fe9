"""Draw the terminal run of the README: scripts/terminal.svg.

python3 scripts/pictures.py, in the project's environment (.venv/bin/python).
"""

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "scripts" / "terminal.svg"
WIDTH = 104
COMMANDS = (
    ("init",),
    ("import", str(ROOT / "events" / "journals" / "leapmotor.ndjson")),
    ("show", "leapmotor-mirafiori", "--as-of", "2024-06-30"),
    ("date", "between late February and early March", "--published", "2025-12-02"),
)
OUTSIDE = re.compile(r"@font-face\s*{[^}]*}\s*")
"""Rich would have fonts fetched from elsewhere; a reader's own will do."""


def main() -> None:
    """Run the commands in a throwaway workspace and draw what they print."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    with tempfile.TemporaryDirectory() as folder:
        for words in COMMANDS:
            shown = " ".join(_shown(word) for word in words)
            console.print(Text(f"$ tracker {shown}", style="bold cyan"))
            console.print(Text(_answer(words, folder)))
    svg = console.export_svg(title="tracker", unique_id="terminal")
    PICTURE.write_text(OUTSIDE.sub("", svg))


def _shown(word: str) -> str:
    name = Path(word).name if "/" in word else word
    return f'"{name}"' if " " in name else name


def _answer(words: tuple[str, ...], folder: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        cwd=folder,
        env={**os.environ, "COLUMNS": str(WIDTH), "TRACKER_TODAY": "2026-11-22"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    main()
