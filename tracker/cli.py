"""The command line: the Typer app and its one error boundary.

Commands live in `tracker.commands`, a module a family; what they need to work is imported
inside them, so that `tracker --help` is quick.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from contextlib import suppress
from typing import Annotated, Final, NoReturn

import typer

from events.errors import EventsError
from tracker.commands import (
    backtesting,
    exchange,
    explaining,
    forecasting,
    looking,
    querying,
    recording,
    scoring,
    setting_up,
    trusting,
    watching,
)
from tracker.errors import FAILED, TrackerError, exit_code
from tracker.plain import PlainCommand, PlainGroup

MACHINES: Final = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EISDIR,
    errno.ENOENT,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}
"""Errors of disks, rights and places: the owner of the machine mends them, not we."""

app = typer.Typer(
    name="tracker",
    cls=PlainGroup,
    help="Follow announced industrial programmes from the first rumour to the last car.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

FAMILIES = (
    setting_up,
    recording,
    exchange,
    looking,
    forecasting,
    explaining,
    scoring,
    backtesting,
    querying,
    trusting,
    watching,
)
for family in FAMILIES:
    family.add_to(app)
for command in app.registered_commands:
    command.cls = PlainCommand


def _print_version(wanted: bool) -> None:
    from importlib.metadata import PackageNotFoundError, version

    if not wanted:
        return
    try:
        typer.echo(f"tracker {version('programme-tracker')}")
    except PackageNotFoundError:
        typer.echo("tracker, run from its folder without an installation")
    raise typer.Exit


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
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Keep what holds for every command."""
    context.obj = workspace


def main() -> NoReturn:
    """Run a command; a refusal is one sentence on stderr and the exit code of its kind."""
    code = _run()
    try:
        sys.stdout.flush()
    except OSError as error:
        code = code or _failed(error)
        # Python would complain once more when it flushes stdout at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _run() -> int:
    try:
        app(prog_name="tracker")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FAILED
    except (EventsError, TrackerError) as error:
        return _refused(str(error), exit_code(error))
    except OSError as error:
        return _failed(error)
    return 0


def _failed(error: OSError) -> int:
    """The exit code for what the machine refuses; anything else is a bug of ours."""
    if error.errno == errno.EPIPE:  # whoever read has gone
        return 128 + signal.SIGPIPE
    if error.errno not in MACHINES:
        raise error
    what = (error.strerror or str(error)).lower()
    return _refused(f"{error.filename or 'standard output'}: {what}.", FAILED)


def _refused(sentence: str, code: int) -> int:
    with suppress(OSError):
        sys.stdout.flush()  # what was printed before comes before the error
    typer.echo(f"error: {_safe(sentence)}", err=True)
    return code


def _safe(text: str) -> str:
    from tracker.tables import harmless

    return harmless(text)
