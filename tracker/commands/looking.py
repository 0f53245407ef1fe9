"""Looking at what is known: programmes, events, a timeline."""

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from events.errors import Invalid, Unknown
from tracker.answers import Row, answered, check, listed
from tracker.commands.options import (
    All,
    AsOf,
    FormatOption,
    OptionalProgramme,
    ProgrammeArgument,
    day,
    here,
    known_types,
)
from tracker.tables import Format, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.facts import Fact
    from events.issued import ForecastIssued
    from tracker.workspace import Workspace

MEDIAN: Final = "median_if_it_starts"
FOR_PEOPLE: Final = (
    "left(id, 8) AS id, programme, type, occurred, known_on, "
    "coalesce(source_grade, 'F6') AS grade, coalesce(summary, title) AS summary"
)
FATE: Final = (
    ", CASE WHEN retracted_by IS NOT NULL THEN 'retracted' "
    "WHEN amended_by IS NOT NULL THEN 'amended' ELSE '' END AS fate"
)
"""Columns of a table of events; of an earlier day it is not told what became of one since."""


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker programmes")(programmes)
    app.command(epilog="Example: tracker events leapmotor-mirafiori --since 2024-06-01")(events)
    app.command(epilog="Example: tracker timeline leapmotor-mirafiori --as-of 2024-06-30")(
        timeline
    )


def programmes(
    context: typer.Context,
    as_of: AsOf = None,
    all: All = False,
    format: FormatOption = Format.table,
) -> None:
    """List programmes: stage, announced window, chance of a start, median if it starts.

    Of what has started, a table has the start in the median's place.
    """
    from tracker import estimator, timeline
    from tracker.nothing import why_empty

    place, on = here(context), day(as_of)
    with place.ledger() as ledger:
        with timeline.connect(place, ledger) as connection:
            found = listed(
                connection,
                "SELECT programme, title, kind, stage, expected_start FROM programmes_as_of(?)"
                + ("" if all else " WHERE followed")
                + " ORDER BY kind DESC, programme",
                [on],
            )
        knowledge = estimator.Knowledge.of(ledger, place)
    names = [row["programme"] for row in found if row["kind"] == "production"]
    said = {made.programme: made for made in estimator.estimate(knowledge, names, as_of=on)}
    if not found:
        slugs = knowledge.histories.keys() if all else place.followed()
        typer.echo(why_empty(knowledge.histories, slugs, on), err=True)
    rows = []
    for row in found:
        stated = row.pop("expected_start")
        row["announced"] = _spoken(stated, format)
        started = knowledge.started(row["programme"], on)
        rows.append(row | _chances(said.get(row["programme"]), started, on.year + 1, format))
    columns = ["programme", "title", "stage", "announced"]
    columns += [f"by_{on.year + 1}", f"by_{on.year + 2}"]
    medians = [MEDIAN] if format is Format.table else ["median", MEDIAN]
    write(rows, columns + medians, format)


def _spoken(edtf: str | None, format: Format) -> str | None:
    from tracker import wording

    return wording.span(edtf) if edtf and format is Format.table else edtf


def _chances(
    made: "ForecastIssued | None", started: str | None, year: int, format: Format
) -> Row:
    """P(start by the end of two years), the median, and the median if it starts.

    The first is nothing where it is likelier than not that it never starts.
    """
    from forecasts.distribution import StartDistribution
    from tracker import wording

    names = (f"by_{year}", f"by_{year + 1}")
    if made is None:
        return dict.fromkeys((*names, "median", MEDIAN))
    start = StartDistribution(as_of=made.as_of, cumulative=made.start)
    parts = [start.by_millionths(date(y, 12, 31)) for y in (year, year + 1)]
    median = start.median_if_it_starts
    if format is Format.table:
        return dict(zip(names, map(wording.percent, parts), strict=True)) | {
            MEDIAN: wording.median(median, started)
        }
    ahead = made.status != "started"
    return dict(zip(names, (part / 1e6 for part in parts), strict=True)) | {
        "median": start.quantile(0.5) if ahead else None,
        MEDIAN: median if ahead else None,
    }


def events(
    context: typer.Context,
    programme: OptionalProgramme = None,
    type: Annotated[
        str | None,
        typer.Option(help="Only events of this type.", autocompletion=known_types),
    ] = None,
    since: Annotated[str | None, typer.Option(help="Known on this day or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Known on this day or before.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Part of the source's address or publisher.")
    ] = None,
    grade: Annotated[
        str | None, typer.Option(help="The source's grade, such as B2, or B for B1 to B6.")
    ] = None,
    as_of: AsOf = None,
    all: All = False,
    format: FormatOption = Format.table,
) -> None:
    """List the ledger, newest last, with ids; with --as-of, what counted on that day."""
    from tracker import timeline

    place, on = here(context), day(as_of)
    conditions, values = _filters(programme, type, since, until, source, grade)
    if programme is None and not all:
        conditions.append("programme IN (FROM followed)")
    relation = "events AS told"
    if as_of is not None:
        relation, values = "timeline_as_of(?) AS told", [on, *values]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    with timeline.connect(place) as connection:
        check(connection, programme)
        columns = FOR_PEOPLE if format is Format.table else "*"
        columns += FATE if format is Format.table and as_of is None else ""
        rows, names = answered(
            connection,
            f"SELECT {columns} FROM {relation}{where} ORDER BY told.known_on, told.position",
            values,
        )
    if not rows:
        typer.echo(_no_events(place, programme, on, everything=all), err=True)
    for row in rows if format is Format.table else ():
        row["occurred"] = _spoken(row["occurred"], format)
    write(rows, names, format)


