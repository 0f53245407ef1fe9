"""The chain that shows tampering: each entry's link hashes the entry and the link before it.

    link = SHA-256(link before | position | stream | version | topic | state)

A changed, moved or missing entry breaks every link from there on. A ledger whose end was cut
off is whole as far as it goes: only a head that is kept elsewhere tells.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

import msgspec

from events.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable

GENESIS: Final = bytes(32)
"""The link before the first."""


class Link(msgspec.Struct, frozen=True):
    """An entry as stored, and the link that was stored with it (none: it is missing)."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes
    link: bytes | None


class Head(msgspec.Struct, frozen=True):
    """How many entries there are, and the last link: what a user keeps elsewhere."""

    count: int
    link: bytes

    def __str__(self) -> str:
        """As it is printed and typed: `898:3f2a...`."""
        return f"{self.count}:{self.link.hex()}"

    @classmethod
    def read(cls, text: str) -> Head:
        """What was printed; raises `Invalid`."""
        count, _, digits = text.strip().partition(":")
        try:
            return cls(int(count), bytes.fromhex(digits))
        except ValueError as error:
            raise Invalid(f"{text!r} is no head. `tracker verify` prints one.") from error


def next_link(before: bytes, position: int, entry: tuple[str, int, str, bytes]) -> bytes:
    """The link of an entry (stream, version, topic, state) behind another."""
    stream, version, topic, state = entry
    named = f"{position}\0{stream}\0{version}\0{topic}\0".encode()
    return sha256(before + named + state).digest()


def broken(links: Iterable[Link], *, kept: Head | None = None) -> tuple[Head, str | None]:
    """The head as far as the chain is whole, and a sentence on the first broken link.

    With a head that was kept elsewhere, a ledger that was shortened or written anew is broken
    as well.
    """
    count, link = 0, GENESIS
    for entry in links:
        told = (entry.stream, entry.version, entry.topic, entry.state)
        if entry.position != count + 1 or next_link(link, count + 1, told) != entry.link:
            head = Head(count, link)
            return head, _fault(entry, head)
        count, link = entry.position, entry.link
        if kept and kept.count == count and kept.link != link:
            return Head(count, link), f"entry {count} is not the one whose head was kept"
    if kept and kept.count > count:
        return Head(count, link), f"it ends with entry {count}; a head of {kept.count} was kept"
    return Head(count, link), None


def _fault(entry: Link, before: Head) -> str:
    """What is wrong with an entry behind a head."""
    where = f"entry {entry.position} ({entry.stream} {entry.version}, {entry.topic})"
    if entry.position <= before.count:
        return f"{where} stands where entry {before.count + 1} should"
    if entry.position != before.count + 1:
        return f"entries {before.count + 1} to {entry.position - 1} are missing"
    if entry.link is None:
        return f"{where} has no link"
    return f"{where} is not what was recorded"
