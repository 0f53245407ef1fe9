"""Connections to a ledger's file, which keep what they compiled.

The library's own keep one statement each, so that whoever needs four compiles every one of
them, triggers and all, for every event.
"""

from __future__ import annotations

import sqlite3
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Final

from eventsourcing.persistence import IntegrityError, InterfaceError
from eventsourcing.sqlite import SQLiteConnection, SQLiteConnectionPool, SQLiteFactory

if TYPE_CHECKING:
    from types import TracebackType

    from eventsourcing.utils import Environment, EnvType

STATEMENTS: Final = 64
"""That a connection keeps compiled; the recorder has a dozen."""

CACHE: Final = 65_536
"""KiB that the one that writes may keep of the file: the index of a million entries."""


class Connections(SQLiteConnectionPool):
    """The library's pool for reading, and one connection beside it that writes."""

    @cached_property
    def writer(self) -> Writer:
        """The one that writes, opened when it is first needed and closed with the pool."""
        opened = self._opened()
        opened.execute(f"PRAGMA cache_size = -{CACHE}")
        return Writer(opened)

    def close(self) -> None:
        """Let all of them go."""
        super().close()
        if "writer" in self.__dict__:
            self.writer.close()

    def _create_connection(self) -> SQLiteConnection:
        opened = self._opened()
        opened.row_factory = sqlite3.Row  # the library asks for columns by name
        return SQLiteConnection(opened, max_age=self.max_age)

    def _opened(self) -> sqlite3.Connection:
        """In WAL mode, which the file remembers, and committing only when told to."""
        try:
            opened = sqlite3.connect(
                self.db_name,
                uri=True,
                timeout=self.lock_timeout or 0,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=STATEMENTS,
            )
        except sqlite3.Error as error:
            raise InterfaceError(error) from error
        opened.execute("PRAGMA journal_mode = WAL").fetchone()
        return opened


class Writer:
    """Transactions one after another, each under the write lock from its start.

    So what a transaction reads is the last there is. It is committed where its block ends, and
    undone where that raises.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._one_at_a_time = Lock()

    def __enter__(self) -> sqlite3.Cursor:
        """Wait for the lock, for as long as the connection was told to."""
        self._one_at_a_time.acquire()
        try:
            return self._connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._one_at_a_time.release()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit or undo; a broken rule as the library's `IntegrityError`."""
        try:
            if error is None:
                self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.rollback()
            self._one_at_a_time.release()
        if isinstance(error, sqlite3.IntegrityError):
            raise IntegrityError(error) from error

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()


class Factory(SQLiteFactory):
    """The library's factory, on these connections."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        pool = self.datastore.pool
        self.datastore.pool = Connections(db_name=pool.db_name, lock_timeout=pool.lock_timeout)
