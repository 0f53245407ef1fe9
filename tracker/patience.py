"""How long a child waits for whoever reads its answer, in memory that its parent sees too.

A query has so many seconds; a person who scrolls through its rows takes none of them.
"""

from __future__ import annotations

import io
import struct
import sys
import time
from contextlib import contextmanager
from mmap import mmap
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

TOLD: Final = struct.Struct("=dd")
"""Seconds waited so far, and since when it waits now on the clock of both; 0 is not."""


class Waits:
    """The waiting of one child; `file` is what both hold it in."""

    def __init__(self, file: int) -> None:
        self._told = mmap(file, TOLD.size)

    def seconds(self) -> float:
        """How long it has waited until now."""
        so_far, since = map(float, TOLD.unpack_from(self._told))
        return so_far + (time.monotonic() - since if since else 0)

    def begin(self) -> None:
        """From now on it waits."""
        TOLD.pack_into(self._told, 0, self.seconds(), time.monotonic())

    def end(self) -> None:
        """It waits no more."""
        TOLD.pack_into(self._told, 0, self.seconds(), 0)


@contextmanager
def shared() -> Iterator[int]:
    """A nameless file for `Waits`, to be handed to the child."""
    with TemporaryFile() as file:
        file.truncate(TOLD.size)
        yield file.fileno()


class Waiting(io.FileIO):
    """A file whose writes are times of waiting."""

    def __init__(self, file: int, waits: Waits) -> None:
        super().__init__(file, "w", closefd=False)
        self._waits = waits

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - any buffer
        """As any file's, the time told."""
        self._waits.begin()
        try:
            return super().write(data)
        finally:
            self._waits.end()


def wait_openly(file: int) -> None:
    """Let standard output tell in a shared file how long it waits."""
    raw = Waiting(sys.stdout.fileno(), Waits(file))
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=sys.stdout.encoding,
        errors=sys.stdout.errors,
        newline="\n",
    )
