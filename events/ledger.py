"""The append-only store of facts and forecasts, on the eventsourcing library's recorders.

One person's is a SQLite file, a team's a PostgreSQL database; both behave the same.

Each programme is one stream of facts, `slug`, and one of forecasts, `slug/forecasts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, cast
from urllib.parse import quote

import msgspec
from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, Mapper

from events import chain, facts, team, upcasts
from events.entries import Entry, PlainMapper, Stream
from events.errors import Conflict, Overtaken, Unknown, Unusable
from events.form import refuse_newer
from events.issued import ForecastIssued
from events.joined import joined
from events.telling import LOCK_SECONDS, REASONS, telling
from events.unwritable import is_unwritable, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from events.entries import Page, Row
    from events.facts import Fact
    from events.joined import Joined
    from events.recorder import ChainedRecorder
    from events.team_recorder import TeamRecorder

FORECASTS: Final = "/forecasts"
"""What a programme's stream of forecasts adds to its slug; no slug holds a slash."""

PAGE: Final = 20_000


class Ledger(Application[str]):
    """What happened and what was said, in the order in which it was recorded.

    Open one with `Ledger.at`. Methods raise `Overtaken` where another process was faster and
    `Unusable` where the store cannot be read or written.
    """

    env: ClassVar[dict[str, str]] = {
        "PERSISTENCE_MODULE": "events.connections:Factory",
        "ORIGINATOR_ID_TYPE": "text",
        "SQLITE_LOCK_TIMEOUT": str(LOCK_SECONDS),
        "APPLICATION_RECORDER_TOPIC": "events.recorder:ChainedRecorder",
    }

    moment: TemporaryDirectory[str] | None = None
    """Of a ledger that lies where nothing may be written, the folder of its private copy."""

    @classmethod
    def at(cls, place: Path | str, *, create: bool = False) -> Ledger:
        """The ledger in a file, or at a PostgreSQL address; `Unknown` where there is none."""
        if isinstance(place, str):
            return cls._of_team(place, create=create)
        return cls._in_file(place, create=create)

    @classmethod
    def _in_file(cls, path: Path, *, create: bool) -> Ledger:
        if not create and not path.is_file():
            raise Unknown(f"There is no ledger at {path.name}. Run `tracker init` first.")
        if not create and not path.stat().st_size:
            raise Unusable(
                f"The ledger {path.name} is empty: it was cut off. Restore a backup."
            )
        if is_unwritable(path):
            return cls._of_a_moment(path)
        with telling(path.name):
            return cls({"SQLITE_DBNAME": f"file:{quote(str(path))}"})

    @classmethod
    def _of_a_moment(cls, path: Path) -> Ledger:
        """A private copy, to be read only: what is recorded in it would be lost with it."""
        folder = moment_of(path)
        with telling(path.name):
            ledger = cls({"SQLITE_DBNAME": f"file:{quote(f'{folder.name}/{path.name}')}"})
        ledger.moment = folder
        return ledger

    @classmethod
    def _of_team(cls, address: str, *, create: bool) -> Ledger:
        """By asking first what is there: a pool would only say that it waited in vain."""
        name = team.public_name(address)
        with telling(name):
            form = team.form_at(address)
            refuse_newer(form)
            if not form and not create:
                raise Unknown(
                    f"There is no ledger in the database {name}. "
                    "Make one with: tracker init DIR --ledger ADDRESS"
                )
            from events.team_recorder import environment

            return cls(environment(address, lock_seconds=LOCK_SECONDS, create=not form))

    def close(self) -> None:
        """Let the store go, and a private copy with it."""
        super().close()
        if self.moment is not None:
            self.moment.cleanup()

    def construct_mapper(self) -> Mapper[str]:
        """The plain mapper instead of the library's own."""
        return PlainMapper(transcoder=self.construct_transcoder())

    def append(
        self, new: Sequence[Fact], *, after: Mapping[str, int], now: datetime
    ) -> list[Entry]:
        """Record facts, all or none, each behind the version of its stream in `after`.

        Raises `Overtaken` where a stream has moved on since it was read.
        """
        versions = dict(after)
        entries = []
        for fact in new:
            versions[fact.programme] = versions.get(fact.programme, 0) + 1
            entries.append(_entry(fact.programme, versions[fact.programme], now, fact))
        return self._put(entries)

    def issue(
        self, forecasts: Iterable[ForecastIssued], *, after: Mapping[str, int], now: datetime
    ) -> list[Entry]:
        """Record forecasts, all or none, each behind as many of its programme as `after` says.

        Raises `Overtaken` where another process has issued one since.
        """
        versions = dict(after)
        entries = []
        for forecast in forecasts:
            slug = forecast.programme
            versions[slug] = versions.get(slug, 0) + 1
            entries.append(_entry(slug + FORECASTS, versions[slug], now, forecast))
        return self._put(entries)

    def stream(self, programme: str) -> Stream:
        """A programme's facts; an unheard-of programme has an empty stream."""
        with telling("the ledger"):
            entries = cast("list[Entry]", list(self.events.get(programme)))
        return Stream(
            version=entries[-1].originator_version if entries else 0,
            history=tuple(entry.fact for entry in entries),
        )

    def forecasts(self, programme: str) -> list[ForecastIssued]:
        """What was said of a programme, oldest first."""
        with telling("the ledger"):
            entries = cast("list[Entry]", list(self.events.get(programme + FORECASTS)))
        return [entry.forecast for entry in entries]

    def last_forecast(self, programme: str) -> ForecastIssued | None:
        """What was said of a programme last, None before anything was."""
        with telling("the ledger"):
            found = list(self.events.get(programme + FORECASTS, desc=True, limit=1))
        return cast("Entry", found[0]).forecast if found else None

    def pages(self, *, after: int = 0, topics: Sequence[str] = ()) -> Iterator[Page]:
        """Entries behind a position, stored as today's are, some thousands at a time."""
        while True:
            with telling("the ledger"):
                page = self.chained.page(after, PAGE, upcasts.spellings(topics))
            if not page.positions:
                return
            after = page.positions[-1]
            yield page.of_today()

    def joined(
        self, *, after: int, until: int, only: str = "", but: str = ""
    ) -> Iterator[Joined]:
        """Entries between two positions, a line each, of one topic or all but of one."""
        with telling("the ledger"):
            yield from joined(self.chained, after=after, until=until, only=only, but=but)

    def rows(self, *, after: int = 0, topics: Sequence[str] = ()) -> Iterator[Row]:
        """The same, one at a time; of these topics alone, where some are named."""
        for page in self.pages(after=after, topics=topics):
            yield from (row for row in page.rows() if not topics or row.topic in topics)

    def entries(self, *, after: int = 0) -> Iterator[Entry]:
        """Facts (not forecasts) behind a position, with the moments they were recorded."""
        yield from (row.entry() for row in self.rows(after=after, topics=tuple(facts.TYPES)))

    def issued(self) -> Iterator[Entry]:
        """Every forecast in the order in which it was issued, with its place and moment."""
        yield from (row.entry() for row in self.rows(topics=("forecast-issued",)))

    def programmes(self) -> list[str]:
        """The slugs that were ever opened, in order."""
        return sorted({row.programme for row in self.rows(topics=("programme-opened",))})

    def histories(self) -> dict[str, list[Fact]]:
        """Every programme's facts in ledger order."""
        found: dict[str, list[Fact]] = {}
        for entry in self.entries():
            found.setdefault(entry.originator_id, []).append(entry.fact)
        return found

    def find(self, prefix: str) -> Fact:
        """The one fact whose id begins with `prefix`; raises `Unknown` or `Conflict`."""
        sought = prefix.strip().lower()
        return the_only(list(self.named(sought)) if sought else [], prefix)

    def named(self, prefix: str) -> Iterator[Fact]:
        """The facts whose ids begin so; the others stay undecoded."""
        rows = self.rows(topics=tuple(facts.TYPES))
        return (row.entry().fact for row in rows if row.id.startswith(prefix))

    def verified(self, *, kept: chain.Head | None = None) -> tuple[chain.Head, str | None]:
        """The head as far as the chain is whole, and a sentence on what breaks it."""
        with telling("the ledger"):
            return chain.broken(self.chained.links(), kept=kept)

    @property
    def chained(self) -> ChainedRecorder | TeamRecorder:
        """The recorder, which knows the links; its own errors are the store's."""
        return cast("ChainedRecorder | TeamRecorder", self.recorder)

    def head(self) -> int:
        """The position of the last entry, 0 in an empty ledger."""
        with telling("the ledger"):
            return self.recorder.max_notification_id() or 0

    def mark(self, position: int) -> int:
        """What tells this ledger, up to a position, from any other: 7 bytes of the link."""
        with telling("the ledger"):
            return int.from_bytes((self.chained.link_at(position) or b"")[:7])

    def _did(self, entries: Sequence[Entry]) -> str:
        """What stands where the first of these entries was to stand."""
        for entry in entries:
            stream, version = entry.originator_id, entry.originator_version
            with telling("the ledger"):
                there = list(self.events.get(stream, gt=version - 1, lte=version))
            if there:
                slug, other = stream.removesuffix(FORECASTS), cast("Entry", there[0]).content
                if isinstance(other, ForecastIssued):
                    return f"forecast {slug} as of {other.as_of}"
                return f"recorded {other.type} {other.id[:8]} on {slug}"
        return "recorded"

    def _put(self, entries: list[Entry]) -> list[Entry]:
        """By mapper and recorder: `save` asks of each entry whether it is a protocol's.

        A page at a time in one transaction, so that a million are not there twice.
        """
        if self.moment is not None:
            raise Unusable(f"The ledger: {REASONS['readonly']}.")
        if not entries:
            return []
        pages = (
            [self.mapper.to_stored_event(cast("Any", entry)) for entry in page]
            for page in (entries[at : at + PAGE] for at in range(0, len(entries), PAGE))
        )
        try:
            with telling("the ledger"):
                positions = self.chained.append(pages)
        except IntegrityError as error:
            raise Overtaken(
                f"Another process {self._did(entries)} at the same moment. "
                "Look at `tracker events` and try again."
            ) from error
        return [
            msgspec.structs.replace(entry, position=position)
            for entry, position in zip(entries, positions, strict=True)
        ]


def the_only(found: Sequence[Fact], prefix: str) -> Fact:
    """The one fact that was found by the beginning of its id; raises `Unknown`, `Conflict`."""
    if not found:
        raise Unknown(f"No event's id begins with {prefix!r}. `tracker events` lists them.")
    if len(found) > 1:
        raise Conflict(f"{len(found)} events' ids begin with {prefix!r}. Write more of it.")
    return found[0]


def _entry(stream: str, version: int, now: datetime, content: Fact | ForecastIssued) -> Entry:
    return Entry(
        originator_id=stream, originator_version=version, recorded_at=now, content=content
    )
