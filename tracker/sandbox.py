"""Ad hoc SQL, contained: a child process that can read the timeline and nothing else.

The parent gives it a link to the published file in an empty folder, limits of the operating
system and a deadline; `tracker.contained` is the child.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from events.beside import beside
from tracker.contained import HUNGRY, NAME, REFUSED, UNREAD, UNWRITABLE, Limits
from tracker.errors import BadQuery, TrackerError
from tracker.patience import Waits, shared
from tracker.tables import Format, harmless

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, kw_only=True)
class Child:
    """The process, the folder it may read, and what tells it that its parent is gone.

    `waits` is a file that says how long it waited for whoever reads its answer.
    """

    process: subprocess.Popen[str]
    folder: Path
    parent: int
    waits: int
    limits: Limits

    def query(self, sql: str, timeline: Path, format: Format) -> None:
        """Run `sql` on the published file and write its rows to standard output, once.

        Raises `BadQuery` when DuckDB refuses it, `TrackerError` when it uses too much.
        """
        try:
            sql.encode()
        except UnicodeEncodeError as error:
            raise BadQuery("the query is not UTF-8. Write it in that encoding.") from error
        _link(timeline, self.folder / NAME)
        task = {
            "sql": sql,
            "format": format,
            "limits": asdict(self.limits),
            "folder": str(self.folder),
            "parent": self.parent,
            "waits": self.waits,
        }
        code, said = self._asked(json.dumps(task))
        _raise_for(code, said, self.limits)

    def _asked(self, task: str) -> tuple[int, str]:
        """The child's exit code and what it said on standard error."""
        sys.stdout.flush()
        waits, began = Waits(self.waits), time.monotonic()
        left, to_say = float(self.limits.seconds), iter([task])
        while left > 0:
            with suppress(subprocess.TimeoutExpired):
                _, said = self.process.communicate(next(to_say, None), timeout=left)
                return self.process.returncode, said
            left = self.limits.seconds + waits.seconds() - (time.monotonic() - began)
        raise TrackerError(
            f"The query took longer than {_seconds(self.limits)} and was stopped. "
            "Ask for less, or give it more with --seconds."
        )


@contextmanager
def child(limits: Limits) -> Iterator[Child]:
    """A child that gets ready while its parent looks after the file; gone afterwards."""
    with beside(Path(tempfile.gettempdir()) / "query") as folder:
        theirs, ours = os.pipe()
        with (
            shared() as waits,
            subprocess.Popen(
                [sys.executable, "-m", "tracker.contained"],
                stdin=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=_environment(),
                pass_fds=[theirs, waits],
                text=True,
            ) as process,
        ):
            os.close(theirs)
            try:
                yield Child(
                    process=process, folder=folder, parent=theirs, waits=waits, limits=limits
                )
            finally:
                process.kill()
                os.close(ours)


def _raise_for(code: int, said: str, limits: Limits) -> None:
    """What the child's end means to its owner."""
    if code == REFUSED:
        raise BadQuery(_sentence(said))
    if code == HUNGRY:
        raise TrackerError(
            f"The query needs more memory than it may use, {limits.memory} MiB. "
            "Ask for less, or give it more with --memory."
        )
    if code == UNREAD:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
    if code == UNWRITABLE:
        raise TrackerError(f"{_sentence(said).lower()}.")
    if code < 0 or code > 1:
        raise TrackerError(_death(code, limits))
    if code:
        raise TrackerError(f"The query's process failed: {_sentence(said)}")


def _link(timeline: Path, link: Path) -> None:
    """The same bytes under a name that tells nothing of where they lie."""
    try:
        os.link(timeline, link)
    except OSError:
        shutil.copyfile(timeline, link)


def _seconds(limits: Limits) -> str:
    return "a second" if limits.seconds == 1 else f"{limits.seconds} seconds"


def _environment() -> dict[str, str]:
    """What the child needs to find Python and its packages, and nothing more."""
    kept = ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV", "NO_COLOR", "COLUMNS", "TERM", "TZ")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    return {**found, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _death(code: int, limits: Limits) -> str:
    died = -code if code < 0 else code - 128
    if died == signal.SIGXCPU:
        return f"The query used more than {limits.seconds} seconds of both processors."
    return (
        f"The query's process died ({_signal(died)}), most likely of its "
        f"{limits.memory} MiB of memory. Ask for less, or give it more with --memory."
    )


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"exit {number}"


def _sentence(said: str) -> str:
    """DuckDB's message on one line, without its drawing of the place."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    kept = [line for line in lines if not line.startswith(("LINE ", "^"))]
    return harmless(" ".join(kept)) or "it said nothing."
