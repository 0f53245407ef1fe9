"""Measure Tracker against yardsticks, pair by pair in one run.

python3 scripts/bench.py [CASE ...] [--pairs N] [--events N] [--programmes N] [--format json]

Each case runs whole processes: ours and the yardstick's in turn, so that a machine whose speed
drifts does not favour one. Figures are medians with their range; ratios are of pairs.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import synthetic
from inside import EVENT, REFITS, REPORT, STARTS, VOLUMES, VOLUMES_TOLD
from pairs import PYTHON, ROOT, Figure, Run, inside, pairs, run, tracker

NOTHING = (
    "import typer\napp = typer.Typer()\n\n@app.command()\ndef nothing() -> None: ...\n\napp()\n"
)


@contextmanager
def workspace(*imports: Path) -> Iterator[Path]:
    """A workspace in a temporary folder, with journals imported."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "bench"
        tracker("init", str(place))
        for journal in imports:
            tracker("import", str(journal), cwd=place)
        yield place


def help_(options: argparse.Namespace) -> Figure:
    """`tracker --help` against a Typer command that does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        nothing = Path(folder) / "nothing.py"
        nothing.write_text(NOTHING)
        return pairs(
            "help",
            lambda _: tracker("--help"),
            lambda _: run(PYTHON, str(nothing), "--help"),
            count=options.pairs,
            words=("tracker --help", "--help of a Typer command that does nothing"),
            reach="1.3",
        )


def record(options: argparse.Namespace) -> Figure:
    """`tracker record` against a Typer command that does nothing."""
    with workspace() as place:
        tracker("open", "plant", "--title", "A plant", cwd=place)
        nothing = place / "nothing.py"
        nothing.write_text(NOTHING)
        return pairs(
            "record",
            lambda number: tracker(
                *("record", "plant", "noted", "--when", "H2 2024"),
                *("--summary", f"Note {number}."),
                cwd=place,
            ),
            lambda _: run(PYTHON, str(nothing)),
            count=options.pairs,
            words=("tracker record", "a Typer command that does nothing"),
            reach="2.0; under 120 MiB",
        )


def import_(options: argparse.Namespace) -> Figure:
    """`tracker init`, which imports the 647 events of the reference class."""
    with tempfile.TemporaryDirectory() as folder:
        return pairs(
            "import",
            lambda number: tracker("init", str(Path(folder) / f"bench{number}")),
            None,
            count=options.pairs,
            words=("tracker init: 647 events imported", ""),
            reach="2 s",
        )


def rebuild(options: argparse.Namespace) -> Figure:
    """`tracker rebuild` of a large ledger against a bare scan of the same events."""
    scan = (
        "import sqlite3, sys\n"
        "ledger = sqlite3.connect(sys.argv[1])\n"
        "for row in ledger.execute('SELECT rowid, * FROM stored_events'): pass\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.ndjson"
        journal.write_text("".join(synthetic.journal(options.events)))
        with workspace(journal) as place:
            return pairs(
                "rebuild",
                lambda _: tracker("rebuild", cwd=place),
                lambda _: run(PYTHON, "-c", scan, str(place / "ledger.sqlite")),
                count=options.pairs,
                words=(f"tracker rebuild, {options.events:,} events", "a scan by sqlite3"),
                reach="10 s and 1,024 MiB for 100,000 events",
            )


def catch_up(options: argparse.Namespace) -> Figure:
    """A query after one new event against a rebuild, in a large ledger."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.ndjson"
        journal.write_text("".join(synthetic.journal(options.events)))
        with workspace(journal) as place:

            def query(number: int) -> Run:
                tracker(
                    *("record", "plant-0", "noted", "--when", "2024"),
                    *("--summary", f"Note {number}."),
                    cwd=place,
                )
                return tracker("db", cwd=place)

            return pairs(
                "catch-up",
                query,
                lambda _: tracker("rebuild", cwd=place),
                count=options.pairs,
                words=(f"one event behind {options.events:,}, then tracker db", "a rebuild"),
                reach="",
            )


