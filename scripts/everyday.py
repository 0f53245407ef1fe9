"""A law on everything that people type: whatever the ledger took, every command can tell it."""

import io
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from rich.cells import cell_len

from events.signs import CONTROL
from tracker import cli, workspace
from tracker.errors import TrackerError

TODAY: Final = "2026-11-22"
WIDTH: Final = "72"
TAGS: Final = ("<script>alert", "<img src=x")
"""What no page may have, whatever a title holds."""

MARKUP: Final = {".html", ".svg", ".atom"}

COMMANDS: Final = (
    "programmes --all",
    "programmes --format json",
    "events",
    "timeline plant",
    "timeline works --as-of 2020-06-30 --follows",
    "show plant",
    "show works --as-of 2021-06-30",
    "forecast --as-of 2020-12-31",
    "forecast",
    "why plant --since 2020-12-31",
    "whatif plant site-selected --grade A1",
    "whatif works production-cancelled --when 2026-11",
    "score",
    "total",
    "total --as-of 2020-12-31 --at-least 1000",
    "verify --forecasts",
    "export --format csv",
    "export --format cloudevents",
    "export --format parquet -o lake",
    "plot plant -o plant.svg",
    "plot works --as-of 2020-12-31 -o works.svg",
    "plot plant --chart volume -o volume.csv",
    "plot -o all.svg",
    "report --all -o pages",
    "report works --as-of 2020-12-31 -o works.html",
    "watch --once",
    "rebuild",
)
ON_A_TERMINAL: Final = ("programmes --all", "timeline plant", "show plant", "why plant")
"""What is drawn otherwise there; it is a dumb one, so that any escape is a stranger's."""


def of_commands(data: bytes) -> bool:
    """A journal is imported and told in every way; only refusals come, and no markup."""
    with tempfile.TemporaryDirectory() as folder:
        place = workspace.create(Path(folder) / "place")
        (place.root / "journal").write_bytes(data)
        if _run(place.root, "import journal --no-forecast")[0]:
            return False
        for typed in COMMANDS:
            code, out, err = _run(place.root, typed)
            if code not in {0, 3, 4, 5} or (code and not err.startswith("error: ")):
                raise Broken(f"{typed}: {code}, {err[:200]}")
            if "csv" not in typed and CONTROL.search(out + err):
                raise Broken(f"{typed}: a control character")
        for typed in ON_A_TERMINAL:
            code, out, err = _run(place.root, typed, Screen())
            if code and not err.startswith("error: "):
                raise Broken(f"{typed}, on a terminal: {code}, {err[:200]}")
            if CONTROL.search(out + err):
                raise Broken(f"{typed}, on a terminal: a control character")
            if any(cell_len(line) > int(WIDTH) for line in out.splitlines()):
                raise Broken(f"{typed}, on a terminal: a line that is too wide")
        _readable(place.root)
    return True


class Screen(io.StringIO):
    """What says of itself that it is a terminal."""

    def isatty(self) -> bool:
        """So it says."""
        return True


class Broken(Exception):
    """A command that does not hold."""


def _run(root: Path, typed: str, out: io.StringIO | None = None) -> tuple[int, str, str]:
    """The exit code and what was said; any exception but the command's end is let through."""
    before, here = sys.argv, Path.cwd()
    sys.argv = ["tracker", *typed.split()]
    os.environ |= {"TRACKER_TODAY": TODAY, "COLUMNS": WIDTH, "TERM": "dumb"}
    os.chdir(root)
    out, err = out or io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            cli.main()
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    finally:
        sys.argv = before
        os.chdir(here)
    raise TrackerError("the command did not end")


def _readable(root: Path) -> None:
    """Pictures and feeds are XML, JSON and a calendar; no page has a stranger's markup."""
    pages = [path for path in root.rglob("*") if path.suffix in READERS]
    for path in pages:
        text = path.read_text("utf-8")
        READERS[path.suffix](text)
        if any(tag in text for tag in TAGS) and path.suffix in MARKUP:
            raise Broken(f"{path.name}: markup from a title")


def _calendar(text: str) -> None:
    lines = text.splitlines()
    if lines.count("BEGIN:VEVENT") != lines.count("END:VEVENT") or "\x1b" in text:
        raise Broken(f"starts.ics: a line from a title: {text[:1500]}")


READERS: Final[dict[str, Callable[[str], object]]] = {
    ".svg": ET.fromstring,
    ".atom": ET.fromstring,
    ".json": json.loads,
    ".ics": _calendar,
    ".html": str,
}
"""How each kind of file is read; a reader raises what is wrong."""
