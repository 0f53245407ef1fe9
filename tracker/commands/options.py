"""Arguments and options that several commands share, and what completes them."""

from contextlib import suppress
from datetime import date
from typing import Annotated, Final

import typer

from events.errors import EventsError, Invalid
from tracker import workspace
from tracker.errors import TrackerError
from tracker.tables import Format, harmless
from tracker.workspace import Workspace

YEARS: Final = range(1900, 2200)
"""What a day may be: forecasts look ahead, and the calendar ends in 9999."""


def here(context: typer.Context) -> Workspace:
    """The workspace a command works on."""
    return workspace.find(context.obj)


def day(given: str | None, option: str = "--as-of") -> date:
    """The day that an option gives, else today; what is given in words is read back.

    Raises `Invalid` for what is no single day.
    """
    if given is None:
        return workspace.today()
    with suppress(ValueError):
        return _near(date.fromisoformat(given), given, option)
    from tracker.days import reached
    from tracker.wishes import Reading

    span = reached(given, today=workspace.today(), option=option)
    if given.strip() != span.edtf:
        reading = Reading(option=option, words=given, span=span)
        typer.echo(harmless(str(reading)), err=True)
    return _near(span.earliest or workspace.today(), given, option)


def day_in_figures(given: str, option: str) -> date:
    """The day of an address, where nobody sees how words were read; raises `Invalid`."""
    try:
        return _near(date.fromisoformat(given), given, option)
    except ValueError as error:
        raise Invalid(f"{option}: {given!r} is no day. Write it as 2024-06-30.") from error


def _near(read: date, given: str, option: str) -> date:
    if read.year not in YEARS:
        raise Invalid(f"{option}: {given} lies outside the years {YEARS[0]} to {YEARS[-1]}.")
    return read


def _there(context: typer.Context) -> Workspace:
    """The workspace that a completion looks into."""
    return workspace.find(context.find_root().params.get("workspace"))


def known_programmes(context: typer.Context, incomplete: str) -> list[str]:
    """Slugs that begin so; nothing where there is no workspace to look in."""
    try:
        with _there(context).ledger() as ledger:
            return [slug for slug in ledger.programmes() if slug.startswith(incomplete)]
    except (EventsError, TrackerError):
        return []


def known_types(incomplete: str) -> list[str]:
    """Types of the vocabulary that begin so."""
    from events.facts import TYPES

    return [name for name in TYPES if name.startswith(incomplete)]


def _events(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    try:
        with _there(context).ledger() as ledger:
            return [
                (fact.id[:8], f"{fact.programme} {fact.type}")
                for fact in ledger.named(incomplete)
            ]
    except (EventsError, TrackerError):
        return []


ProgrammeArgument = Annotated[
    str,
    typer.Argument(
        metavar="PROGRAMME", help="The programme's slug.", autocompletion=known_programmes
    ),
]
ProgrammesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PROGRAMME",
        help="Slugs; every followed one when left out.",
        autocompletion=known_programmes,
    ),
]
AnyProgrammes = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PROGRAMME",
        help="Slugs; all of the ledger when left out.",
        autocompletion=known_programmes,
    ),
]
OptionalProgramme = Annotated[
    str | None,
    typer.Argument(
        metavar="PROGRAMME", help="The programme's slug.", autocompletion=known_programmes
    ),
]
OptionalType = Annotated[
    str | None,
    typer.Argument(
        metavar="TYPE", help="A type of the vocabulary.", autocompletion=known_types
    ),
]
EventArgument = Annotated[
    str,
    typer.Argument(
        metavar="EVENT", help="The event's id, or its beginning.", autocompletion=_events
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How rows are written.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DAY", help="See only what was known on that day: 2024-06-30."
    ),
]
All = Annotated[
    bool, typer.Option("--all", help="Reference programmes as well, not only followed ones.")
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="A Dask scheduler whose workers do it: tcp://10.0.0.5:8786.",
    ),
]
NoForecast = Annotated[
    bool, typer.Option("--no-forecast", help="Do not make forecasts again for this.")
]