def replay(options: argparse.Namespace) -> Figure:
    """The founding story forecast month by month, with nothing in the cache."""
    with workspace(ROOT / "events" / "journals" / "leapmotor.ndjson") as place:

        def monthly(_: int) -> Run:
            shutil.rmtree(place / ".tracker" / "cache", ignore_errors=True)
            return tracker("forecast", "--every", "month", "--dry-run", cwd=place)

        return pairs(
            "replay",
            monthly,
            None,
            count=options.pairs,
            words=("a replay of 19 programmes, 70 months", ""),
            reach="10 s for 30 months",
        )


def starts(options: argparse.Namespace) -> Figure:
    """Start forecasts of many programmes, in process."""
    return pairs(
        "starts",
        lambda _: inside(STARTS, str(options.programmes)),
        None,
        count=options.pairs,
        words=(f"start forecasts of {options.programmes:,} programmes, in process", ""),
        reach="3 s and 1,024 MiB for 10,000",
    )


def volumes(options: argparse.Namespace) -> Figure:
    """Five years' volumes of many programmes whose starts are forecast, in process."""
    return pairs(
        "volumes",
        lambda _: inside(VOLUMES, str(options.programmes)),
        None,
        count=options.pairs,
        words=(f"starts to five years' volumes of {options.programmes:,} programmes", ""),
        reach="0.5 s and 1,024 MiB for 10,000",
    )


def volumes_told(options: argparse.Namespace) -> Figure:
    """The same from each programme's events, one by one."""
    return pairs(
        "volumes-told",
        lambda _: inside(VOLUMES_TOLD, str(options.programmes)),
        None,
        count=options.pairs,
        words=(f"the same from the events of {options.programmes:,} programmes", ""),
        reach="",
    )


def refits(options: argparse.Namespace) -> Figure:
    """Market series fitted in a pool of processes against one after the other."""
    return pairs(
        "refits",
        lambda _: inside(REFITS, str(options.refits), "pooled"),
        lambda _: inside(REFITS, str(options.refits), "alone"),
        count=options.pairs,
        words=(f"{options.refits:,} market refits in a process pool", "one after the other"),
        reach="one part in as many as there are processors; --refits 1000 for all of them",
    )


def event(options: argparse.Namespace) -> Figure:
    """An event recorded to a forecast issued, in process, nothing to refit."""
    return pairs(
        "event",
        lambda _: inside(EVENT, "0"),
        None,
        count=options.pairs,
        words=("an event recorded to a forecast issued, in process", ""),
        reach="0.05 s",
    )


def report(options: argparse.Namespace) -> Figure:
    """A volume report to a forecast issued, in process, with one Prophet refit."""
    return pairs(
        "report",
        lambda _: inside(REPORT, "0"),
        None,
        count=options.pairs,
        words=("a volume report to a forecast issued, one Prophet refit, in process", ""),
        reach="0.5 s",
    )


CASES = {
    "help": help_,
    "record": record,
    "import": import_,
    "rebuild": rebuild,
    "catch-up": catch_up,
    "replay": replay,
    "starts": starts,
    "volumes": volumes,
    "volumes-told": volumes_told,
    "event": event,
    "report": report,
    "refits": refits,
}


def main() -> None:
    """Run the cases that are named, all of them when none is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", nargs="*", choices=[*CASES, []], metavar="CASE")
    parser.add_argument("--pairs", type=int, default=5, help="pairs that are counted")
    parser.add_argument("--events", type=int, default=100_000, help="size of a large ledger")
    parser.add_argument(
        "--programmes", type=int, default=10_000, help="programmes forecast at once"
    )
    parser.add_argument("--refits", type=int, default=40, help="market series fitted anew")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    options = parser.parse_args()
    if not shutil.which(PYTHON):
        raise SystemExit("bench: there is no .venv yet. Run python3 scripts/test.py first.")
    figures = [CASES[name](options) for name in options.cases or CASES]
    if options.format == "json":
        print(json.dumps([asdict(figure) for figure in figures], indent=2))
    else:
        print("\n".join(map(line, figures)))


def line(figure: Figure) -> str:
    """A figure for people."""
    ratio = f"  {figure.ratio} x {figure.yardstick}" if figure.ratio else ""
    reach = f"  (to reach: {figure.reach})" if figure.reach else ""
    return (
        f"{figure.case:<10} {figure.ours}: {figure.seconds} s "
        f"({figure.low} to {figure.high}), {figure.mib} MiB{ratio}{reach}"
    )


if __name__ == "__main__":
    main()
