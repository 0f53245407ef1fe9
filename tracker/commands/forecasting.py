"""Forecasts: re-estimated, issued, replayed."""

from __future__ import annotations

import json
import sys
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from events.errors import Invalid
from tracker import workspace
from tracker.commands.options import AsOf, FormatOption, ProgrammesArgument, here
from tracker.tables import Format, write

if TYPE_CHECKING:
    from events.issued import ForecastIssued
    from tracker.estimator import Knowledge


class Every(StrEnum):
    """How often a replay looks."""

    month = "month"


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker forecast --as-of 2024-06-30 --dry-run")(forecast)


def forecast(
    context: typer.Context,
    programmes: ProgrammesArgument = None,
    as_of: AsOf = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show it without recording that it was said.")
    ] = False,
    every: Annotated[
        Every | None,
        typer.Option(help="Replay: one forecast a month-end, from the first event on."),
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Re-estimate when production starts and how much it makes, and issue that.

    A forecast as of a day sees only what was known on that day.
    """
    from tracker import estimator

    place = here(context)
    last = day(as_of)
    with place.ledger() as ledger:
        knowledge = estimator.Knowledge.of(ledger, cache=place.cache)
        wanted = estimator.wanted(place, knowledge, programmes)
        days = _month_ends(knowledge, wanted, last) if every else [last]
        made = _estimated(knowledge, wanted, days)
        new = [] if dry_run else estimator.issue(ledger, made, now=workspace.now())
    if not made:
        typer.echo(_nothing(wanted, last), err=True)
    show(made, format)
    if not dry_run:
        typer.echo(f"issued {len(new)} of {len(made)} forecasts (the rest said nothing new)"
                   if len(new) < len(made) else f"issued {len(new)} forecasts", err=True)


def day(given: str | None) -> date:
    """The as-of day; raises `Invalid` for what is no day."""
    if given is None:
        return workspace.today()
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise Invalid(f"--as-of: {given!r} is no day. Write it as 2024-06-30.") from error


def _month_ends(knowledge: Knowledge, wanted: list[str], last: date) -> list[date]:
    from tracker import estimator

    known = [fact.known_on for slug in wanted for fact in knowledge.histories.get(slug, ())]
    return estimator.month_ends(min(known, default=last), last)


def _estimated(
    knowledge: Knowledge, wanted: list[str], days: list[date]
) -> list[ForecastIssued]:
    """One day after the other, with a bar for people who wait."""
    from tracker import estimator

    made: list[ForecastIssued] = []
    quiet = len(days) == 1 or not sys.stderr.isatty()
    with typer.progressbar(
        days, label="replaying", file=sys.stderr, hidden=quiet
    ) as watched:
        for each in watched:
            made += estimator.estimate(knowledge, wanted, as_of=each)
    return made


def _nothing(wanted: list[str], last: date) -> str:
    if not wanted:
        return "No programme is followed. Open one, import a journal, or: tracker follow ..."
    return f"Nothing can be forecast as of {last}: not open yet, context, cancelled or stopped."


def show(made: list[ForecastIssued], format: Format) -> None:
    """The machine's view as JSON or NDJSON, a summary as a table or CSV."""
    from tracker.estimator import machine_view

    match format:
        case Format.ndjson:
            for forecast in made:
                sys.stdout.write(json.dumps(machine_view(forecast)) + "\n")
        case Format.json:
            sys.stdout.write(json.dumps([machine_view(forecast) for forecast in made]) + "\n")
        case _:
            rows = [summary(forecast) for forecast in made]
            columns = list(dict.fromkeys(name for row in rows for name in row))
            filled = [{name: row.get(name) for name in columns} for row in rows]
            write(filled, columns, format)


def summary(forecast: ForecastIssued) -> dict[str, Any]:
    """One line for people: the announced window, chances by year's end, volumes."""
    from forecasts.distribution import StartDistribution
    from tracker import wording

    start = StartDistribution(as_of=forecast.as_of, cumulative=forecast.start)
    year = forecast.as_of.year
    row: dict[str, Any] = {
        "programme": forecast.programme,
        "as_of": forecast.as_of.isoformat(),
        "status": forecast.status,
        "announced": wording.span(forecast.announced) if forecast.announced else "",
    }
    for end in (date(year + ahead, 12, 31) for ahead in range(1, 4)):
        row[f"by_{end.year}"] = wording.percent(start.by_millionths(end))
    row["never"] = wording.percent(forecast.never)
    row["median_if_it_starts"] = wording.month(start.median_if_it_starts)
    for volume in forecast.volume[1:4]:
        low, middle, high = volume.quantiles
        row[f"volume_{volume.year}"] = f"{low:,} / {middle:,} / {high:,}"
    return row