def _no_events(place: "Workspace", slug: str | None, on: date, *, everything: bool) -> str:
    """Why the list is empty: nothing was open yet, or the options leave nothing."""
    from tracker.nothing import why_empty

    with place.ledger() as ledger:
        histories = ledger.histories()
    slugs = [slug] if slug else histories.keys() if everything else place.followed()
    return why_empty(histories, slugs, on, "No event fits these options. Leave one out.")


def _filters(
    programme: str | None,
    type: str | None,
    since: str | None,
    until: str | None,
    source: str | None,
    grade: str | None,
) -> tuple[list[str], list[Any]]:
    """Conditions and their values, in one order."""
    from events.facts import TYPES
    from events.lines import nearest

    if type and type not in TYPES:
        raise Invalid(f"--type: there is no {type}{nearest(type, TYPES)}")
    wanted = (
        ("programme = ?", programme),
        ("type = ?", type),
        ("known_on >= ?::DATE", day(since, "--since") if since is not None else None),
        ("known_on <= ?::DATE", day(until, "--until") if until is not None else None),
        ("contains(lower(concat_ws(' ', source_url, source_publisher)), lower(?))", source),
        ("starts_with(coalesce(source_grade, 'F6'), upper(?))", grade),
    )
    if grade and not re.fullmatch("[A-F][1-6]?", grade.upper()):
        raise Invalid(
            f"--grade: {grade!r} is no grade. Write A to F and 1 to 6, such as B2, or B."
        )
    given = [(condition, value) for condition, value in wanted if value is not None]
    return [condition for condition, _ in given], [value for _, value in given]


def timeline(
    context: typer.Context,
    programme: ProgrammeArgument,
    as_of: AsOf = None,
    follows: Annotated[
        bool, typer.Option("--follows", help="Tell the context programmes' story as well.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """Tell a programme's story as known on a day, imprecise dates as spans."""
    from tracker import bars
    from tracker import timeline as projected
    from tracker.nothing import why_empty

    place, on = here(context), day(as_of)
    with place.ledger() as ledger, projected.connect(place, ledger) as connection:
        check(connection, programme)
        told, names = answered(
            connection,
            """
            WITH story AS (SELECT * FROM timeline_as_of($day)),
            followed AS (SELECT unnest(follows) FROM story
                         WHERE programme = $slug AND type = 'programme-opened' AND $follows)
            SELECT known_on, programme, type, occurred, earliest, latest, expected_start,
                   expected_earliest, expected_latest, capacity_per_year, period, volume,
                   measure, coalesce(source_grade, 'F6') AS grade, source_publisher,
                   source_url, coalesce(summary, title) AS summary, id
            FROM story WHERE programme = $slug OR programme IN (FROM followed)
            ORDER BY story.known_on, story.position
            """,
            {"day": on, "slug": programme, "follows": follows},
        )
        history = ledger.stream(programme).history
    if not told:
        raise Unknown(why_empty({programme: history}, [programme], on))
    if format is not Format.table:
        write(told, names, format)
        return
    own = [row for row in told if row["programme"] == programme or row["volume"] is None]
    write(
        [_told(row, programme) for row in own], ["known", "when", "span", "grade", "id", "what"]
    )
    bars.write(_disagreeing(programme, history, on))


def _disagreeing(programme: str, history: "Sequence[Fact]", on: date) -> "Iterator[str]":
    """What reports of volumes do not agree on, as known on a day, below a line of its own."""
    from tracker.months import disagreement_rows, reconciled

    found = disagreement_rows(reconciled({programme: history}, as_of=on))
    if found:
        yield "\nReports that disagree (sql: FROM volume_disagreements)"
    for one in found:
        yield f"  {one['sentence']}"


def _told(row: Row, programme: str) -> Row:
    """A line of the story for people."""
    from tracker import wording

    about = "" if row["programme"] == programme else f"[{row['programme']}] "
    said = [f"{about}{row['summary'] or row['type']}"]
    if row["expected_start"]:
        said.append(f"(start stated: {wording.span(row['expected_start'])})")
    return {
        "known": row["known_on"].isoformat(),
        "what": " ".join(said),
        "when": wording.span(row["occurred"]),
        "span": f"{row['earliest'] or '..'} – {row['latest'] or '..'}",
        "grade": row["grade"],
        "id": row["id"][:8],
    }
