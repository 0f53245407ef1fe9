"""The library's SQLite recorder, append-only and chained."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from eventsourcing.sqlite import SQLiteApplicationRecorder

from events import form, layout
from events.chain import GENESIS, Link
from events.entries import Page
from events.form import PAGE
from events.joined import Joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventsourcing.persistence import StoredEvent
    from eventsourcing.sqlite import SQLiteDatastore

    from events.connections import Connections
    from events.joined import Asked

INSERT: Final = (
    "INSERT INTO stored_events"
    " (rowid, originator_id, originator_version, topic, state, link)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
LAST: Final = "SELECT rowid, CAST(link AS BLOB) FROM stored_events ORDER BY rowid DESC LIMIT 1"

TODAYS: Final = "substr(state, 1, length(:opening)) IS :opening"
JOINED: Final = f"""
    SELECT coalesce(max(position), :until), count(*),
           ifnull(CAST(group_concat(position, x'0a') AS BLOB), x''),
           ifnull(CAST(group_concat(topic, x'0a') AS BLOB), x''),
           ifnull(CAST(group_concat(state, x'0a') AS BLOB), x''),
           total({TODAYS})
    FROM (SELECT rowid AS position, CASE :only WHEN '' THEN topic END AS topic, state
          FROM stored_events
          WHERE rowid > :after AND rowid <= :until
            AND ((:only IN ('', topic) AND (:but IS NULL OR topic IS NOT :but))
                 OR (:older AND NOT {TODAYS}))
          ORDER BY rowid LIMIT :limit)
"""

LINK_AT: Final = "SELECT CAST(link AS BLOB) FROM stored_events WHERE rowid = ?"


class ChainedRecorder(SQLiteApplicationRecorder):
    """Each event enters beside its link, and neither is ever changed."""

    written: int = 0
    """The highest form of the entries, as it was when the file was opened."""

    def __init__(
        self, datastore: SQLiteDatastore, events_table_name: str = "stored_events"
    ) -> None:
        super().__init__(datastore, events_table_name)
        self._writer = cast("Connections", datastore.pool).writer

    def create_table(self) -> None:
        """Lay the file, or bring an older one's layout to today's; nothing where it has it."""
        with self.datastore.transaction(commit=False) as c:
            written = layout.written_in(c.sqlite_cursor)
        if written is None:
            with self._writer as cursor:
                written = layout.lay(cursor)
        self.written = written

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **_: object
    ) -> Sequence[int] | None:
        """As the library asks for it."""
        return self.append([stored_events])

    def append(self, pages: Iterable[Sequence[StoredEvent]]) -> list[int]:
        """Pages of events, all or none; their positions."""
        with self._writer as cursor:
            before, link = cursor.execute(LAST).fetchone() or (0, GENESIS)
            last = before
            for page in pages:
                rows = form.chained(last, link, page)
                cursor.executemany(INSERT, rows)
                if rows:
                    last, *_, link = rows[-1]
            if self.written < form.FORM:
                layout.say_form(cursor, form.FORM)
        self.written = max(self.written, form.FORM)  # and committed: it need not be said again
        return list(range(before + 1, last + 1))

    def take(self, links: Iterator[Link]) -> None:
        """Entries of another ledger with their positions and links, all or none."""
        with self._writer as cursor:
            while page := list(islice(links, PAGE)):
                rows = [
                    (n.position, n.stream, n.version, n.topic, n.state, n.link) for n in page
                ]
                cursor.executemany(INSERT, rows)

    def page(self, after: int, limit: int, topics: Sequence[str]) -> Page:
        """Entries behind a position as they are stored, without the library's objects."""
        among = f" AND topic IN ({', '.join('?' * len(topics))})" if topics else ""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT rowid, ifnull(originator_id, ''), ifnull(topic, ''),"
                " ifnull(CAST(state AS BLOB), x'')"
                f" FROM stored_events WHERE rowid > ?{among} ORDER BY rowid LIMIT ?",
                (after, *topics, limit),
            )
            c.sqlite_cursor.row_factory = None
            return Page(*zip(*c.fetchall(), strict=True))

    def joined(self, asked: Asked) -> Joined | None:
        """Entries joined to texts within SQLite; None where one is not of today's form."""
        with self.datastore.transaction(commit=False) as c:
            c.sqlite_cursor.row_factory = None
            *found, todays = c.sqlite_cursor.execute(JOINED, asked._asdict()).fetchone()
        joined = Joined(*found)
        return joined if todays == joined.lines else None

    def link_at(self, position: int) -> bytes | None:
        """The link of the entry at a position, None where there is none."""
        with self.datastore.transaction(commit=False) as c:
            c.execute(LINK_AT, (position,))
            found = c.fetchone()
        return None if not found or found[0] is None else _bytes(found[0])

    def links(self) -> Iterator[Link]:
        """Every entry with its link, in order."""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT rowid, originator_id, originator_version, topic,"
                " CAST(state AS BLOB), CAST(link AS BLOB) FROM stored_events ORDER BY rowid"
            )
            cursor = c.sqlite_cursor
            cursor.row_factory = None  # plain tuples, unpacked at once
            for position, stream, version, topic, state, link in cursor:
                linked_by = None if link is None else _bytes(link)
                yield Link(position, stream, version, topic, _bytes(state), linked_by)


def _bytes(value: object) -> bytes:
    """A stored value as it is hashed; a stranger's hand may have left another type."""
    return value if isinstance(value, bytes) else str(value).encode()
