"""The command line: the Typer app and its one error boundary.

Commands live in `tracker.commands`, a module a family; what they need to work is imported
inside them, so that `tracker --help` is quick.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Annotated, NoReturn

import typer

from events.errors import EventsError
from tracker.commands import (
    exchange,
    explaining,
    forecasting,
    looking,
    querying,
    recording,
    setting_up,
)
from tracker.errors import TrackerError, exit_code
from tracker.plain import PlainCommand, PlainGroup

app = typer.Typer(
    name="tracker",
    cls=PlainGroup,
    help="Follow announced industrial programmes from the first rumour to the last car.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

for family in (setting_up, recording, exchange, looking, forecasting, explaining, querying):
    family.add_to(app)
for command in app.registered_commands:
    command.cls = PlainCommand


@app.callback()
def common(
    context: typer.Context,
    workspace: Annotated[
        str | None,
        typer.Option(
            help="The folder of the workspace; otherwise TRACKER_WORKSPACE, otherwise here "
            "or the nearest parent that is one.",
            metavar="DIR",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True)
    ] = False,
) -> None:
    """Keep what holds for every command."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"tracker {installed('programme-tracker')}")
        raise typer.Exit
    context.obj = workspace


def main() -> NoReturn:
    """Run a command; a refusal is one sentence on stderr and the exit code of its kind."""
    try:
        app(prog_name="tracker")
    except (EventsError, TrackerError) as error:
        _flush()
        typer.echo(f"error: {_safe(str(error))}", err=True)
        sys.exit(exit_code(error))
    except BrokenPipeError:
        # Whoever read has gone; Python would complain once more when it flushes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    sys.exit(0)


def _flush() -> None:
    """What was printed before comes before the error, when both go to one place."""
    sys.stdout.flush()


def _safe(text: str) -> str:
    from tracker.tables import harmless

    return harmless(text)
