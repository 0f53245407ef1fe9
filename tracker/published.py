"""What was published, remembered to tell a file that something else has changed since.

A file is recognised by its size and moment; where only the moment differs, as in a copied
workspace, by its hash. The last two are remembered: whoever dies between remembering and
renaming leaves the one before in its place.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from tracker.whole import written

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "published.json"


def remember(hidden: Path, following: Path, published: Path) -> None:
    """Note the file that is about to be published, beside the one that still is."""
    last = [told for told in _told(hidden) if published.exists() and _same(told, published)]
    with written(hidden / NAME) as file:
        json.dump([_print(following), *last[:1]], file)


def is_what_was_published(hidden: Path, published: Path) -> bool:
    """Whether nothing else has touched the file; True where nothing is remembered."""
    told = _told(hidden)
    return not told or any(_same(one, published) for one in told)


def has_published(hidden: Path) -> bool:
    """Whether a file was ever published here, as far as is remembered."""
    return bool(_told(hidden))


def _told(hidden: Path) -> list[dict[str, Any]]:
    try:
        return [dict(one) for one in json.loads((hidden / NAME).read_bytes())]
    except (OSError, ValueError, TypeError):
        return []


def _same(told: dict[str, Any], file: Path) -> bool:
    there = file.stat()
    if told.get("bytes") != there.st_size:
        return False
    return told.get("moment") == there.st_mtime_ns or told.get("hash") == _hash(file)


def _print(file: Path) -> dict[str, Any]:
    there = file.stat()
    return {"bytes": there.st_size, "moment": there.st_mtime_ns, "hash": _hash(file)}


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
