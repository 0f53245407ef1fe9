"""Entering what happened: open, record, retract, amend; and how a date is read."""

from contextlib import suppress
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Annotated

import typer

from events.errors import Invalid
from tracker import workspace
from tracker.commands.interviewing import asked_for, remember, told_whole
from tracker.commands.options import (
    EventArgument,
    NoForecast,
    OptionalProgramme,
    OptionalType,
    ProgrammeArgument,
    day,
    here,
)
from tracker.opening import opening
from tracker.tables import Format, write
from tracker.wishes import Opening, Statement, Wish, day_known, spoken_of, to_line, wishing
from tracker.workspace import Workspace

if TYPE_CHECKING:
    import datetime as dt

    from events.edtf import Span
    from events.entries import Entry
    from events.facts import Fact
    from events.ledger import Ledger
    from events.lines import Line


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(
        "open",
        epilog="Example: tracker open xpeng-graz --title 'XPeng cars at Graz' --country AT",
    )(open_)
    app.command(
        epilog="Example: tracker record xpeng-graz production-announced "
        "--when 2025-09-15 --expected-start 'within three years' --grade B2"
    )(record)
    app.command(
        epilog="Example: tracker retract 7f3a21c0 --reason 'The report was withdrawn.'"
    )(retract)
    app.command(epilog="Example: tracker amend 7f3a21c0 --when 2024-05-14")(amend)
    app.command(epilog="Example: tracker date '2026 or 2027' --published 2024-02-20")(date)


@wishing(Opening, Statement)
def open_(
    context: typer.Context,
    programme: ProgrammeArgument,
    wish: Wish,
    no_forecast: NoForecast = False,
) -> None:
    """Follow a programme: from here on, events may be recorded about it."""
    place = here(context)
    known = day_known(wish, workspace.today()).isoformat()
    wish = replace(wish, when=wish.when or known)
    if wish.title is None:
        wish = replace(wish, title=asked_for("--title", "Title"))
    line = _read_back(wish, programme, "programme-opened")
    with opening(place, programme):
        entry = _said(_entered(place, line))
    if not no_forecast:
        _tell_moves(place, entry)


@wishing(Statement)
def record(
    context: typer.Context,
    wish: Wish,
    programme: OptionalProgramme = None,
    type: OptionalType = None,
    no_forecast: NoForecast = False,
) -> None:
    """Enter an event and see what it moved; on a terminal, what is missing is asked for."""
    from tracker.entering import odd

    place = here(context)
    programme, type, wish, asked = told_whole(place, programme, type, wish)
    line = _read_back(wish, programme, type)
    if asked and not typer.confirm("Record it?", default=True, err=True):
        raise typer.Exit(1)
    entry = _said(_entered(place, line))
    for remark in odd(place, entry):
        typer.echo(remark, err=True)
    if not no_forecast:
        _tell_moves(place, entry)
    remember(place, programme=programme, source=wish.source)


def retract(
    context: typer.Context,
    event: EventArgument,
    reason: Annotated[str, typer.Option(help="Why, in one sentence.")],
    no_forecast: NoForecast = False,
) -> None:
    """Take an event back: it no longer counts from today on, and stays readable."""
    if not reason.strip():
        raise Invalid("--reason: it is empty. Say why, in one sentence.")
    place = here(context)
    today = workspace.today().isoformat()
    with place.ledger() as ledger:
        target = ledger.find(event)
    line = {
        "programme": target.programme,
        "type": "event-retracted",
        "occurred": today,
        "known_on": today,
        "summary": reason,
        "retracts": target.id,
    }
    entry = _said(_entered(place, line))
    if not no_forecast:
        _tell_moves(place, entry)


@wishing(Statement, Opening)
def amend(
    context: typer.Context,
    event: EventArgument,
    wish: Wish,
    no_forecast: NoForecast = False,
) -> None:
    """Correct an event: what you give replaces what it said, the rest stays."""
    from events.lines import from_fact

    if not any(getattr(wish, part.name) for part in fields(wish)):
        raise Invalid("Nothing to amend: give at least one option, such as --when.")
    place = here(context)
    with place.ledger() as ledger:
        target = _as_it_counts(ledger, ledger.find(event))
    given = to_line(wish, target.programme, "event-amended", today=workspace.today())
    _show_reading(wish, given)
    entry = _said(_entered(place, _amendment(from_fact(target), given)))
    if not no_forecast:
        _tell_moves(place, entry)


