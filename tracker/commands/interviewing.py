"""Questions on a terminal, where there is one; what was answered last is offered again."""

import json
import sys
from contextlib import suppress

import typer

from tracker import workspace
from tracker.whole import written
from tracker.wishes import Wish
from tracker.workspace import Workspace

REMEMBERED = ("programme", "source")
"""What is offered again. A date is not: Enter is pressed too soon, and it would be wrong."""


def told_whole(
    place: Workspace, programme: str | None, type: str | None, wish: Wish
) -> tuple[str, str, Wish, bool]:
    """An event with what was missing of it, and whether anything was asked.

    Without a terminal, a usage error names the first thing that is missing.
    """
    asked = False
    if sys.stdin.isatty():
        programme, type, wish, asked = _interviewed(place, programme, type, wish)
    if programme is None:
        raise _unasked("PROGRAMME")
    if type is None:
        raise _unasked("TYPE")
    if wish.when is None:
        raise _unasked("--when")
    return programme, type, wish, asked


def asked_for(name: str, question: str) -> str:
    """The answer from the terminal; without one, a usage error that names what is missing."""
    if not sys.stdin.isatty():
        raise _unasked(name)
    return _asked(question, None)


def remember(place: Workspace, **last: str | None) -> None:
    """Keep what is offered the next time; a mere convenience."""
    with suppress(OSError), written(place.hidden / "last.json") as file:
        file.write(json.dumps(last))


def _interviewed(
    place: Workspace, programme: str | None, type: str | None, wish: Wish
) -> tuple[str | None, str | None, Wish, bool]:
    from tracker.asking import Draft, Interview
    from tracker.tables import harmless

    with place.ledger() as ledger:
        interview = Interview(
            draft=Draft(programme=programme, type=type, wish=wish),
            ledger=ledger,
            today=workspace.today(),
            defaults=_remembered(place),
            ask=_asked,
            say=lambda sentence: typer.echo(harmless(sentence), err=True),
        )
        told = interview.held()
    return told.programme, told.type, told.wish, bool(interview.asked)


def _asked(question: str, default: str | None) -> str:
    return str(typer.prompt(question, default=default, err=True))


def _unasked(name: str) -> typer.BadParameter:
    told = "it is missing, and there is no terminal to ask."
    return typer.BadParameter(told, param_hint=name)


def _remembered(place: Workspace) -> dict[str, str]:
    try:
        last = json.loads((place.hidden / "last.json").read_text())
    except (FileNotFoundError, ValueError):
        last = {}
    kept = {name: last.get(name) for name in REMEMBERED} if isinstance(last, dict) else {}
    return {"source": "-"} | {name: said for name, said in kept.items() if said}
