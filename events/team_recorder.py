"""The library's PostgreSQL recorder, append-only and chained, for a team's ledger.

Positions are the last one plus one, taken under the lock that lets one process insert at a
time. So they have no gaps: the library's sequence would burn a number with each insert that
fails, and a chain could not tell that from an entry that was taken out.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory
from psycopg.rows import DictRow, dict_row

from events import form
from events.chain import GENESIS, Link
from events.entries import Page
from events.form import PAGE, REFUSAL, chained
from events.joined import Joined
from events.team import FORM_WRITTEN, LAID, parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventsourcing.persistence import StoredEvent
    from eventsourcing.utils import Environment, EnvType
    from psycopg import Cursor

    from events.joined import Asked

ADDRESS: Final = "POSTGRES_ADDRESS"
"""Of the environment: the whole address, since the library's own words have no TLS."""

LAYING: Final = 0x7472_6163_6B65_72
"""The advisory lock of whoever lays the tables: `tracker` in ASCII."""

REFUSE: Final = (
    "CREATE TRIGGER {0}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON public.{0} "
    "FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse()"
)
APPEND_ONLY: Final = (
    "CREATE TABLE public.ledger_links (position bigint PRIMARY KEY, link bytea NOT NULL)",
    "CREATE TABLE public.ledger_form (version integer PRIMARY KEY)",
    f"""CREATE FUNCTION public.ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION '{REFUSAL}'; END$$""",
    REFUSE.format("ledger_events"),
    REFUSE.format("ledger_links"),
)
RAISE_FORM: Final = "INSERT INTO public.ledger_form VALUES (%s)"
LAST: Final = (
    "SELECT greatest((SELECT max(notification_id) FROM public.ledger_events), position)"
    " AS position, link"
    " FROM (VALUES (0)) AS one LEFT JOIN LATERAL"
    " (SELECT position, link FROM public.ledger_links ORDER BY position DESC LIMIT 1) AS last"
    " ON true"
)
INSERT: Final = (
    "INSERT INTO public.ledger_events"
    " (notification_id, originator_id, originator_version, topic, state)"
    " VALUES (%s, %s, %s, %s, %s)"
)
INSERT_LINK: Final = "INSERT INTO public.ledger_links VALUES (%s, %s)"
LINK_AT: Final = "SELECT link FROM public.ledger_links WHERE position = %s"
CHAINED: Final = (
    "SELECT notification_id, originator_id, originator_version, topic, state, link"
    " FROM public.ledger_events LEFT JOIN public.ledger_links ON position = notification_id"
    " ORDER BY notification_id"
)
TODAYS: Final = "substring(state from 1 for length(%(opening)s::bytea)) = %(opening)s::bytea"
JOINED: Final = f"""
    SELECT coalesce(max(position), %(until)s) AS last, count(*),
           string_agg(position::text, E'\\n' ORDER BY position) AS positions,
           CASE %(only)s WHEN '' THEN string_agg(topic, E'\\n' ORDER BY position)
                ELSE '' END AS topics,
           string_agg(state, '\\x0a'::bytea ORDER BY position) AS states,
           count(*) FILTER (WHERE {TODAYS}) AS todays
    FROM (SELECT notification_id AS position, topic, state FROM public.ledger_events
          WHERE notification_id > %(after)s AND notification_id <= %(until)s
            AND ((%(only)s::text IN ('', topic) AND topic IS DISTINCT FROM %(but)s::text)
                 OR (%(older)s AND NOT {TODAYS}))
          ORDER BY notification_id LIMIT %(limit)s) AS asked
"""


