"""Whether another process has recorded something, without asking what."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from pathlib import Path


class Pulse:
    """SQLite's own counter of other connections' commits; asking it costs microseconds.

    A file that is gone, locked or broken counts as changed: whoever reads it will be told why.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._last: int | None = None

    def changed(self) -> bool:
        """Whether there was a commit since this was last asked; True the first time."""
        try:
            now = self._version()
        except sqlite3.Error:
            self.close()
            return True
        before, self._last = self._last, now
        return now != before

    def close(self) -> None:
        """Let the file go; the next question opens it again."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._last = None

    def _version(self) -> int:
        if self._connection is None:
            address = f"file:{quote(str(self._path))}?mode=ro"
            self._connection = sqlite3.connect(address, uri=True)
        ((version,),) = self._connection.execute("PRAGMA data_version").fetchall()
        return int(version)
