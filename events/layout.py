"""How a ledger's SQLite file is laid: one table, append-only, each entry beside its link.

Files of the first layout kept the links in a table of their own; they are brought to this one
where they are first opened, entry by entry as they stood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events import form
from events.form import REFUSAL, refuse_newer

if TYPE_CHECKING:
    from sqlite3 import Cursor

LAID: Final = 1_000
"""What the file's version has above the form of its entries; the first layout had nothing."""

TABLE: Final = (
    "CREATE TABLE {} (originator_id TEXT, originator_version INTEGER, topic TEXT, state BLOB,"
    " link BLOB, PRIMARY KEY (originator_id, originator_version))"
)
REFUSE: Final = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
NO_CHANGE: Final = (
    f"CREATE TRIGGER stored_events_keep_{{0}} BEFORE {{0}} ON stored_events {REFUSE}"
)
# An INSERT OR REPLACE would delete without asking the triggers above.
NO_REPLACING: Final = (  # noqa: S608 - of this module's own words
    "CREATE TRIGGER stored_events_keep_insert BEFORE INSERT ON stored_events"
    " WHEN EXISTS (SELECT 1 FROM stored_events WHERE rowid = NEW.rowid"
    " OR (originator_id, originator_version) = (NEW.originator_id, NEW.originator_version)) "
) + REFUSE
APPEND_ONLY: Final = (NO_CHANGE.format("UPDATE"), NO_CHANGE.format("DELETE"), NO_REPLACING)

LINKS_MOVED: Final = (
    TABLE.format("linked_events"),
    (
        "INSERT INTO linked_events"
        " (rowid, originator_id, originator_version, topic, state, link)"
        " SELECT e.rowid, originator_id, originator_version, topic, state, link"
        " FROM stored_events AS e LEFT JOIN links ON position = e.rowid ORDER BY e.rowid"
    ),
    "DROP TABLE links",
    "DROP TABLE stored_events",
    "ALTER TABLE linked_events RENAME TO stored_events",
)


def written_in(c: Cursor) -> int | None:
    """The form of a file's entries; None where it is not laid as today's are.

    Raises `Unusable` where a later Tracker laid or wrote it.
    """
    version = _version(c)
    return version - LAID if version >= LAID else None


def lay(c: Cursor) -> int:
    """Make an empty file a ledger's, or an older one as today's are; the form of its entries.

    Under the write lock.
    """
    version = _version(c)
    if version >= LAID:  # another process was faster
        return version - LAID
    for statement in LINKS_MOVED if version else (TABLE.format("stored_events"),):
        c.execute(statement)
    for statement in APPEND_ONLY:
        c.execute(statement)
    say_form(c, version or form.FORM)
    return version or form.FORM


def say_form(c: Cursor, written: int) -> None:
    """Say the highest form of the entries, so that older Trackers refuse the file."""
    c.execute(f"PRAGMA user_version = {LAID + written}")


def _version(c: Cursor) -> int:
    version = int(c.execute("PRAGMA user_version").fetchone()[0])
    refuse_newer(version if version >= 2 * LAID else version % LAID)
    return version
