"""Files of the cache: each is named by the hash of what it was computed from.

Everything here can be thrown away, and is computed again to the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from tracker.whole import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def kept(cache: Path | None, name: str, compute: Callable[[], bytes]) -> bytes:
    """The bytes of a file of the cache, computed and kept where it is not there or broken."""
    if cache is None:
        return compute()
    file = cache / name
    try:
        stored = file.read_bytes()
        json.loads(stored)
    except (FileNotFoundError, ValueError):
        stored = compute()
        with suppress(OSError), written(file) as file_kept:  # the cache can be lost
            file_kept.write(stored.decode())
    return stored


def digest(plain: Any) -> str:  # noqa: ANN401 - anything that JSON can hold
    """The first 16 hex digits of the SHA-256 of the plain JSON."""
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()[:16]
