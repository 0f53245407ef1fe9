"""A programme that is opened is followed, whoever dies or is faster on the way."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from events.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.workspace import Workspace


@contextmanager
def opening(place: Workspace, programme: str) -> Iterator[None]:
    """Follow what is about to be opened, first: none is opened and then not followed.

    Who is refused because another was faster leaves it followed.
    """
    if _is_known(place, programme):
        with _told_to_follow(place, programme):
            yield
        return
    place.follow([programme])
    try:
        yield
    except Exception:
        if not _is_known(place, programme):
            place.unfollow([programme])
        raise


@contextmanager
def _told_to_follow(place: Workspace, programme: str) -> Iterator[None]:
    """Of what is open and merely in the background, the refusal says what to do."""
    try:
        yield
    except Conflict as error:
        if programme in place.followed():
            raise
        raise Conflict(f"{error} Follow it with: tracker follow {programme}") from error


def _is_known(place: Workspace, programme: str) -> bool:
    with place.ledger() as ledger:
        return ledger.stream(programme).version > 0
