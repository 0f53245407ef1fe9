"""Where a statement comes from, and how much that weighs."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1, max_length=4_000)]
Grade = Annotated[
    str,
    Meta(
        pattern=r"^[A-F][1-6]\Z",
        description="Admiralty code: reliability A-F, credibility 1-6",
    ),
]

UNGRADED: Final = "F6"
"""The grade of no source: neither its reliability nor its credibility can be judged."""


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A published statement: its place, its words, its grade and the report it repeats."""

    url: Annotated[str, Meta(min_length=1, max_length=4_000)] | None = None
    publisher: Annotated[str, Meta(min_length=1, max_length=400)] | None = None
    quote: Text | None = None
    grade: Grade | None = None
    root: Annotated[str, Meta(min_length=1, max_length=400)] | None = None


def grade(source: Source | None) -> str:
    """The Admiralty grade, `F6` where none was given."""
    return (source.grade if source else None) or UNGRADED


def root(source: Source | None) -> str | None:
    """What counts as one source: the report that it repeats, else its own address."""
    return (source.root or source.url) if source else None


def publisher(source: Source | None) -> str | None:
    """Who said it, for people: the publisher, else the host of the address."""
    if source is None:
        return None
    host = (source.url or "").partition("://")[2].partition("/")[0]
    return source.publisher or host or None
