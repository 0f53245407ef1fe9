"""Were we right: resolved forecasts against the base rate and the announced date."""

from typing import TYPE_CHECKING

import typer

from tracker import workspace
from tracker.answers import answered, check, listed
from tracker.commands.options import AnyProgrammes, FormatOption, here
from tracker.tables import Format, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.workspace import Workspace

SUMMARY = """
    SELECT question, horizon, score, hindcast, sum(answered)::BIGINT AS forecasts,
           count(*) AS programmes,
           round(avg(value), 4) AS ours, round(avg(base_rate), 4) AS base_rate,
           round(avg(face_value), 4) AS face_value
    FROM (
        SELECT programme, question, horizon, score, hindcast, count(*) AS answered,
               avg(value) AS value, avg(base_rate) AS base_rate,
               avg(face_value) AS face_value
        FROM scores WHERE len($slugs) = 0 OR list_contains($slugs, programme)
        GROUP BY programme, question, horizon, score, hindcast)
    GROUP BY ALL ORDER BY question, hindcast, horizon, score
"""

CALIBRATION = """
    SELECT format('{} % to {} %', 20 * bin, 20 * bin + 20) AS said,
           round(100 * avg(chance))::INTEGER AS mean_percent,
           round(100 * avg(came))::INTEGER AS came_percent,
           sum(forecasts)::BIGINT AS forecasts, count(DISTINCT programme) AS programmes
    FROM (
        SELECT programme, least(floor(said * 5), 4)::INTEGER AS bin, avg(said) AS chance,
               avg(came) AS came, count(*) AS forecasts
        FROM scores
        WHERE question = 'start' AND score = 'brier'
          AND (len($slugs) = 0 OR list_contains($slugs, programme))
        GROUP BY ALL)
    GROUP BY bin ORDER BY bin
"""


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker score leapmotor-zaragoza")(score)


def score(
    context: typer.Context,
    programmes: AnyProgrammes = None,
    format: FormatOption = Format.table,
) -> None:
    """Score what was issued by what came: lower is better, each programme weighs once.

    Hindcasts, issued after their as-of day, are told apart. Every score is a row of `scores`.
    """
    from tracker import timeline

    place = here(context)
    values = {"slugs": list(programmes or ())}
    with timeline.connect(place) as connection:
        for slug in programmes or ():
            check(connection, slug)
        rows, names = answered(connection, SUMMARY, values)
        bins = listed(connection, CALIBRATION, values)
    if not rows:
        typer.echo(_nothing(place, programmes or ()), err=True)
    write(rows, names, format)
    if bins and format is Format.table:
        typer.echo("\nWas it right? All answered start forecasts")
        write(bins, list(bins[0]), format)


def _nothing(place: "Workspace", named: "Sequence[str]") -> str:
    from tracker.nothing import why_empty

    with place.ledger() as ledger:
        histories = ledger.histories()
    replay = " ".join(["tracker forecast", *named, "--every month"])
    return why_empty(
        histories,
        named or place.followed(),
        workspace.today(),
        f"No forecast is answered yet: nothing to score. To score the past: {replay}",
    )