def _as_it_counts(ledger: "Ledger", found: "Fact") -> "Fact":
    """The event with earlier amendments applied; a retracted one cannot be amended."""
    from events.corrections import effective
    from events.decisions import first_of
    from events.errors import Conflict

    history = ledger.stream(found.programme).history
    first = first_of(history, found)
    for fact in effective(history):
        if fact.id == first.id:
            return fact
    raise Conflict(
        f"Event {found.id[:8]} is retracted or a correction, so it cannot be amended."
    )


def _amendment(said: "Line", given: "Line") -> "Line":
    """What was said with what is given in its place; words go with the date that they say."""
    line = {**said, **given, "amends": said["id"]}
    if source := {**said.get("source", {}), **given.get("source", {})}:
        line["source"] = source
    for key in ("occurred", "expected_start"):
        if key in given and f"{key}_words" not in given:
            line.pop(f"{key}_words", None)
    del line["id"]
    return line


def date(
    words: Annotated[str, typer.Argument(help="A date as people write it, or EDTF.")],
    published: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="The day of publication, for 'next year'."),
    ] = None,
    format: Annotated[Format, typer.Option(help="How the answer is written.")] = Format.table,
) -> None:
    """Say how a date in words is read: EDTF, earliest and latest day."""
    from events import phrases

    span = phrases.read(words, published=_published(published))
    answer = {
        "words": words,
        "edtf": span.edtf,
        "earliest": span.earliest,
        "latest": span.latest,
        "approximate": span.approximate,
    }
    if format is Format.json:
        from tracker.tables import json_line

        typer.echo(json_line(answer, list(answer)))
    else:
        write([answer], list(answer), format)


def _published(given: str | None) -> "dt.date | Span":
    """The day or month of publication; what is given in words is one day, and read back."""
    from events import edtf

    if given is None:
        return workspace.today()
    with suppress(Invalid):
        return edtf.parse(given)
    return day(given, "--published")


def _read_back(wish: Wish, programme: str, type: str) -> "Line":
    """The line of a wish, its dates shown as they are read; refused before anything is done."""
    from events import decisions, lines
    from tracker.needs import complete

    today = workspace.today()
    line = to_line(wish, programme, type, today=today)
    _show_reading(wish, line)
    try:
        complete(wish, type)
        decisions.sound(lines.to_fact(line, today=today), today=today)
    except Invalid as error:
        raise spoken_of(error) from error
    return line


def _entered(place: Workspace, line: "Line") -> "Entry":
    from tracker.entering import enter

    try:
        with place.ledger() as ledger:
            return enter(ledger, line, today=workspace.today(), now=workspace.now())
    except Invalid as error:
        raise spoken_of(error) from error


def _show_reading(wish: Wish, line: "Line") -> None:
    """How each date in words was understood, before anything is recorded."""
    from tracker.wishes import readings

    for reading in readings(wish, line):
        typer.echo(str(reading), err=True)


def _said(entry: "Entry") -> "Entry":
    """The entry, said to be recorded."""
    from tracker import wording
    from tracker.tables import harmless

    fact = entry.fact
    typer.echo(
        harmless(
            f"recorded {fact.id[:8]}  {fact.programme}  {fact.type}  "
            f"{wording.span(fact.occurred)}"
        )
    )
    return entry


def _tell_moves(place: Workspace, entry: "Entry") -> None:
    """Make again what an event bears on, and say how it moved."""
    from tracker.living import moved_by

    for line in moved_by(place, entry, as_of=workspace.today(), now=workspace.now()):
        typer.echo(line)
    slug = entry.fact.programme
    if slug not in place.followed():
        typer.echo(
            f"{slug} is in the background, so it is not forecast: tracker follow {slug}",
            err=True,
        )
