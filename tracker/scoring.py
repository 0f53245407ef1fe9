"""Scores of what was issued, as rows: recomputed from the ledger, never kept apart from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from events.corrections import effective
from tracker.relations import put

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    import duckdb

    from events.ledger import Ledger

SEEN: Final = """
    SELECT greatest((SELECT max(known_on) FROM recorded), (SELECT max(as_of) FROM forecasts))
"""
ISSUED: Final = "SELECT programme, position, hindcast FROM forecasts ORDER BY position"


def last_day_seen(connection: duckdb.DuckDBPyConnection) -> date | None:
    """The last day that the ledger knows of, of an event or a forecast; None: of nothing."""
    day: date | None = connection.execute(SEEN).fetchall()[0][0]
    return day


def same_answers(one: date, other: date) -> bool:
    """Whether being seen until one day or another answers the same: months and years count."""
    ends = [(day + timedelta(days=1)).replace(day=1) for day in (one, other)]
    return ends[0] == ends[1] and one.year == other.year


def score_anew(
    connection: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    *,
    until: date,
    changed: Collection[str] | None,
) -> None:
    """The scores of all that was issued, or only of programmes in `changed`, replaced."""
    issued: defaultdict[str, list[tuple[int, bool]]] = defaultdict(list)
    for programme, position, hindcast in connection.execute(ISSUED).fetchall():
        if changed is None or programme in changed:
            issued[programme].append((position, hindcast))
    connection.execute(
        "DELETE FROM scores WHERE programme IN (SELECT unnest($1::VARCHAR[]))", [list(issued)]
    )
    put(
        connection,
        "scores",
        (row for slug, said in issued.items() for row in _rows(ledger, slug, said, until)),
    )


def _rows(
    ledger: Ledger, slug: str, said: Sequence[tuple[int, bool]], until: date
) -> Iterator[dict[str, Any]]:
    """A row a score of a programme's forecasts that are answered, wholly or in part."""
    from forecasts.history import outcome
    from forecasts.resolve import made_in_years, start_scores, volume_scores

    told = effective(ledger.stream(slug).history)
    end, years = outcome(told, until), made_in_years(told, until=until)
    # What another process issues meanwhile stands behind what was read, and waits its turn.
    for made, (position, hindcast) in zip(ledger.forecasts(slug), said, strict=False):
        for score in (*start_scores(made, end, until=until), *volume_scores(made, years)):
            yield {
                "forecast": position,
                "programme": slug,
                "as_of": made.as_of,
                "hindcast": hindcast,
                **asdict(score),
            }
