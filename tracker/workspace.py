"""Where things are, and what day it is.

A workspace is a folder with `tracker.toml`, the ledger (the only truth), the published
timeline, and `.tracker/` for what can be lost. Which programmes are followed is kept there:
it is the workspace's state, not an event.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from events.errors import reason
from tracker.alone import alone_in
from tracker.elsewhere import elsewhere
from tracker.errors import BadSettings, NoWorkspace, TrackerError
from tracker.whole import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from events.ledger import Ledger

SETTINGS: Final = "tracker.toml"
HIDDEN: Final = ".tracker"
LEDGER: Final = "ledger.sqlite"
SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KNOWN_SETTINGS: Final = {"ledger", "evidence"}

TEMPLATE: Final = """\
# A Tracker workspace. Every setting may be left out; what stands here is the default.

# The only truth: where events are recorded. A file, or a team's PostgreSQL database:
# "postgresql://USER:PASSWORD@HOST/DATABASE" (no password here: PGPASSWORD or ~/.pgpass).
ledger = "ledger.sqlite"

# Judgement in place of the shipped one, in log months: above zero for start is later, below
# zero for cancel is sooner.
# [evidence.site-ruled-out]
# start = 1.0
# cancel = -0.8
# reason = "Whoever is ruled out here is out."
"""


def today(environment: Mapping[str, str] = os.environ) -> date:
    """The local day, or `TRACKER_TODAY` for tests and replays.

    Raises `BadSettings` when that is no day.
    """
    if given := environment.get("TRACKER_TODAY"):
        try:
            return date.fromisoformat(given)
        except ValueError as error:
            raise BadSettings(
                f"TRACKER_TODAY: {given!r} is no day. Write it as 2024-06-30."
            ) from error
    return datetime.now().astimezone().date()


def now(environment: Mapping[str, str] = os.environ) -> datetime:
    """The moment in UTC, to the second; noon of `TRACKER_TODAY` where that is set."""
    if environment.get("TRACKER_TODAY"):
        return datetime.combine(today(environment), datetime.min.time(), UTC).replace(hour=12)
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A folder of Tracker's, and the paths in it."""

    root: Path
    settings: Mapping[str, Any]

    @property
    def ledger_place(self) -> Path | str:
        """The file of the ledger, or the address of a team's."""
        return ledger_place(str(self.settings.get("ledger", LEDGER)), self.root)

    @property
    def timeline_path(self) -> Path:
        """The published DuckDB file, for any client."""
        return (self.root if self.is_writable else elsewhere(self.root)) / "timeline.duckdb"

    @property
    def is_writable(self) -> bool:
        """Whether anything may be written here; otherwise it is read, and no more."""
        return os.access(self.root, os.W_OK | os.X_OK)

    @property
    def hidden(self) -> Path:
        """The folder of what can be lost; made when asked for."""
        if not self.is_writable:
            return elsewhere(self.root)
        path = self.root / HIDDEN
        path.mkdir(exist_ok=True)
        return path

    @property
    def cache(self) -> Path | None:
        """The folder of what can be computed again; None where none can be made."""
        try:
            path = self.hidden / "cache"
            path.mkdir(exist_ok=True)
        except OSError:
            return None
        return path

    def ledger(self) -> Ledger:
        """The ledger, opened."""
        from events.ledger import Ledger

        return Ledger.at(self.ledger_place)

    def followed(self) -> frozenset[str]:
        """The programmes that lists and forecasts are about."""
        try:
            named = (self.root / HIDDEN / "followed").read_text("utf-8").split()
        except FileNotFoundError:
            return frozenset()
        except UnicodeDecodeError as error:
            raise _damaged() from error
        if any(not SLUG.fullmatch(slug) for slug in named):
            raise _damaged()
        return frozenset(named)

    def follow(self, programmes: Iterable[str]) -> None:
        """Follow these as well; raises `BadSettings` for what could not be read again."""
        wanted = set(programmes)
        if wrong := sorted(slug for slug in wanted if not SLUG.fullmatch(slug)):
            raise BadSettings(f"{wrong[0][:60]!r} is no slug, so it cannot be followed.")
        with self.lock():
            self._write("followed", sorted(self.followed() | wanted))

    def unfollow(self, programmes: Iterable[str]) -> None:
        """Follow these no longer."""
        with self.lock():
            self._write("followed", sorted(self.followed() - set(programmes)))

    def _write(self, name: str, lines: Iterable[str]) -> None:
        (self.root / HIDDEN).mkdir(exist_ok=True)
        with written(self.root / HIDDEN / name, lasting=True) as file:
            file.writelines(f"{line}\n" for line in lines)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Alone among processes, for as long as it takes to change a file of the workspace."""
        import fcntl

        with (self.hidden / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _damaged() -> BadSettings:
    return BadSettings(
        f"{HIDDEN}/followed is damaged: it holds no slugs. Delete it, then: tracker follow ..."
    )


def ledger_place(named: str, root: Path) -> Path | str:
    """A ledger as it is named in settings and commands: an address, or a file below `root`."""
    from events.team import is_address

    return named if is_address(named) else root / named


def find(given: str | None, environment: Mapping[str, str] = os.environ) -> Workspace:
    """The workspace: `given`, else `TRACKER_WORKSPACE`, else here or in a parent.

    Raises `NoWorkspace` or `BadSettings`.
    """
    named = given or environment.get("TRACKER_WORKSPACE")
    if named:
        root = Path(named).expanduser().resolve()
        if not (root / SETTINGS).is_file():
            raise NoWorkspace(
                f"{named} is no workspace: it has no {SETTINGS}. "
                f"Make it one with: tracker init {named}"
            )
        return at(root)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / SETTINGS).is_file():
            return at(folder)
    raise NoWorkspace(
        "There is no workspace here or in a parent folder. Make one with: tracker init"
    )


def at(root: Path) -> Workspace:
    """The workspace in a folder; raises `BadSettings` for a `tracker.toml` that is wrong."""
    try:
        settings = tomllib.loads((root / SETTINGS).read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{SETTINGS}: {error}.") from error
    if unknown := sorted(settings.keys() - KNOWN_SETTINGS):
        raise BadSettings(
            f"{SETTINGS}: there is no setting {unknown[0][:60]!r}. "
            f"There are: {', '.join(sorted(KNOWN_SETTINGS))}."
        )
    if not isinstance(settings.get("ledger", ""), str):
        raise BadSettings(f"{SETTINGS}: ledger is no text. Write it in quotes.")
    return Workspace(root=root, settings=settings)


@contextmanager
def founded(root: Path, ledger: str = LEDGER) -> Iterator[Workspace]:
    """A new workspace in `root`, to be filled; undone where that fails or is interrupted.

    It is none until it is filled: its settings come last, so that what was killed midway can
    be begun again. What was recorded in a team's ledger stays: it is not of this folder.

    Raises `TrackerError` where there is one already, or where the folder cannot be written.
    """
    with ExitStack() as held:
        try:
            is_new = held.enter_context(alone_in(root))
        except OSError as error:
            raise _unmade(root, error) from error
        if (root / SETTINGS).exists():
            raise AlreadyWorkspace(f"{root} is a workspace already.")
        ours = (*(f"{LEDGER}{end}" for end in ("", "-wal", "-shm")), SETTINGS, HIDDEN)
        made = [root / name for name in ours if not (root / name).exists()] + [root] * is_new
        try:
            place = _laid(root, ledger)
            yield place
            _settle(place, ledger)
        except BaseException:
            _undo(made)
            raise


def _undo(made: Iterable[Path]) -> None:
    for path in made:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _laid(root: Path, ledger: str) -> Workspace:
    from events.ledger import Ledger

    try:
        (root / HIDDEN).mkdir(exist_ok=True)
        Ledger.at(ledger_place(ledger, root), create=True).close()
    except OSError as error:
        raise _unmade(root, error) from error
    return Workspace(root=root, settings={"ledger": ledger})


def _settle(place: Workspace, ledger: str) -> None:
    """Write the settings, by which a folder is a workspace."""
    try:
        with written(place.root / SETTINGS, lasting=True) as settings:
            if "@" in ledger:  # a password may stand there
                os.fchmod(settings.fileno(), 0o600)
            settings.write(TEMPLATE.replace(f'"{LEDGER}"', json.dumps(ledger)))
    except OSError as error:
        raise _unmade(place.root, error) from error


def _unmade(root: Path, error: OSError) -> TrackerError:
    return TrackerError(f"No workspace can be made in {root}: {reason(error)}.")


def create(root: Path) -> Workspace:
    """A new workspace in `root` with an empty ledger; raises what `founded` does."""
    with founded(root) as place:
        return place


class AlreadyWorkspace(TrackerError):
    """A workspace is made once."""

    code = 5
