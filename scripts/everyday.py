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

from events.signs import CONTROL
from tracker import cli, workspace
from tracker.errors import TrackerError

TODAY: Final = "2026-11-22"
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
    "score",
    "total",
    "verify --forecasts",
    "export --format csv",
    "export --format cloudevents",
    "export --format parquet -o lake",
    "plot plant -o plant.svg",
    "plot works --as-of 2020-12-31 -o works.svg",
    "report --all -o pages",
)


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
        _readable(place.root)
    return True


class Broken(Exception):
    """A command that does not hold."""


def _run(root: Path, typed: str) -> tuple[int, str, str]:
    """The exit code and what was said; any exception but the command's end is let through."""
    before, here = sys.argv, Path.cwd()
    sys.argv = ["tracker", *typed.split()]
    os.environ["TRACKER_TODAY"] = TODAY
    os.chdir(root)
    out, err = io.StringIO(), io.StringIO()
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
