"""A Tracker command in a process that may be killed with SIGKILL at a chosen moment.

The process is a fork of this one, which has imported what commands need: so most of its life is
the command's own work, and a thousand deaths take minutes.
"""

import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tracker import cli

LATE = 60.0
"""Seconds after which a command that should have ended is a fault of its own."""

LOOK = 0.0005
"""Seconds between looks at an omen."""

SAID = ".said-out"
"""In the folder of a command while it lives: what it has said."""

Omen = Callable[[], object]
"""What is looked at to see that something has begun, such as the size of a log."""


@dataclass(frozen=True, kw_only=True)
class Life:
    """What a command said and how it ended: its exit code, None where it was killed."""

    code: int | None
    out: str
    err: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Death:
    """When a command is killed: so long after its start, or after something has changed."""

    after: float
    omen: Omen | None = None


def warm() -> None:
    """Import what commands need, without starting a thread that a fork would lose."""
    import duckdb  # noqa: F401, PLC0415 - for the forks

    from tracker import (  # noqa: PLC0415 - likewise
        application,
        estimator,  # noqa: F401 - likewise
        importing,  # noqa: F401 - likewise
        living,  # noqa: F401 - likewise
        sandbox,  # noqa: F401 - likewise
        timeline,  # noqa: F401 - likewise
    )

    application.application()
    gc.freeze()  # what is never written to is shared with the forks


def lived(words: Sequence[str], folder: Path, death: Death | None = None) -> Life:
    """Run `tracker` with these words in a folder, to its end or to its death."""
    return answered(partial(command, words), folder, death)


def answered(work: Callable[[], object], folder: Path, death: Death | None = None) -> Life:
    """What a function prints in a process of its own, which lives as a command does."""
    said = [folder / SAID, folder / ".said-err"]
    for path in said:
        path.write_text("")
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _quietly(work, folder, said)
    code = _end(child, death, began)
    seconds = time.monotonic() - began
    out, err = (path.read_text("utf-8") for path in said)
    for path in said:
        path.unlink()
    return Life(code=code, out=out, err=err, seconds=seconds)


def command(words: Sequence[str]) -> int:
    """The exit code of a command in this process."""
    sys.argv = ["tracker", *words]
    try:
        cli.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1


def _quietly(work: Callable[[], object], folder: Path, said: Sequence[Path]) -> None:
    """The child's life: never returns."""
    code = 70  # a bug of ours, as sysexits has it
    try:
        os.chdir(folder)
        for number, path in enumerate(said, 1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        answer = work()
        code = answer if isinstance(answer, int) else 0
    except BaseException:  # noqa: BLE001 - whatever it is, it is the child's, and is shown
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end(child: int, death: Death | None, began: float) -> int | None:
    """The exit code; None where the child was killed before it could end."""
    before = death.omen() if death and death.omen else None
    due = None if death is None else began + death.after if death.omen is None else None
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)
        now = time.monotonic()
        if due is None and death and death.omen and death.omen() != before:
            due = now + death.after
        if (due is not None and now >= due) or now - began > LATE:
            os.kill(child, signal.SIGKILL)
            due = now + LATE
        time.sleep(min(LOOK, max(0.0, (due or now + 1) - now)))


def size(path: Path) -> int:
    """Bytes of a file, 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
