"""Where what can be lost lies for a workspace that may only be read."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path


@cache
def elsewhere(root: Path) -> Path:
    """A folder of the user's own for a workspace: among the caches, else for this process."""
    name = hashlib.sha256(str(root).encode()).hexdigest()[:16]
    try:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        path = caches / "tracker" / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(path, os.W_OK):
            return path
    except (OSError, RuntimeError):  # no home, or one that may not be written either
        pass
    path = Path(tempfile.mkdtemp(prefix="tracker-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path
