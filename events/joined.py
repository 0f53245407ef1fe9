"""Entries joined to texts by the store itself: a million of them without a row of Python's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from events import form
from events.entries import opening
from events.upcasts import UPCASTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.entries import Page, Row

LINE: Final = b"\n"
"""What stands between entries; no JSON that was stored here has it."""


class Joined(NamedTuple):
    """Entries as they are stored today, one a line of each text, so many `lines` in each.

    `last` is the position up to which was looked for them. Topics are not said where only
    one was asked for.
    """

    last: int
    lines: int = 0
    positions: bytes = b""
    topics: bytes = b""
    states: bytes = b""

    @classmethod
    def of(cls, rows: Sequence[Row], *, last: int) -> Joined:
        """Rows as lines; a topic or a state that had lines of its own has them no more."""
        return cls(
            last,
            len(rows),
            LINE.join(b"%d" % row.position for row in rows),
            LINE.join(row.topic.encode().replace(LINE, b" ") for row in rows),
            LINE.join(row.state.replace(LINE, b" ") for row in rows),
        )

    @property
    def whole(self) -> bool:
        """Whether each text has its lines, no more and no fewer."""
        texts = (self.positions, self.topics or self.positions, self.states)
        return all(text.count(LINE) == max(self.lines - 1, 0) for text in texts)


class Asked(NamedTuple):
    """Which entries: behind `after` up to `until`, `only` of one topic, or all `but` of one.

    Where topics were others in `older` forms, a store also gives whatever does not begin with
    `opening`: its topic of today is not the one under which it is stored.
    """

    after: int
    until: int
    only: str
    but: str | None
    opening: bytes
    older: bool
    limit: int

    def are(self, rows: Iterable[Row]) -> list[Row]:
        """Those of some rows that were asked for."""
        return [
            row
            for row in rows
            if row.position <= self.until
            and self.only in ("", row.topic)
            and row.topic != self.but
        ]


class Store(Protocol):
    """What joins entries, and gives them in rows where that would not do."""

    def joined(self, asked: Asked) -> Joined | None:
        """Up to `limit` entries; None where one is not stored as today's are."""

    def page(self, after: int, limit: int, topics: Sequence[str]) -> Page:
        """Entries in rows."""


def joined(store: Store, *, after: int, until: int, only: str, but: str) -> Iterator[Joined]:
    """Entries between two positions, some thousands at a time; raises what the store does."""
    while after < until:
        asked = Asked(after, until, only, but or None, opening(), bool(UPCASTS), form.PAGE)
        found = store.joined(asked)
        if found is None or not found.whole:
            page = store.page(after, form.PAGE, ()).of_today()
            last = page.positions[-1] if page.positions else until
            found = Joined.of(asked.are(page.rows()), last=last)
            found = found._replace(topics=b"") if only else found
        after = found.last
        if found.lines:
            yield found
