"""Back-tests: hide the future, forecast, score; every method on the same questions."""

import json
import sys
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tracker.commands.exchange import contents
from tracker.commands.options import ClusterOption, FormatOption
from tracker.tables import Format, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from events.facts import Fact
    from forecasts.backtest import Answers
    from forecasts.ranking import Row
    from forecasts.scores import Bin

SEED: Final = 1
DRAWS: Final = 1_000
"""Of the bootstrap over programmes."""

OF_PROGRAMMES: Final = (12, 24, 36, 60)
OF_PLANTS: Final = (12, 18)
"""Months ahead that are scored; what became of the plants is known for three years only."""

CALIBRATED: Final = 24
"""Months ahead of which the calibration table tells."""


def add_to(app: typer.Typer) -> None:
    """Give the app this family's commands."""
    app.command(epilog="Example: tracker backtest --format json > backtest.json")(backtest)


def backtest(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="Journals; the reference class when left out."),
    ] = None,
    ablations: Annotated[
        bool, typer.Option("--ablations", help="The model with each of its parts left out.")
    ] = False,
    plants: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The power plants of a calibration folder instead."),
    ] = None,
    volume: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Volumes instead: the launches and markets of a calibration folder, and what "
            "was announced and reported in the journals. Some minutes.",
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes; one a processor when left out.")
    ] = None,
    cluster: ClusterOption = None,
    format: FormatOption = Format.table,
) -> None:
    """Forecast past starts from what was known then, and score what was said.

    At every half-year's end each programme that was open is forecast by every method, from what
    all others had taught by that day; what became of it decides. Each programme weighs once.
    """
    if volume is not None:
        from tracker.volume_tests import rows

        tested = list(rows(volume, _told(files or [])))
        write([asdict(row) for row in tested], [one.name for one in fields(tested[0])], format)
    elif plants is not None:
        _report(_plants(plants, ablations=ablations), OF_PLANTS, format)
    else:
        with _executor(jobs, cluster) as executor:
            answers = _journals(files or [], executor, ablations=ablations)
        _report(answers, OF_PROGRAMMES, format)


def _journals(files: "Sequence[str]", executor: "Executor", *, ablations: bool) -> "Answers":
    """The answers about the programmes of journals."""
    from forecasts import backtest as past
    from forecasts.methods import ABLATIONS, BASELINE, METHODS

    told = _told(files)
    until = max(fact.known_on for history in told.values() for fact in history)
    origins = past.origins(told, until=until)
    parts = past.run(
        told,
        origins=origins,
        until=until,
        methods=[BASELINE, *ABLATIONS] if ablations else list(METHODS),
        executor=executor,
    )
    return _gathered(list(_watched(parts, len(origins))))


def _gathered(parts: list["Answers"]) -> "Answers":
    from forecasts.backtest import gathered
    from tracker.errors import TrackerError

    if not parts:
        raise TrackerError(
            "Too few programmes, or too short a history, to test on: a reference class has "
            "at least a few, and a year to see what came of them."
        )
    return gathered(parts)


def _told(files: "Sequence[str]") -> dict[str, list["Fact"]]:
    """The effective facts of the journals' production programmes, by slug."""
    from datetime import date

    from events import journal
    from events.corrections import effective
    from tracker.errors import FaultyJournal
    from tracker.importing import shipped

    found: dict[str, list[Fact]] = {}
    for name, data in [contents(name) for name in files] or [shipped("automotive")]:
        stated, faults = journal.read(data, name, today=date.max)
        if faults:
            raise FaultyJournal(f"{faults[0]} Nothing was tested.")
        for line in stated:
            found.setdefault(line.fact.programme, []).append(line.fact)
    return {slug: effective(history) for slug, history in found.items()}


@contextmanager
def _executor(jobs: int | None, cluster: str | None) -> "Iterator[Executor]":
    """Processes of this machine, or the workers of a cluster."""
    if cluster is not None:
        from tracker.cluster import on_cluster

        with on_cluster(cluster) as executor:
            yield executor
    else:
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(jobs) as executor:
            yield executor


