"""The timeline as pandas frames, for notebooks: `tracker.open("europe").events()`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tracker import timeline, workspace
from tracker.months import month_rows, reconciled

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from tracker.workspace import Workspace

PROGRAMMES: Final = (
    "programme, title, kind, stage, started, expected_start, expected_earliest, "
    "expected_latest, capacity_per_year, unit, organisations, site, country, product, "
    "opened_on, last_known, events, followed"
)


class Notebook:
    """A workspace to look at; each frame is caught up with the ledger when asked for.

    `as_of` is a day: only what was known on it is seen. Days are `datetime64[us]`, words
    `str`, numbers `float64` or `int64`; columns are those of the timeline's tables.
    """

    def __init__(self, place: Workspace) -> None:
        self._place = place

    def programmes(self, as_of: date | str | None = None) -> pd.DataFrame:
        """One row a programme, by slug: stage, announced window, capacity, and what it is."""
        relation = "programmes" if as_of is None else "programmes_as_of($day::DATE)"
        return self._frame(f"SELECT {PROGRAMMES} FROM {relation} ORDER BY programme", as_of)

    def events(self, as_of: date | str | None = None) -> pd.DataFrame:
        """One row an event, in the order known; all of them, or those that counted on a day.

        Without a day there are two more columns, `retracted_by` and `amended_by`.
        """
        relation = "events" if as_of is None else "timeline_as_of($day::DATE)"
        return self._frame(
            f"SELECT * FROM {relation} AS told ORDER BY told.known_on, told.position",
            as_of,
        )

    def volumes(self, as_of: date | str | None = None) -> pd.DataFrame:
        """One row a programme, measure and month: volume, basis, the reports behind it."""
        if as_of is None:
            return self._frame("SELECT * FROM volumes ORDER BY programme, measure, month")
        return self._reconciled(as_of)

    def forecasts(self, as_of: date | str | None = None) -> pd.DataFrame:
        """One row an issued forecast and month-end: programme, as_of, date, probability.

        With a day, the last forecast of each programme that was issued as of it or before.
        """
        relation = "forecasts" if as_of is None else "forecasts_as_of($day::DATE)"
        return self._frame(
            f"""SELECT programme, issued.as_of, date, probability, never, status, model,
                   hindcast, issued.recorded_at
            FROM {relation} AS issued JOIN (
                SELECT forecast AS position, date, probability FROM start_probabilities)
            USING (position) ORDER BY programme, issued.as_of, date""",
            as_of,
        )

    def sql(self, query: str) -> pd.DataFrame:
        """The answer to a query on the timeline, read-only."""
        return self._frame(query)

    def _frame(self, query: str, as_of: date | str | None = None) -> pd.DataFrame:
        values = {} if as_of is None else {"day": str(as_of)}
        with timeline.connect(self._place) as connection:
            frame: pd.DataFrame = connection.execute(query, values).df()
        return frame

    def _reconciled(self, as_of: date | str) -> pd.DataFrame:
        """Volumes as they would have been reconciled on a day, from the reports known then."""
        from datetime import date as day

        import pandas as pd

        on = as_of if isinstance(as_of, day) else day.fromisoformat(as_of)
        with self._place.ledger() as ledger:
            histories = ledger.histories()
        months = month_rows(reconciled(histories, as_of=on))
        frame = pd.DataFrame.from_records(
            months, columns=["programme", "month", "measure", "volume", "basis", "reports"]
        )
        return frame.astype({"month": "datetime64[us]", "volume": "float64"}).sort_values(
            ["programme", "measure", "month"], ignore_index=True
        )


def notebook(path: str | Path | None = None) -> Notebook:
    """A workspace for a notebook: the folder `path`, else the one here or above.

    Raises `tracker.errors.NoWorkspace`.
    """
    return Notebook(workspace.find(None if path is None else str(path)))
