"""Living forecasts: a watch on what other processes record."""

import signal
import time
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tracker import workspace
from tracker.commands.options import here

if TYPE_CHECKING:
    from types import FrameType

POINTS: Final = 10_000
"""Millionths in a percentage point."""


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker watch --threshold 5 --exec 'mail -s moved me'")(watch)


def watch(
    context: typer.Context,
    threshold: Annotated[
        float, typer.Option(min=0, help="Percentage points from which on a move is told.")
    ] = 5.0,
    command: Annotated[
        str | None,
        typer.Option("--exec", metavar="COMMAND", help="Reads each digest, as JSON."),
    ] = None,
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="Where each digest is posted.")
    ] = None,
    interval: Annotated[float, typer.Option(min=0.05, help="Seconds between two looks.")] = 0.5,
    once: Annotated[
        bool, typer.Option("--once", help="Look once, deliver what waits, and end.")
    ] = False,
) -> None:
    """Forecast anew what others record, and tell what moved; every alert is told once.

    Ends with Ctrl-C. What is recorded meanwhile is looked at by the next watch, and a digest
    that nobody took is tried again until somebody does.
    """
    from tracker.alerts import Receiver
    from tracker.nothing import UNFOLLOWED
    from tracker.tables import harmless
    from tracker.watching import Watch

    place = here(context)
    if not place.followed():
        typer.echo(UNFOLLOWED, err=True)
    watching = Watch(
        place=place,
        receiver=Receiver(command=command, webhook=webhook),
        threshold=round(threshold * POINTS),
        today=workspace.today,
        now=workspace.now,
        say=lambda line: typer.echo(harmless(line)),
    )
    signal.signal(signal.SIGTERM, _end)
    try:
        watching.look()
        while not once:
            time.sleep(interval)
            watching.look()
    except KeyboardInterrupt:
        typer.echo("the watch ends", err=True)
    finally:
        watching.pulse.close()


def _end(_number: int, _frame: "FrameType | None") -> None:
    """SIGTERM ends it as Ctrl-C does."""
    raise KeyboardInterrupt
