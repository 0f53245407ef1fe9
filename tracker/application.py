"""The Typer application: every command, in families that are loaded when they are asked for.

A family is a module of `tracker.commands`. What is typed names its command, so one family is
loaded to run it; all are for `--help`, for completion, and for a word that is none. What
commands need to work is imported inside them.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.models import CommandInfo

from tracker.plain import PlainCommand, PlainGroup

FAMILIES: Final = {
    "setting_up": ("init", "demo", "follow", "unfollow"),
    "recording": ("open", "record", "retract", "amend", "date"),
    "exchange": ("import", "export"),
    "looking": ("programmes", "events", "timeline"),
    "showing": ("show",),
    "plotting": ("plot",),
    "adding_up": ("total",),
    "forecasting": ("forecast",),
    "explaining": ("why", "whatif"),
    "scoring": ("score",),
    "backtesting": ("backtest",),
    "querying": ("sql", "db", "rebuild"),
    "trusting": ("verify",),
    "moving": ("copy", "backup", "restore"),
    "watching": ("watch",),
    "serving": ("report", "serve"),
}
"""The modules of `tracker.commands`, in the order of `--help`, and their commands."""


def application(typed: Sequence[str] | None = None) -> typer.Typer:
    """The application with the command that is typed; where it is none, with all their names.

    Without `typed`, as for completion, it has all of them with their options.
    """
    made = typer.Typer(
        name="tracker",
        cls=PlainGroup,
        help="Follow announced industrial programmes from the first rumour to the last car.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(_common)
    name = _command(typed or ())
    for family, commands in FAMILIES.items():
        if name is None or name in commands:
            import_module(f"tracker.commands.{family}").add_to(made)
    if name:  # its siblings' options take Typer longer than to read a ledger
        made.registered_commands = [
            command for command in made.registered_commands if _is(command, name)
        ]
    for command in made.registered_commands:
        command.cls = PlainCommand
        if typed is not None and name is None:
            command.callback = _in_name_only(command.callback)
    return made


def _in_name_only(callback: Callable[..., Any] | None) -> Callable[[], None]:
    """What a list of commands needs of one: its name and its first sentence, no options."""

    def listed() -> None: ...

    listed.__name__, listed.__doc__ = getattr(callback, "__name__", ""), callback.__doc__
    return listed


def _command(typed: Sequence[str]) -> str | None:
    """The first word that is neither an option nor its value, where it is a command."""
    words = iter(typed)
    for word in words:
        if word == "--workspace":
            next(words, None)
        elif not word.startswith("-"):
            return word if any(word in commands for commands in FAMILIES.values()) else None
        elif not word.startswith("--workspace="):
            return None
    return None


def _is(command: CommandInfo, name: str) -> bool:
    """Say whether a command has a name: its own, else that of its function."""
    return (command.name or getattr(command.callback, "__name__", None)) == name


def _print_version(wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        typer.echo(f"tracker {version('programme-tracker')}")
    except PackageNotFoundError:
        typer.echo("tracker, run from its folder without an installation")
    raise typer.Exit


def _common(
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
