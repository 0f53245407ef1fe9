"""Pictures in a file: a programme's, or those of all that are followed."""

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from events.errors import Invalid, Unknown
from tracker.commands.options import All, AsOf, OptionalProgramme, day, here

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.account import Account
    from tracker.charts import Picture
    from tracker.workspace import Workspace


class Chart(StrEnum):
    """The pictures there are."""

    timeline = "timeline"
    start = "start"
    volume = "volume"
    moves = "moves"
    calibration = "calibration"


class Form(StrEnum):
    """How a picture is written."""

    svg = "svg"
    png = "png"
    json = "json"
    csv = "csv"


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker plot leapmotor-mirafiori -o mirafiori.svg")(plot)


def plot(
    context: typer.Context,
    programme: OptionalProgramme = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="A file that ends in .svg or .png; - is stdout.",
        ),
    ] = None,
    chart: Annotated[
        Chart | None, typer.Option(help="This picture; all, one below the other, if left out.")
    ] = None,
    as_of: AsOf = None,
    all: All = False,
    width: Annotated[
        int, typer.Option(min=320, max=2000, metavar="PIXELS", help="Of a picture.")
    ] = 720,
    format: Annotated[
        Form | None,
        typer.Option(help="json is the Vega-Lite, csv the data; else as FILE ends, or svg."),
    ] = None,
) -> None:
    """Draw a programme: its timeline, when it starts, how many, what moved it, the record.

    Without a programme, all that are followed: how likely each starts, what they make together,
    what moved lately.
    """
    form = _form(output, format)
    if programme is None and chart is Chart.timeline:
        raise typer.BadParameter(
            "a timeline is of one programme. Name it.", param_hint="PROGRAMME"
        )
    place, on = here(context), day(as_of)
    if programme:
        said, shown = _programme(place, programme, on, chart, width)
    else:
        said, shown = _portfolio(place, on, chart, width, everything=all)
    _write(_made(said, shown, form, place), output, form)


def _form(output: Path | None, format: Form | None) -> Form:
    """How to write: as asked, else by the file's ending; raises `Invalid` for another one."""
    named = output is not None and str(output) != "-"
    if format:
        return format
    if output is None and sys.stdout.isatty():
        raise typer.BadParameter(
            "a picture is no text. Name a file: -o NAME.svg, or NAME.png.", param_hint="-o"
        )
    if not named or output is None:
        return Form.svg
    suffix = output.suffix.lower().removeprefix(".")
    if suffix not in tuple(Form):
        raise Invalid(
            f"-o: {output.name} ends in neither .svg nor .png (nor .json or .csv). "
            f"Write {output.stem or 'NAME'}.svg."
        )
    return Form(suffix)


def _programme(
    place: "Workspace", slug: str, on: date, chart: Chart | None, width: int
) -> tuple[tuple[str, str], list["Picture"]]:
    """Its heading, and its pictures; the move is made only where it is drawn."""
    from tracker import charts, estimator, wording
    from tracker.account import gather

    with place.ledger() as ledger:
        knowledge = estimator.Knowledge.of(ledger, place)
        issued = list(ledger.issued())
    estimator.wanted(place, knowledge, [slug])
    moved = chart in {None, Chart.moves}
    account = gather(knowledge, slug, as_of=on, issued=issued, moved=moved)
    wanted = charts.CHARTS if chart is None else {chart: charts.CHARTS[chart]}
    drawn = (draw(account, width) for draw in wanted.values())
    pictures = _asked_for([picture for picture in drawn if picture], chart)
    if not pictures:
        raise Unknown(_nothing(account, chart))
    opening = account.state.opening
    words = [*opening.organisations, opening.site, opening.country] if opening else []
    below = [*filter(None, words), f"as of {wording.day(on)}"]
    return (account.title, " · ".join(below)), pictures


def _asked_for(found: list["Picture"], chart: Chart | None) -> list["Picture"]:
    """The pictures that are wanted; nobody wants the record alone, which is of others."""
    if chart is not None:
        return [one for one in found if one.name.split("-")[0] == chart]
    return found if any(one.name != Chart.calibration for one in found) else []


def _nothing(account: "Account", chart: Chart | None) -> str:
    """Why there is no such picture, and what to do."""
    state, slug, on = account.state, account.slug, account.as_of
    if chart in {Chart.start, Chart.moves} and state.is_context:
        return f"{slug} is context: it never starts. See: tracker plot {slug} --chart timeline"
    if chart is Chart.start:
        return (
            f"{slug} is {state.stage} as of {on} and nothing was forecast before: "
            f"there is no start left to draw. See: tracker plot {slug} --chart timeline"
        )
    return f"{_too_little(slug, on, chart)}: tracker record {slug}"


def _too_little(of: str, on: date, chart: Chart | None) -> str:
    what = f"the {chart}" if chart else "anything"
    return f"Too little is known as of {on} to draw {what} of {of}. Record an event"


def _portfolio(
    place: "Workspace", on: date, chart: Chart | None, width: int, *, everything: bool
) -> tuple[tuple[str, str], list["Picture"]]:
    from tracker import charts, estimator, wording
    from tracker.nothing import open_on
    from tracker.portfolio import survey

    with place.ledger() as ledger:
        knowledge = estimator.Knowledge.of(ledger, place)
        issued = list(ledger.issued())
    histories = knowledge.histories
    slugs = open_on(histories, histories.keys() if everything else place.followed(), on)
    surveyed = survey(knowledge, slugs, as_of=on, issued=issued)
    pictures = _asked_for(charts.surveyed(surveyed, width), chart)
    if not pictures:
        raise Unknown(f"{_too_little('these programmes', on, chart)}: tracker record ...")
    name = "All programmes" if everything else "Followed programmes"
    return (name, f"as of {wording.day(on)}"), pictures


def _made(
    said: tuple[str, str], shown: "Sequence[Picture]", form: Form, place: "Workspace"
) -> bytes:
    import json

    if form is Form.json:
        specs = {picture.name: picture.spec for picture in shown}
        only = shown[0].spec if len(shown) == 1 else specs
        return (json.dumps(only, ensure_ascii=False, indent=1) + "\n").encode()
    if form is Form.csv:
        return _csv(shown)
    from tracker import poster

    drawn = poster.poster(*said, shown, cache=place.cache)
    return poster.png(drawn) if form is Form.png else drawn.encode()


def _csv(shown: "Sequence[Picture]") -> bytes:
    """The data of one picture, since each has columns of its own."""
    import io

    from tracker.tables import Format, write

    if len(shown) > 1:
        names = ", ".join(picture.name for picture in shown)
        raise Invalid(f"--format csv: name one picture with --chart. There are: {names}.")
    text = io.StringIO()
    write(shown[0].rows, shown[0].columns, Format.csv, text)
    return text.getvalue().encode()


def _write(data: bytes, output: Path | None, form: Form) -> None:
    """A whole file or none; to standard output only what it can take."""
    from tracker.whole import put

    if output is not None and str(output) != "-":
        put(output, data)
        typer.echo(f"wrote {output}", err=True)
        return
    if form is Form.png and sys.stdout.isatty():
        raise typer.BadParameter("a terminal shows no PNG. Name a file.", param_hint="-o")
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