class TeamRecorder(PostgresApplicationRecorder):
    """Events and their links enter in one transaction, and neither is ever changed."""

    def create_table(self) -> None:
        """Lay the tables where there are none, once even where two begin at once."""
        with self.datastore.get_connection() as alone, alone.transaction():
            alone.execute("SELECT pg_advisory_xact_lock(%s)", (LAYING,))
            laid = alone.execute(LAID.encode()).fetchone()
            if not laid or not next(iter(laid.values())):
                super().create_table()

    def _create_table(self, curs: Cursor[DictRow]) -> None:
        super()._create_table(curs)
        for statement in APPEND_ONLY:
            curs.execute(statement.encode())
        curs.execute(RAISE_FORM.encode(), (form.FORM,))

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **_: object
    ) -> Sequence[int] | None:
        """Insert them, all or none, and tell whoever listens."""
        return self.append([stored_events]) if stored_events else None

    def append(self, pages: Iterable[Sequence[StoredEvent]]) -> list[int]:
        """Pages of events, all or none; their positions. Whoever listens is told.

        Unlike the library's insert this is not tried again by itself: where a connection dies
        in the commit, nobody knows whether it was recorded, and a second try would look like a
        race that was lost to oneself.
        """
        with (
            self.datastore.get_connection() as connection,
            connection.transaction(),
            connection.cursor() as curs,
        ):
            self._lock_table(curs)
            return [place for page in pages for place in self._append(curs, page)]

    def _append(self, curs: Cursor[DictRow], events: Sequence[StoredEvent]) -> list[int]:
        last = curs.execute(LAST.encode()).fetchone() or {}
        link = bytes(last.get("link") or GENESIS)
        rows = chained(last.get("position") or 0, link, events)
        curs.executemany(INSERT.encode(), [row[:-1] for row in rows])
        curs.executemany(INSERT_LINK.encode(), [(row[0], row[-1]) for row in rows])
        written = curs.execute(FORM_WRITTEN.encode()).fetchone() or {}
        if (written.get("max") or 0) < form.FORM:  # older Trackers refuse it from here on
            curs.execute(RAISE_FORM.encode(), (form.FORM,))
        self._notify_channel(curs)
        return [row[0] for row in rows]

    def take(self, links: Iterator[Link]) -> None:
        """Entries of another ledger with their positions and links, all or none."""
        with (
            self.datastore.get_connection() as connection,
            connection.transaction(),
            connection.cursor() as curs,
        ):
            self._lock_table(curs)
            while page := list(islice(links, PAGE)):
                entries = [(n.position, n.stream, n.version, n.topic, n.state) for n in page]
                curs.executemany(INSERT.encode(), entries)
                curs.executemany(INSERT_LINK.encode(), [(n.position, n.link) for n in page])
            self._notify_channel(curs)

    def page(self, after: int, limit: int, topics: Sequence[str]) -> Page:
        """Entries behind a position as they are stored."""
        found = self.select_notifications(after, limit, topics=topics, inclusive_of_start=False)
        rows = ((n.id, str(n.originator_id), n.topic, bytes(n.state)) for n in found)
        return Page(*zip(*rows, strict=True))

    def joined(self, asked: Asked) -> Joined | None:
        """Entries joined to texts within PostgreSQL; None where one is not of today's form."""
        with self.datastore.get_connection() as connection:
            found = connection.execute(JOINED.encode(), asked._asdict()).fetchone() or {}
        if not found["count"]:
            return Joined(found["last"])
        texts = (found["positions"].encode(), found["topics"].encode(), bytes(found["states"]))
        joined = Joined(found["last"], found["count"], *texts)
        return joined if found["todays"] == joined.lines else None

    def link_at(self, position: int) -> bytes | None:
        """The link of the entry at a position, None where there is none."""
        with self.datastore.get_connection() as connection:
            found = connection.execute(LINK_AT.encode(), (position,)).fetchone()
        return bytes(found["link"]) if found else None

    def links(self) -> Iterator[Link]:
        """Every entry with its link, in order."""
        with (
            self.datastore.get_connection() as connection,
            connection.transaction(),
            connection.cursor(name="links") as curs,
        ):
            curs.itersize = PAGE
            for row in curs.execute(CHAINED.encode()):
                link = None if row["link"] is None else bytes(row["link"])
                yield Link(
                    row["notification_id"],
                    row["originator_id"],
                    row["originator_version"],
                    row["topic"] or "",
                    bytes(row["state"] or b""),
                    link,
                )


class TeamFactory(PostgresFactory):
    """The library's factory, with every word of an address instead of its five."""

    application_recorder_class = TeamRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        told: dict[str, Any] = parts(self.env.get(ADDRESS) or "")
        self.datastore.pool.kwargs = {**told, "row_factory": dict_row}


def environment(address: str, *, lock_seconds: int, create: bool) -> dict[str, str]:
    """What the library's `Application` is told; its database functions stay off.

    They lose events for those who follow while several write.
    """
    return {
        "PERSISTENCE_MODULE": "events.team_recorder:TeamFactory",
        "APPLICATION_RECORDER_TOPIC": "events.team_recorder:TeamRecorder",
        "ORIGINATOR_ID_TYPE": "text",
        ADDRESS: address,
        "POSTGRES_DBNAME": "",
        "POSTGRES_HOST": "",
        "POSTGRES_USER": "",
        "POSTGRES_PASSWORD": "",
        "POSTGRES_SCHEMA": "public",
        "POSTGRES_CONNECT_TIMEOUT": "3",
        "POSTGRES_IDLE_IN_TRANSACTION_SESSION_TIMEOUT": "60",
        "POSTGRES_POOL_SIZE": "1",
        "POSTGRES_MAX_OVERFLOW": "3",
        "POSTGRES_PRE_PING": "yes",
        "POSTGRES_LOCK_TIMEOUT": str(lock_seconds),
        "POSTGRES_ENABLE_DB_FUNCTIONS": "no",
        "CREATE_TABLE": "yes" if create else "no",
    }
