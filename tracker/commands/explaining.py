"""Why a forecast moved, and what would move it."""

from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

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
    from tracker.bars import Row
    from tracker.estimator import Knowledge

BAR: Final = 24
"""Characters that the bars may take: the words beside them need more."""

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
        str | None, typer.Option(metavar="DAY", help="From then on; else from the opening.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DAY", help="Up to then; else today.")
    ] = None,
    by: By = None,
    format: FormatOption = Format.table,
) -> None:
    """Say what moved a forecast, event by event; the parts add up to the move."""
    from tracker import explaining

    knowledge = _knowledge(context, programme)
    move = explaining.why(
        knowledge,
        programme,
        since=day(since, "--since") if since else date.min,
        until=day(as_of),
        by=day(by, "--by") if by else None,
    )
    _show(programme, move, format)


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
    _show(programme, move, format)


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


def _show(programme: str, move: "Move", format: Format) -> None:
    match format:
        case Format.table:
            _draw(programme, move)
        case Format.json:
            import json

            typer.echo(json.dumps(_plain(programme, move), ensure_ascii=False))
        case _:
            rows = [_part(part) for part in move.parts]
            write(rows, list(rows[0]) if rows else [], format)


def _plain(programme: str, move: "Move") -> dict[str, Any]:
    """The stored integers: millionths of probability, whole units of volume."""
    return {
        "programme": programme,
        "by": move.by.isoformat(),
        "before": move.before,
        "after": move.after,
        "volume": {
            "year": move.year,
            "before": move.volume_before,
            "after": move.volume_after,
        },
        "parts": [_part(part) for part in move.parts],
    }


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


def _draw(programme: str, move: "Move") -> None:
    """The whole, and between before and after each part where it took the chance."""
    from tracker import bars, wording

    said = wording.likelihood(move.after)
    volume = f"{move.volume_before:,} before, {move.volume_after:,} after"
    bars.write(
        [
            f"{programme}: P(start by {wording.day(move.by)})",
            f"{'':10}  {wording.percent(move.before):>8}  before",
            *_steps(programme, move),
            f"{'':10}  {wording.percent(move.after):>8}  after ({said})",
            f"median volume {move.year}: {volume}",
        ]
    )


def _steps(programme: str, move: "Move") -> list["Row"]:
    """A row a part, each bar from where the one before ended; small ones are the last."""
    from tracker import wording
    from tracker.bars import Bar, Row
    from tracker.causes import LEAST, small

    told = [
        (part.day.isoformat(), part.delta, _caption(part, programme))
        for part in move.parts
        if abs(part.delta) >= LEAST
    ]
    if rest := [part.delta for part in move.parts if abs(part.delta) < LEAST]:
        told.append((f"{'':10}", sum(rest), small(len(rest))))
    levels = [*accumulate((delta for _, delta, _ in told), initial=move.before)]
    low, reach = min(levels), max(levels) - min(levels) or 1
    shares = [(level - low) / reach for level in levels]
    return [
        Row(
            words=f"{day}  {wording.points(delta):>8}",
            bar=Bar(begin=min(ends), end=max(ends), sign="-" if delta < 0 else "+", most=BAR),
            behind=caption,
        )
        for (day, delta, caption), ends in zip(told, pairwise(shares), strict=True)
    ]


def _caption(part: "Part", programme: str) -> str:
    from forecasts.evidence import TABLE
    from tracker.causes import caption

    return caption(
        part.kind,
        part.fact,
        slug=programme,
        judged=part.fact is not None and part.fact.type in TABLE,
        taken_away=part.taken_away,
    )
