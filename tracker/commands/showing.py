"""One programme in a screenful: its forecast, how many, and how that is known."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.commands.options import AsOf, FormatOption, ProgrammeArgument, day, here
from tracker.errors import not_open
from tracker.tables import Format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.facts import Fact
    from events.issued import ForecastIssued
    from tracker.estimator import Knowledge


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker show leapmotor-mirafiori --at-least 50000")(show)


def show(
    context: typer.Context,
    programme: ProgrammeArgument,
    as_of: AsOf = None,
    at_least: Annotated[
        int | None,
        typer.Option(min=1, metavar="UNITS", help="Tell P(at least so many) of each year."),
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Show a programme's current forecast, its range and its evidence.

    Of a context it shows the twelve months after the last known one, and its targets' chances.
    """
    from tracker import estimator
    from tracker.commands import forecasting

    place, on = here(context), day(as_of)
    with place.ledger() as ledger:
        knowledge = estimator.Knowledge.of(ledger, place)
    estimator.wanted(place, knowledge, [programme])
    known = knowledge.known(on)
    if programme not in known:
        raise not_open(programme, on)
    made = next(iter(estimator.estimate(knowledge, [programme], as_of=on)), None)
    if format is not Format.table:
        forecasting.show([made] if made else [], format, knowledge, on)
        return
    from tracker import bars
    from tracker.portrait import portray

    amounts = _amounts(knowledge, known, programme, made, on, at_least)
    bars.write(portray(programme, known[programme], made, on, amounts))


def _amounts(
    knowledge: "Knowledge",
    known: "Mapping[str, Sequence[Fact]]",
    programme: str,
    made: "ForecastIssued | None",
    on: date,
    at_least: int | None,
) -> list[str]:
    """Lines on how much: a market's months and targets, or the chance of reaching a level."""
    from tracker import outlooks, wording

    if made is None:
        return list(outlooks.told_of_market(known, programme, on, knowledge.cache))
    if at_least is None:
        return []
    return [
        f"P(at least {at_least:,} in {year})  {wording.percent(part)}"
        for year, part in outlooks.reaching(known, made, at_least, knowledge.cache)
    ]
