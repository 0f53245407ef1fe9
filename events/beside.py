"""A place beside a file in which the next one is made, and which does not outlive its maker.

The folder is locked for as long as its maker lives, and the lock goes with the process, however
that dies. So whoever comes next can tell what was left behind from what is still in the making.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDING: Final = ".tracker-part"


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """An empty folder beside `path`, gone afterwards; what the dead left there goes first.

    Raises `OSError` where none can be made.
    """
    _sweep(path.parent)
    folder, held = _made(path)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _made(path: Path) -> tuple[Path, int]:
    """The folder, and what holds its lock; again where it was swept before it was locked."""
    while True:
        made = tempfile.mkdtemp(ENDING, f".{path.name}.", path.parent)
        held = os.open(made, os.O_RDONLY)
        with suppress(OSError):  # where nothing can be locked, nothing is swept either
            fcntl.flock(held, fcntl.LOCK_EX)
        if os.fstat(held).st_nlink:
            return Path(made), held
        os.close(held)


def _sweep(parent: Path) -> None:
    """Remove the folders that nobody holds any more."""
    for left in parent.glob(f".*{ENDING}"):
        with suppress(OSError):
            held = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(held)
