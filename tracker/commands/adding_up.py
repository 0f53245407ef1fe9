"""What many programmes make together."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.commands.options import AsOf, FormatOption, ProgrammesArgument, day, here
from tracker.tables import Format, write

if TYPE_CHECKING:
    from forecasts.amounts import Volumes


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker total --at-least 1000000")(total)


def total(
    context: typer.Context,
    programmes: ProgrammesArgument = None,
    as_of: AsOf = None,
    at_least: Annotated[
        int | None,
        typer.Option(min=1, metavar="UNITS", help="Tell P(at least so many) of each year."),
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Add up what programmes make, year by year: medians do not add, distributions do.

    Programmes of one market fall short together; units are never mixed.
    """
    from tracker import estimator
    from tracker.nothing import not_forecast
    from tracker.totals import totals

    place, on = here(context), day(as_of)
    with place.ledger() as ledger:
        knowledge = estimator.Knowledge.of(ledger, place)
    wanted = estimator.wanted(place, knowledge, programmes)
    made = estimator.estimate(knowledge, wanted, as_of=on)
    if not made:
        typer.echo(not_forecast(knowledge.histories, wanted, on), err=True)
    known = knowledge.known(on)
    rows = [
        {"unit": unit, "year": year.year, "programmes": count}
        | _numbers(year, at_least, format)
        for unit, (count, years) in totals(known, made, as_of=on, cache=knowledge.cache).items()
        for year in years
    ]
    columns = ["unit", "year", "programmes", "zero", "mean", "p10", "p50", "p90"]
    write(rows, [*columns, *(["at_least"] if at_least else [])], format)


def _numbers(year: "Volumes", at_least: int | None, format: Format) -> dict[str, Any]:
    """Whole units, and chances as decimals; for people with commas and in percent."""
    from forecasts.amounts import QUANTILES
    from tracker import wording

    low, middle, high = (round(float(units)) for units in year.quantiles(QUANTILES)[0])
    units = {"mean": round(float(year.mean[0])), "p10": low, "p50": middle, "p90": high}
    chances = {"zero": round(float(year.zero[0]) * 1e6)}
    if at_least:
        chances["at_least"] = round(float(year.at_least(at_least)[0]) * 1e6)
    if format is Format.table:
        return {name: f"{value:,}" for name, value in units.items()} | {
            name: wording.percent(part) for name, part in chances.items()
        }
    return units | {name: part / 1e6 for name, part in chances.items()}
