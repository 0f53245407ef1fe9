"""The table of judged effects as a workspace has it: its own judgement over the shipped one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forecasts.errors import ForecastError
from forecasts.evidence import Table, overridden
from tracker.errors import BadSettings

if TYPE_CHECKING:
    from collections.abc import Mapping


def judged(settings: Mapping[str, Any]) -> Table:
    """The shipped table with the effects of `[evidence.TYPE]` in `tracker.toml` in its place.

    Each may have `start` and `cancel` in log months, and a `reason`. Raises `BadSettings`.
    """
    own = settings.get("evidence", {})
    if not isinstance(own, dict) or not all(isinstance(held, dict) for held in own.values()):
        raise BadSettings(
            "tracker.toml: evidence is a table of tables. Write [evidence.site-ruled-out], "
            "and start and cancel below it."
        )
    try:
        return overridden(own)
    except ForecastError as error:
        raise BadSettings(f"tracker.toml: {error}") from error
