"""Where what can be lost lies for a workspace that may only be read."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path


@cache
def elsewhere(root: Path) -> Path:
    """A folder of the user's own for a workspace: among the caches, else for this process."""
    name = hashlib.sha256(str(root).encode()).hexdigest()[:16]
    for base in (_caches, _temporary):
        with suppress(OSError, RuntimeError):  # no home, or one that may not be written either
            path = base() / name
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path.stat().st_uid == os.getuid() and os.access(path, os.W_OK):
                return path
    path = Path(tempfile.mkdtemp(prefix="tracker-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def _caches() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tracker"


def _temporary() -> Path:
    """A folder of this user alone; raises `OSError` where somebody else has its name."""
    path = Path(tempfile.gettempdir()) / f"tracker-{os.getuid()}"
    path.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid != os.getuid():
        raise FileExistsError(path)
    return path
