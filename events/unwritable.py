"""A ledger that lies where nothing may be written, read from a private copy of one moment.

SQLite cannot even read a database with a write-ahead log where it may write nothing beside it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from events.errors import Unusable, reason

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS: Final = ("", "-wal")
"""What holds entries: the file, and its log where somebody records or has died."""

TRIES: Final = 20
"""Copies until one falls between two entries of whoever may write there."""


def is_unwritable(path: Path) -> bool:
    """Whether nothing may be written beside a file that is there."""
    return path.is_file() and not os.access(path.parent, os.W_OK | os.X_OK)


def moment_of(path: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder with a copy of a ledger under its own name; gone with the object.

    Raises `Unusable` where others record all the time, or where it cannot be copied.
    """
    for _ in range(TRIES):
        folder = tempfile.TemporaryDirectory(prefix="tracker-ledger-")
        before = _state(path)
        try:
            for end in PARTS:
                part = path.with_name(path.name + end)
                with suppress(FileNotFoundError):
                    shutil.copyfile(part, Path(folder.name) / part.name)
        except OSError as error:
            raise Unusable(
                f"The ledger {path.name}: it cannot be copied: {reason(error)}."
            ) from error
        if _state(path) == before:
            return folder
        folder.cleanup()
    raise Unusable(f"The ledger {path.name}: others record all the time. Try again.")


@contextmanager
def readable(path: Path) -> Iterator[Path]:
    """The file itself, or a copy of it where it could not be opened in its place."""
    if not is_unwritable(path):
        yield path
        return
    with moment_of(path) as folder:
        yield Path(folder) / path.name


def _state(path: Path) -> list[tuple[int, int, int] | None]:
    """What changes with every entry."""
    found: list[tuple[int, int, int] | None] = []
    for end in PARTS:
        try:
            told = path.with_name(path.name + end).stat()
            found.append((told.st_ino, told.st_size, told.st_mtime_ns))
        except FileNotFoundError:
            found.append(None)
    return found
