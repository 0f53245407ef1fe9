"""An entry of the ledger: a fact or a forecast in its place, and the JSON it is stored as.

The stored state is plain JSON, so that SQL can read it without Python.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import msgspec
from eventsourcing.persistence import Mapper, StoredEvent

from events import edtf, facts, form, upcasts
from events.facts import Fact
from events.issued import ForecastIssued

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsourcing.domain import DomainEventProtocol


class Bounds(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first and last day that an EDTF string allows; None is an open end."""

    earliest: date | None = None
    latest: date | None = None
    approximate: bool = False


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The stored state of an entry; `bounds` are those of the fact's EDTF, by key.

    `form` is that in which it was written; the first one said nothing of it.
    """

    form: int = 1
    recorded_at: datetime
    bounds: dict[str, Bounds] = {}
    fact: Fact | ForecastIssued


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A fact or a forecast in its place; `position` is its place in the whole ledger."""

    originator_id: str
    originator_version: int = 0
    recorded_at: datetime
    content: Fact | ForecastIssued
    position: int = 0

    @property
    def fact(self) -> Fact:
        """What happened, where this is no forecast."""
        if isinstance(self.content, ForecastIssued):
            raise TypeError(f"{self.originator_id} {self.originator_version} is a forecast.")
        return self.content

    @property
    def forecast(self) -> ForecastIssued:
        """What was said, where this is no fact."""
        if not isinstance(self.content, ForecastIssued):
            raise TypeError(f"{self.originator_id} {self.originator_version} is a fact.")
        return self.content


class Page(NamedTuple):
    """Entries as they are stored, a sequence of each column, for readers that take sets."""

    positions: Sequence[int] = ()
    streams: Sequence[str] = ()
    topics: Sequence[str] = ()
    states: Sequence[bytes] = ()

    def of_today(self) -> Page:
        """The same, each stored as it would be today, whatever form it was written in."""
        if all(map(bytes.startswith, self.states, repeat(opening()))):
            return self
        return Page(*zip(*(row.of_today() for row in self.rows()), strict=True))

    def rows(self) -> list[Row]:
        """The same, an entry at a time."""
        return list(map(Row, *self))


class Row(NamedTuple):
    """An entry as it is stored; its programme's forecasts are a stream of their own."""

    position: int
    programme: str
    topic: str
    state: bytes

    def of_today(self) -> Row:
        """The same, stored as it would be today."""
        if self.state.startswith(opening()):
            return self
        record = _decoded(self.state)
        topic, state = _topic(record.fact), stored(record.fact, record.recorded_at)
        return Row(self.position, self.programme, topic, state)

    def entry(self) -> Entry:
        """The same, decoded."""
        record = _decoded(self.state)
        return Entry(
            originator_id=self.programme,
            recorded_at=record.recorded_at,
            content=record.fact,
            position=self.position,
        )

    @property
    def id(self) -> str:
        """The fact's id, the rest left undecoded."""
        try:
            return _NAME.decode(self.state).fact.id
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise upcasts.unreadable(error) from error


class _Named(msgspec.Struct, frozen=True):
    """Of a fact, its id alone: the rest is passed over unread."""

    id: str


class _Naming(msgspec.Struct, frozen=True):
    """Of the stored state, what names the fact."""

    fact: _Named


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """A programme's facts in ledger order, and the version that the next one follows."""

    version: int
    history: tuple[Fact, ...]


class _Old(msgspec.Struct, frozen=True):
    """The stored state of an entry of any form."""

    form: int = 1
    recorded_at: datetime | None = None
    fact: dict[str, Any] = {}


_DECODE: Final = msgspec.json.Decoder(Record)
_NAME: Final = msgspec.json.Decoder(_Naming)
_DECODE_OLD: Final = msgspec.json.Decoder(_Old)
_ENCODE: Final = msgspec.json.Encoder()


def opening() -> bytes:
    """How a state in the form of today begins, so that none is decoded to tell it."""
    return b'{"recorded_at":' if form.FORM == 1 else b'{"form":%d,' % form.FORM


def _decoded(state: bytes) -> Record:
    """A stored state as a record of today; raises `Unusable` where it cannot be read."""
    try:
        if state.startswith(opening()):
            return _DECODE.decode(state)
        old = _DECODE_OLD.decode(state)
        fact = upcasts.of_today(old.fact, old.form)
        plain = {"recorded_at": old.recorded_at, "fact": fact}
        return msgspec.convert(plain, Record, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError) as error:
        raise upcasts.unreadable(error) from error


def _topic(content: Fact | ForecastIssued) -> str:
    return str(content.__struct_config__.tag)


class PlainMapper(Mapper[str]):
    """Facts to plain JSON under their own topic, and back."""

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The stored form; the bounds of imprecise dates are computed here, once."""
        entry = cast("Entry", domain_event)
        return StoredEvent(
            originator_id=entry.originator_id,
            originator_version=entry.originator_version,
            topic=_topic(entry.content),
            state=stored(entry.content, entry.recorded_at),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        """The entry; its position is known only where a notification is given."""
        record = _decoded(bytes(stored_event.state))
        return Entry(
            originator_id=str(stored_event.originator_id),
            originator_version=stored_event.originator_version,
            recorded_at=record.recorded_at,
            content=record.fact,
            position=getattr(stored_event, "id", 0),
        )


def stored(content: Fact | ForecastIssued, recorded_at: datetime) -> bytes:
    """The stored JSON of a fact or a forecast."""
    record = Record(
        form=form.FORM, recorded_at=recorded_at, bounds=_bounds(content), fact=content
    )
    return _ENCODE.encode(record)


def _bounds(content: Fact | ForecastIssued) -> dict[str, Bounds]:
    return {
        key: _bound(text)
        for key in facts.dated(type(content))
        if (text := getattr(content, key))
    }


@lru_cache(maxsize=16_384)
def _bound(text: str) -> Bounds:
    span = edtf.parse(text)
    return Bounds(span.earliest, span.latest, span.approximate)
