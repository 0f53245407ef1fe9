"""Why a forecast moved, and what would move it."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from events.errors import Invalid
from tracker import workspace
from tracker.commands.options import (
    FormatOption,
    OptionalType,
    ProgrammeArgument,
    day,
    here,
)
from tracker.tables import Format, write
from tracker.wishes import Statement, Wish, spoken_of, to_line, wishing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.facts import Fact
    from forecasts.explain import Move, Part
    from tracker.estimator import Knowledge

By = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="Explain P(start by this day); else the stated window's."),
]


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker why leapmotor-mirafiori --since 2024-06-30")(why)
    app.command(epilog="Example: tracker whatif leapmotor-mirafiori site-selected")(whatif)


def why(
    context: typer.Context,
    programme: ProgrammeArgument,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DAY",
            help="What became known after that day; else after the opening.",
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DAY", help="Up to then; else today.")
    ] = None,
    by: By = None,
    format: FormatOption = Format.table,
) -> None:
    """Say what moved a forecast, event by event; the parts add up to the move."""
    from tracker import explaining, wording

    knowledge, until = _knowledge(context, programme), day(as_of)
    after = day(since, "--since") if since else date.min
    move = explaining.why(
        knowledge,
        programme,
        since=after,
        until=until,
        by=day(by, "--by") if by else None,
    )
    opened = explaining.opening_by(knowledge, programme, until).known_on
    end = f"the end of {wording.day(after)}"
    begin = end if after >= opened else f"its opening on {wording.day(opened)}"
    _show(programme, move, format, f"at {begin}")


@wishing(Statement)
def whatif(
    context: typer.Context,
    programme: ProgrammeArgument,
    wish: Wish,
    type: OptionalType = None,
    journal: Annotated[
        Path | None, typer.Option(help="Suppose the events of a journal as well.")
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="EVENT", help="Suppose an event had not happened; repeat."),
    ] = None,
    by: By = None,
    format: FormatOption = Format.table,
) -> None:
    """Say what a forecast would be, had this event happened; nothing is recorded."""
    from tracker import explaining

    if type is None and journal is None and not without:
        raise typer.BadParameter("name a type, --journal or --without.", param_hint="TYPE")
    today = workspace.today()
    supposed = _supposed(programme, type, wish, journal, today)
    knowledge = _knowledge(context, programme)
    taken = [_event(knowledge, prefix) for prefix in without or ()]
    move = explaining.whatif(
        knowledge,
        programme,
        supposed=supposed,
        without=taken,
        on=today,
        by=day(by, "--by") if by else None,
    )
    _show(programme, move, format, "before")


def _knowledge(context: typer.Context, programme: str) -> "Knowledge":
    from tracker import estimator

    place = here(context)
    with place.ledger() as ledger:
        knowledge = estimator.Knowledge.of(ledger, place)
    estimator.wanted(place, knowledge, [programme])
    _has_a_start(programme, knowledge.histories[programme])
    return knowledge


def _has_a_start(programme: str, history: "Sequence[Fact]") -> None:
    from events.corrections import effective
    from events.errors import Conflict
    from events.programme import replay

    if replay(programme, effective(history)).is_context:
        raise Conflict(
            f"{programme} is context: it never starts, so there is no forecast of it."
        )


def _supposed(
    programme: str, type: str | None, wish: Wish, journal: Path | None, today: date
) -> list["Fact"]:
    """The facts supposed: of the command line, and of a journal."""
    from dataclasses import replace

    from events import decisions, lines

    found: list[Fact] = []
    if journal is not None:
        found += _read(journal, today)
    if type is not None:
        wish = replace(wish, when=wish.when or today.isoformat())
        line = to_line(wish, programme, type, today=today)
        try:
            fact = lines.to_fact(line, today=today)
            decisions.sound(fact, today=today)
        except Invalid as error:
            raise spoken_of(error) from error
        found.append(fact)
    return found


def _read(path: Path, today: date) -> list["Fact"]:
    from events.journal import read
    from tracker.commands.exchange import contents
    from tracker.errors import FaultyJournal

    name, data = contents(str(path))
    stated, faults = read(data, name, today=today)
    if faults:
        raise FaultyJournal(f"{faults[0]} Nothing was supposed.")
    return [line.fact for line in stated]


def _event(knowledge: "Knowledge", prefix: str) -> "Fact":
    from events.ledger import the_only

    found = [
        fact
        for history in knowledge.histories.values()
        for fact in history
        if fact.id.startswith(prefix.lower())
    ]
    return the_only(found, prefix)


def _show(programme: str, move: "Move", format: Format, begin: str) -> None:
    """`begin` is in words what the move begins with."""
    match format:
        case Format.table:
            from tracker import bars, telling

            bars.write(telling.told(programme, move, begin))
        case Format.json:
            import json

            typer.echo(json.dumps(_plain(programme, move), ensure_ascii=False))
        case _:
            rows = _parts(move)
            write(rows, list(rows[0]) if rows else [], format)


def _plain(programme: str, move: "Move") -> dict[str, Any]:
    """The stored integers: millionths of probability, whole units of volume.

    There is no volume of a year that was not forecast both before and after.
    """
    before, after = move.amounts
    volume: dict[str, Any] = {
        "year": move.year,
        "before": move.volume_before,
        "after": move.volume_after,
    }
    if before and after:
        levels = ("0.1", "0.5", "0.9")
        volume["quantiles"] = {
            "before": dict(zip(levels, before.quantiles, strict=True)),
            "after": dict(zip(levels, after.quantiles, strict=True)),
        }
    return {
        "programme": programme,
        "by": move.by.isoformat(),
        "before": move.before,
        "after": move.after,
        "volume": volume if before and after else None,
        "parts": _parts(move),
    }


def _parts(move: "Move") -> list[dict[str, Any]]:
    """A row a part; without a volume where the year was not forecast throughout."""
    rows = [_part(part) for part in move.parts]
    without = {} if all(move.amounts) else {"volume_delta": None}
    return [row | without for row in rows]


def _part(part: "Part") -> dict[str, Any]:
    from events.sources import grade
    from forecasts.evidence import TABLE

    fact = part.fact
    return {
        "event": fact.id if fact else None,
        "kind": "without" if part.taken_away else part.kind,
        "day": part.day.isoformat(),
        "programme": fact.programme if fact else None,
        "type": fact.type if fact else None,
        "delta": part.delta,
        "volume_delta": part.volume_delta,
        "judged": fact is not None and fact.type in TABLE,
        "grade": grade(fact.source) if fact else None,
        "source": fact.source.url if fact and fact.source else None,
        "summary": fact.summary if fact else None,
    }
