"""Follows announced programmes and forecasts their start and volume; the top floor."""

try:
    from events import VOCABULARY  # noqa: F401 - only our own `events` has it
except ImportError:
    # PyPI's `Events` (opensearch-py brings it) installs a module of the same name, and the
    # one that is installed last wins, silently.
    _STRANGER = (
        "the module `events` that Python finds first is not Tracker's; install"
        " programme-tracker where no other package brings one."
    )
    raise ImportError(_STRANGER) from None


from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.frames import Notebook


def open(path: "str | Path | None" = None) -> "Notebook":  # noqa: A001 - tracker.open
    """A workspace for notebooks: `tracker.open("europe").events(as_of="2024-06-30")`.

    `path` is the folder, else the workspace here or above. pandas waits until it is called.
    """
    from tracker.frames import notebook

    return notebook(path)
