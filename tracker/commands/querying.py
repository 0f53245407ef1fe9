"""The timeline as a database: ad hoc SQL, the file's path, a rebuild."""

import sys
from typing import Annotated

import typer

from tracker.commands.options import FormatOption, here
from tracker.contained import Limits
from tracker.tables import Format


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(
        epilog='Example: tracker sql "SELECT programme, stage FROM programmes WHERE followed"'
    )(sql)
    app.command(epilog="Example: duckdb -readonly $(tracker db)")(db)
    app.command(epilog="Example: tracker rebuild")(rebuild)


def sql(
    context: typer.Context,
    query: Annotated[
        str | None, typer.Argument(help="SQL; - or nothing reads standard input.")
    ] = None,
    format: FormatOption = Format.table,
    seconds: Annotated[int, typer.Option(min=1, help="The longest it may take.")] = 30,
    memory: Annotated[
        int, typer.Option(min=256, help="The most memory it may use, in MiB.")
    ] = 2048,
) -> None:
    """Ask the timeline in SQL, read-only: events, programmes, volumes, forecasts and more.

    `SHOW TABLES` lists what there is, `SELECT * FROM duckdb_columns()` explains it.
    """
    from tracker import sandbox

    if query in {None, "-"}:
        if query is None and sys.stdin.isatty():
            raise typer.BadParameter("write a query, or pipe one in.", param_hint="QUERY")
        query = sys.stdin.buffer.read().decode(errors="surrogateescape")
    with sandbox.child(Limits(memory=memory, seconds=seconds)) as child:
        from tracker import timeline  # while the child begins

        path = timeline.catch_up(here(context))
        child.query(str(query), path, format)


def db(context: typer.Context) -> None:
    """Print the path of the published DuckDB file, caught up, for any other client."""
    from tracker import timeline

    typer.echo(timeline.catch_up(here(context)))


def rebuild(context: typer.Context) -> None:
    """Make the timeline anew from the ledger alone."""
    from tracker import timeline

    timeline.rebuild(here(context))
    typer.echo("the timeline is rebuilt from the ledger")
