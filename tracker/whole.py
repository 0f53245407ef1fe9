"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from events.beside import beside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO


@contextmanager
def written(path: Path, *, lasting: bool = False) -> Iterator[TextIO]:
    """A file to write in UTF-8, which takes the name `path` once it is whole.

    What cannot be made again is `lasting`: it is on the disk before it has its name.

    Raises `OSError`; then what was there before is there still, and nothing beside it.
    """
    with _replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        yield file
        if lasting:
            file.flush()
            os.fsync(file.fileno())


def put(path: Path, data: bytes) -> None:
    """Bytes in a file, or what was there before; raises as `written`."""
    with _replacing(path) as part:
        part.write_bytes(data)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place in the end."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    try:
        with beside(path) as folder:
            part = folder / path.name
            yield part
            part.replace(path)
    except OSError as error:
        error.filename = str(path)  # a write that fails does not say where
        raise
