"""The library's SQLite recorder, append-only, chained, in a file that tells its form."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor

from events import form
from events.chain import GENESIS, Link
from events.entries import Row
from events.form import PAGE, REFUSAL, linked, refuse_newer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventsourcing.persistence import StoredEvent

NO_CHANGE: Final = (
    "CREATE TRIGGER {0}_keep_{1} BEFORE {1} ON {0} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
)
# An INSERT OR REPLACE would delete without asking the triggers above.
NO_REPLACING: Final = (
    "CREATE TRIGGER {0}_keep_insert BEFORE INSERT ON {0} "
    "WHEN EXISTS (SELECT 1 FROM {0} WHERE {1}) "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
)
SAME_ENTRY: Final = (
    "rowid = NEW.rowid OR (originator_id = NEW.originator_id"
    " AND originator_version = NEW.originator_version)"
)
APPEND_ONLY: Final = (
    "CREATE TABLE links (position INTEGER PRIMARY KEY, link BLOB NOT NULL)",
    NO_CHANGE.format("stored_events", "UPDATE"),
    NO_CHANGE.format("stored_events", "DELETE"),
    NO_CHANGE.format("links", "UPDATE"),
    NO_CHANGE.format("links", "DELETE"),
    NO_REPLACING.format("stored_events", SAME_ENTRY),
    NO_REPLACING.format("links", "position = NEW.position"),
)


class ChainedRecorder(SQLiteApplicationRecorder):
    """Events and their links enter in one transaction, and neither is ever changed."""

    written: int = 0
    """The highest form of the entries, as it was when the file was opened."""

    def _create_table(self, c: SQLiteCursor) -> None:
        c.execute("PRAGMA user_version")
        self.written = c.fetchone()[0]
        refuse_newer(self.written)
        if not self.written:
            super()._create_table(c)
            for statement in APPEND_ONLY:
                c.execute(statement)
            self._raise_form(c)

    def _raise_form(self, c: SQLiteCursor) -> None:
        """Say that the file holds entries of today's form, so that older Trackers refuse it."""
        if self.written < form.FORM:
            c.execute(f"PRAGMA user_version = {form.FORM}")

    def append(self, pages: Iterable[Sequence[StoredEvent]]) -> list[int]:
        """Pages of events, all or none; their positions."""
        with self.datastore.transaction(commit=True) as c:
            places = [place for page in pages for place in self._insert_events(c, page) or ()]
        if places:  # and committed: it need not be said again, a page more each time
            self.written = max(self.written, form.FORM)
        return places

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: object
    ) -> Sequence[int] | None:
        """Insert first: that takes the write lock, so the link read after it is the last."""
        if not stored_events:
            return ()
        rows = [
            (e.originator_id, e.originator_version, e.topic, e.state) for e in stored_events
        ]
        c.execute(self.insert_events_statement, rows[0])
        positions = range(c.lastrowid, c.lastrowid + len(rows))  # nobody else has the lock
        if len(rows) > 1:
            c.executemany(self.insert_events_statement, rows[1:])
        c.execute("SELECT link FROM links ORDER BY position DESC LIMIT 1")
        last = c.fetchone()
        links = linked(bytes(last[0]) if last else GENESIS, positions, stored_events)
        c.executemany("INSERT INTO links VALUES (?, ?)", links)
        self._raise_form(c)
        return positions

    def take(self, links: Iterator[Link]) -> None:
        """Entries of another ledger with their positions and links, all or none."""
        with self.datastore.transaction(commit=True) as c:
            while page := list(islice(links, PAGE)):
                c.executemany(
                    f"INSERT INTO {self.events_table_name}"
                    " (rowid, originator_id, originator_version, topic, state)"
                    " VALUES (?, ?, ?, ?, ?)",
                    [(n.position, n.stream, n.version, n.topic, n.state) for n in page],
                )
                c.executemany(
                    "INSERT INTO links VALUES (?, ?)", [(n.position, n.link) for n in page]
                )

    def rows(self, after: int, limit: int, topics: Sequence[str]) -> list[Row]:
        """Entries behind a position as they are stored, without the library's objects."""
        among = f" AND topic IN ({', '.join('?' * len(topics))})" if topics else ""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT rowid, ifnull(originator_id, ''), ifnull(topic, ''),"
                " ifnull(CAST(state AS BLOB), x'')"
                f" FROM {self.events_table_name} WHERE rowid > ?{among} ORDER BY rowid LIMIT ?",
                (after, *topics, limit),
            )
            c.sqlite_cursor.row_factory = None
            return [Row(*row) for row in c.fetchall()]

    def link_at(self, position: int) -> bytes | None:
        """The link of the entry at a position, None where there is none."""
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT CAST(link AS BLOB) FROM links WHERE position = ?", (position,))
            found = c.fetchone()
        return _bytes(found[0]) if found else None

    def links(self) -> Iterator[Link]:
        """Every entry with its link, in order."""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT e.rowid, originator_id, originator_version, topic,"
                " CAST(state AS BLOB), CAST(link AS BLOB)"
                f" FROM {self.events_table_name} AS e LEFT JOIN links ON position = e.rowid"
                " ORDER BY e.rowid"
            )
            cursor = c.sqlite_cursor
            cursor.row_factory = None  # plain tuples, unpacked at once
            for position, stream, version, topic, state, link in cursor:
                linked_by = None if link is None else _bytes(link)
                yield Link(position, stream, version, topic, _bytes(state), linked_by)


def _bytes(value: object) -> bytes:
    """A stored value as it is hashed; a stranger's hand may have left another type."""
    return value if isinstance(value, bytes) else str(value).encode()
