"""What the stores say, and what that means to the ledger's owner, as one sentence."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Final

from eventsourcing.persistence import IntegrityError, PersistenceError

from events.errors import Unusable

if TYPE_CHECKING:
    from types import TracebackType

LOCK_SECONDS: Final = 30

AWAY: Final = "the server is out of reach. Try again when it is back, or mend the address"
RIGHTS: Final = "this user may not do that there. Ask the database's owner for the right"
ADDRESS: Final = re.compile(r"postgres(ql)?://\S*|password=\S+", re.IGNORECASE)
"""What may hold a password, and so is never repeated."""

REASONS: Final = {
    # PostgreSQL, what is particular first
    "password authentication failed": "the user or the password is wrong. Mend the address",
    "no password supplied": "it asks for a password. Put it in the address or in ~/.pgpass",
    "no pg_hba.conf entry": "the server does not let this user in from here",
    '" does not exist': "there is no such database or user. Mend the address, or make it",
    "permission denied": RIGHTS,
    "must be owner": RIGHTS,
    "read-only transaction": "it may only be read, not written to",
    "lock timeout": f"another process held it for {LOCK_SECONDS} seconds. Try again",
    "too many c": "the server takes no more connections now. Try again",
    "connection slots": "the server takes no more connections now. Try again",
    "no space left": "the disk is full; nothing was recorded. Free some space and try again",
    "connection failed": AWAY,
    "connection is lost": AWAY,
    "consuming input failed": AWAY,
    "couldn't get a connection": AWAY,
    "connection timeout": AWAY,
    "server closed the connection": AWAY,
    "terminating connection": AWAY,
    "the connection is closed": AWAY,
    "failed to resolve host": AWAY,
    # SQLite
    "full": "the disk is full; nothing was recorded. Free some space and try again",
    "readonly": "it may not be written to. Check the rights of the file and its folder",
    "unable to open": "it cannot be opened. Check the rights of the file and its folder",
    "not a database": "it is no ledger, or a broken copy of one. Restore a backup",
    "could not decode": "it is a broken copy. Restore a backup",
    "malformed": "it is a broken copy. Restore a backup",
    "locked": f"another process held it for {LOCK_SECONDS} seconds. Try again",
    "disk i/o": "the disk failed or is full; nothing was recorded",
}
"""What the store says, and what that means to its owner."""


class telling:  # noqa: N801 - read as a verb: `with telling(name)`
    """The store's own errors as one sentence; a lost race passes through."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        """Nothing to do until something fails."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Raise `Unusable` for what the store said."""
        if error is None or isinstance(error, IntegrityError):
            return
        if isinstance(error, UnicodeDecodeError):  # of a text, or of SQLite's own complaint
            raise Unusable(f"{_subject(self.name)}: {REASONS['malformed']}.") from error
        if isinstance(error, (PersistenceError, sqlite3.Error)):
            raise Unusable(f"{_subject(self.name)}: {_why(str(error))}.") from error


def _why(said: str) -> str:
    """What a store's sentence means; where that is not known, its first line."""
    told = ADDRESS.sub("(its address)", said.lower())
    brief = told.partition("\n")[0].rstrip(".")
    return next((why for sign, why in REASONS.items() if sign in told), brief)


def _subject(name: str) -> str:
    said = name if name.startswith("the ") else f"The ledger {name}"
    return f"{said[0].upper()}{said[1:]}"