def _plants(folder: Path, *, ablations: bool) -> "Answers":
    """The answers about planned power plants."""
    import pandas as pd

    from forecasts import plants
    from forecasts.methods import ABLATIONS, BASELINE, MODEL

    sample = plants.Sample(
        **{
            field: pd.read_parquet(_there(folder / f"eia_{name}.parquet"))
            for field, name in (
                ("panel", "planned_panel"),
                ("starts", "actual_starts"),
                ("outcomes", "outcomes"),
            )
        }
    )
    ways: Mapping[str, Any] = plants.WAYS
    if ablations:
        ways = {BASELINE: plants.WAYS[BASELINE], **ABLATIONS, MODEL: plants.WAYS[MODEL]}
    origins = plants.origins(sample, taught=11, asked=18)
    parts = plants.answers(sample, origins=origins, methods=ways)
    return _gathered(list(_watched(parts, len(origins))))


def _there(path: Path) -> Path:
    from tracker.commands.exchange import NoFile

    if not path.is_file():
        raise NoFile(f"{path}: no such file.")
    return path


def _watched(parts: "Iterator[Answers]", count: int) -> "Iterator[Answers]":
    """The parts as they come, with a bar for people who wait."""
    with typer.progressbar(
        parts,
        length=count,
        label="testing",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as watched:
        yield from watched


def _report(answers: "Answers", horizons: "Sequence[int]", format: Format) -> None:
    """The table of methods and horizons, CRPS, and whether what was said came."""
    import numpy as np

    from forecasts import ranking
    from forecasts.methods import MODEL

    bootstrap = ranking.Bootstrap(draws=DRAWS, rng=np.random.default_rng(SEED))
    rows = ranking.table(answers, bootstrap, horizons=horizons)
    crps = {name: round(ranking.mean_crps(answers, name), 3) for name in answers.curves}
    ahead = min(CALIBRATED, max(horizons))
    bins = ranking.reliability(answers, MODEL, ahead)
    if format is Format.json:
        _as_json(rows, crps, bins)
        return
    lines = [_line(row, crps[row.method]) for row in rows]
    write(lines, list(lines[0]) if lines else [], format)
    if format is Format.table:
        typer.echo(f"\nWas it right? {MODEL}, {ahead} months ahead")
        write([_bin(one) for one in bins], ["said", "mean", "came", "forecasts", "programmes"])


def _as_json(rows: "Sequence[Row]", crps: "Mapping[str, float]", bins: "Sequence[Bin]") -> None:
    told = {
        "rows": [asdict(row) for row in rows],
        "crps": crps,
        "calibration": [asdict(one) for one in bins],
    }
    typer.echo(json.dumps(_rounded(told), indent=1))


def _rounded(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Six digits, so that bytes agree."""
    match value:
        case float():
            return round(value, 6)
        case dict():
            return {key: _rounded(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_rounded(inner) for inner in value]
        case _:
            return value


def _line(row: "Row", crps: float) -> dict[str, Any]:
    return {
        "method": row.method,
        "months": row.horizon,
        "forecasts": row.forecasts,
        "programmes": row.programmes,
        "started": round(row.started, 3),
        "brier": round(row.brier, 3),
        "log": round(row.log, 3),
        "bias": f"{row.bias:+.3f}",
        "brier_gain": _gain(row.brier_gain),
        "log_gain": _gain(row.log_gain),
        "crps": crps,
    }


def _gain(gain: tuple[float, float, float] | None) -> str:
    """The gain over Aalen-Johansen by stage and lead, with its 90 % interval."""
    if gain is None:
        return ""
    middle, low, high = (round(100 * part) for part in gain)
    return f"{middle} % ({low} to {high})"


def _bin(one: "Bin") -> dict[str, Any]:
    return {
        "said": f"{one.low:.0%} to {one.high:.0%}",
        "mean": f"{one.said:.0%}",
        "came": f"{one.came:.0%}",
        "forecasts": one.forecasts,
        "programmes": one.programmes,
    }
