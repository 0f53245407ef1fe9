"""Journals in and out."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from events.errors import reason
from tracker import workspace
from tracker.commands.options import AnyProgrammes, NoForecast, here
from tracker.errors import TrackerError, no_programme
from tracker.tables import harmless
from tracker.whole import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.entries import Entry
    from events.ledger import Ledger
    from tracker.workspace import Workspace


SLOW: Final = 20
"""Programmes from which on a bar is shown."""

LARGEST: Final = 2**30
"""Bytes of a journal; it takes six times as much memory: all of it goes in or nothing."""

TOGETHER: Final = 100
"""Programmes forecast at a time: what is known and learned is read once for each."""


class JournalFormat(StrEnum):
    """What an export can be."""

    ndjson = "ndjson"
    csv = "csv"
    cloudevents = "cloudevents"
    parquet = "parquet"


LINES: Final = (JournalFormat.ndjson, JournalFormat.cloudevents)
ENDINGS: Final = {
    ".csv": (JournalFormat.csv,),
    ".ndjson": LINES,
    ".jsonl": LINES,
    ".parquet": (JournalFormat.parquet,),
}
"""What a file's name says of its format, the one it gets without --format first."""


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command("import", epilog="Example: tracker import leapmotor.ndjson")(import_)
    app.command(epilog="Example: tracker export > journal.ndjson")(export)


def import_(
    context: typer.Context,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Journals; - is standard input.")
    ],
    no_forecast: NoForecast = False,
) -> None:
    """Record a journal (NDJSON or CSV): all of it or nothing; twice is harmless."""
    from tracker.importing import bring_in
    from tracker.living import behind_a_recording
    from tracker.wording import counted

    place = here(context)
    journals = (contents(name) for name in files)
    with place.ledger() as ledger:
        done = bring_in(ledger, journals, today=workspace.today(), now=workspace.now())
        with behind_a_recording():
            place.follow(done.programmes)
        for warning in done.warnings:
            typer.echo(f"warning: {warning}", err=True)
        typer.echo(
            f"imported {counted(done.new, 'event', 'events')} of "
            + counted(len(done.programmes), "programme", "programmes")
            + (f"; {counted(done.known, 'was', 'were')} there already" if done.known else "")
        )
        if not no_forecast:
            with behind_a_recording():
                _reestimate(place, ledger, done.programmes)


def _reestimate(place: "Workspace", ledger: "Ledger", changed: "Sequence[str]") -> None:
    """Once per programme that the journal bears on, with a bar for people who wait."""
    from tracker.estimator import estimate
    from tracker.issuing import issue
    from tracker.living import due_now
    from tracker.wording import counted

    knowledge, wanted = due_now(place, ledger, changed, as_of=workspace.today())
    quiet = len(wanted) < SLOW or not sys.stderr.isatty()
    made = []
    parts = [wanted[first : first + TOGETHER] for first in range(0, len(wanted), TOGETHER)]
    with typer.progressbar(parts, label="forecasting", file=sys.stderr, hidden=quiet) as bar:
        for part in bar:
            made += estimate(knowledge, part, as_of=workspace.today())
    issued = issue(ledger, made, knowledge=knowledge, now=workspace.now())
    if issued:
        said = counted(len(issued), "programme", "programmes")
        typer.echo(f"forecast anew: {said}", err=True)


def contents(name: str) -> tuple[str, bytes]:
    """A file's name and bytes; - is standard input. Raises `NoFile`, `TooLarge`."""
    try:
        if name == "-":
            name, data = "standard input", sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST + 1)
    except OSError as error:
        raise NoFile(f"{name}: {reason(error)}.") from error
    if len(data) > LARGEST:
        raise TooLarge(
            f"{name} has more than {LARGEST // 2**20} MiB, which is what one import takes. "
            "Split it, the lines of a programme together, and import the parts."
        )
    return name, data


class NoFile(TrackerError):
    """A file that cannot be read."""

    code = 3


class TooLarge(TrackerError):
    """A journal that would not fit into the memory of most machines."""

    code = 4


def export(
    context: typer.Context,
    programmes: AnyProgrammes = None,
    format: Annotated[
        JournalFormat | None,
        typer.Option(help="What is written; otherwise what the file's name says, or ndjson."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="A file instead of standard output; for parquet, a folder."
        ),
    ] = None,
) -> None:
    """Write the journal, byte for byte the same from the same ledger.

    Without programmes all are written, the reference class included. As parquet, the tables of
    the timeline are written instead.
    """
    from tracker.nothing import EMPTY

    place, format = here(context), _format(format, output)
    if format is JournalFormat.parquet:
        _as_parquet(place, output, programmes or ())
        return
    from tracker.wording import counted

    with place.ledger() as ledger:
        entries = _entries(ledger, frozenset(programmes or ()))
    lines = _lines(entries, format)
    if not entries:
        typer.echo(EMPTY, err=True)
    if output is None:
        sys.stdout.writelines(map(harmless, lines) if sys.stdout.isatty() else lines)
        return
    with written(output) as file:
        file.writelines(lines)
    typer.echo(f"wrote {counted(len(entries), 'event', 'events')} to {output}", err=True)


def _format(said: JournalFormat | None, output: Path | None) -> JournalFormat:
    """What is said, else what the file's name says; both at odds is a usage error."""
    ending = output.suffix.lower() if output else ""
    named = ENDINGS.get(ending)
    if said is None and ending == ".json":
        raise typer.BadParameter(
            f"{output}: a journal is lines of JSON. Name it .ndjson, or say --format.",
            param_hint="-o",
        )
    if said and named and said not in named:
        raise typer.BadParameter(
            f"{said} is not what {output} would hold by its name. Leave out --format, "
            "or name the file otherwise.",
            param_hint="--format",
        )
    return said or (named or LINES)[0]


def _as_parquet(place: "Workspace", folder: Path | None, programmes: "Sequence[str]") -> None:
    from tracker.parquet import write_parquet
    from tracker.wording import counted

    if folder is None:
        raise typer.BadParameter("parquet is a folder: name it.", param_hint="-o")
    rows = write_parquet(place, folder, programmes)
    typer.echo(f"wrote {counted(rows, 'row', 'rows')} to {folder}", err=True)


def _entries(ledger: "Ledger", programmes: frozenset[str]) -> list["Entry"]:
    entries = [
        entry
        for entry in ledger.entries()
        if not programmes or entry.fact.programme in programmes
    ]
    if missing := programmes - {entry.fact.programme for entry in entries}:
        raise no_programme(min(missing), ledger.programmes())
    return entries


def _lines(entries: "Sequence[Entry]", format: JournalFormat) -> "Iterator[str]":
    from events import journal

    match format:
        case JournalFormat.ndjson:
            yield from journal.ndjson(entry.fact for entry in entries)
        case JournalFormat.csv:
            yield from journal.as_csv(entry.fact for entry in entries)
        case JournalFormat.cloudevents:
            yield from journal.cloudevents(entries)
        case JournalFormat.parquet:
            raise AssertionError("it is written as a folder")
