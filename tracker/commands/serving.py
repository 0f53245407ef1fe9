"""The page: live on this machine, and as files."""

from pathlib import Path
from typing import Annotated, Final

import typer

from tracker import workspace
from tracker.commands.options import AsOf, OptionalProgramme, day, here

PORT: Final = 8765


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(
        epilog="Example: tracker report leapmotor-mirafiori --as-of 2024-06-30 -o page.html"
    )(report)
    app.command(epilog="Example: tracker serve --port 9000")(serve)


def report(
    context: typer.Context,
    programme: OptionalProgramme = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="The page to write; with --all a folder."
        ),
    ] = None,
    as_of: AsOf = None,
    all: Annotated[
        bool,
        typer.Option("--all", help="Every followed programme, a first page, feeds, calendar."),
    ] = False,
) -> None:
    """Write a programme's page as one file that needs nothing else.

    With --all a folder: index.html, a page a programme, feed.atom, feed.json and starts.ics.
    """
    from tracker.reporting import report_all, report_one

    if all == (programme is not None):
        raise typer.BadParameter("name a programme, or --all.", param_hint="PROGRAMME")
    place, on = here(context), day(as_of)
    if programme is not None:
        written = [report_one(place, programme, output or Path(f"{programme}.html"), as_of=on)]
    else:
        folder = output or Path("report")
        written = report_all(place, folder, as_of=on, now=workspace.now())
    for file in written:
        typer.echo(file)


def serve(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="0 for any that is free.")
    ] = PORT,
    host: Annotated[
        str,
        typer.Option(
            metavar="H", help="Another address than this machine's own: give a token."
        ),
    ] = "127.0.0.1",
    token: Annotated[
        str | None,
        typer.Option(
            envvar="TRACKER_TOKEN",
            metavar="T",
            help="What everybody who asks must know: ?token=T in the address, once.",
        ),
    ] = None,
) -> None:
    """Serve the page live, to this machine only; Ctrl-C ends it.

    What other processes record appears by itself. There is no encryption: for other machines
    put it behind something that encrypts, and give a token.
    """
    from tracker.serving.gate import Door
    from tracker.serving.server import serve as run

    place = here(context)
    place.ledger().close()
    door = Door(host=host, token=token)
    run(
        place,
        door,
        port=port,
        today=workspace.today,
        now=workspace.now,
        ready=typer.echo,
    )
    typer.echo("the server ends", err=True)
