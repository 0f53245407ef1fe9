"""A ledger moved whole: to another store, into a backup, and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.commands.options import here
from tracker.workspace import ledger_place

if TYPE_CHECKING:
    from events.chain import Head


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker copy ledger.sqlite postgresql://ann@db/europe")(copy)
    app.command(epilog="Example: tracker backup europe-2026-11-22.sqlite")(backup)
    app.command(epilog="Example: tracker restore europe-2026-11-22.sqlite")(restore)


def copy(
    source: Annotated[
        str, typer.Argument(metavar="LEDGER", help="From: a file or a postgresql:// address.")
    ],
    target: Annotated[
        str, typer.Argument(metavar="LEDGER", help="To: likewise, new or empty.")
    ],
) -> None:
    """Copy a ledger, either way between a file and PostgreSQL, chain and positions kept.

    Name the copy in tracker.toml to work on it. What is recorded in the old one meanwhile
    stays there.
    """
    from events import moving

    head = moving.copy(ledger_place(source, Path()), ledger_place(target, Path()))
    _say(head, "copied")


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
) -> None:
    """Copy the ledger into a SQLite file, whole at one moment, while others record."""
    from events import moving

    head = moving.backup(here(context).ledger_place, file)
    _say(head, "backed up")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    force: Annotated[
        bool, typer.Option("--force", help="Even where entries are lost by it.")
    ] = False,
) -> None:
    """Put a backup in the ledger's place, verified before and after.

    A team's ledger is only filled while it is empty.
    """
    from events import moving

    head = moving.restore(file, here(context).ledger_place, force=force)
    _say(head, "restored")


def _say(head: "Head", done: str) -> None:
    from tracker.wording import counted

    typer.echo(f"{counted(head.count, 'entry', 'entries')} {done} and whole; head {head}")
