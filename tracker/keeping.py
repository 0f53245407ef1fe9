"""Files of the cache: each is named by the hash of what it was computed from.

Everything here can be thrown away, and is computed again to the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import msgspec

from tracker.whole import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


MOST: Final = 2_000
"""Files that a folder of the cache keeps; the oldest go. Most are a few kilobytes."""


def kept(
    cache: Path | None, name: str, compute: Callable[[], bytes], *, most: int = MOST
) -> bytes:
    """The bytes of a file of the cache, computed and kept where it is not there or broken."""
    if cache is None:
        return compute()
    file = cache / name
    try:
        stored = file.read_bytes()
        json.loads(stored)
    except (FileNotFoundError, ValueError):
        stored = compute()
        with suppress(OSError):  # the cache can be lost
            with written(file) as file_kept:
                file_kept.write(stored.decode())
            _sweep(cache, most)
    return stored


def _sweep(folder: Path, most: int) -> None:
    """Remove the oldest of too many files, a quarter at once."""
    files = [file for file in folder.iterdir() if file.suffix == ".json"]
    if len(files) > most:
        oldest = sorted(files, key=lambda file: file.stat().st_mtime)
        for file in oldest[: len(files) - most * 3 // 4]:
            file.unlink(missing_ok=True)


def digest(plain: Any) -> str:  # noqa: ANN401 - anything that JSON can hold
    """The first 16 hex digits of the SHA-256 of the plain JSON."""
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()[:16]
