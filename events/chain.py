"""The chain that shows tampering: each entry's link hashes the entry and the link before it.

    link = SHA-256(link before | position | stream | version | topic | state)

A changed, moved or missing entry breaks every link from there on. A ledger whose end was cut
off is whole as far as it goes: only a head that is kept elsewhere tells.
"""

from __future__ import annotations

import hashlib
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
    return hashlib.sha256(b"".join((before, named, state))).digest()


def broken(links: Iterable[Link], *, kept: Head | None = None) -> tuple[Head, str | None]:
    """The head as far as the chain is whole, and a sentence on the first broken link.

    With a head that was kept elsewhere, a ledger that was shortened or written anew is broken
    as well.
    """
    head = Head(0, GENESIS)
    for entry in links:
        if fault := _fault(entry, head):
            return head, fault
        head = Head(entry.position, entry.link or GENESIS)
        if kept and kept.count == head.count and kept.link != head.link:
            return head, f"entry {head.count} is not the one whose head was kept"
    if kept and kept.count > head.count:
        return head, f"it ends with entry {head.count}; a head of {kept.count} was kept"
    return head, None


def _fault(entry: Link, before: Head) -> str | None:
    """What is wrong with an entry behind a head."""
    where = f"entry {entry.position} ({entry.stream} {entry.version}, {entry.topic})"
    if entry.position != before.count + 1:
        return f"entries {before.count + 1} to {entry.position - 1} are missing"
    if entry.link is None:
        return f"{where} has no link"
    told = (entry.stream, entry.version, entry.topic, entry.state)
    if next_link(before.link, entry.position, told) != entry.link:
        return f"{where} is not what was recorded"
    return None
