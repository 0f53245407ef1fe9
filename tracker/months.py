"""Reported volumes as months: those that need no reconciling by SQL, the others by Python.

A programme is plain when each of its reports is a whole number of units in one calendar month
that no other report of that measure touches, and nothing was corrected. Then its months are
its reports, and `forecasts.reconcile` would say the same; a law in the tests holds that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from events import facts
from events.corrections import effective
from events.sources import Source
from tracker.macros import CORRECTIONS
from tracker.relations import put

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import duckdb

    from events.facts import Fact
    from forecasts.reconcile import Reconciled

PLAIN: Final = f"""
    SELECT programme FROM (
        SELECT programme,
               count(*) = count(DISTINCT period_earliest) AND bool_and(
                   period_earliest = date_trunc('month', period_earliest)
                   AND period_latest = last_day(period_earliest)
                   AND left(period, 1) NOT IN ('[', '{{')
                   AND volume = floor(volume)) AS plain
        FROM recorded_reports WHERE programme IN (FROM counted)
        GROUP BY programme, coalesce(measure, 'production'))
    WHERE programme NOT IN (SELECT programme FROM recorded_others WHERE type IN {CORRECTIONS})
    GROUP BY programme HAVING bool_and(coalesce(plain, false))
"""

COUNTED: Final = """
    SELECT programme, type, id, occurred, known_on, period, volume, measure, source_grade
    FROM timeline
    WHERE type IN ('volume-reported', 'production-started')
      AND programme IN (SELECT unnest($1::VARCHAR[]))
    ORDER BY known_on, position
"""
"""What months are made of, as far as it counts today."""


def count_anew(connection: duckdb.DuckDBPyConnection, programmes: Iterable[str]) -> None:
    """The months of programmes whose reports are new or were corrected, replaced whole."""
    named = sorted(programmes)
    if not named:
        return
    connection.execute(
        "CREATE TEMP TABLE counted AS SELECT unnest($1::VARCHAR[]) AS programme", [named]
    )
    for table in ("as_reported", "reconciled", "volume_disagreements"):
        connection.execute(f"DELETE FROM {table} WHERE programme IN (FROM counted)")
    told = connection.execute(f"INSERT INTO as_reported {PLAIN} RETURNING programme").fetchall()
    connection.execute("DROP TABLE temp.counted")
    plain = {row[0] for row in told}
    done = reconciled(_histories(connection, [slug for slug in named if slug not in plain]))
    put(connection, "reconciled", month_rows(done))
    put(connection, "volume_disagreements", disagreement_rows(done))


def _histories(
    connection: duckdb.DuckDBPyConnection, programmes: Sequence[str]
) -> dict[str, list[Fact]]:
    """Facts that count and that months are made of, with what months ask of them."""
    found: dict[str, list[Fact]] = {slug: [] for slug in programmes}
    rows = connection.execute(COUNTED, [programmes]).fetchall() if programmes else ()
    for slug, type, id, occurred, known_on, period, volume, measure, grade in rows:
        common = {"id": id, "programme": slug, "occurred": occurred, "known_on": known_on}
        found[slug].append(
            facts.ProductionStarted(**common)
            if type == "production-started"
            else facts.VolumeReported(
                **common,
                period=period,
                volume=int(volume) if volume.is_integer() else volume,
                measure=measure,
                source=Source(grade=grade) if grade else None,
            )
        )
    return found


def reconciled(
    histories: Mapping[str, Sequence[Fact]], *, as_of: date | None = None
) -> dict[str, Reconciled]:
    """Each programme's months and disagreements, from the reports that counted on a day."""
    from forecasts.reconcile import of_programme  # numpy waits until something needs it

    return {
        slug: of_programme(effective(history, as_of=as_of))
        for slug, history in histories.items()
    }


def month_rows(done: Mapping[str, Reconciled]) -> list[dict[str, Any]]:
    """Rows of `reconciled`."""
    return [
        {
            "programme": slug,
            "month": month.month,
            "measure": month.measure,
            "volume": float(month.volume),
            "basis": month.basis,
            "reports": list(month.reports),
        }
        for slug, told in done.items()
        for month in told.months
    ]


def disagreement_rows(done: Mapping[str, Reconciled]) -> list[dict[str, Any]]:
    """Rows of `volume_disagreements`."""
    return [
        {
            "programme": slug,
            "measure": found.measure,
            "period": found.period,
            "reports": list(found.reports),
            "volumes": [float(volume) for volume in found.volumes],
            "sentence": found.sentence,
        }
        for slug, told in done.items()
        for found in told.disagreements
    ]
