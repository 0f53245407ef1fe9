"""The project's own environment, `.venv`: made once, reused while its makings stay.

Needs nothing but Python and its pip; Linux and macOS. It is written so that an older
Python can read it far enough to say what is missing.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMP = VENV / "made-from"
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
OLDEST = (3, 11)


def prepare() -> None:
    """Make `.venv` what the lock and the project file ask for; at once if it is.

    What was interrupted left no stamp and is made again. Two programs that are started
    together wait for each other. Exits with one sentence when it cannot be done.
    """
    _refuse_what_cannot_work()
    try:
        with _alone():
            _catch_up()
    except OSError as why:
        sys.exit(f"error: {VENV} cannot be made: {why}. Mend that and run this again.")
    except subprocess.CalledProcessError:
        sys.exit(
            "error: setting up failed, for the reason above. Run this again when it is"
            " mended; what is missing is made then."
        )
    except KeyboardInterrupt:
        sys.exit("stopped; run this again, and what is missing is made.")


def _refuse_what_cannot_work() -> None:
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"error: this is Python {found}, Tracker needs 3.11 or newer. Start it with"
            " that one, for example: python3.11 scripts/test.py"
        )
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "error: this Python cannot make an environment, its ensurepip is missing."
            " On Debian and Ubuntu: apt install python3-venv"
        )


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One program at a time sets up: a lock on the project's folder, gone with it."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _catch_up() -> None:
    """Make all again for another lock or Python, else the project's own part."""
    packages, project = _makings()
    made = STAMP.read_text("utf-8").split() if STAMP.exists() else []
    usable = (BIN / "python").exists()  # its base may have been removed
    if made == [packages, project] and usable and (BIN / "tracker").exists():
        return
    if made[:1] != [packages] or not usable:
        _say("Setting up .venv from requirements.lock: a minute or two, once ...")
        STAMP.unlink(missing_ok=True)
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(VENV)
        _pip("install", "--require-hashes", "--requirement", str(LOCK))
        STAMP.write_text(packages, "utf-8")
    _say("Installing the project into .venv ...")
    _pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(f"{packages} {project}", "utf-8")


def _makings() -> tuple[str, str]:
    """What the packages and the project's own installation were made from, hashed."""
    python = f"{sys.version} {sys.base_prefix} {VENV}"
    return _hash(LOCK.read_bytes(), python.encode()), _hash(PROJECT.read_bytes())


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _pip(*words: str) -> None:
    quiet = ["-qq", "--disable-pip-version-check", "--no-input"]
    environment = {**os.environ, "PIP_USER": "0"}  # an environment has no user's corner
    subprocess.run(
        [str(BIN / "python"), "-m", "pip", *quiet, *words], check=True, env=environment
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
