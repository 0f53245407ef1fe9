"""Whether the ledger and what was said from it are what they were."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.commands.options import here
from tracker.errors import TrackerError

if TYPE_CHECKING:
    from events.ledger import Ledger
    from tracker.workspace import Workspace


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker verify --forecasts")(verify)


class NotWhatItWas(TrackerError):
    """The ledger was changed from outside, or a forecast does not replay."""


def verify(
    context: typer.Context,
    head: Annotated[
        str | None,
        typer.Option(metavar="HEAD", help="A head that you kept: the end is still there."),
    ] = None,
    forecasts: Annotated[
        bool, typer.Option("--forecasts", help="Replay every issued forecast as well.")
    ] = False,
) -> None:
    """Check that the ledger is whole and untouched, and print its head.

    Keep the head elsewhere: it is what shows that a ledger was cut short.
    """
    from events import chain
    from tracker.wording import counted

    place = here(context)
    kept = chain.Head.read(head) if head else None
    with place.ledger() as ledger:
        found, fault = ledger.verified(kept=kept)
        if fault:
            raise NotWhatItWas(
                f"The ledger is not what it was: {fault}. "
                f"The {counted(found.count, 'entry before is', 'entries before are')} whole. "
                "Restore a backup."
            )
        typer.echo(f"{counted(found.count, 'entry is', 'entries are')} whole; head {found}")
        if forecasts:
            _replay(place, ledger)


def _replay(place: "Workspace", ledger: "Ledger") -> None:
    from tracker.verifying import replay_forecasts
    from tracker.wording import counted

    count = sum(len(ledger.forecasts(slug)) for slug in ledger.programmes())
    with typer.progressbar(
        length=count, label="replaying", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        done = replay_forecasts(place, ledger, bar.update)
    if done.otherwise:
        typer.echo(
            f"not replayed: {counted(len(done.otherwise), 'forecast', 'forecasts')} made by "
            "another version of the model, or under another judgement of evidence"
        )
    if done.changed:
        first = done.changed[0]
        raise NotWhatItWas(
            f"{counted(len(done.changed), 'forecast does', 'forecasts do')} not replay; "
            f"the first is {first.programme} "
            f"as of {first.as_of}. Its past was changed, or the machine computes otherwise."
        )
    agree = counted(done.agree, "forecast replays", "forecasts replay")
    typer.echo(f"{agree} to the same bytes")
