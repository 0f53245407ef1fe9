"""Whether another process has recorded something, without asking what."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote

from eventsourcing.persistence import PersistenceError

from events import team
from events.errors import EventsError

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import Connection

LISTEN: Final = b"LISTEN ledger_events"
"""The library notifies under the name of the table."""


class Pulse(Protocol):
    """What tells of commits; a ledger out of reach counts as changed."""

    def changed(self) -> bool:
        """Whether there was a commit since this was last asked; True the first time."""

    def close(self) -> None:
        """Let the ledger go; the next question opens it again."""


def pulse_of(place: Path | str) -> Pulse:
    """The pulse of the ledger in a file or at an address."""
    return TeamPulse(place) if isinstance(place, str) else FilePulse(place)


class TeamPulse:
    """PostgreSQL's LISTEN for what the recorder notifies with each commit."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: Connection[Any] | None = None

    def changed(self) -> bool:
        """Whether there was a commit since this was last asked; True the first time."""
        if self._connection is None:
            return self._listen()
        try:
            return team.heard(self._connection)
        except PersistenceError:
            self.close()
            return True

    def close(self) -> None:
        """Hang up; the next question listens again."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _listen(self) -> bool:
        """Listen before anything is read, so that nothing falls between the two."""
        try:
            self._connection = team.connected(self._address)
            self._connection.execute(LISTEN)
        except (EventsError, PersistenceError):
            self.close()
        return True


class FilePulse:
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
