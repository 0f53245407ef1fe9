"""Forecasts: re-estimated, issued, replayed."""

import json
import sys
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tracker import workspace
from tracker.commands.options import (
    ClusterOption,
    FormatOption,
    ProgrammesArgument,
    day,
    here,
)
from tracker.tables import Format, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.issued import ForecastIssued
    from events.ledger import Ledger
    from tracker.estimator import Knowledge

SHOWN: Final = 3
"""Years that a summary looks ahead."""


class Every(StrEnum):
    """How often a replay looks."""

    month = "month"


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker forecast --as-of 2024-06-30 --dry-run")(forecast)


def forecast(
    context: typer.Context,
    programmes: ProgrammesArgument = None,
    as_of: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DAY", help="See only what was known on that day; repeat for several."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show it without recording that it was said.")
    ] = False,
    every: Annotated[
        Every | None,
        typer.Option(help="Replay: one forecast a month-end, from the first event on."),
    ] = None,
    cluster: ClusterOption = None,
    format: FormatOption = Format.table,
) -> None:
    """Re-estimate when production starts and how much it makes, and issue that.

    A forecast as of a day sees only what was known on that day.
    """
    from tracker import estimator
    from tracker.nothing import not_forecast
    from tracker.wording import counted

    place = here(context)
    days = [day(given) for given in as_of] if as_of else [workspace.today()]
    last = max(days)
    with place.ledger() as ledger:
        knowledge = estimator.Knowledge.of(ledger, place)
        wanted = estimator.wanted(place, knowledge, programmes)
        if every:
            days = _month_ends(knowledge, wanted, last)
        made = _estimated(knowledge, wanted, days, cluster)
        new = [] if dry_run else _issued(ledger, made, knowledge)
    if not made:
        typer.echo(not_forecast(knowledge.histories, wanted, last), err=True)
    show(made, format, knowledge, last)
    if made and not dry_run:
        rest = len(made) - len(new)
        typer.echo(
            f"issued {counted(len(new), 'forecast', 'forecasts')}"
            + (f"; {rest:,} said nothing new" if rest else ""),
            err=True,
        )


def _month_ends(knowledge: "Knowledge", wanted: list[str], last: date) -> list[date]:
    from tracker import estimator

    known = [fact.known_on for slug in wanted for fact in knowledge.histories.get(slug, ())]
    return estimator.month_ends(min(known, default=last), last)


def _estimated(
    knowledge: "Knowledge", wanted: list[str], days: list[date], cluster: str | None
) -> list["ForecastIssued"]:
    """One day after the other, here or on a cluster, with a bar for people who wait."""
    quiet = len(days) == 1 or not sys.stderr.isatty()
    with (
        _days_made(knowledge, wanted, days, cluster) as parts,
        typer.progressbar(
            parts, length=len(days), label="replaying", file=sys.stderr, hidden=quiet
        ) as watched,
    ):
        return [forecast for part in watched for forecast in part]


@contextmanager
def _days_made(
    knowledge: "Knowledge", wanted: list[str], days: list[date], cluster: str | None
) -> "Iterator[Iterable[list[ForecastIssued]]]":
    from tracker import estimator

    if cluster is None:
        yield (estimator.estimate(knowledge, wanted, as_of=each) for each in days)
        return
    from tracker.cluster import Replay, on_cluster

    with on_cluster(cluster) as executor:
        yield executor.map(Replay.of(knowledge, wanted), days)


def _issued(
    ledger: "Ledger", made: list["ForecastIssued"], knowledge: "Knowledge"
) -> list["ForecastIssued"]:
    from tracker.issuing import issue

    return issue(ledger, made, knowledge=knowledge, now=workspace.now())


def show(
    made: list["ForecastIssued"], format: Format, knowledge: "Knowledge", day: date
) -> None:
    """The machine's view as JSON, NDJSON or flat as CSV; a summary as a table.

    Where nothing was made the sheet's columns are those of a forecast on `day`.
    """
    from forecasts.amounts import YEARS
    from tracker.machine_view import machine_view, sheet_columns, sheet_row

    match format:
        case Format.ndjson:
            for forecast in made:
                sys.stdout.write(json.dumps(machine_view(forecast)) + "\n")
        case Format.json:
            sys.stdout.write(json.dumps([machine_view(forecast) for forecast in made]) + "\n")
        case Format.csv:
            days = [one.as_of for one in made] or [day]
            years = range(min(days).year, max(days).year + YEARS)
            rows = (sheet_row(one, years) for one in made)
            write(rows, sheet_columns(years), format)
        case Format.table if made:
            starts = [knowledge.started(one.programme, one.as_of) for one in made]
            write(*summaries(made, starts), format)
        case Format.table:
            return


def summaries(
    made: list["ForecastIssued"], starts: "Sequence[str | None]"
) -> tuple[list[dict[str, Any]], list[str]]:
    """A line a forecast for people, and its columns: announced window, chances, volumes."""
    first = min(forecast.as_of.year for forecast in made)
    last = max(forecast.as_of.year for forecast in made)
    years = range(first + 1, max(last, first + 1) + 3)
    rows = [summary(one, start, years) for one, start in zip(made, starts, strict=True)]
    return rows, list(rows[0])


def summary(forecast: "ForecastIssued", started: str | None, years: range) -> dict[str, Any]:
    """P(start by the end of each of the first three years), and the volumes of each."""
    from forecasts.distribution import StartDistribution
    from tracker import wording

    start = StartDistribution(as_of=forecast.as_of, cumulative=forecast.start)
    row: dict[str, Any] = {
        "programme": forecast.programme,
        "as_of": forecast.as_of.isoformat(),
        "status": forecast.status,
        "announced": wording.span(forecast.announced) if forecast.announced else "",
    }
    shown = years[:SHOWN]
    for year in shown:
        row[f"by_{year}"] = wording.percent(start.by_millionths(date(year, 12, 31)))
    row["never"] = wording.percent(forecast.never)
    row["median_if_it_starts"] = wording.median(start.median_if_it_starts, started)
    said = {year.year: year.quantiles for year in forecast.volume}
    for year in shown:
        row[f"volume_{year}"] = " / ".join(f"{part:,}" for part in said.get(year, ()))
    return row
