"""One process at a time in a folder that may not be there yet."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def alone_in(folder: Path) -> Iterator[bool]:
    """Hold a folder, made where there is none; whether there was none.

    Whoever held it before may have removed it again: then it is made anew. Raises `OSError`.
    """
    while True:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            if os.fstat(held).st_nlink and folder.exists():
                yield is_new
                return
        finally:
            os.close(held)
