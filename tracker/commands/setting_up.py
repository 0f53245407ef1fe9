"""A workspace, who is followed, and the demonstration."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tracker import workspace
from tracker.commands.options import here, known_programmes
from tracker.errors import BadSettings, no_programme
from tracker.workspace import Workspace

Programmes = Annotated[
    list[str],
    typer.Argument(metavar="PROGRAMME", help="Slugs.", autocompletion=known_programmes),
]


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker init europe")(init)
    app.command(epilog="Example: tracker demo")(demo)
    app.command(epilog="Example: tracker follow byd-szeged")(follow)
    app.command(epilog="Example: tracker unfollow byd-szeged")(unfollow)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder.")] = Path(),
    ledger: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="A team's ledger: postgresql://USER:PASSWORD@HOST/DATABASE. Whoever comes "
            "first lays it, and others join.",
        ),
    ] = workspace.LEDGER,
) -> None:
    """Make a workspace: settings, a ledger, and in that the reference class."""
    from events.team import is_address
    from tracker.importing import bring_in, shipped
    from tracker.wording import counted

    if ledger != workspace.LEDGER and not is_address(ledger):
        raise BadSettings(
            "--ledger takes an address: postgresql://USER:PASSWORD@HOST/DATABASE."
        )
    with workspace.founded(folder.resolve(), ledger) as place, place.ledger() as opened:
        if known := opened.programmes():
            said = (
                f", on a ledger with {counted(len(known), 'programme', 'programmes')}. "
                "Next: tracker follow PROGRAMME ..."
            )
        else:
            done = bring_in(
                opened,
                [shipped("automotive")],
                today=date.max,  # what ships is whole, whatever day a replay pretends
                now=workspace.now(),
            )
            said = (
                f": {done.new:,} events of {len(done.programmes):,} reference "
                "programmes. Next: tracker open PROGRAMME --title ..."
            )
    typer.echo(f"a workspace in {folder}{said}")


def demo(
    keep: Annotated[
        Path | None, typer.Option(help="A new folder for the workspace, kept afterwards.")
    ] = None,
) -> None:
    """Tell the founding story, start to end, in a throwaway workspace."""
    from tracker.demonstration import tell

    tell(keep)


def follow(context: typer.Context, programmes: Programmes) -> None:
    """Make programmes of the reference class yours: lists and forecasts have them."""
    place = here(context)
    _check(place, programmes)
    place.follow(programmes)
    typer.echo(f"following {', '.join(programmes)}")


def unfollow(context: typer.Context, programmes: Programmes) -> None:
    """Leave programmes to the background; nothing of them is lost."""
    place = here(context)
    _check(place, programmes)
    place.unfollow(programmes)
    typer.echo(f"no longer following {', '.join(programmes)}")


def _check(place: Workspace, programmes: list[str]) -> None:
    with place.ledger() as ledger:
        known = set(ledger.programmes())
    if missing := sorted(set(programmes) - known):
        raise no_programme(missing[0], known)
