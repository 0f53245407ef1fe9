"""The founding story, told by the commands a user would type."""

from __future__ import annotations

import sys
import tempfile
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from tracker import workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS: Final = ("2024-02-29", "2024-06-30", "2024-12-31", "2025-12-31")
"""After the first report, the first rival, the duties, Zaragoza; the fifth day is today."""

QUESTION: Final = """\
SELECT as_of, date, round(100 * probability) AS percent,
       round(100 * (probability - lag(probability) OVER (PARTITION BY date ORDER BY as_of)))
           AS moved
FROM start_probabilities
WHERE programme = 'leapmotor-mirafiori' AND date IN ('2026-12-31', '2027-12-31')
ORDER BY date, start_probabilities.as_of"""

VOLUMES: Final = """\
SELECT as_of, year, round(100 * zero) AS none_percent, q10, q50, q90
FROM volume_quantiles WHERE programme = 'leapmotor-mirafiori' AND year IN (2026, 2027)
ORDER BY year, volume_quantiles.as_of"""

FATE: Final = """\
SELECT p.programme, p.stage, w.expected_start AS first_stated, p.started
FROM programmes AS p LEFT JOIN (
    SELECT programme, arg_min(expected_start, position) AS expected_start
    FROM announced_windows GROUP BY programme) AS w USING (programme)
WHERE list_contains(p.organisations, 'Leapmotor') AND p.kind = 'production'
ORDER BY p.opened_on"""


def tell(keep: Path | None) -> None:
    """Type the commands one after the other, in a folder that goes away unless kept."""
    from tracker.importing import shipped

    name, journal = shipped("leapmotor")
    with _folder(keep) as folder:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with chdir(folder.parent):
            _say("A workspace, and 251 events of the founding story, from 2020 to July 2026.")
            _type("init", folder.name)
        (folder / name).write_bytes(journal)
        with chdir(folder):
            _type("import", name)
            _story()


def _story() -> None:
    _say("What became known about Leapmotor at Mirafiori, with dates as imprecise as said.")
    _type("timeline", "leapmotor-mirafiori")
    _say("What it follows: the joint venture, whose stake and founding made it possible.")
    _type("timeline", "leapmotor-jv", "--as-of", "2024-06-30")
    _say("Will it start in 2026 or 2027? As seen on five days, each with that day's news.")
    days = [part for day in (*DAYS, str(workspace.today())) for part in ("--as-of", day)]
    _type("forecast", "leapmotor-mirafiori", *days)
    _say("How the chance moved from one of these days to the next, in percentage points.")
    _type("sql", QUESTION)
    _say("How many: 10th, 50th and 90th percentile of each year, as said on each day.")
    _type("sql", VOLUMES)
    _say("And what became of every site that was in the race.")
    _type("sql", FATE)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="tracker-demo-") as folder:
        yield Path(folder) / "founding-story"


def _say(sentence: str) -> None:
    typer.secho(f"\n{sentence}", bold=True)


def _type(*words: str) -> None:
    """Show a command as typed, and run it."""
    from tracker.application import application

    shown = " ".join(f'"{word}"' if set(word) & set(" ()\n") else word for word in words)
    typer.secho(f"$ tracker {shown}", fg="cyan")
    sys.stdout.flush()
    application(words)(list(words), standalone_mode=False, prog_name="tracker")
